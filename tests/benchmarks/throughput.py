"""Submissions a second against the naive way, two real rivals and the floor; all do the same work.

Each round runs every way once, so that a machine that is busy for a while is so for all of them;
only ratios within a run mean something.  No two files are equal, and the grader keeps nothing of a
submission; what it has cached is the reference, as the rivals have their stored answer.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from tests.benchmarks.load import write

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

COURSE = HERE / "course"
RIVALS = HERE / "rivals"
TOOLS = ROOT / "build" / "rivals"  # pytest-forked works with no pytest that is as new as ours
NEEDED = ("pytest<9", "pytest-forked==1.7.5", "pytest-xdist==3.8.0")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
NAIVE_FILES = 6  # each takes as long as the next

Seconds = Callable[[Path], float]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--counts", type=int, nargs="+", default=[200, 20])
    wanted = options.parse_args()
    install_rivals()
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for count in wanted.counts:
            files = Path(folder, str(count))
            files.mkdir()
            write(files, count)
            rows += measured(files, wanted.rounds, ways(Path(folder, "cache")))
    show(rows)


def install_rivals() -> None:
    if not TOOLS.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(TOOLS)]
        subprocess.run([*pip, *NEEDED], check=True)


def ways(cache: Path) -> Mapping[str, Seconds]:
    """What is measured: name → seconds for all files of a folder."""
    return {
        "naive": naive,
        "pytest -n 2 --forked": forked_pytest,
        "Pool(2), 18 lines": pool,
        "grader, 1 worker": partial(ours, cache, 1),
        "grader, 2 workers": partial(ours, cache, 2),
        "grader, steady, 1 worker": partial(steady, cache, 1),
        "grader, steady, 2 workers": partial(steady, cache, 2),
        "fork, 2 at a time": partial(floor, "2 1 0"),
        "fork, 2 at a time, huge pages": partial(floor, "2 1 1"),
        "fork, 1 at a time, huge pages": partial(floor, "1 1 1"),
        "no fork": partial(floor, "1 0 0"),
    }


def measured(
    files: Path, rounds: int, named: Mapping[str, Seconds]
) -> list[dict[str, float | str]]:
    """The median over rounds of seconds a submission, and of the ratio to two of the ways."""
    count = len(list(files.iterdir()))
    for way in ("grader, 2 workers", "fork, 2 at a time"):
        named[way](files)  # fills caches, ours and the system's
    seen = [{name: way(files) / count for name, way in named.items()} for _ in range(rounds)]
    return [
        {
            "files": count,
            "way": name,
            "a second": 1 / statistics.median(each[name] for each in seen),
            "times naive": statistics.median(each["naive"] / each[name] for each in seen),
            "of the grader": statistics.median(
                each["grader, 2 workers"] / each[name] for each in seen
            ),
        }
        for name in named
    ]


def naive(files: Path) -> float:
    """A new Python with torch for each; a few tell enough."""
    paths = sorted(files.glob("*.py"))
    few = paths[:NAIVE_FILES]
    started = time.perf_counter()
    for path in few:
        command = [sys.executable, str(RIVALS / "compared.py"), str(path), str(paths[0])]
        subprocess.run(command, check=False)
    return (time.perf_counter() - started) / len(few) * len(paths)


def forked_pytest(files: Path) -> float:
    """In an environment of its own, as it must be."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--forked", "-p", "no:grader"]
    command += ["-p", "no:cacheprovider", "--rootdir", str(RIVALS), "-c", os.devnull]
    paths = {"PYTHONPATH": str(TOOLS), "BENCH_FILES": str(files)}
    return timed([*command, str(RIVALS / "test_forked.py")], paths)


def pool(files: Path) -> float:
    return timed([sys.executable, str(RIVALS / "pool.py"), str(files)])


def ours(cache: Path, workers: int, files: Path) -> float:
    """The command, from a cold start to the last report."""
    with tempfile.TemporaryDirectory(prefix="bench-") as state:  # and with it the gradebook
        command = [sys.executable, "-m", "grader", "batch", str(files), "--course", str(COURSE)]
        places = {"GRADE_CACHE": str(cache), "GRADE_STATE": state}
        return timed([*command, "--workers", str(workers)], places)


def steady(cache: Path, workers: int, files: Path) -> float:
    """The same once all is warm: the files are given twice, and the second time counts."""
    one, two = ours(cache, workers, files), 0.0
    twin = files.with_name(f"{files.name}-twice")
    if not twin.exists():
        twin.mkdir()
        write(twin, 2 * len(list(files.iterdir())))
    two = ours(cache, workers, twin)
    return two - one


def floor(how: str, files: Path) -> float:
    environment = {**os.environ, **ONE_THREAD, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
    command = [sys.executable, str(RIVALS / "floor.py"), str(files), *how.split()]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def timed(command: list[str], more: Mapping[str, str] | None = None) -> float:
    environment = {**os.environ, **ONE_THREAD, **(more or {})}
    started = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def show(rows: list[dict[str, float | str]]) -> None:
    print(f"{'files':>5}  {'way':31} {'a second':>9} {'times naive':>12} {'grader = 1':>11}")
    for row in rows:
        print(
            f"{row['files']:5}  {row['way']:31} {row['a second']:9.1f} "
            f"{row['times naive']:12.1f} {row['of the grader']:11.2f}"
        )
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
