"""Scores → the cells of one column of a platform's file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from grader.classroom.cohort import Sheet
from grader.platforms.people import People
from grader.platforms.records import Page, Record
from grader.platforms.scores import called, number, remarks, scores, worth

EMPTY = {"", "-"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a platform's file wants the grades of an exercise, and in which form."""

    exercise: str
    at: int
    maximum: Callable[[Record], Fraction | None]  # None: what the exercise is worth
    closed: Callable[[Record], bool]  # rows that the platform would not take
    places: int
    form: Callable[[Decimal], str]


@dataclass(frozen=True, slots=True)
class Filled:
    """The cells that change, by record and column, and what to say of the others."""

    cells: Mapping[int, Mapping[int, str]]
    left: tuple[str, ...]
    notes: tuple[str, ...]


def fill(
    page: Page, target: Target, rows: Mapping[int, str], sheet: Sheet, known: People
) -> Filled:
    """Write what differs.  A word in a cell, such as "EX" for excused, is a teacher's, and stays.

    Raises UsageError if the course has no such exercise.
    """
    given, whole = scores(sheet, target.exercise), worth(sheet, target.exercise)
    cells: dict[int, dict[int, str]] = {}
    left, replaced, same = list(remarks(sheet, target.exercise)), 0, 0
    for at, student in rows.items():
        if student not in given:
            continue
        record = page.records[at]
        maximum = target.maximum(record)
        new = given[student].scaled(whole if maximum is None else maximum, target.places)
        old = record[target.at].strip()
        if target.closed(record):
            left.append(f"{called(known.students[student])}: the row is locked")
        elif old not in EMPTY and number(old) is None:
            left.append(f"{called(known.students[student])}: {old!r} stays in the file")
        elif number(old) == Fraction(new):
            same += 1
        else:
            replaced += old not in EMPTY
            cells[at] = {target.at: target.form(new)}
    left.extend(_without_row(given, rows.values(), known))
    notes = [f"{replaced} of them replace another grade"] if replaced else []
    notes += [f"{same} more stood there already"] if same else []
    return Filled(cells, tuple(left), tuple(notes))


def _without_row(given: Iterable[str], found: Iterable[str], known: People) -> Iterator[str]:
    for student in sorted(set(given) - set(found)):
        yield f"{called(known.students[student])}: a grade, but no row in the file"
