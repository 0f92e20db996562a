"""Submission → Graded: the steps in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten

from grader.course import variants
from grader.course.format import Exercise, PredictPart, RunPart
from grader.handout import render
from grader.judging import judge
from grader.judging.diagnose import diagnose_answers, diagnose_runs, differs
from grader.judging.exhibit import exhibits
from grader.judging.harness import predict_job
from grader.judging.keys import Drawn, Key, Model
from grader.judging.notes import notes as run_notes
from grader.judging.trial import THREADS, Trial
from grader.judging.workshop import Workshop
from grader.model import (
    Diagnosis,
    Ended,
    Evidence,
    Exhibit,
    Graded,
    Outcome,
    Parsed,
    PartVerdict,
    Run,
    Submission,
    Usage,
)
from grader.reporting import explain
from grader.sandbox.cache import versions
from grader.sandbox.jobs import Code

_FINE = (Outcome.PASS, Outcome.PENDING)


@dataclass(frozen=True)
class _Graded:
    """What one part adds to the whole."""

    verdict: PartVerdict
    told: tuple[Diagnosis, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    runs: tuple[Run, ...] = ()
    open_runs: tuple[Run, ...] = ()
    output: str = ""  # of open cases: what is printed in a hidden one would carry its inputs


@dataclass(frozen=True)
class _Attempt:
    """One submission on its way through the parts."""

    exercise: Exercise
    parsed: Parsed
    variant: int
    shop: Workshop
    trial: Trial


def grade(submission: Submission, exercise: Exercise, shop: Workshop) -> Graded:
    """Parse in a box, run every part in boxes, judge and diagnose outside."""
    own = variants.variant_of(submission.student, shop.course.id, exercise)
    variant = variants.variant_in(submission, shop.course.id, exercise)
    handout = render.handout(exercise, variant, shop.course.id)
    trial = Trial(Code(submission.cells, submission.notebook), exercise, handout, shop)
    parsed = trial.parse()
    attempt = _Attempt(exercise, parsed, variant, shop, trial)
    for part in exercise.parts:
        if not isinstance(part, PredictPart) and _is_run(attempt, part):
            trial.run_open(part)
    parts = [_part(attempt, part) for part in exercise.parts]
    return Graded(
        title=handout.title,
        student=submission.student,
        verdict=judge.verdict(exercise, tuple(part.verdict for part in parts)),
        diagnoses=tuple(told for part in parts for told in part.told),
        exhibits=tuple(exhibit for part in parts for exhibit in part.exhibits),
        output=next((part.output for part in parts if part.output), ""),
        notes=(
            *_file_notes(parsed, parts),
            *_variant_notes(submission, variant, own),
            *_version_notes(shop),
        ),
        usage=_total([run for part in parts for run in part.runs]),
        open_usage=_total([run for part in parts for run in part.open_runs]),
        isolation=shop.sandbox.isolation,
        evidence=evidence(submission, exercise, variant, shop),
    )


# --- one part ------------------------------------------------------------------------------------


def _part(attempt: _Attempt, part: RunPart | PredictPart) -> _Graded:
    parsed = attempt.parsed
    blank = _blank(attempt, part)
    if _is_unread(attempt):
        broken = parsed.ended is Ended.BROKEN
        outcome = Outcome.BROKEN if broken else Outcome.FAIL
        said = explain.words("broken") if broken else explain.UNREAD
        return _Graded(judge.part_verdict(part, judge.untouched(part, outcome, said), []))
    if len(blank) == len(part.todo):
        checks = judge.untouched(part, Outcome.NOT_ATTEMPTED)
        return _Graded(judge.part_verdict(part, checks, []))
    notes = [f"{_todo(part, hole)} is still blank" for hole in blank]
    if isinstance(part, PredictPart):
        return _predicted(attempt, part, notes)
    return _ran(attempt, part, notes)


def _blank(attempt: _Attempt, part: RunPart | PredictPart) -> list[str]:
    return [hole for hole in part.todo if attempt.parsed.blank.get(hole)]


def _is_run(attempt: _Attempt, part: RunPart) -> bool:
    return not _is_unread(attempt) and len(_blank(attempt, part)) < len(part.todo)


def _is_unread(attempt: _Attempt) -> bool:
    """Of a notebook, the cells that parse are graded."""
    some_parse = attempt.trial.code.notebook and attempt.parsed.ended is Ended.FINISHED
    return attempt.parsed.fault is not None and not some_parse


def _todo(part: RunPart | PredictPart, hole: str) -> str:
    words = " ".join(part.todo[hole].say.split())
    return f"`{hole}` ({shorten(words, 70, placeholder=' …')})"


def _predicted(attempt: _Attempt, part: PredictPart, notes: list[str]) -> _Graded:
    course = attempt.shop.course.id
    values = variants.variant_values(attempt.exercise, attempt.variant, course)
    (wanted,) = attempt.shop.runs.run([predict_job(part, render.program_text(part, values))])
    checks = judge.judge_answers(part, wanted, attempt.parsed)
    told = diagnose_answers(part, wanted, attempt.parsed, values)
    return _Graded(judge.part_verdict(part, checks, notes), told)


def _ran(attempt: _Attempt, part: RunPart, notes: list[str]) -> _Graded:
    key, seen = attempt.trial.key(part), attempt.trial.run(part)
    checks = judge.judge_runs(part, key, seen, attempt.parsed)
    of_runs = run_notes(key, seen, attempt.trial.code.cells)
    verdict = judge.part_verdict(part, checks, [*notes, *of_runs])
    told, model = None, None
    # What is still blank explains more than any mistake; a run that was stopped says too little.
    whole = {run.ended for run in seen.values()} <= {Ended.FINISHED, Ended.ERROR}
    if verdict.outcome not in _FINE and seen and whole and not notes:
        told, model = _diagnosed(attempt, part, key, seen)
    shown = exhibits(part, key, seen, model)
    opened = tuple(seen[case.id] for case in key.cases if not case.hidden)
    output = next((run.output for run in opened if run.output), "")
    return _Graded(verdict, (told,) if told else (), shown, tuple(seen.values()), opened, output)


def _diagnosed(
    attempt: _Attempt, part: RunPart, key: Key, seen: Model
) -> tuple[Diagnosis | None, Model | None]:
    """What explains the runs, and the runs of the mistake if it is a single one."""

    def alike(case: Drawn, run: Run) -> bool:
        return not differs(part, key, case, seen[case.id], run)

    models = attempt.shop.maker.matching(attempt.exercise, part, key, alike)
    told = diagnose_runs(part, key, seen, models, attempt.parsed)
    styles = models.get(told.id, []) if told is not None and not told.among else []
    return told, styles[0] if styles else None


# --- words and numbers beside the verdict --------------------------------------------------------


def _file_notes(parsed: Parsed, parts: Sequence[_Graded]) -> Iterator[str]:
    if parsed.fault is not None:
        rest = "\n    The other cells were graded." if any(part.runs for part in parts) else ""
        yield explain.fault(parsed.fault) + rest
        return
    yield from parsed.notes
    if parsed.given_edited:
        yield "the given values were changed; your code was graded with the original ones"
    for name in parsed.missing if any(part.verdict.outcome not in _FINE for part in parts) else ():
        yield f"`{name}` is no longer defined: the exercise needs it under this name"


def _variant_notes(submission: Submission, variant: int, own: int) -> Iterator[str]:
    if submission.student and variant != own:
        yield f"the file has the numbers of variant {variant}; those of this student are {own}"


def _version_notes(shop: Workshop) -> Iterator[str]:
    """Where right answers were recorded, another PyTorch may compute other last digits."""
    released = shop.course.released
    recorded = released.versions.get("torch", "") if released else ""
    here = versions()["torch"]
    if recorded and recorded.split(".")[:2] != here.split(".")[:2]:
        yield f"the right answers were recorded with PyTorch {recorded}; here it is {here}"


def _total(done: Sequence[Run]) -> Usage:
    return Usage(
        sum(run.usage.wall_seconds for run in done),
        sum(run.usage.cpu_seconds for run in done),
        max((run.usage.memory_bytes for run in done), default=0),
    )


def evidence(submission: Submission, exercise: Exercise, variant: int, shop: Workshop) -> Evidence:
    """What is needed to grade the same file again."""
    return Evidence(
        submission=submission.digest,
        file_name=submission.name,
        exercise=exercise.digest,
        variant=variant,
        secret=shop.fingerprint,
        versions=versions(),
        threads=THREADS,
    )
