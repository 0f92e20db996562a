"""Submission → Graded: the steps in order."""

from collections.abc import Iterator, Sequence

from grader.course import variants
from grader.course.format import Exercise
from grader.course.parts.part import AnswerPart
from grader.handout import render
from grader.judging import judge
from grader.judging.diagnose import NOTHING, diagnose
from grader.judging.exhibit import exhibits
from grader.judging.judge import FINE, Answer
from grader.judging.keys import Key
from grader.judging.trial import THREADS, Trial, parse
from grader.judging.workshop import Workshop
from grader.model import Evidence, Graded, Parsed, PartVerdict, Submission
from grader.reporting import explain
from grader.sandbox.cache import versions
from grader.sandbox.jobs import Code


def grade(submission: Submission, exercise: Exercise, shop: Workshop) -> Graded:
    """Parse in a box, run every part in boxes, judge and diagnose outside."""
    variant = variants.variant_in(submission, shop.course.id, exercise)
    handout = render.handout(exercise, variant, shop.course.id)
    parsed = parse(submission, handout, shop.sandbox)
    keys = draw_keys(exercise, variant, parsed, shop)

    trial = Trial(answered(submission, parsed), exercise, keys, shop.sandbox)
    trial.run_open()
    trial.run_hidden()

    answers = [
        Answer(part, parsed, keys.get(part.id), trial.seen(part.id)) for part in exercise.parts
    ]
    verdicts = [judge.judge(answer) for answer in answers]
    explained = [
        NOTHING if verdict.outcome in FINE else diagnose(exercise, answer, shop)
        for answer, verdict in zip(answers, verdicts, strict=True)
    ]
    shown = [exhibits(answer, why.mistake) for answer, why in zip(answers, explained, strict=True)]
    return Graded(
        title=handout.title,
        submission=submission,
        parsed=parsed,
        verdict=judge.verdict(exercise, tuple(verdicts)),
        tried=trial.all_tried(),
        diagnoses=tuple(found for why in explained for found in why.diagnoses),
        exhibits=tuple(exhibit for some in shown for exhibit in some),
        notes=(
            *_file_notes(submission, parsed, verdicts, trial),
            *_variant_notes(submission, exercise, variant, shop),
            *_version_notes(shop),
        ),
        isolation=shop.sandbox.isolation,
        evidence=evidence(submission, exercise, variant, shop),
    )


def draw_keys(exercise: Exercise, variant: int, parsed: Parsed, shop: Workshop) -> dict[str, Key]:
    """Part → key, for the parts that somebody has begun."""
    return {
        part.id: _program_key(exercise, part, variant, shop)
        if isinstance(part, AnswerPart)
        else shop.maker.key(exercise, part, variant)
        for part in exercise.parts
        if judge.is_begun(part, parsed)
    }


def _program_key(exercise: Exercise, part: AnswerPart, variant: int, shop: Workshop) -> Key:
    """What the program to predict does; nothing of a student's is run."""
    values = variants.variant_values(exercise, variant, shop.course.id)
    (wanted,) = shop.runs.run([part.job(values)])
    return Key((), {part.id: wanted}, variant=variant)


def answered(submission: Submission, parsed: Parsed) -> Code:
    """Without the untouched copies of what was answered elsewhere."""
    kept = (cell for n, cell in enumerate(submission.cells) if n not in parsed.skip_cells)
    return Code(tuple(kept), submission.notebook)


# --- words beside the verdict --------------------------------------------------------------------


def _file_notes(
    submission: Submission, parsed: Parsed, verdicts: Sequence[PartVerdict], trial: Trial
) -> Iterator[str]:
    right = all(verdict.outcome in FINE for verdict in verdicts)
    yield from () if right else submission.remarks
    if parsed.fault is not None:
        rest = "\n    The other cells were graded." if trial.all_tried() else ""
        yield explain.fault(parsed.fault) + rest
        return
    yield from parsed.notes
    if parsed.given_edited:
        yield "the given values were changed; your code was graded with the original ones"
    for name in () if right else parsed.missing:
        yield f"`{name}` is no longer defined: the exercise needs it under this name"


def _variant_notes(
    submission: Submission, exercise: Exercise, variant: int, shop: Workshop
) -> Iterator[str]:
    own = variants.variant_of(submission.student, shop.course.id, exercise)
    if submission.student and variant != own:
        yield f"the file has the numbers of variant {variant}; those of this student are {own}"


def _version_notes(shop: Workshop) -> Iterator[str]:
    """Where right answers were recorded, another PyTorch may compute other last digits."""
    released = shop.course.released
    recorded = released.versions.get("torch", "") if released else ""
    here = versions()["torch"]
    if recorded and recorded.split(".")[:2] != here.split(".")[:2]:
        yield f"the right answers were recorded with PyTorch {recorded}; here it is {here}"


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
