"""There is room: between right styles and mistakes, and between the reference and the clock."""

import math

from grader.checks.check import find
from grader.checks.compare import distance
from grader.checks.noise import NOISELESS
from grader.judging.keys import Model, case_jobs
from grader.proving.bench import Bench
from grader.proving.claims import Claim, Subject
from grader.sandbox.budget import Budget

_ENOUGH = 100.0
_NOISE = 1e-6  # what float32 leaves between right styles
_SHARE = 0.2  # of the time that a student has


def margin(bench: Bench) -> float:
    """Nearest mistake / farthest accepted variant; infinite if no mistake is seen by its values."""
    close = {check.id for check in bench.part.checks if check.numeric}
    seen = [name for name, ids in bench.kills.items() if close & set(ids)]
    near = min((_gap(bench, bench.models[name][0]) for name in seen), default=math.inf)
    far = max((_gap(bench, model) for model in bench.accepted.values()), default=0.0)
    return near / max(far, _NOISE)


def as_words(margin: float) -> str:
    return f"{margin:.3g}" if math.isfinite(margin) else "unbounded"


def wide(bench: Bench, subject: Subject) -> Claim:
    found = margin(bench)
    words = as_words(found)
    wrong = f"only {words}: a right style is nearly as far as a mistake" if found < _ENOUGH else ""
    return subject.claim(wrong, f"mistakes are {words} times as far as right styles")


def time(bench: Bench, subject: Subject) -> Claim:
    """A student's machine may be slow.  Without a limit of the author's own, it is ten times so."""
    jobs = case_jobs(bench.exercise, bench.part, bench.key.cases)
    slowest = max(ending.usage.cpu_seconds for ending in bench.shop.sandbox.run(jobs))
    limit = Budget.beside(bench.part.limits, slowest).drive.cpu_seconds
    late = slowest > _SHARE * limit
    wrong = f"the reference takes {slowest:.2f} s of {limit:g} s" if late else ""
    return subject.claim(wrong, f"{slowest * 1000:.0f} ms of {limit:g} s")


def _gap(bench: Bench, model: Model) -> float:
    """The largest distance that any check of numbers sees in any hidden case."""
    checks = [check for check in bench.part.checks if check.numeric]
    gaps = [0.0]
    for case in bench.key.cases:
        wanted, seen = bench.key.wanted[case.id], model[case.id]
        if seen.ended is not wanted.ended:
            return math.inf
        paths = {path for check in checks if check.covers(case.id) for path in check.numeric}
        noise = bench.key.noise.get(case.id, NOISELESS)
        gaps += [
            distance(find(seen, path), want, noise.get(path, 0.0))
            for path in paths
            if case.hidden and (want := find(wanted, path)) is not None
        ]
    return max(gaps)
