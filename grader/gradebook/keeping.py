"""Attempt + Grading → rows, all of them or none."""

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from grader.cohort import Attempt, Grading
from grader.gradebook.tables import attempts, blobs, gradings, members

# Both dialects know ON CONFLICT, by classes that have no common one.
Insert = sqlite.Insert | postgresql.Insert


def insert_into(connection: sa.Connection, table: sa.Table) -> Insert:
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def keep(connection: sa.Connection, course: str, attempt: Attempt, grading: Grading) -> int:
    """Keep one; done again it changes nothing.  A grading of the same key is replaced."""
    blob = {"course": course, "digest": attempt.digest, "raw": attempt.raw}
    connection.execute(insert_into(connection, blobs).values(blob).on_conflict_do_nothing())
    id_ = _attempt(connection, course, attempt)
    for student in sorted(set(attempt.students)):
        member = {"attempt": id_, "student": student, "course": course}
        connection.execute(insert_into(connection, members).values(member).on_conflict_do_nothing())
    # Not an update: the newest id is the grading that counts.
    same = (gradings.c.attempt == id_) & (gradings.c.key == grading.key)
    connection.execute(sa.delete(gradings).where(same))
    connection.execute(sa.insert(gradings).values(attempt=id_, **_row(grading)))
    return id_


def is_judged(connection: sa.Connection, course: str, mark: str, key: str) -> bool:
    """Whether the grading that counts has this key, and nothing of ours was broken."""
    found = connection.execute(
        sa.select(gradings.c.key, gradings.c.standing)
        .join(attempts, attempts.c.id == gradings.c.attempt)
        .where(attempts.c.course == course, attempts.c.mark == mark)
        .order_by(gradings.c.id.desc())
        .limit(1)
    ).one_or_none()
    return found is not None and found.key == key and found.standing != "broken"


def _attempt(connection: sa.Connection, course: str, attempt: Attempt) -> int:
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
    # An update, though of nothing: it locks the row, so that two graders take turns.
    new = insert_into(connection, attempts).values(row)
    new = new.on_conflict_do_update(index_elements=["course", "mark"], set_={"mark": attempt.mark})
    id_: int = connection.execute(new.returning(attempts.c.id)).scalar_one()
    return id_


# A row is a mapping of whatever its columns hold.
def _row(grading: Grading) -> dict[str, Any]:
    return {
        "key": grading.key,
        "at": grading.at,
        "standing": grading.standing,
        "points": grading.points,
        "max_points": grading.max_points,
        "mode": grading.mode,
        "level": grading.level,
        "problem": grading.problem,
        "detail": _detail(grading.teacher_report or grading.student_report),
        "student_report": grading.student_report,
        "teacher_report": grading.teacher_report,
    }


def _detail(report: bytes) -> dict[str, list[list[object]]]:
    """Of each check and each diagnosis just what statistics need; see `reading.detail`."""
    told = json.loads(report) if report else {}
    items = ("part", "id", "outcome", "points", "max_points")
    mistakes = ("part", "id", "certainty", "among")
    return {
        "checks": [[check[name] for name in items] for check in told.get("checks", ())],
        "mistakes": [[found[name] for name in mistakes] for found in told.get("diagnosis", ())],
    }
