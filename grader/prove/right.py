"""Right answers pass: the reference however it is run, and each accepted variant."""

from collections.abc import Iterator
from dataclasses import replace

from grader.checks.check import find
from grader.checks.close import Close
from grader.format import RunPart
from grader.keys import Drawn, Key, case_jobs
from grader.model import CheckVerdict, Outcome
from grader.prove.bench import Bench
from grader.prove.claims import Claim, Subject
from grader.sandbox.jobs import Job

DRAWS = 20
Cases = tuple[Drawn, ...]


def reference(bench: Bench, subject: Subject) -> Claim:
    wrong = next(_unseen(bench), "") or next(_faults(bench), "")
    return subject.claim(wrong, f"passes {DRAWS} draws, also in float64 on 2 threads")


def accepted(bench: Bench, subject: Subject) -> Claim:
    parsed = bench.shop.keys.facts(bench.exercise, bench.part.accept[subject.name])
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
    """Draws in which two threads and more digits would cost the reference points."""
    keys, runs = bench.shop.keys, bench.shop.runs
    facts = keys.facts(bench.exercise, {})
    tolerant = replace(bench, part=_inexact(bench.part))
    draws = [_draw(bench, number) for number in range(DRAWS)]
    every = tuple(case for cases in draws for case in cases)
    # All at once keeps every processor busy; below they are remembered.
    keys.wanted(bench.exercise, bench.part, every)
    runs.run(_otherwise(bench, every))
    for number, cases in enumerate(draws):
        key = Key(cases, keys.wanted(bench.exercise, bench.part, cases))
        seen = dict(zip(key.wanted, runs.run(_otherwise(bench, cases)), strict=True))
        for failed in tolerant.failed(key, seen, facts):
            yield f"draw {number}, in float64 on 2 threads: fails check `{failed.id}`"


def _draw(bench: Bench, number: int) -> Cases:
    keys, exercise, part = bench.shop.keys, bench.exercise, bench.part
    opened = keys.open_cases(exercise, part, number % exercise.file.variants)
    return (*keys.hidden_cases(exercise, part, number), *opened)


def _otherwise(bench: Bench, cases: Cases) -> list[Job]:
    return case_jobs(bench.exercise, bench.part, cases, threads=2, dtype="float64")


def _inexact(part: RunPart) -> RunPart:
    """Without the checks' interest in the dtype, which is what is changed."""
    checks = [
        check.model_copy(update={"exact": False}) if isinstance(check, Close) else check
        for check in part.checks
    ]
    return part.model_copy(update={"checks": tuple(checks)})
