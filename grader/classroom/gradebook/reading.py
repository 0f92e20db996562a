"""Rows → what others may have of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from grader.classroom.cohort import Student
from grader.classroom.gradebook.rows import Detail, Entry, Extension, Item, Kept, Mistake, Override
from grader.classroom.gradebook.store import Store
from grader.classroom.gradebook.tables import (
    attempts,
    blobs,
    extensions,
    gradings,
    log,
    members,
    overrides,
    students,
)
from grader.reporting.shown import Audience

_AT_A_TIME = 2000  # rows in memory, whatever the size of the book
_EVERY = gradings.alias("every")
_NEWEST = (
    sa.select(sa.func.max(_EVERY.c.id))
    .where(_EVERY.c.attempt == attempts.c.id)
    .correlate(attempts)
    .scalar_subquery()
)
_CURRENT = attempts.join(gradings, gradings.c.id == _NEWEST)
_LIGHT = (
    attempts.c.id,
    attempts.c.exercise,
    attempts.c.name,
    attempts.c.origin,
    attempts.c.digest,
    attempts.c.at,
    attempts.c.told,
    gradings.c.key,
    gradings.c.at.label("graded"),
    gradings.c.standing,
    gradings.c.points,
    gradings.c.max_points,
    gradings.c.mode,
    gradings.c.level,
    gradings.c.problem,
)
_NAMES = tuple(column.name for column in _LIGHT[1:])


def roster(connection: sa.Connection, course: str) -> dict[str, Student]:
    """Everybody who was enrolled, by id."""
    found = connection.execute(
        sa.select(students).where(students.c.course == course).order_by(students.c.id)
    )
    return {
        row.id: Student(row.id, row.name, row.email, row.group, tuple(row.aliases)) for row in found
    }


def people(connection: sa.Connection, course: str) -> dict[str, Student]:
    """Those on the roster, and those who are not but whom the book knows something of."""
    named = sa.union(
        *(
            sa.select(table.c.student).where(table.c.course == course)
            for table in (members, overrides, extensions)
        )
    )
    found = connection.execute(named).scalars()
    return {id_: Student(id_) for id_ in sorted(found)} | roster(connection, course)


def kept(store: Store, course: str, exercise: str | None, student: str | None) -> Iterator[Kept]:
    """In the order in which they came; no transaction stays open while they are looked at."""
    last = 0
    while True:
        with store.reading() as connection:
            found = _page(connection, course, exercise, student, last)
        yield from found
        if len(found) < _AT_A_TIME:
            return
        last = found[-1].id


def _page(
    connection: sa.Connection, course: str, exercise: str | None, student: str | None, last: int
) -> list[Kept]:
    wanted = sa.select(*_LIGHT).select_from(_CURRENT)
    wanted = wanted.where(attempts.c.course == course, attempts.c.id > last)
    if exercise is not None:
        wanted = wanted.where(attempts.c.exercise == exercise)
    if student is not None:
        theirs = sa.select(members.c.attempt)
        theirs = theirs.where(members.c.course == course, members.c.student == student)
        wanted = wanted.where(attempts.c.id.in_(theirs))
    rows = connection.execute(wanted.order_by(attempts.c.id).limit(_AT_A_TIME)).all()
    who = _members(connection, [row.id for row in rows])
    return [
        Kept(id=row.id, students=who.get(row.id, ()), **dict(zip(_NAMES, row[1:], strict=True)))
        for row in rows
    ]


def _members(connection: sa.Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    rows = connection.execute(
        sa.select(members.c.attempt, members.c.student)
        .where(members.c.attempt.in_(ids))
        .order_by(members.c.attempt, members.c.student)
    )
    grouped = groupby(rows, key=lambda row: row.attempt)
    return {attempt: tuple(row.student for row in group) for attempt, group in grouped}


def raw(connection: sa.Connection, course: str, digest: str) -> bytes | None:
    where = (blobs.c.course == course) & (blobs.c.digest == digest)
    return connection.execute(sa.select(blobs.c.raw).where(where)).scalar_one_or_none()


def report(connection: sa.Connection, course: str, attempt: int, audience: Audience) -> bytes:
    column = {
        Audience.STUDENT: gradings.c.student_report,
        Audience.TEACHER: gradings.c.teacher_report,
    }[audience]
    found = connection.execute(
        sa.select(column)
        .join(attempts, attempts.c.id == gradings.c.attempt)
        .where(attempts.c.course == course, attempts.c.id == attempt)
        .order_by(gradings.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found or b""


def details(store: Store, course: str, exercise: str) -> Iterator[tuple[int, Detail]]:
    """Attempt id and what was found, of each grading that counts, broken ones left out."""
    last = 0
    while True:
        with store.reading() as connection:
            found = connection.execute(
                sa.select(attempts.c.id, gradings.c.detail)
                .select_from(_CURRENT)
                .where(attempts.c.course == course, attempts.c.exercise == exercise)
                .where(attempts.c.id > last, gradings.c.standing != "broken")
                .order_by(attempts.c.id)
                .limit(_AT_A_TIME)
            ).all()
        yield from ((row.id, detail(row.detail)) for row in found)
        if len(found) < _AT_A_TIME:
            return
        last = found[-1].id


# What JSON holds is known by who wrote it: `keeping._detail`.
def detail(told: Mapping[str, Iterable[Any]]) -> Detail:
    mistakes = (
        Mistake(part, id_, certainty, tuple(among))
        for part, id_, certainty, among in told.get("mistakes", ())
    )
    return Detail(tuple(Item(*item) for item in told.get("checks", ())), tuple(mistakes))


def newest_overrides(connection: sa.Connection, course: str) -> dict[tuple[str, str], Override]:
    """What teachers said and did not take back, by student and exercise."""
    columns = [column for column in overrides.c if column.name not in {"id", "course"}]
    rows = connection.execute(
        sa.select(*columns).where(overrides.c.course == course).order_by(overrides.c.id)
    )
    newest = {(row.student, row.exercise): Override(*row) for row in rows}
    return {where: found for where, found in newest.items() if found.points is not None}


def newest_extensions(connection: sa.Connection, course: str) -> dict[tuple[str, str], Extension]:
    columns = [column for column in extensions.c if column.name not in {"id", "course"}]
    rows = connection.execute(
        sa.select(*columns).where(extensions.c.course == course).order_by(extensions.c.id)
    )
    return {(row.student, row.exercise): Extension(*row) for row in rows}


def entries(connection: sa.Connection, course: str) -> Iterator[Entry]:
    rows = connection.execute(sa.select(log).where(log.c.course == course).order_by(log.c.id))
    for row in rows:
        yield Entry(row.at, row.who, row.what, row.student, row.details)
