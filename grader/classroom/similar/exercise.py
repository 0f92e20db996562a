"""Exercise → Handed: the starters of all variants, and the answers that its author knows."""

from collections.abc import Iterator

from grader.classroom.similar.work import Handed
from grader.course import regions
from grader.course.format import Exercise
from grader.course.parts.part import as_changes
from grader.handout.render import handout


def handed(exercise: Exercise, course_id: str) -> Handed:
    """What says nothing about who wrote it: the first not at all, the second hardly."""
    handouts = [handout(exercise, at, course_id) for at in range(exercise.file.variants)]
    starters = tuple(dict.fromkeys(each.python for each in handouts))
    return Handed(exercise.id, handouts[0].title, starters, tuple(_known(exercise)))


def _known(exercise: Exercise) -> Iterator[str]:
    """The reference, what is accepted beside it, and the mistakes that people make."""
    yield exercise.solution.text
    for part in exercise.parts:
        mistakes = (mistake.code for mistake in part.mistakes.values() if mistake.code)
        for code in (*part.accept.values(), *mistakes):
            yield regions.replaced(exercise.solution, as_changes(code))
