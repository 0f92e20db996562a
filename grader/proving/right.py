"""Right answers pass: the reference however it is run, and each accepted variant."""

from collections.abc import Iterator

from grader.checks.check import find
from grader.judging.keys import case_jobs
from grader.judging.keys.fair import WAYS, in_dtype
from grader.model import CheckVerdict, Outcome
from grader.proving.bench import Bench
from grader.proving.claims import Claim, Subject


def reference(bench: Bench, subject: Subject) -> Claim:
    wrong = next(_unseen(bench), "") or next(_faults(bench), "")
    return subject.claim(wrong, f"passes in all variants, also {', '.join(WAYS)}")


def accepted(bench: Bench, subject: Subject) -> Claim:
    code = {subject.name: bench.part.accept[subject.name]}
    parsed = bench.shop.keys.facts(bench.exercise, code)[subject.name]
    failed = bench.failed(bench.key, bench.accepted[subject.name], parsed)
    wrong = f"fails check `{failed[0].id}`: {_why(failed[0])}" if failed else ""
    return subject.claim(wrong, "full points")


def _why(verdict: CheckVerdict) -> str:
    found = [case.finding for case in verdict.cases if case.finding.outcome is not Outcome.PASS]
    return found[0].message if found else ""


def _unseen(bench: Bench) -> Iterator[str]:
    """What checks and trace look for, and the reference does not show."""
    runs = bench.key.wanted.values()
    for check in bench.part.checks:
        for path in check.watched:
            if any(find(run, path) is None for run in runs):
                yield f"check `{check.id}`: the drive returns no `{path}`"
    if bench.part.watch.steps and any(run.steps is None for run in runs):
        yield "the trace could not tell the watched leaves apart by their start values"


def _faults(bench: Bench) -> Iterator[str]:
    """Ways of running it that would cost the reference points, in any variant."""
    keys, exercise, part = bench.shop.keys, bench.exercise, bench.part
    facts = keys.facts(exercise, {"": {}})[""]
    opened = [keys.open_cases(exercise, part, number) for number in range(exercise.file.variants)]
    hidden = tuple(case for case in bench.key.cases if case.hidden)
    for those in opened:
        cases = (*hidden, *those)
        key = keys.of_cases(exercise, part, cases)
        for words, way in WAYS.items():
            runs = bench.shop.runs.run(case_jobs(exercise, part, cases, way=way))
            seen = {
                case.id: in_dtype(run, case.dtype) for case, run in zip(cases, runs, strict=True)
            }
            for failed in bench.failed(key, seen, facts):
                yield f"{words}: fails check `{failed.id}`"
