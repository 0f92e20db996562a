"""Course + what was kept → Sheet: every student, every exercise, and the total.

A total is a percentage of the whole course: what was not handed in counts as nothing.  What broke
by our fault is left out of that student's total, until it is graded again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader.classroom.cohort import Column, Grade, Sheet, Student, natural
from grader.classroom.gradebook.policies import Terms, grade
from grader.classroom.gradebook.rows import Extension, Kept, Override
from grader.course.format import Course
from grader.rounding import exact

Words = Mapping[tuple[str, str], Override]
Extensions = Mapping[tuple[str, str], Extension]
_MOST = Fraction(100)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a sheet comes from; `worth` tells the points of an exercise that nobody tried."""

    students: Mapping[str, Student]
    attempts: Callable[[str], Iterable[Kept]]  # exercise id → its attempts
    words: Words
    extensions: Extensions
    worth: Callable[[str], float]


def sheet(course: Course, sources: Sources) -> Sheet:
    columns: list[Column] = []
    grades: dict[tuple[str, str], Grade] = {}
    for exercise in course.paths:
        tries = _by_student(sources.attempts(exercise))
        column = _column(course, exercise, tries, sources)
        columns.append(column)
        grades |= _grades(column, tries, course, sources)
    students = _everybody(sources.students, grades)
    totals = {student.id: _total(student.id, columns, grades) for student in students}
    told = {student: total for student, total in totals.items() if total is not None}
    own = sources.extensions.items()
    extended = {where: word.due for where, word in own if where[1] in course.paths}
    return Sheet(course.id, course.title, students, tuple(columns), grades, told, extended)


def _by_student(tries: Iterable[Kept]) -> dict[str, list[Kept]]:
    """Each member of a group has what the group handed in."""
    found = defaultdict(list)
    for kept in tries:
        for student in kept.students:
            found[student].append(kept)
    return found


def _column(
    course: Course, exercise: str, tries: Mapping[str, Iterable[Kept]], sources: Sources
) -> Column:
    rules = course.rules.of(exercise)
    told = ((kept.graded, kept.max_points) for each in tries.values() for kept in each)
    newest = max((each for each in told if each[1]), default=None)
    whole = newest[1] if newest else sources.worth(exercise)
    title = course.titles.get(exercise, exercise)
    return Column(exercise, title, whole, float(rules.weight), rules.due)


def _grades(
    column: Column, tries: Mapping[str, Iterable[Kept]], course: Course, sources: Sources
) -> dict[tuple[str, str], Grade]:
    spoken_of = {student for student, exercise in sources.words if exercise == column.exercise}
    grades = {}
    for student in tries.keys() | spoken_of:
        where = (student, column.exercise)
        own = sources.extensions.get(where)
        due = own.due if own else column.due
        terms = Terms(course.rules, due, sources.words.get(where), column.max_points)
        found = grade(student, column.exercise, tries.get(student, ()), terms)
        if found:
            grades[where] = found
    return grades


def _everybody(
    enrolled: Mapping[str, Student], grades: Iterable[tuple[str, str]]
) -> tuple[Student, ...]:
    """Who is on the roster, and who handed something in without being on it."""
    known = {student: Student(student) for student, _ in grades} | dict(enrolled)
    return tuple(known[id_] for id_ in sorted(known, key=natural))


def _total(
    student: str, columns: Iterable[Column], grades: Mapping[tuple[str, str], Grade]
) -> float | None:
    """As exact as a float is; None if nothing is left that could count."""
    earned = possible = Fraction(0)
    for column in columns:
        found = grades.get((student, column.exercise))
        if found and found.standing == "broken":
            continue
        weight = exact(column.weight)
        possible += weight
        if found and found.max_points:
            earned += weight * exact(found.points) / exact(found.max_points)
    return float(min(100 * earned / possible, _MOST)) if possible else None
