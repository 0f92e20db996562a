"""The rules of the book in course.yaml, and what is said of those that are wrong."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from grader.course.format import BookRules, PerDay
from grader.course.loading import load_course
from grader.errors import AuthorError

HEAD = "format: 1\nid: c\ntitle: A course\n"


def loaded(folder: Path, book: str) -> BookRules:
    exercises = folder / "exercises"
    exercises.mkdir()
    for at in (1, 2):
        (exercises / f"ex0{at}_name.yaml").write_text(f"id: ex{at}\ntitle: About {at}\n")
    (exercises / "course.yaml").write_text(HEAD + book)
    return load_course(folder).rules


def test_rules_as_they_are_written(tmp_path: Path) -> None:
    book = """
book:
  keep: last
  attempts: 20
  late: {policy: per_day, percent: 10, most: 50, grace: 15m}
  exercises:
    ex1: {weight: 2, due: 2026-11-30T23:59:00+01:00}
"""
    rules = loaded(tmp_path, book)

    assert (rules.keep, rules.attempts) == ("last", 20)
    late = PerDay(policy="per_day", percent=10, most=50, grace=timedelta(minutes=15))
    assert rules.late == late
    assert rules.of("ex1").due == datetime.fromisoformat("2026-11-30T22:59:00+00:00")
    assert (rules.of("ex1").weight, rules.of("ex2").weight) == (2, 1)


def test_without_rules_the_best_attempt_counts(tmp_path: Path) -> None:
    rules = loaded(tmp_path, "")

    assert (rules.keep, rules.attempts, rules.late.policy) == ("best", None, "none")


@pytest.mark.parametrize(
    ("book", "says"),
    [
        ("keep: besst", "4:14: book.keep: found the text 'besst'"),
        ("attempts: 0", "4:18: book.attempts: found 0; should be greater than or equal to 1"),
        ("late: {policy: none, percent: 3}", "4:29: book.late.percent: unknown key"),
        ("late: {policy: per_day}", "4:14: book.late.percent: is missing"),
        (
            "late: {policy: cut_off, grace: 90}",
            "4:39: book.late.grace: found 90; allowed: a number and s, m, h or d, such as 15m",
        ),
        (
            "exercises: {ex1: {due: 2026-11-30}}",
            "4:31: book.exercises.ex1.due: found '2026-11-30'; allowed: a time with its zone",
        ),
        (
            "exercises: {ex11: {weight: 2}}",
            "4:20: book.exercises.ex11: no such exercise; did you mean `ex1`? allowed: ex1, ex2",
        ),
        ("exercises: {ex1: {weight: -1}}", "4:34: book.exercises.ex1.weight: found -1"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(book: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(AuthorError) as caught:
        loaded(tmp_path, f"book: {{{book}}}\n")

    assert says in str(caught.value)


def test_a_time_is_none_where_a_text_is_meant(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match="put a text in quotes"):
        loaded(tmp_path, "isolation: 2026-11-30\n")
