"""Many random secrets → whether everything that depends on the secret holds under each of them.

Under every secret: a good draw of the hidden cases is found, and there the reference however it is
run, and each accepted variant, gets full points with room to spare.  Under a few: `grade check` of
all exercises.  Goes on where it stopped; a change of the course or the grader begins anew.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader import settings
from grader.course.format import Exercise
from grader.course.loading import load_course, load_exercise
from grader.course.parts.part import AnyPart
from grader.course.parts.predict import PredictPart
from grader.judging.judge import judge_runs
from grader.judging.keys import Key, Keys
from grader.judging.keys.fair import ROOM, in_dtype, styles
from grader.judging.workshop import Workshop
from grader.model import Outcome, Parsed, Run
from grader.proving.prove import prove
from grader.sandbox.cache import RunCache, versions
from grader.sandbox.client import Sandbox
from tests.benchmarks.table import show

ROOT = Path(__file__).parents[2]
Row = dict[str, object]
_BAD = frozenset({Outcome.FAIL, Outcome.BROKEN, Outcome.SKIP})


@dataclass(frozen=True)
class Bench:
    """A course of which nobody else takes draws, and one secret."""

    shop: Workshop
    keys: Keys

    def exercise(self, id_: str) -> Exercise:
        return load_exercise(self.shop.course, id_)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--secrets", type=int, default=200)
    options.add_argument("--whole", type=int, default=5, help="secrets under which all is proved")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--folder", type=Path, help="for what was found; else the cache")
    wanted = options.parse_args()
    folder = wanted.folder or settings.cache_folder(os.environ) / "benchmarks"
    found = _Found(folder / f"secrets-{wanted.seed}-{_digest()}.jsonl")
    many, few = ([*secrets(wanted.seed, count)] for count in (wanted.secrets, wanted.whole))
    with Sandbox(mode="plain") as sandbox:
        rows = [row for secret in many for row in found.rows("draws", secret, sandbox)]
        proofs = [row for secret in few for row in found.rows("whole", secret, sandbox)]
    show("what depends on the secret", [*_by_part(rows)])
    show("whole proofs", [*_by_exercise(proofs)])
    bad = [row for row in (*rows, *proofs) if not row["holds"]]
    for row in bad:
        print(json.dumps(row))
    print(f"{len(bad)} do not hold" if bad else "all hold")
    sys.exit(1 if bad else 0)  # noqa: TID251  (a command)


def secrets(seed: int, count: int) -> Iterator[bytes]:
    """The same for the same seed."""
    rng = random.Random(seed)  # noqa: S311  (nothing to hide)
    return (rng.randbytes(32) for _ in range(count))


# --- one secret ----------------------------------------------------------------------------------


@contextmanager
def bench(secret: bytes, sandbox: Sandbox, root: Path = ROOT) -> Iterator[Bench]:
    """With a cold cache; nothing is left behind."""
    with tempfile.TemporaryDirectory(prefix="grade-") as name:
        folder = Path(name)
        for each in ("exercises", "solutions"):
            kept = shutil.ignore_patterns(".*")
            shutil.copytree(root / each, folder / each, ignore=kept)
        course, runs = load_course(folder), RunCache(folder / "cache", sandbox)
        keys = Keys(course.id, secret, runs, folder / "cache")
        yield Bench(Workshop(course, sandbox, runs, keys, "", new_secret=False), keys)


def draws(its: Bench) -> Iterator[Row]:
    """A row for each part with hidden cases."""
    for id_ in its.shop.course.paths:
        exercise = its.exercise(id_)
        for part in exercise.parts:
            if not isinstance(part, PredictPart):
                yield {"exercise": id_, "part": part.id, **drawn(its, exercise, part)}


def drawn(its: Bench, exercise: Exercise, part: AnyPart) -> Row:
    """What came of the draws of one part."""
    started = time.monotonic()
    whole = its.keys.key(exercise, part, 0)
    key = its.keys.of_cases(exercise, part, tuple(case for case in whole.cases if case.hidden))
    facts = its.keys.facts(exercise, {"": {}})[""]
    farthest, failed = 0.0, [str(each) for each in whole.unmet]
    for words, shown in _styled(its, exercise, part, key).items():
        farthest = max(farthest, *_excesses(part, key, shown))
        checks = judge_runs(part, key, shown, facts)
        failed += [f"{check.id}: {words}" for check in checks if check.outcome in _BAD]
    seconds = round(time.monotonic() - started, 2)
    holds = not failed and farthest <= 1 / ROOM
    return {"holds": holds, "room": farthest, "failed": failed, "seconds": seconds}


def _excesses(part: AnyPart, key: Key, shown: Mapping[str, Run]) -> Iterator[float]:
    yield 0.0
    for case in key.cases:
        view = key.view(case, shown[case.id], Parsed())
        for check in part.checks:
            if check.runs_code and check.covers(case.id):
                yield from check.excesses(view).values()


def _styled(
    its: Bench, exercise: Exercise, part: AnyPart, key: Key
) -> Mapping[str, Mapping[str, Run]]:
    """A right style → what it shows in each case; where there is no such one, the reference."""
    found: dict[str, dict[str, Run]] = {}
    for case in key.cases:
        known = styles(exercise, part, case)
        runs = its.shop.runs.run([style.job for style in known])
        for style, run in zip(known, runs, strict=True):
            found.setdefault(style.words, {})[case.id] = in_dtype(run, case.dtype)
    return {words: {**key.wanted, **shown} for words, shown in found.items()}


def whole(its: Bench) -> Iterator[Row]:
    """A row for each exercise: what `grade check` says of it."""
    for id_ in its.shop.course.paths:
        started = time.monotonic()
        proof = prove(its.exercise(id_), its.shop)
        wrong = [f"{' '.join(c.subject.words)}: {c.detail}" for c in proof.claims if not c.holds]
        seconds = round(time.monotonic() - started, 2)
        yield {"exercise": id_, "holds": proof.holds, "failed": wrong, "seconds": seconds}


# --- what was found ------------------------------------------------------------------------------

_KINDS = {"draws": draws, "whole": whole}


class _Found:
    """A file of rows; those of a secret are written together, when it is done with."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._rows = [json.loads(line) for line in self._lines() if line.endswith("}\n")]

    def rows(self, kind: str, secret: bytes, sandbox: Sandbox) -> list[Row]:
        """Found out now, if they are not known yet."""
        known = [r for r in self._rows if r["kind"] == kind and r["secret"] == secret.hex()]
        if known:
            return known
        with bench(secret, sandbox) as its:
            mine = [{"kind": kind, "secret": secret.hex(), **row} for row in _KINDS[kind](its)]
        text = "".join(f"{json.dumps(row)}\n" for row in mine)
        with self._path.open("a") as file:
            file.write(text)
        print(f"{kind} {secret.hex()[:8]}: {_seconds(mine):.1f} s", file=sys.stderr, flush=True)
        return mine

    def _lines(self) -> list[str]:
        return self._path.read_text().splitlines(keepends=True) if self._path.exists() else []


def _digest() -> str:
    """Of all that the rows rest on."""
    files = [*(ROOT / "grader").rglob("*.py"), *(ROOT / "solutions").glob("*.py"), Path(__file__)]
    files += [path for path in (ROOT / "exercises").iterdir() if not path.name.startswith(".")]
    words = [path.read_bytes() for path in sorted(files)] + [json.dumps(versions()).encode()]
    return hashlib.sha256(b"\0".join(words)).hexdigest()[:12]


def _seconds(rows: list[Row]) -> float:
    return sum(float(str(row["seconds"])) for row in rows)


def _by_part(rows: list[Row]) -> Iterator[Row]:
    for exercise, part in dict.fromkeys((row["exercise"], row["part"]) for row in rows):
        its = [row for row in rows if (row["exercise"], row["part"]) == (exercise, part)]
        nearest = max(float(str(row["room"])) for row in its)
        yield {
            "exercise": exercise,
            "part": part,
            "secrets": len(its),
            "hold": sum(bool(row["holds"]) for row in its),
            "closer than the tolerance": f"{1 / nearest:.0f} times" if nearest else "equal",
            "seconds each": _seconds(its) / len(its),
        }


def _by_exercise(rows: list[Row]) -> Iterator[Row]:
    for exercise in dict.fromkeys(row["exercise"] for row in rows):
        its = [row for row in rows if row["exercise"] == exercise]
        hold = sum(bool(row["holds"]) for row in its)
        each = _seconds(its) / len(its)
        yield {"exercise": exercise, "secrets": len(its), "hold": hold, "seconds each": each}


if __name__ == "__main__":
    main()
