"""Sheet → each student's score in one column, exact until a platform's places are known."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from grader.classroom.cohort import Column, Grade, Sheet, Student
from grader.errors import UsageError
from grader.reporting.exporters.csvfile import Cell
from grader.rounding import exact, half_up

PLACES = 5  # of tables of our own: as many as any platform keeps
TOTAL = "total"  # stands for the weighted total, where an exercise's id may stand
_NUMBER = re.compile(r"-?\d[\d.,\s]*%?")


@dataclass(frozen=True, slots=True)
class Score:
    """Points as they were given, and out of how many."""

    points: Fraction
    of: Fraction

    def scaled(self, maximum: Fraction, places: int) -> Decimal:
        """The same share of another maximum, rounded half up; never below 0 or above it."""
        share = self.points / self.of if self.of > 0 else Fraction(0)
        return half_up(max(share, Fraction(0)) * maximum, places, maximum)


@dataclass(frozen=True, slots=True)
class Export:
    """A file for a platform, how many it brings something for, and what else to know of it."""

    content: bytes
    written: int
    left: tuple[str, ...] = ()  # who was left out or cut down, and why, a line each
    notes: tuple[str, ...] = ()  # what else it has

    @property
    def is_empty(self) -> bool:
        """Whether it has nothing for anybody, not even what stood there already."""
        return not (self.written or self.notes)


def plain(value: Decimal) -> str:
    """Without exponent and without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(cell: str) -> Fraction | None:
    """A number as people write it, or None; the last of `.` and `,` is its decimal sign.

    So reads Canvas (`decimal_comma_to_period` in lib/gradebook_importer.rb), and Moodle's own
    numbers have no other sign.
    """
    text = cell.strip().removesuffix("%")
    if not _NUMBER.fullmatch(text):
        return None
    whole, sign, decimals = re.sub(r"\s", "", text).replace(",", ".").rpartition(".")
    return Fraction(f"{whole.replace('.', '')}{sign}{decimals}" if sign else decimals)


def scores(sheet: Sheet, column: str) -> Mapping[str, Score]:
    """By student id; without those whose grading failed on our side, which costs no points.

    Raises UsageError if the course has no such exercise.
    """
    if column == TOTAL:
        graded = (student.id for student in sheet.students if student.id in sheet.totals)
        return {id_: Score(exact(sheet.totals[id_]), Fraction(100)) for id_ in graded}
    return {
        grade.student: Score(exact(grade.points), exact(grade.max_points))
        for grade in _grades(sheet, column)
        if not failed(grade)
    }


def worth(sheet: Sheet, column: str) -> Fraction:
    """Out of how many points its scores are told where a platform has no maximum of its own."""
    maxima = {entry.exercise: entry.max_points for entry in sheet.columns}
    return Fraction(100) if column == TOTAL else exact(maxima[column])


def remarks(sheet: Sheet, column: str) -> Iterator[str]:
    """Grades that do not leave as they are, a line each."""
    if column == TOTAL:
        return
    names = {student.id: student for student in sheet.students}
    for grade in _grades(sheet, column):
        who = called(names[grade.student])
        if failed(grade):
            yield f"{who}: grading failed, so there is no grade"
        elif grade.points > grade.max_points:
            yield f"{who}: {grade.points:g} of {grade.max_points:g} points, written as the maximum"


def failed(grade: Grade) -> bool:
    """Whether there is nothing to tell of it; a teacher's word is always worth telling."""
    return grade.standing == "broken" and not grade.overridden


def called(student: Student) -> str:
    """A name for a person to read, with the id that no other has."""
    return f"{student.name} ({student.id})" if student.name else student.id


def points_cell(grade: Grade | None, column: Column) -> Cell:
    """In a table of our own: out of what the exercise is worth by now, or empty."""
    if grade is None or failed(grade):
        return ""
    return cell(grade.out_of(column.max_points).points)


def cell(value: float, places: int = PLACES) -> Decimal:
    return Decimal(plain(half_up(exact(value), places)))


def title(sheet: Sheet, column: str) -> str:
    if column == TOTAL:
        return "Total"
    titles = {entry.exercise: entry.title for entry in sheet.columns}
    return titles[column] or column


def in_course(sheet: Sheet, exercise: str) -> str:
    """The exercise.  Raises UsageError if the course has no such exercise."""
    known = [entry.exercise for entry in sheet.columns]
    if exercise not in known:
        hint = f"one of: {', '.join([*known, TOTAL])}"
        raise UsageError(f"the course has no exercise {exercise!r}", hint=hint)
    return exercise


def _grades(sheet: Sheet, column: str) -> Iterator[Grade]:
    in_course(sheet, column)
    for student in sheet.students:
        if (student.id, column) in sheet.grades:
            yield sheet.grades[student.id, column]
