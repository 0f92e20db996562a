"""Whole sheets and their statistics, against numbers worked out on another way."""

import random
import statistics
from dataclasses import replace
from datetime import timedelta

import pytest

from grader.classroom.cohort import Student
from grader.classroom.gradebook import Extension, Gradebook, Override, Verdict
from grader.classroom.gradebook.figures import ExerciseFigures, correlation, spread
from grader.course.format import BookRules, ExerciseRules, PerDay
from tests.books import NOON, attempt, course, grading, report


def test_a_sheet_has_everybody_and_everything(book: Gradebook) -> None:
    book.enrol([Student("ana", "Ana"), Student("zoe", "Zoë")])
    book.keep(attempt("ana"), grading(4))
    book.keep(attempt("stranger"), grading(6))

    sheet = book.sheet(course("ex1", "ex2"), worth=lambda _: 5.0)

    assert [student.id for student in sheet.students] == ["ana", "stranger", "zoe"]
    assert [(column.exercise, column.max_points) for column in sheet.columns] == [
        ("ex1", 10),
        ("ex2", 5),
    ]
    assert {where: grade.points for where, grade in sheet.grades.items()} == {
        ("ana", "ex1"): 4,
        ("stranger", "ex1"): 6,
    }


def test_a_total_is_weighted_and_what_is_missing_counts_as_nothing(book: Gradebook) -> None:
    weights = {"ex1": ExerciseRules(weight=2), "ex3": ExerciseRules(weight=0)}
    for exercise, points in [("ex1", 5), ("ex3", 10)]:
        book.keep(attempt("ana", exercise), grading(points))

    sheet = book.sheet(course("ex1", "ex2", "ex3", rules=BookRules(exercises=weights)))

    assert sheet.totals == {"ana": 100 / 3}  # 2 · 0.5 of 2 + 1


def test_what_broke_costs_nobody_anything(book: Gradebook) -> None:
    book.keep(attempt("ana", "ex1"), grading(5))
    book.keep(attempt("ana", "ex2"), grading(0, "broken"))
    book.keep(attempt("ben", "ex2"), grading(0, "broken"))

    sheet = book.sheet(course())

    assert sheet.totals == {"ana": 50.0, "ben": 0.0}
    assert sheet.grades["ana", "ex2"].standing == "broken"


def test_each_member_has_the_groups_grade_and_a_due_date_of_ones_own(book: Gradebook) -> None:
    late = PerDay(policy="per_day", percent=10)
    rules = BookRules(late=late, exercises={"ex1": ExerciseRules(due=NOON)})
    book.keep(attempt("ana ben", late=2), grading(8))
    book.extend(Extension("ben", "ex1", NOON + timedelta(hours=3), "me", NOON))

    sheet = book.sheet(course("ex1", rules=rules))

    assert {who: grade.points for (who, _), grade in sheet.grades.items()} == {"ana": 7.2, "ben": 8}


def test_an_override_is_in_the_total(book: Gradebook) -> None:
    book.keep(attempt("ana"), grading(1))
    book.override(Override("ana", "ex1", 7, "why", "me", NOON))
    book.override(Override("ben", "ex1", 3, "oral", "me", NOON))

    sheet = book.sheet(course("ex1"))

    assert sheet.totals == {"ana": 70, "ben": 30}


def test_bonus_points_end_at_a_hundred_percent(book: Gradebook) -> None:
    book.keep(attempt("ana"), grading(1))
    book.override(Override("ana", "ex1", 12, "bonus", "me", NOON))

    assert book.sheet(course("ex1")).totals == {"ana": 100}


def test_what_another_grading_would_change(book: Gradebook) -> None:
    """Of two attempts the better one counts, now and then."""
    worse = book.keep(attempt("ana", raw=b"1"), grading(4))
    book.keep(attempt("ana", raw=b"2"), grading(7))

    points = []
    for now in (6, 9):
        verdict = Verdict(NOON + timedelta(days=1), "failed", now, 10)
        sheet = book.sheet(course("ex1"), instead={worse: verdict})
        points.append(sheet.grades["ana", "ex1"].points)

    assert points == [7, 9]
    assert book.sheet(course("ex1")).grades["ana", "ex1"].points == 7


def test_a_sheet_knows_extensions_and_which_times_were_told(book: Gradebook) -> None:
    book.keep(replace(attempt("ana"), told=False), grading())
    book.override(Override("ben", "ex1", 3, "oral", "me", NOON))
    book.extend(Extension("zoe", "ex1", NOON, "me", NOON))

    sheet = book.sheet(course("ex1"))

    assert not any(grade.told for grade in sheet.grades.values())
    assert sheet.extended == {("zoe", "ex1"): NOON}


# --- statistics ----------------------------------------------------------------------------------


def figures(book: Gradebook, *exercises: str) -> dict[str, ExerciseFigures]:
    sheet = book.sheet(course(*exercises))
    return {each.exercise: each for each in book.figures(sheet)}


def test_numbers_are_those_of_the_standard_library(book: Gradebook) -> None:
    chance = random.Random(7)  # noqa: S311  (no secret)
    scores = {f"s{at}": [chance.randint(0, 1000) / 100 for _ in range(3)] for at in range(25)}
    for student, of in scores.items():
        for exercise, points in zip(("ex1", "ex2", "ex3"), of, strict=True):
            book.keep(attempt(student, exercise), grading(points))

    found = figures(book, "ex1", "ex2", "ex3")["ex2"]

    own = [of[1] for of in scores.values()]
    rest = [of[0] + of[2] for of in scores.values()]
    lower, median, upper = statistics.quantiles(own, n=4, method="inclusive")
    assert found.spread.n == 25
    assert found.spread.mean == pytest.approx(statistics.fmean(own))
    assert found.spread.sd == pytest.approx(statistics.stdev(own))
    assert found.spread.median == pytest.approx(median)
    assert (found.spread.lower_quartile, found.spread.upper_quartile) == pytest.approx(
        (lower, upper)
    )
    assert found.discrimination == pytest.approx(statistics.correlation(own, rest))


def test_checks_are_those_of_the_attempt_that_counts(book: Gradebook) -> None:
    """Four students; `a` and `b` go together but for one of them."""
    tries = {"s1": (4, 6), "s2": (4, 6), "s3": (0, 0), "s4": (4, 0)}
    for student, (one, other) in tries.items():
        given = attempt(student, raw=student.encode())
        told = report([("a", one, 4), ("b", other, 6)])
        book.keep(given, grading(one + other, report=told))
    worse = report([("a", 0, 4), ("b", 0, 6)])
    book.keep(attempt("s1", raw=b"worse"), grading(0, report=worse))

    a, b = figures(book, "ex1")["ex1"].checks

    assert (a.check, a.max_points, a.spread.n, a.pass_rate) == ("a", 4, 4, 0.75)
    assert (b.check, b.pass_rate, b.spread.mean) == ("b", 0.5, 3)
    assert a.discrimination == pytest.approx(statistics.correlation([4, 4, 0, 4], [6, 6, 0, 0]))


def test_misconceptions_are_counted_by_student_and_by_attempt(book: Gradebook) -> None:
    for student, raw, mistakes in [
        ("ana ben", b"1", ["no_zero"]),
        ("ana", b"2", ["no_zero", "sign"]),
        ("eve", b"3", []),
    ]:
        book.keep(attempt(student, raw=raw), grading(report=report([], mistakes)))

    found = figures(book, "ex1")["ex1"].mistakes

    assert [(each.id, each.students, each.attempts) for each in found] == [
        ("no_zero", 2, 2),
        ("sign", 1, 1),
    ]


def test_what_broke_says_nothing_of_anybody(book: Gradebook) -> None:
    book.keep(attempt("ana"), grading(5))
    told = report([("a", 0, 4)], ["no_zero"])
    book.keep(attempt("ben"), grading(0, "broken", report=told))

    found = figures(book, "ex1")["ex1"]

    assert (found.spread.n, found.spread.mean) == (1, 5)
    assert (found.checks, found.mistakes) == ((), ())


def test_old_gradings_do_not_count(book: Gradebook) -> None:
    given = attempt("ana")
    book.keep(given, grading(1, key="old", report=report([("a", 1, 4)], ["no_zero"])))
    book.keep(given, grading(4, key="new", report=report([("a", 4, 4)])))

    found = figures(book, "ex1")["ex1"]

    assert (found.spread.mean, found.checks[0].spread.mean) == (4, 4)
    assert not found.mistakes


def test_the_histogram_counts_by_tenths() -> None:
    found = spread([0, 0.99, 1, 6.99, 7, 9.99, 10, 12], 10)

    assert found.histogram == (2, 1, 0, 0, 0, 0, 1, 1, 0, 3)
    assert sum(spread([0.7], 1).histogram[7:8]) == 1  # 0.7 · 10 is less than 7 as a float


def test_what_does_not_vary_tells_nothing_apart() -> None:
    assert correlation([1, 1, 1], [1, 2, 3]) is None
    assert correlation([1, 2], [1, 2]) is None
    assert spread([], 10).mean is None
    assert spread([3], 10).sd is None
