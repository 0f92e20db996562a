"""How well planted copies are found in made classes, and what it costs.

`--rival` compares with copydetect, which is looked for in build/rivals:
`pip install --target build/rivals copydetect`.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.classroom.similar.compare import compared
from grader.classroom.similar.exercise import handed
from grader.classroom.similar.work import Handed, Work
from grader.course.loading import load_course, load_exercise
from tests.samples_similar import STARTER, MadeClass, author, code, made_class, works

ROOT = Path(__file__).parents[2]
RIVALS = ROOT / "build" / "rivals"
SIZES = ((90, 1, 5), (400, 10, 5), (1200, 10, 2))  # honest, copies of each kind, classes
FIRST = 10  # the weights were chosen with classes 1 to 3
LARGE = 10_000
COPYDETECT = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import copydetect
folder = Path(sys.argv[2])
detector = copydetect.CopyDetector(
    test_dirs=[str(folder / "class")], boilerplate_dirs=[str(folder / "starter")],
    extensions=["py"], display_t=0.0, noise_t=7, guarantee_t=8, silent=True, autoopen=False,
)
detector.run()
rows = detector.get_copied_code_list()
pairs = [[Path(r[2]).stem, Path(r[3]).stem, min(r[:2]), max(r[:2])] for r in rows]
print(json.dumps(pairs))
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rival", action="store_true")
    known = handed(load_exercise(load_course(ROOT), "ex4"), "autograd")
    for size in SIZES:
        quality(*size, known)
    golden(known)
    cost(known)
    if options.parse_args().rival:
        rival(made_class(400, 10, 0), known)


def quality(honest: int, copies: int, classes: int, known: Handed) -> None:
    by_kind: dict[str, list[bool]] = defaultdict(list)
    right = wrong = 0
    for seed in range(FIRST, FIRST + classes):
        made = made_class(honest, copies, seed)
        listed = pairs(made, known)
        right += len(listed & set(made.planted))
        wrong += len(listed - set(made.planted))
        for pair, kind in made.planted.items():
            by_kind[kind].append(pair in listed)
    planted = sum(map(len, by_kind.values()))
    print(
        f"{honest + copies * len(by_kind)} students, {classes} classes: precision "
        f"{right / max(1, right + wrong):.3f} ({wrong / classes:.1f} wrong pairs a class), "
        f"recall {right / planted:.3f}"
    )
    print("   ", {kind: round(sum(found) / len(found), 2) for kind, found in by_kind.items()})


def pairs(made: MadeClass, known: Handed) -> set[frozenset[str]]:
    found = compared(works(made.files), known)
    return {frozenset((pair.left.who, pair.right.who)) for pair in found.pairs}


def golden(known: Handed) -> None:
    """Files that one hand wrote to differ in one line: as alike as honest work can ever be."""
    folder = ROOT / "tests" / "golden" / "ex4"
    files = {path.stem: path.read_text() for path in sorted(folder.glob("*.py"))}
    own = {f"s{n}": author(f"golden {n}").file() for n in range(200)}
    found = compared(works({**own, **files}), known)
    both = [pair for pair in found.pairs if {pair.left.who, pair.right.who} <= set(files)]
    print(
        f"golden files among 200 authors: {len(found.pairs)} pairs, {len(both)} among golden ones"
    )


def cost(known: Handed) -> None:
    few = made_class(500, 0, 1)
    print(f"500 students: {seconds(few.files, known):.2f} s")
    many = {f"s{n}": author(f"large {n}").file() for n in range(LARGE)}
    print(f"{LARGE} students: {seconds(many, known):.2f} s")
    same = dict.fromkeys(map(str, range(500)), few.files["s0001"])
    print(f"500 equal files: {seconds(same, known):.2f} s")
    draw = random.Random(1)  # noqa: S311  (made up, no secret)
    words = ["w", "b", "(", ")", "-=", "*", "lr", ".grad", "\n", "0.1", '"', "'''", "\\"]
    noise = " ".join(draw.choices(words, k=250_000))
    print(f"500 files of 1 MB: {seconds(dict.fromkeys(map(str, range(500)), noise), known):.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory of all of these, the made files in it: {peak} MB")


def seconds(files: Mapping[str, str], known: Handed) -> float:
    handed_in: Sequence[Work] = works(files)
    started = time.perf_counter()
    compared(handed_in, known)
    return time.perf_counter() - started


def rival(made: MadeClass, known: Handed) -> None:
    """The same class by copydetect, at the threshold that lists as many pairs as ours does."""
    ours = pairs(made, known)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "class").mkdir()
        (folder / "starter").mkdir()
        (folder / "starter" / "ex4.py").write_text(STARTER)
        for student, text in made.files.items():
            (folder / "class" / f"{student}.py").write_text(code(text))
        started = time.perf_counter()
        command = [sys.executable, "-c", COPYDETECT, str(RIVALS), str(folder)]
        done = subprocess.run(command, check=True, capture_output=True)
        rows = json.loads(done.stdout.splitlines()[-1])
        spent = time.perf_counter() - started
    lists = {"ours": list(ours)}
    for at, which in ((2, "least"), (3, "greatest")):
        ranked = sorted(rows, key=lambda row: -row[at])
        lists[f"copydetect by the {which} share"] = [frozenset(row[:2]) for row in ranked]
    for name, ranks in lists.items():
        listed = ranks[: len(ours)]
        right = len(set(listed) & set(made.planted))
        print(f"{name}: {right} of {len(listed)} listed pairs planted, of {len(made.planted)}")
    print(f"copydetect took {spent:.1f} s")


if __name__ == "__main__":
    main()
