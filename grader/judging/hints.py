"""Submission → Ladder: the hints for what is to be done next, and how far they were climbed."""

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.course import places, variants
from grader.course.format import Exercise
from grader.course.parts.part import AnyPart
from grader.files import write_whole
from grader.handout import render
from grader.judging.incidents import handled
from grader.judging.judge import FINE
from grader.judging.workshop import Workshop
from grader.model import (
    CheckVerdict,
    Diagnosis,
    Ended,
    Graded,
    Inputs,
    Outcome,
    PartVerdict,
    Submission,
)
from grader.reporting import explain
from grader.reporting.report import Audience, report

_OPEN = (*FINE, Outcome.SKIP)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Hints about one thing, the most general first.  Without a rung there is nothing to say."""

    key: str = ""  # what it is remembered by: `todo update`
    about: str = ""  # in words: TODO 4 `update`
    rungs: tuple[str, ...] = ()


def of_starter(exercise: Exercise, student: str, course: str) -> Ladder:
    """For somebody who has not written anything yet."""
    variant = variants.variant_of(student, course, exercise)
    holes = [*render.handout(exercise, variant, course).holes]
    return _of_hole(exercise, holes, holes[0], variants.variant_values(exercise, variant, course))


def of_submission(submission: Submission, exercise: Exercise, shop: Workshop) -> Ladder:
    """For the first blank hole, else the first wrong part: its mistake, else its failing check."""
    variant = variants.variant_in(submission, shop.course.id, exercise)
    values = variants.variant_values(exercise, variant, shop.course.id)
    holes = [*render.handout(exercise, variant, shop.course.id).holes]
    return handled(submission, exercise, shop, partial(_of_graded, exercise, holes, values))


def climbed(folder: Path, course: str, exercise: str, ladder: Ladder, *, whole: bool) -> int:
    """The rung to stand on now, from 1; after the last one, the last.  `whole` goes there at once.

    What cannot be remembered begins anew.
    """
    path = folder / "hints" / course / f"{exercise}.json"
    kept = _kept(path)
    last = len(ladder.rungs)
    rung = last if whole else min(kept.get(ladder.key, 0) + 1, last)
    write_whole(path, json.dumps({**kept, ladder.key: rung}, indent=1).encode())
    return rung


def _kept(path: Path) -> dict[str, int]:
    try:
        kept = json.loads(path.read_bytes())
        return {str(key): max(0, int(rung)) for key, rung in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


# --- what a hint can be about --------------------------------------------------------------------


def _of_hole(exercise: Exercise, holes: list[str], hole: str, values: Inputs) -> Ladder:
    (todo,) = (part.todo[hole] for part in exercise.parts if hole in part.todo)
    about = f"TODO {holes.index(hole) + 1} `{hole}`"
    return _ladder(f"todo {hole}", about, todo.hints or (todo.say,), values)


def _of_graded(exercise: Exercise, holes: list[str], values: Inputs, graded: Graded) -> Ladder:
    if graded.verdict.outcome is Outcome.BROKEN:  # nothing is known of the work
        where = (graded.incident.where,) if graded.incident else ()
        return Ladder("broken", "what happened", (explain.words("broken"), *where))
    if graded.parsed.fault is not None:
        return Ladder("fault", "the first error", (explain.fault(graded.parsed.fault),))
    blank = [hole for hole in holes if graded.parsed.blank.get(hole)]
    if blank:
        return _of_hole(exercise, holes, blank[0], values)
    for part, verdict in zip(exercise.parts, graded.verdict.parts, strict=True):
        if verdict.outcome not in FINE:
            told = next((found for found in graded.diagnoses if found.part == part.id), None)
            if told is not None:
                return _of_mistake(part, told, values)
            return _of_check(part, verdict, _notes(graded, part), values)
    return Ladder()


def _notes(graded: Graded, part: AnyPart) -> tuple[str, ...]:
    """What the student reads of the part's runs."""
    shown = report(graded, Audience.STUDENT)
    return next(each.notes for each in shown.parts if each.id == part.id)


def _of_mistake(part: AnyPart, told: Diagnosis, values: Inputs) -> Ladder:
    """Of several that look alike, the hints of all; each hint once."""
    names = told.among or (told.id,)
    hints = dict.fromkeys(hint for name in names for hint in part.mistakes[name].hints)
    about = f"what was found in `{part.title}`"
    return _ladder(f"mistake {part.id} {told.id}", about, (*hints,) or (told.message,), values)


def _of_check(
    part: AnyPart, verdict: PartVerdict, notes: tuple[str, ...], values: Inputs
) -> Ladder:
    """An error is told first: it may be all that is wrong."""
    failed = next(check for check in verdict.checks if check.outcome not in _OPEN)
    (check,) = (check for check in part.checks if check.id == failed.id)
    errors = notes[:1] if _stopped(failed) else ()
    hints = (*errors, *check.hints) or (_found(failed),)
    return _ladder(f"check {part.id} {check.id}", f'the check "{check.say}"', hints, values)


def _stopped(check: CheckVerdict) -> bool:
    return any(case.ended is not Ended.FINISHED for case in check.cases)


def _found(check: CheckVerdict) -> str:
    """What may be said of a check without hints: it names no input of a hidden case."""
    hints = [case.finding.hint for case in check.cases if case.finding.outcome not in _OPEN]
    return next(filter(None, hints), check.title)


def _ladder(key: str, about: str, hints: tuple[str, ...], values: Inputs) -> Ladder:
    rungs = (places.substituted(hint, values).strip() for hint in hints)
    return Ladder(key, places.substituted(about, values), tuple(rungs))
