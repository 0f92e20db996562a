"""The gradebook's sheet against a second count that shares no line with it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.classroom.cohort import Attempt, Grading, Sheet, Standing
from grader.classroom.gradebook import Gradebook, opened
from grader.course.format import BookRules
from tests import books, count

SEEDS = range(6)
EXERCISES = ("ex1", "ex2", "ex3")
WEIGHTS = {"ex1": 1, "ex2": 2.5, "ex3": 0}
STANDINGS: tuple[Standing, ...] = ("not_attempted", "broken", "unreadable")
RULES = count.Rules(due=dict.fromkeys(EXERCISES, books.NOON.replace(tzinfo=None)), weights=WEIGHTS)
PER_DAY = {"policy": "per_day", "percent": 15}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One book, with the course of each seed in it."""
    path = tmp_path_factory.mktemp("count") / "book.db"
    for seed in SEEDS:
        with opened(str(path), f"c{seed}") as book:
            fill(book, random.Random(seed))  # noqa: S311  (a draw, no secret)
    return path


def fill(book: Gradebook, rng: random.Random) -> None:
    """Some alone, some in pairs, some late, some graded again, some at the same instant."""
    for number in range(50):
        students = " ".join(sorted(rng.sample("abcdef", rng.choice((1, 1, 2)))))
        raw, late = f"# {number}".encode(), rng.choice((-1.0, 0.0, 0.1, 24.0, 24.5, 60.0, 200.0))
        made = books.attempt(students, rng.choice(EXERCISES), raw, late=late)
        made = replace(made, told=rng.random() < 0.8)
        for key in rng.sample(("old", "new"), rng.choice((1, 1, 2))):
            book.keep(made, grading(rng, key))


def grading(rng: random.Random, key: str) -> Grading:
    if rng.random() < 0.3:
        return books.grading(0.0, rng.choice(STANDINGS), key=key)
    return books.grading(rng.choice((0.0, 10.0, round(rng.uniform(0, 10), 2))), key=key)


@pytest.fixture(params=SEEDS)
def book(request: pytest.FixtureRequest, path: Path) -> Iterator[Gradebook]:
    with opened(str(path), f"c{request.param}") as found:
        yield found


def sheet(book: Gradebook, **rules: object) -> Sheet:
    due = books.NOON.isoformat()
    each = {name: {"weight": weight, "due": due} for name, weight in WEIGHTS.items()}
    course = books.course(*EXERCISES, rules=BookRules.model_validate({**rules, "exercises": each}))
    return book.sheet(course)


@pytest.mark.parametrize("keep", ["best", "last", "first"])
@pytest.mark.parametrize("percent", [0, 15])
@pytest.mark.parametrize("attempts", [None, 2])
def test_points_and_totals_are_those_of_the_second_count(
    book: Gradebook, path: Path, keep: str, percent: int, attempts: int | None
) -> None:
    late = PER_DAY if percent else {"policy": "none"}
    rules = replace(RULES, keep=keep, percent=percent, attempts=attempts)

    found = sheet(book, keep=keep, late=late, attempts=attempts)

    points = {where: grade.points for where, grade in found.grades.items()}
    assert points == count.points(path, book.course, rules)
    assert dict(found.totals) == count.totals(path, book.course, rules)


def test_who_handed_in_what_is_counted(tmp_path: Path) -> None:
    pair, alone = books.attempt("ben ana"), books.attempt("ana", raw=b"# mine")
    path = tmp_path / "book.db"

    with opened(str(path), "c") as book:
        for each in (pair, alone, replace(pair, origin="again")):
            book.keep(each, books.grading())

    assert count.files(path, "c") == sorted([named(pair), named(alone)])
    assert count.files(path, "another") == []


def named(made: Attempt) -> tuple[tuple[str, ...], str]:
    return tuple(sorted(made.students)), made.digest


def test_a_late_day_that_has_begun_costs_its_percent(tmp_path: Path) -> None:
    """By hand, so that the two counts do not just agree on a mistake."""
    path = tmp_path / "book.db"
    with opened(str(path), "c") as book:
        book.keep(books.attempt("ana", late=24.5), books.grading(8.0))
        book.keep(books.attempt("ana", "ex2", late=-1), books.grading(10.0))

    rules = replace(RULES, percent=15)

    assert count.points(path, "c", rules) == {("ana", "ex1"): 5.6, ("ana", "ex2"): 10.0}
    assert count.totals(path, "c", rules) == {"ana": 306 / 3.5}
