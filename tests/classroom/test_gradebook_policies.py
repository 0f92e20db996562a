"""What counts of several attempts: each rule by an example that people can check by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from grader.classroom.cohort import Grade, Standing
from grader.classroom.gradebook import Kept, Override
from grader.classroom.gradebook.policies import Terms, grade
from grader.course.format import BookRules, Time
from tests.books import NOON


def rules(**told: Any) -> BookRules:  # noqa: ANN401  (as in course.yaml)
    return TypeAdapter(BookRules).validate_python(told)


def tried(
    points: float, hours: float = -1, standing: Standing = "failed", *, told: bool = True
) -> Kept:
    """Out of 10, so many hours after the due date."""
    at = NOON + timedelta(hours=hours)
    id_ = int(hours * 100) + 1000
    about = ("ex1", "ex1.py", "", "", at, told, "k", NOON)
    return Kept(id_, ("ana",), *about, standing, points, 10.0, "", "", "")


def counts(
    tries: Sequence[Kept],
    rules: BookRules,
    *,
    due: datetime | None = NOON,
    word: Override | None = None,
) -> Grade | None:
    return grade("ana", "ex1", tries, Terms(rules, due, word, 10.0))


def points(tries: Sequence[Kept], rules: BookRules) -> float:
    found = counts(tries, rules)
    assert found is not None
    return found.points


@pytest.mark.parametrize(
    ("handed_in", "wanted"),
    [
        ("2026-10-24 23:59:00+02:00", 10),  # summer still
        ("2026-10-25 23:30:00+01:00", 9),  # 24.5 hours later, and before the day is over
        ("2026-10-26 00:30:00+01:00", 8),
    ],
)
def test_days_are_counted_on_the_clock_of_the_due_date(handed_in: str, wanted: float) -> None:
    due = TypeAdapter(Time).validate_python("2026-10-24T23:59:00 Europe/Berlin")
    tries = [replace(tried(10), at=datetime.fromisoformat(handed_in).astimezone(UTC))]

    found = counts(tries, rules(late=PER_DAY | {"grace": "0s"}), due=due)

    assert found is not None
    assert found.points == wanted


@pytest.mark.parametrize(("keep", "wanted"), [("best", 8), ("last", 5), ("first", 3)])
def test_best_last_or_first(keep: str, wanted: float) -> None:
    tries = [tried(5, -1), tried(8, -2), tried(3, -3)]  # in any order

    assert points(tries, rules(keep=keep)) == wanted


@pytest.mark.parametrize(("keep", "wanted"), [("last", 5), ("first", 3)])
def test_what_came_at_one_time_stands_in_the_order_of_its_names(keep: str, wanted: float) -> None:
    """Ids are given as files are graded, and who is first there is chance."""
    b, a = tried(5, 0), tried(3, 0)
    tries = [replace(b, id=1, origin="ann/v10.py"), replace(a, id=2, origin="ann/v9.py")]

    assert points(tries, rules(keep=keep)) == wanted


def test_what_a_browser_numbered_came_later() -> None:
    names = ["ann/ex1 (10).py", "ann/ex1.py", "ann/ex1 (2).py"]
    tries = [replace(tried(n, 0), id=n, origin=name) for n, name in enumerate(names, start=1)]

    assert points(tries, rules(keep="last")) == 1
    assert points(tries, rules(keep="first")) == 2


def test_of_equals_the_first_counts() -> None:
    found = counts([tried(5, -1), tried(5, -2)], rules())

    assert found is not None
    assert found.at == NOON - timedelta(hours=2)


def test_attempts_beyond_the_limit_do_not_count() -> None:
    found = counts([tried(2, -3), tried(4, -2), tried(10, -1)], rules(attempts=2))

    assert found is not None
    assert (found.points, found.attempts) == (4, 2)


@pytest.mark.parametrize("standing", ["not_attempted", "unreadable", "broken"])
def test_what_was_not_judged_uses_no_attempt_up(standing: Standing) -> None:
    found = counts([tried(0, -3, standing), tried(4, -2)], rules(attempts=1, keep="first"))

    assert found is not None
    assert (found.points, found.attempts) == (4, 1)


def test_what_broke_stands_before_what_could_not_be_read() -> None:
    """Perhaps the one that broke was right: nobody is to pay for it."""
    found = counts([tried(0, -2, "broken"), tried(0, -1, "unreadable")], rules())

    assert found is not None
    assert (found.standing, found.attempts) == ("broken", 0)


def test_nothing_handed_in_is_no_grade() -> None:
    assert counts([], rules()) is None


PER_DAY = {"policy": "per_day", "percent": 10, "most": 50, "grace": "15m"}


@pytest.mark.parametrize(
    ("hours", "wanted"),
    [
        (0, 8),  # the due date itself is in time
        (0.25, 8),  # and so is the end of the grace
        (0.26, 7.2),
        (24, 7.2),  # one day, to the second
        (24.01, 6.4),  # a second one is begun
        (24 * 4.5, 4),
        (24 * 30, 4),  # never more than `most`
    ],
)
def test_each_begun_day_costs_its_percent_of_what_was_earned(hours: float, wanted: float) -> None:
    assert points([tried(8, hours)], rules(late=PER_DAY)) == wanted


def test_the_penalty_is_told() -> None:
    found = counts([tried(7.25, 1)], rules(late=PER_DAY))

    assert found is not None
    assert (found.points, found.penalty) == (6.53, 0.72)  # 6.525 and 0.725, halves up once


def test_best_is_chosen_after_the_penalty() -> None:
    tries = [tried(7, -1), tried(7.5, 1)]

    assert points(tries, rules(late=PER_DAY)) == 7


def test_an_extension_is_a_due_date_of_ones_own() -> None:
    found = counts([tried(8, 5)], rules(late=PER_DAY), due=NOON + timedelta(hours=6))

    assert found is not None
    assert (found.points, found.penalty) == (8, 0)


def test_a_time_that_nobody_told_is_never_late() -> None:
    assert points([tried(8, 48, told=False)], rules(late=PER_DAY)) == 8


def test_without_a_due_date_nothing_is_late() -> None:
    found = counts([tried(8, 48)], rules(late=PER_DAY), due=None)

    assert found is not None
    assert found.points == 8


def test_late_may_cost_nothing() -> None:
    assert points([tried(8, 48)], rules(late={"policy": "none"})) == 8


CUT_OFF = {"policy": "cut_off", "grace": "1h"}


@pytest.mark.parametrize("keep", ["best", "last"])
def test_after_the_cut_off_nothing_counts(keep: str) -> None:
    found = counts([tried(4, 1), tried(9, 1.01)], rules(late=CUT_OFF, keep=keep))

    assert found is not None
    assert (found.points, found.penalty, found.attempts) == (4, 0, 1)


def test_nothing_but_late_work_is_worth_nothing_after_the_cut_off() -> None:
    found = counts([tried(10, 2, "passed")], rules(late=CUT_OFF))

    assert found is not None
    assert (found.points, found.penalty, found.attempts) == (0, 10, 0)
    assert found.standing == "failed"  # nobody passes with nothing


def test_a_teachers_word_is_above_all_and_says_why() -> None:
    word = Override("ana", "ex1", 10, "our case was wrong", "me", NOON)

    found = counts([tried(4, 48)], rules(late=PER_DAY), word=word)

    assert found is not None
    assert (found.points, found.penalty, found.standing) == (10, 0, "passed")
    assert (found.overridden, found.reason) == (True, "our case was wrong")
    assert found.attempt is not None


def test_a_teachers_word_is_of_what_the_exercise_is_worth_by_now() -> None:
    """The attempt is out of 10: nobody is to scale what was said."""
    word = Override("ana", "ex1", 12, "oral", "me", NOON)

    found = grade("ana", "ex1", [tried(4)], Terms(rules(), None, word, 15.0))

    assert found is not None
    assert (found.points, found.max_points) == (12, 15)


def test_a_teachers_word_needs_no_attempt() -> None:
    word = Override("ana", "ex1", 6, "oral exam", "me", NOON)

    found = counts([], rules(), word=word)

    assert found is not None
    assert (found.points, found.max_points, found.attempt) == (6, 10, None)


def test_numbers_are_those_that_people_write() -> None:
    """2.15 is less than that as a float."""
    assert points([tried(2.15, 1)], rules(late={"policy": "per_day", "percent": 50})) == 1.08
