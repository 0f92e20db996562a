"""Attempt + Grading → rows, all of them or none.

What is one attempt: the same bytes for the same exercise at one told time, of groups that share a
student, for a group's members may change between two downloads.  A layout that tells no time says
nothing against being what is kept already, nor is a time that is told later another attempt.
"""

import json
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from grader.classroom.cohort import Attempt, Grading
from grader.classroom.gradebook.tables import attempts, blobs, gradings, members

# Both dialects know ON CONFLICT, by classes that have no common one.
Insert = sqlite.Insert | postgresql.Insert
_Row = sa.Row[Any, Any, Any]  # id, at, told; columns do not tell what they hold


def insert_into(connection: sa.Connection, table: sa.Table) -> Insert:
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def keep(connection: sa.Connection, course: str, attempt: Attempt, grading: Grading) -> int:
    """Keep one; done again it changes nothing.  A grading of the same key is replaced."""
    _keep_bytes(connection, course, attempt)
    id_ = _same(connection, course, attempt) or _added(connection, course, attempt)
    for student in sorted(set(attempt.students)):
        member = {"attempt": id_, "student": student, "course": course}
        connection.execute(insert_into(connection, members).values(member).on_conflict_do_nothing())
    # Not an update: the newest id is the grading that counts.
    same = (gradings.c.attempt == id_) & (gradings.c.key == grading.key)
    connection.execute(sa.delete(gradings).where(same))
    connection.execute(sa.insert(gradings).values(attempt=id_, **_row(grading)))
    return id_


def is_judged(connection: sa.Connection, course: str, attempt: Attempt, key: str) -> bool:
    """Whether the grading that counts has this key, and to keep it again would change nothing.

    What broke by our fault is worth another try.
    """
    row = which(connection, course, attempt)
    if row is None or (attempt.told and not row.told):
        return False
    whose = sa.select(members.c.student).where(members.c.attempt == row.id)
    newest = (
        sa.select(gradings.c.key, gradings.c.standing)
        .where(gradings.c.attempt == row.id)
        .order_by(gradings.c.id.desc())
        .limit(1)
    )
    found = connection.execute(newest).one_or_none()
    return (
        found is not None
        and found.key == key
        and found.standing != "broken"
        and set(connection.execute(whose).scalars()).issuperset(attempt.students)
    )


def _keep_bytes(connection: sa.Connection, course: str, attempt: Attempt) -> None:
    blob = {"course": course, "digest": attempt.digest, "raw": attempt.raw}
    # An update, though of nothing: it locks the row, so that two graders take turns.
    new = insert_into(connection, blobs).values(blob)
    unchanged = {"digest": attempt.digest}
    connection.execute(
        new.on_conflict_do_update(index_elements=["course", "digest"], set_=unchanged)
    )


def which(connection: sa.Connection, course: str, attempt: Attempt) -> _Row | None:
    """The attempt that is kept of this one already."""
    theirs = sa.select(members.c.attempt)
    theirs = theirs.where(members.c.course == course, members.c.student.in_(attempt.students))
    rows = connection.execute(
        sa.select(attempts.c.id, attempts.c.at, attempts.c.told)
        .where(attempts.c.course == course, attempts.c.digest == attempt.digest)
        .where(attempts.c.exercise == attempt.exercise, attempts.c.id.in_(theirs))
        .order_by(attempts.c.id)
    ).all()
    told = [row for row in rows if row.told and (row.at == attempt.at or not attempt.told)]
    untold = [row for row in rows if not row.told]
    return next(iter([*told, *untold]), None)


def _same(connection: sa.Connection, course: str, attempt: Attempt) -> int | None:
    """Its id; a time that is told now is written down."""
    row = which(connection, course, attempt)
    if row is None:
        return None
    if attempt.told and not row.told:
        now_told = {"at": attempt.at, "told": True, "mark": attempt.mark}
        connection.execute(sa.update(attempts).where(attempts.c.id == row.id).values(now_told))
    id_: int = row.id
    return id_


def _added(connection: sa.Connection, course: str, attempt: Attempt) -> int:
    row = {
        "course": course,
        "mark": attempt.mark,
        "exercise": attempt.exercise,
        "name": attempt.name,
        "origin": attempt.origin,
        "digest": attempt.digest,
        "at": attempt.at,
        "told": attempt.told,
    }
    new = sa.insert(attempts).values(row).returning(attempts.c.id)
    id_: int = connection.execute(new).scalar_one()
    return id_


# A row is a mapping of whatever its columns hold.
def _row(grading: Grading) -> dict[str, Any]:
    detail = _detail(grading.teacher_report or grading.student_report)
    return {**asdict(grading), "detail": detail}


def _detail(report: bytes) -> dict[str, list[list[object]]]:
    """Of each check and each diagnosis just what statistics need; see `reading.detail`."""
    told = json.loads(report) if report else {}
    items = ("part", "id", "outcome", "points", "max_points")
    mistakes = ("part", "id", "certainty", "among")
    return {
        "checks": [[check[name] for name in items] for check in told.get("checks", ())],
        "mistakes": [[found[name] for name in mistakes] for found in told.get("diagnosis", ())],
    }
