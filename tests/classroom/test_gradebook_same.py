"""What is one attempt, and who is one person, however a platform tells of them."""

from dataclasses import replace

import pytest

from grader.classroom.cohort import Attempt, Student
from grader.classroom.gradebook import Gradebook
from grader.course.format import BookRules, ExerciseRules, PerDay
from grader.errors import UsageError
from tests.books import NOON, attempt, course, grading

ANA = Student("ana", "Ana", "ana@example.org", "A", ("a1",))


def untold(students: str = "ana", *, late: float = 50) -> Attempt:
    """From a layout without times: that of intake stands there."""
    return replace(attempt(students, late=late), told=False)


def test_without_a_time_it_is_the_attempt_that_is_kept(book: Gradebook) -> None:
    """Else it would be one more, and never late."""
    late = PerDay(policy="per_day", percent=10)
    rules = BookRules(late=late, exercises={"ex1": ExerciseRules(due=NOON)})
    book.keep(attempt(late=2), grading(8))

    assert book.is_judged(untold(), "k1")
    book.keep(untold(), grading(8))

    grade = book.sheet(course("ex1", rules=rules)).grades["ana", "ex1"]
    assert (grade.attempts, grade.points, grade.told) == (1, 7.2, True)


def test_a_time_that_is_told_later_is_taken_over(book: Gradebook) -> None:
    book.keep(untold(), grading())

    assert not book.is_judged(attempt(late=2), "k1")
    book.keep(attempt(late=2), grading())

    (kept,) = book.attempts()
    assert (kept.told, kept.at) == (True, attempt(late=2).at)
    assert book.is_judged(attempt(late=2), "k1")


def test_another_time_is_another_attempt(book: Gradebook) -> None:
    for late in (0, 1):
        book.keep(attempt(late=late), grading())

    assert len(list(book.attempts())) == 2


def test_others_with_the_same_bytes_have_an_attempt_of_their_own(book: Gradebook) -> None:
    for given in (attempt("ana"), attempt("ben"), untold("cem"), attempt("ana", "ex2")):
        book.keep(given, grading())

    assert len(list(book.attempts())) == 4


def test_a_group_without_the_one_who_was_forgotten_has_one_attempt(book: Gradebook) -> None:
    book.keep(attempt("ana ben"), grading())
    book.forget("ana")

    assert not book.is_judged(attempt("ana ben"), "k1")  # it names somebody who is not in it
    book.keep(attempt("ana ben"), grading())

    (kept,) = book.attempts()
    assert kept.students == ("ana", "ben")


# --- people --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        Student("Ana@Example.org"),
        Student("4711", email="ANA@example.org"),
        Student("A1"),
        Student("4711", aliases=("ana",)),
    ],
)
def test_a_student_is_recognised(book: Gradebook, given: Student) -> None:
    book.enrol([ANA, Student("ben")])

    (found,) = book.recognised([given]).values()

    assert (found.id, found.name, found.group) == ("ana", "Ana", "A")
    assert given.id in {found.email, *found.aliases} or given.id.casefold() == found.email


@pytest.mark.parametrize(
    "given",
    [
        Student("ann", "Ana"),
        Student("a1", email="other@example.org"),
        Student("x", aliases=("b1",)),  # that of two
    ],
)
def test_nobody_is_guessed(book: Gradebook, given: Student) -> None:
    book.enrol([ANA, Student("ben", aliases=("b1",)), Student("bea", aliases=("b1",))])

    assert book.recognised([given]) == {given.id: given}


def test_an_e_mail_is_above_a_number_of_somebody_else(book: Gradebook) -> None:
    book.enrol([ANA, Student("ben", "", "ben@example.org")])

    (found,) = book.recognised([Student("x", email="ben@example.org", aliases=("a1",))]).values()

    assert found.id == "ben"


def test_enrolling_under_another_id_makes_nobody_new(book: Gradebook) -> None:
    book.enrol([ANA])

    book.enrol([Student("ana@example.org", "Ana A.", "ana@example.org", aliases=("4711",))])

    merged = Student("ana", "Ana A.", "ana@example.org", "A", ("a1", "4711"))
    assert book.students() == {"ana": merged}


def test_two_with_one_e_mail_are_refused(book: Gradebook) -> None:
    with pytest.raises(UsageError, match="ana and zoe have one e-mail"):
        book.enrol([ANA, Student("zoe", email="Ana@example.org")])

    assert not book.students()
