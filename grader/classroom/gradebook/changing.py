"""What people change in a book; each change is also a line of the log."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from grader.classroom.cohort import Student
from grader.classroom.gradebook import reading
from grader.classroom.gradebook.keeping import insert_into
from grader.classroom.gradebook.recognising import recognised, refuse_shared_address
from grader.classroom.gradebook.rows import Entry, Extension, Override
from grader.classroom.gradebook.tables import extensions, log, overrides, students
from grader.course.format import BookRules

_FIELDS = ("name", "email", "group", "aliases")


def note(connection: sa.Connection, course: str, entry: Entry) -> None:
    connection.execute(sa.insert(log).values(course=course, **asdict(entry)))


def enrol(
    connection: sa.Connection, course: str, wanted: Iterable[Student], who: str, at: datetime
) -> int:
    """Add or change students; who is not named stays.  How many were new or changed.

    Raises UsageError if two of them have one e-mail then.
    """
    known = reading.roster(connection, course)
    after = {each.id: each for each in recognised(known, wanted).values()}
    changed = [each for each in after.values() if known.get(each.id) != each]
    refuse_shared_address(known | after, [each.id for each in changed])
    for student in changed:
        row = _row(student)
        new = insert_into(connection, students).values(course=course, id=student.id, **row)
        connection.execute(new.on_conflict_do_update(index_elements=["course", "id"], set_=row))
        told = _difference(known.get(student.id), student)
        note(connection, course, Entry(at, who, "enrol", student.id, told))
    return len(changed)


def note_rules(
    connection: sa.Connection, course: str, rules: BookRules, who: str, at: datetime
) -> None:
    """A line of the log if grades come about otherwise than when the last such line was written."""
    told = rules.model_dump(mode="json")
    newest = sa.select(log.c.details).where(log.c.course == course, log.c.what == "rules")
    before = connection.execute(newest.order_by(log.c.id.desc()).limit(1)).scalar_one_or_none()
    if before != told:
        note(connection, course, Entry(at, who, "rules", "", told))


def override(connection: sa.Connection, course: str, word: Override) -> None:
    connection.execute(sa.insert(overrides).values(course=course, **asdict(word)))
    about = {"exercise": word.exercise, "points": word.points, "reason": word.reason}
    note(connection, course, Entry(word.at, word.author, "override", word.student, about))


def extend(connection: sa.Connection, course: str, word: Extension) -> None:
    connection.execute(sa.insert(extensions).values(course=course, **asdict(word)))
    about = {"exercise": word.exercise, "due": word.due.isoformat()}
    note(connection, course, Entry(word.at, word.author, "extend", word.student, about))


def withdraw_extension(connection: sa.Connection, course: str, exercise: str, entry: Entry) -> bool:
    """False if the student has none; the log keeps what there was."""
    where = (extensions.c.course == course) & (extensions.c.student == entry.student)
    where &= extensions.c.exercise == exercise
    gone = connection.execute(sa.delete(extensions).where(where)).rowcount > 0
    if gone:
        note(connection, course, entry)
    return gone


# A row is a mapping of whatever its columns hold.
def _row(student: Student) -> dict[str, Any]:
    return {
        "name": student.name,
        "email": student.email,
        "group": student.group,
        "aliases": list(student.aliases),
    }


def _difference(before: Student | None, after: Student) -> Mapping[str, object]:
    """Which fields changed; not from what to what, for a log is kept long."""
    if before is None:
        return {"new": True}
    return {"changed": [name for name in _FIELDS if getattr(before, name) != getattr(after, name)]}
