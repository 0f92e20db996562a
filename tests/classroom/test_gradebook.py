from dataclasses import replace

import pytest
import sqlalchemy as sa

from grader.classroom.cohort import Student
from grader.classroom.gradebook import Extension, Gradebook, Override, opened, tables
from grader.course.format import BookRules
from grader.errors import StudentError
from grader.reporting.shown import Audience
from tests.books import NOON, attempt, grading


def test_what_is_kept_comes_back(book: Gradebook) -> None:
    given, said = attempt("ben ana"), grading(4.0, report=b'{"a": 1}')

    id_ = book.keep(given, said)

    (kept,) = book.attempts()
    assert (kept.id, kept.students, kept.exercise) == (id_, ("ana", "ben"), "ex1")
    assert (kept.at, kept.told, kept.graded) == (given.at, True, said.at)
    assert (kept.standing, kept.points, kept.max_points) == ("failed", 4.0, 10.0)
    assert (kept.mode, kept.level, kept.key) == ("a", "full", "k1")
    assert book.raw(kept.digest) == given.raw
    assert book.report(id_, Audience.TEACHER) == b'{"a": 1}'


def test_the_same_mark_is_the_same_attempt(book: Gradebook) -> None:
    first = book.keep(attempt(), grading())
    second = book.keep(replace(attempt(), origin="downloaded again"), grading())
    third = book.keep(attempt(late=1), grading())

    assert first == second != third
    assert len(list(book.attempts())) == 2


def test_the_newest_grading_counts_even_under_an_old_key(book: Gradebook) -> None:
    given = attempt()
    for points, key in [(1, "old"), (2, "new"), (3, "old")]:
        book.keep(given, grading(points, key=key))

    (kept,) = book.attempts()
    assert (kept.points, kept.key) == (3, "old")
    assert book.is_judged(given, "old")
    assert not book.is_judged(given, "new")


def test_gradings_of_other_keys_stay_as_history(book: Gradebook) -> None:
    for points, key in [(1, "old"), (2, "new"), (3, "new")]:
        book.keep(attempt(), grading(points, key=key))

    with book.store.reading() as connection:
        found = connection.execute(sa.select(tables.gradings.c.points)).scalars().all()
    assert sorted(found) == [1, 3]


def test_what_broke_is_not_judged(book: Gradebook) -> None:
    book.keep(attempt(), grading(0, "broken"))

    assert not book.is_judged(attempt(), "k1")


def test_attempts_are_found_by_exercise_and_student(book: Gradebook) -> None:
    book.keep(attempt("ana ben", "ex1"), grading())
    book.keep(attempt("ben", "ex2"), grading())

    assert [kept.exercise for kept in book.attempts(student="ben")] == ["ex1", "ex2"]
    assert [kept.students for kept in book.attempts("ex1", "ana")] == [("ana", "ben")]
    assert not list(book.attempts("ex2", "ana"))


def test_more_attempts_than_are_read_at_a_time(
    book: Gradebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.classroom.gradebook.reading._AT_A_TIME", 3)
    for hour in range(7):
        book.keep(attempt(late=hour), grading(hour))

    assert [kept.points for kept in book.attempts()] == list(range(7))


def test_courses_in_one_book_know_nothing_of_each_other(url: str) -> None:
    with opened(url, "c") as one, opened(url, "d") as other:
        one.enrol([Student("ana")])
        one.keep(attempt(), grading(1))
        other.keep(attempt(), grading(2))

        assert [kept.points for kept in other.attempts()] == [2]
        assert not other.students()
        assert not other.log()


def test_enrolling_again_changes_only_what_changed(book: Gradebook) -> None:
    ana = Student("ana", "Ana", "ana@example.org", "A", ("a1",))
    book.enrol([ana, Student("ben")], "me")

    assert book.enrol([replace(ana, email="ana@example.com"), Student("ben")], "me") == 1

    assert book.students()["ana"].email == "ana@example.com"
    changes = [(entry.student, entry.details) for entry in book.log()]
    assert changes[-1] == ("ana", {"changed": ["email"]})


def test_a_word_is_taken_back_by_a_newer_one(book: Gradebook) -> None:
    word = Override("ana", "ex1", 7.5, "a typo of ours", "me", NOON)
    book.override(word)
    assert book.overrides() == {("ana", "ex1"): word}

    book.override(replace(word, points=None))

    assert not book.overrides()
    assert [entry.what for entry in book.log()] == ["override", "override"]


def test_the_newest_extension_holds(book: Gradebook) -> None:
    for day in (1, 2):
        book.extend(Extension("ana", "ex1", NOON.replace(day=day), "me", NOON))

    assert book.extensions()["ana", "ex1"].due == NOON.replace(day=2)


def test_rules_are_logged_when_they_change(book: Gradebook) -> None:
    for rules in (BookRules(), BookRules(), BookRules(keep="last"), BookRules()):
        book.note_rules(rules, "me")

    assert [entry.details["keep"] for entry in book.log()] == ["best", "last", "best"]


def test_a_line_of_the_log_of_anybody(book: Gradebook) -> None:
    book.note("me", "regrade", {"changed": 3})

    (entry,) = book.log()
    assert (entry.who, entry.what, entry.details) == ("me", "regrade", {"changed": 3})


def test_a_digest_that_is_not_there(book: Gradebook) -> None:
    with pytest.raises(StudentError, match="holds no file"):
        book.raw("0" * 64)
