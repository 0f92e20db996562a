"""After `forget`, nothing of a student is left: not in any row, and not in the file."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from grader.classroom.cohort import Student
from grader.classroom.gradebook import Extension, Gradebook, Override, anonymous, opened, tables
from grader.errors import UsageError
from grader.reporting.shown import Audience
from tests.books import NOON, attempt, course, grading, report

ANA = Student("ana-4711", "Ana Anderson", "ana@example.org", "", ("a4711",))
WORK = b"# this is the work of Ana Anderson, and of nobody else\n" * 3
TOLD = report([("a", 1, 4)], ["no_zero"]).replace(b'"ana"', b'"ana-4711"')


@pytest.fixture
def book(url: str) -> Iterator[Gradebook]:
    with opened(url, "c") as found:
        found.enrol([ANA, Student("ben", "Ben")], "me")
        yield found


def everything(book: Gradebook) -> str:
    """All rows of all tables, unpacked."""
    with book.store.reading() as connection:
        return "\n".join(
            str(row)
            for table in tables.METADATA.sorted_tables
            for row in connection.execute(sa.select(table))
        )


def filled(book: Gradebook) -> None:
    """Ana alone, under her alias, spoken of, and with Ben."""
    book.keep(attempt("ana-4711", raw=WORK), grading(report=TOLD))
    book.keep(attempt("a4711", "ex2", raw=WORK), grading(report=TOLD))
    book.override(Override("ana-4711", "ex1", 7, "Ana was ill", "me", NOON))
    book.extend(Extension("ana-4711", "ex1", NOON, "me", NOON))
    both = replace(attempt("ana-4711 ben"), name="ana-4711.py", origin="Ana Anderson_12_x")
    book.keep(both, grading(report=TOLD))


def test_no_row_names_who_was_forgotten(book: Gradebook) -> None:
    filled(book)

    book.forget("ana-4711", "me")

    left = everything(book)
    assert not [word for word in ("4711", "Ana", "ana@", "ill") if word in left]
    assert [(entry.what, entry.student) for entry in book.log()] == [
        ("enrol", "ben"),
        ("forget", ""),
    ]


def test_a_groups_work_stays_with_the_others(book: Gradebook) -> None:
    filled(book)

    book.forget("ana-4711")

    (kept,) = book.attempts()
    assert (kept.students, kept.name, kept.origin) == (("ben",), "ex1.py", "")
    assert book.raw(kept.digest) == attempt().raw
    told = json.loads(book.report(kept.id, Audience.TEACHER))
    assert (told["student"], told["checks"][0]["id"]) == ("", "a")
    assert book.is_judged(attempt("ben"), "k1")  # as if Ben had been alone


def test_bytes_that_others_handed_in_too_stay(book: Gradebook) -> None:
    book.keep(attempt("ana-4711", raw=b"same"), grading())
    book.keep(attempt("ben", raw=b"same"), grading())

    book.forget("ana-4711")

    (kept,) = book.attempts()
    assert book.raw(kept.digest) == b"same"


def test_who_is_not_there_cannot_be_forgotten(book: Gradebook) -> None:
    with pytest.raises(UsageError, match="nobody"):
        book.forget("zoe")

    assert "forget" not in [entry.what for entry in book.log()]


def test_not_a_byte_is_left_in_the_file(tmp_path: Path) -> None:
    with opened(str(tmp_path / "book.db"), "c") as book:
        book.enrol([ANA, Student("ben", "Ben")])
        filled(book)
        for hour in range(30):  # and many more, some of them replaced
            for key in "kl":
                given = attempt("ana-4711", raw=b"%d %b" % (hour, WORK), late=hour)
                book.keep(given, grading(key=key, report=TOLD))
        packed = [zlib.compress(b"%d %b" % (hour, WORK)) for hour in range(30)]
        needles = [b"4711", b"Ana Anderson", b"ana@example.org", zlib.compress(WORK), *packed]
        before = _bytes(tmp_path)
        assert all(needle in before for needle in needles)

        book.forget("ana-4711", "me")

        after = _bytes(tmp_path)
    assert not [needle for needle in needles if needle in after]
    assert not [needle for needle in needles if needle in _bytes(tmp_path)]


def _bytes(folder: Path) -> bytes:
    """The book with its log and its index."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_what_others_have_open_is_not_half_forgotten(tmp_path: Path) -> None:
    file = str(tmp_path / "book.db")
    with opened(file, "c") as book, opened(file, "c") as other:
        book.keep(attempt(), grading())
        with other.store.reading() as connection:
            connection.exec_driver_sql("SELECT 1 FROM attempts").all()

            with pytest.raises(UsageError, match="in use"):
                book.forget("ana")

        assert len(list(book.attempts())) == 1


# --- without names -------------------------------------------------------------------------------


def test_an_anonymous_export_names_nobody(book: Gradebook) -> None:
    filled(book)

    rows = anonymous.rows(book, book.sheet(course()))

    told = "\n".join(map(str, rows))
    assert not [word for word in ("4711", "Ana", "Ben", "ben", ".py", "ill") if word in told]
    assert len(rows) == 4  # one for each member of the group
    assert {row[-1] for row in rows} == {"fit.no_zero"}


def test_pseudonyms_hold_within_one_export_only(book: Gradebook) -> None:
    for exercise in ("ex1", "ex2"):
        book.keep(attempt("ben", exercise), grading())

    first, second = ({row[0] for row in anonymous.rows(book, book.sheet(course()))} for _ in "ab")

    assert len(first) == len(second) == 1
    assert first != second
