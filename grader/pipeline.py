"""Submission → Graded: the steps in order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader import explain, judge, render, variants
from grader.diagnose import diagnose_answers, diagnose_runs
from grader.exhibit import exhibits
from grader.format import Exercise, PredictPart, RunPart
from grader.keys import Key
from grader.model import (
    Diagnosis,
    Ended,
    Evidence,
    Exhibit,
    Fault,
    Graded,
    Outcome,
    Parsed,
    PartVerdict,
    Run,
    Submission,
    Usage,
)
from grader.sandbox import runs
from grader.sandbox.cache import versions
from grader.sandbox.harness import harness, predict_job
from grader.sandbox.jobs import Code, Outline, parse_job, run_job
from grader.workshop import Workshop

_THREADS = 1


@dataclass(frozen=True)
class _Graded:
    """What one part adds to the whole."""

    verdict: PartVerdict
    told: Diagnosis | None = None
    exhibits: tuple[Exhibit, ...] = ()
    runs: tuple[Run, ...] = ()
    output: str = ""  # of open cases: what is printed in a hidden one would carry its inputs


def grade(submission: Submission, exercise: Exercise, shop: Workshop) -> Graded:
    """Parse in a box, run every part in boxes, judge and diagnose outside."""
    variant = submission.variant or 0
    handout = render.handout(exercise, variant, shop.course.id)
    code = Code(submission.cells, submission.notebook)
    parsed = runs.parse(shop.sandbox, parse_job(code, outline(handout)))
    code = _without(code, parsed)
    parts = [_part(exercise, part, code, parsed, variant, shop) for part in exercise.parts]
    return Graded(
        title=handout.title,
        student=submission.student,
        verdict=judge.verdict(exercise, tuple(part.verdict for part in parts)),
        diagnoses=tuple(part.told for part in parts if part.told is not None),
        exhibits=tuple(exhibit for part in parts for exhibit in part.exhibits),
        output=next((part.output for part in parts if part.output), ""),
        notes=tuple(_file_notes(parsed)),
        usage=_total([run for part in parts for run in part.runs]),
        isolation=shop.sandbox.isolation,
        evidence=_evidence(submission, exercise, variant, shop),
    )


def outline(handout: render.Handout) -> Outline:
    """What the parser holds a submission against."""
    return Outline(handout.python, handout.holes, handout.names, handout.asks, handout.given)


def _without(code: Code, parsed: Parsed) -> Code:
    kept = (cell for n, cell in enumerate(code.cells) if n not in parsed.skip_cells)
    return replace(code, cells=tuple(kept))


# --- one part ------------------------------------------------------------------------------------


def _part(
    exercise: Exercise,
    part: RunPart | PredictPart,
    code: Code,
    parsed: Parsed,
    variant: int,
    shop: Workshop,
) -> _Graded:
    blank = [hole for hole in part.todo if parsed.blank.get(hole)]
    if parsed.fault is not None and not (code.notebook and parsed.ended is Ended.FINISHED):
        outcome = Outcome.BROKEN if parsed.ended is Ended.BROKEN else Outcome.FAIL
        checks = judge.untouched(part, outcome, explain.words(parsed.fault.kind))
        return _Graded(judge.part_verdict(part, checks, [explain.fault(parsed.fault)]))
    if len(blank) == len(part.todo):
        checks = judge.untouched(part, Outcome.NOT_ATTEMPTED)
        return _Graded(judge.part_verdict(part, checks, []))
    notes = [f"{_todo(part, hole)} is still blank" for hole in blank]
    if isinstance(part, PredictPart):
        return _predicted(exercise, part, parsed, notes, variant, shop)
    return _ran(exercise, part, code, parsed, notes, variant, shop)


def _todo(part: RunPart | PredictPart, hole: str) -> str:
    words = part.todo[hole].say.strip().splitlines()[0]
    return f"`{hole}` ({words})"


def _predicted(
    exercise: Exercise,
    part: PredictPart,
    parsed: Parsed,
    notes: list[str],
    variant: int,
    shop: Workshop,
) -> _Graded:
    values = variants.variant_values(exercise, variant, shop.course.id)
    (wanted,) = shop.runs.run([predict_job(part, render.program_text(part, values))])
    checks = judge.judge_answers(part, wanted, parsed)
    told = diagnose_answers(part, wanted, parsed, values)
    return _Graded(judge.part_verdict(part, checks, notes), told)


def _ran(
    exercise: Exercise,
    part: RunPart,
    code: Code,
    parsed: Parsed,
    notes: list[str],
    variant: int,
    shop: Workshop,
) -> _Graded:
    key = shop.keys.key(exercise, part, variant)
    seen = _run(exercise, part, code, key, shop)
    checks = judge.judge_runs(part, key, seen, parsed)
    verdict = judge.part_verdict(part, checks, [*notes, *_run_notes(key, seen)])
    told, model = None, None
    if verdict.outcome is not Outcome.PASS:
        models = shop.keys.models(exercise, part, key.cases)
        told = diagnose_runs(part, key, seen, models, parsed)
        if told is None:  # perhaps the same mistake in another style
            models = shop.keys.styled_models(exercise, part, key.cases)
            told = diagnose_runs(part, key, seen, models, parsed)
        model = models[told.id][0] if told and not told.among else None
    shown = exhibits(part, key, seen, (told.id, model) if told and model else None)
    output = next((seen[c.id].output for c in key.cases if not c.hidden and seen[c.id].output), "")
    return _Graded(verdict, told, shown, tuple(seen.values()), output)


def _run(exercise: Exercise, part: RunPart, code: Code, key: Key, shop: Workshop) -> dict[str, Run]:
    """Case id → what the student's code did there."""
    frame = harness(exercise, part)
    jobs = [
        run_job(code, frame, case.inputs, dtype=case.dtype, threads=_THREADS) for case in key.cases
    ]
    done = runs.run_all(shop.sandbox, jobs)
    return dict(zip((case.id for case in key.cases), done, strict=True))


# --- words and numbers beside the verdict --------------------------------------------------------


def _run_notes(key: Key, seen: Mapping[str, Run]) -> Iterator[str]:
    """Each fault once: in full where an open case shows it, else its kind and line only."""
    told: set[tuple[str, str, int | None]] = set()
    for case in sorted(key.cases, key=lambda case: case.hidden):
        run = seen[case.id]
        for fault in filter(None, (run.fault, *run.cell_faults)):
            mark = (fault.kind, fault.place, fault.line)
            if mark not in told:
                told.add(mark)
                yield _hidden(fault) if case.hidden else explain.fault(fault)
    kinds = {kind for run in seen.values() for kind in run.warnings}
    yield from filter(None, (explain.warning(kind) for kind in sorted(kinds)))


def _hidden(fault: Fault) -> str:
    where = explain.at(fault)
    return f"in a hidden case{', ' + where if where else ''}: {explain.words(fault.kind)}"


def _file_notes(parsed: Parsed) -> Iterator[str]:
    yield from parsed.notes
    if parsed.given_edited:
        yield "the given values were changed; your code was graded with the original ones"
    if parsed.fault is None:
        for name in parsed.missing:
            yield f"`{name}` is no longer defined: the exercise needs it under this name"
    elif parsed.ended is Ended.FINISHED and parsed.fault.place.startswith("cell"):
        yield f"{explain.fault(parsed.fault)}\n    The other cells were graded."


def _total(done: Sequence[Run]) -> Usage:
    return Usage(
        sum(run.usage.wall_seconds for run in done),
        sum(run.usage.cpu_seconds for run in done),
        max((run.usage.memory_bytes for run in done), default=0),
    )


def _evidence(submission: Submission, exercise: Exercise, variant: int, shop: Workshop) -> Evidence:
    return Evidence(
        submission=submission.digest,
        file_name=submission.name,
        exercise=exercise.digest,
        variant=variant,
        secret=shop.fingerprint,
        versions=versions(),
        threads=_THREADS,
    )
