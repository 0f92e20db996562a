"""The exercise as a whole: its starter counts as blank, gives nothing away, and its words hold."""

from collections.abc import Iterator

from grader.course.format import Exercise
from grader.handout import render
from grader.handout.leaks import leaks
from grader.judging.trial import outline
from grader.judging.workshop import Workshop
from grader.model import Cell
from grader.proving.claims import Claim, Subject, of_whole
from grader.proving.prose import stale_block
from grader.sandbox.jobs import Code, parse_job


def claims(exercise: Exercise, shop: Workshop) -> Iterator[Claim]:
    blank, leak, *blocks = of_whole(exercise)
    yield _blank(exercise, shop, blank)
    yield _leaks(exercise, shop, leak)
    for subject in blocks:
        stale = stale_block(exercise, shop.runs, shop.course.id)
        yield subject.claim(stale, "code blocks run, and print what the words say")


def _blank(exercise: Exercise, shop: Workshop, subject: Subject) -> Claim:
    """Handed in as it is, the starter is not attempted."""
    handout = render.handout(exercise, 0, shop.course.id)
    code = Code((Cell(f"{exercise.id}.py", handout.python),))
    (parsed,) = shop.runs.parse([parse_job(code, outline(handout))])
    if parsed.fault is not None:
        return subject.claim("the starter is not valid Python: look at each `start`")
    filled = [hole for hole, blank in parsed.blank.items() if not blank]
    wrong = f"counts as filled in: {', '.join(filled)}" if filled else ""
    return subject.claim(wrong, "not attempted")


def _leaks(exercise: Exercise, shop: Workshop, subject: Subject) -> Claim:
    for variant in range(exercise.file.variants):
        given_away = leaks(exercise, render.handout(exercise, variant, shop.course.id).python)
        if given_away:
            return subject.claim(f"variant {variant} gives away: {given_away[0]}")
    return subject.claim("", f"none in {exercise.file.variants} variants")
