"""One student → nothing: every row, and on SQLite every byte of it in the file.

A group's attempt belongs to the others too: only the membership goes, with the names of the file
and of its place, which may be somebody's own.  The log keeps that somebody was forgotten, not who.
"""

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa

from grader.classroom.cohort import Attempt
from grader.classroom.gradebook import reading
from grader.classroom.gradebook.changing import note
from grader.classroom.gradebook.rows import Entry
from grader.classroom.gradebook.tables import (
    METADATA,
    attempts,
    blobs,
    extensions,
    gradings,
    log,
    members,
    overrides,
    students,
)


def elsewhere(connection: sa.Connection, course: str, student: str) -> Sequence[tuple[str, str]]:
    """The other courses of the book that know the id, an alias or the e-mail, and as whom."""
    own = reading.roster(connection, course).get(student)
    email = own.email.casefold() if own else ""
    names = {name for name in _names(connection, course, student) if not _is_numbered(name)}
    found = {
        (row.course, row.id)
        for row in connection.execute(sa.select(students).where(students.c.course != course))
        if not names.isdisjoint(row.aliases) or (email and row.email.casefold() == email)
    }
    by_id = sa.union(
        *(
            sa.select(table.c.course, column).where(table.c.course != course, column.in_(names))
            for table, column in _OWN
        )
    )
    return sorted(found | {(other, name) for other, name in connection.execute(by_id)})


def _is_numbered(name: str) -> bool:
    """Moodle's `Participant 12` is somebody else in each assignment."""
    return name.startswith("Participant ")


def forget(connection: sa.Connection, course: str, student: str, entry: Entry) -> bool:
    """Remove all that is known of a student, by id or alias; False if nothing was."""
    names = _names(connection, course, student)
    theirs = _attempts_of(connection, course, names)
    gone = 0
    for table, column in _OWN:
        where = (table.c.course == course) & column.in_(names)
        gone += connection.execute(sa.delete(table).where(where)).rowcount
    for attempt in theirs:
        _leave(connection, attempt)
    _drop_blobs(connection, course)
    if gone:
        note(connection, course, entry)
    return gone > 0


def purge(connection: sa.Connection) -> None:
    """Let the database give up what was deleted.  In no transaction, for it opens its own."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    for table in METADATA.sorted_tables:
        connection.exec_driver_sql(f"VACUUM FULL {table.name}")


_OWN = (
    (students, students.c.id),
    (overrides, overrides.c.student),
    (extensions, extensions.c.student),
    (members, members.c.student),
    (log, log.c.student),
)


def _names(connection: sa.Connection, course: str, student: str) -> list[str]:
    """The id, and the aliases that are nobody else's."""
    roster = reading.roster(connection, course)
    own = roster.get(student)
    others = {alias for each in roster.values() if each.id != student for alias in each.aliases}
    aliases = set(own.aliases) - others - set(roster) if own else set()
    return [student, *sorted(aliases)]


def _attempts_of(connection: sa.Connection, course: str, names: Sequence[str]) -> Sequence[int]:
    where = (members.c.course == course) & members.c.student.in_(names)
    return connection.execute(sa.select(members.c.attempt).where(where).distinct()).scalars().all()


def _leave(connection: sa.Connection, attempt: int) -> None:
    """The membership is gone already: an attempt that nobody is left of goes, too."""
    where = members.c.attempt == attempt
    left = connection.execute(sa.select(members.c.student).where(where)).scalars().all()
    before = connection.execute(sa.select(attempts).where(attempts.c.id == attempt)).one()
    after = _without_names(connection, before, left)
    if not left or _is_there(connection, before.course, after.mark):
        connection.execute(sa.delete(attempts).where(attempts.c.id == attempt))  # and all of it
        return
    connection.execute(
        sa.update(attempts)
        .where(attempts.c.id == attempt)
        .values(name=after.name, origin=after.origin, mark=after.mark)
    )
    _rename_in_reports(connection, attempt, before.name, after.name)


# A row's columns are known by name only.
def _without_names(connection: sa.Connection, row: sa.Row[Any], left: Sequence[str]) -> Attempt:
    """What the others handed in, as if they had been alone; its mark is another one."""
    raw = reading.raw(connection, row.course, row.digest) or b""
    name = f"{row.exercise or 'handed-in'}{PurePath(row.name).suffix}"
    return Attempt(tuple(left), row.exercise, name, "", raw, row.at, row.told)


def _is_there(connection: sa.Connection, course: str, mark: str) -> bool:
    where = (attempts.c.course == course) & (attempts.c.mark == mark)
    return connection.execute(sa.select(attempts.c.id).where(where)).first() is not None


def _rename_in_reports(connection: sa.Connection, attempt: int, old: str, new: str) -> None:
    rows = connection.execute(sa.select(gradings).where(gradings.c.attempt == attempt)).all()
    for row in rows:
        connection.execute(
            sa.update(gradings)
            .where(gradings.c.id == row.id)
            .values(
                problem=row.problem.replace(old, new),
                student_report=_renamed(row.student_report, old, new),
                teacher_report=_renamed(row.teacher_report, old, new),
            )
        )


def _renamed(report: bytes, old: str, new: str) -> bytes:
    if not report:
        return b""
    inside = [json.dumps(name, ensure_ascii=False)[1:-1] for name in (old, new)]
    told = json.loads(report.decode().replace(inside[0], inside[1]))
    return json.dumps(told | {"student": ""}, ensure_ascii=False).encode()


def _drop_blobs(connection: sa.Connection, course: str) -> None:
    used = sa.select(attempts.c.digest).where(attempts.c.course == course)
    unused = (blobs.c.course == course) & blobs.c.digest.not_in(used)
    connection.execute(sa.delete(blobs).where(unused))
