"""Sheet + details of gradings → statistics per exercise and check.

Quartiles are those of Hyndman & Fan's type 7 (numpy's and R's default), `sd` that of a sample.
Discrimination is the corrected item-total correlation: Pearson's, of an item with the sum of all
the *others* (S. Henrysson, Correction of item-total correlations in item analysis, Psychometrika
28, 1963).  An exercise's others are the course's other exercises by weight, a check's are the other
checks of its exercise.  It is None where one of the two does not vary.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.classroom.cohort import Column, Grade, Sheet
from grader.classroom.gradebook.rows import Detail, Item, Mistake

BINS = 10
_FEWEST = 3  # through two points there is always a line


@dataclass(frozen=True, slots=True)
class Spread:
    """How points are spread; the histogram counts by tenths of the maximum, the last with more."""

    n: int
    mean: float | None
    sd: float | None
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None
    histogram: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CheckFigures:
    part: str
    check: str
    max_points: float
    spread: Spread
    pass_rate: float | None
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class MistakeFigures:
    """How many showed it in any attempt; `among` names all that it may be."""

    part: str
    id: str
    certainty: str
    among: tuple[str, ...]
    students: int
    attempts: int


@dataclass(frozen=True, slots=True)
class ExerciseFigures:
    """Of the grades that count; checks are those of the attempts that count."""

    exercise: str
    title: str
    max_points: float
    spread: Spread
    pass_rate: float | None
    discrimination: float | None
    late: int
    overridden: int
    checks: tuple[CheckFigures, ...]
    mistakes: tuple[MistakeFigures, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What is kept of one exercise's attempts: who made them, and what was found."""

    students: Mapping[int, tuple[str, ...]]
    details: Iterable[tuple[int, Detail]]


def sums(sheet: Sheet) -> dict[str, float]:
    """Of each student the weighted sum of all shares; what was not handed in is nothing."""
    weights = {column.exercise: column.weight for column in sheet.columns}
    found = dict.fromkeys((student.id for student in sheet.students), 0.0)
    for (student, exercise), grade in sheet.grades.items():
        found[student] += weights[exercise] * _share(grade)
    return found


def of_exercise(
    sheet: Sheet, column: Column, found: Found, sums: Mapping[str, float]
) -> ExerciseFigures:
    """One exercise's; `sums` are those of the function above."""
    grades = _counted(sheet, column.exercise)
    points = [grade.out_of(column.max_points).points for grade in grades]
    shares = [_share(grade) for grade in grades]
    others = [sums[grade.student] - column.weight * _share(grade) for grade in grades]
    chosen = Counter(grade.attempt for grade in grades if grade.attempt is not None)
    checks, mistakes = _looked_through(found, chosen)
    return ExerciseFigures(
        exercise=column.exercise,
        title=column.title,
        max_points=column.max_points,
        spread=spread(points, column.max_points),
        pass_rate=_rate([grade.standing == "passed" for grade in grades]),
        discrimination=correlation(shares, others),
        late=sum(grade.penalty > 0 for grade in grades),
        overridden=sum(grade.overridden for grade in grades),
        checks=checks,
        mistakes=mistakes,
    )


def spread(values: Sequence[float], whole: float) -> Spread:
    if not values:
        return Spread(0, None, None, None, None, None, (0,) * BINS)
    lower, median, upper = (float(q) for q in np.quantile(values, [0.25, 0.5, 0.75]))
    mean = float(np.mean(values))
    sd = float(np.std(values, ddof=1)) if len(values) > 1 else None
    return Spread(len(values), mean, sd, lower, median, upper, _histogram(values, whole))


def correlation(these: Sequence[float], those: Sequence[float]) -> float | None:
    """Pearson's; None if it is not defined."""
    if len(these) < _FEWEST or np.ptp(these) == 0 or np.ptp(those) == 0:
        return None
    return float(np.corrcoef(these, those)[0, 1])


def _histogram(values: Sequence[float], whole: float) -> tuple[int, ...]:
    # In hundredths, as points are rounded: 0.7 of 1 is not to fall into the bin below.
    hundredths = np.rint(np.asarray(values) * 100).astype(int)
    bins = hundredths * BINS // max(round(whole * 100), 1)
    counts = np.bincount(np.clip(bins, 0, BINS - 1), minlength=BINS)
    return tuple(int(count) for count in counts)


def _counted(sheet: Sheet, exercise: str) -> list[Grade]:
    """What broke by our fault says nothing of anybody."""
    found = (sheet.grades.get((student.id, exercise)) for student in sheet.students)
    return [grade for grade in found if grade is not None and grade.standing != "broken"]


def _share(grade: Grade) -> float:
    return grade.points / grade.max_points if grade.max_points else 0.0


def _rate(passed: Sequence[bool]) -> float | None:
    return sum(passed) / len(passed) if passed else None


# --- checks and mistakes -------------------------------------------------------------------------


def _looked_through(
    found: Found, chosen: Mapping[int, int]
) -> tuple[tuple[CheckFigures, ...], tuple[MistakeFigures, ...]]:
    """One look at each detail: a class has many."""
    items: dict[tuple[str, str], list[tuple[Item, float]]] = defaultdict(list)
    shown: dict[Mistake, list[int]] = defaultdict(list)
    for attempt, detail in found.details:
        total = sum(item.points for item in detail.items)
        for item in detail.items:
            # A group's attempt counts once for each member, as its grade does.
            items[item.part, item.check] += [(item, total - item.points)] * chosen.get(attempt, 0)
        for mistake in dict.fromkeys(detail.mistakes):
            shown[mistake].append(attempt)
    checks = tuple(_check(each) for each in items.values() if each)
    mistakes = (_mistake(mistake, made, found) for mistake, made in shown.items())
    ordered = sorted(mistakes, key=lambda each: (-each.students, -each.attempts, each.id))
    return checks, tuple(ordered)


def _check(found: Sequence[tuple[Item, float]]) -> CheckFigures:
    last = found[-1][0]
    points = [item.points for item, _ in found]
    return CheckFigures(
        part=last.part,
        check=last.check,
        max_points=last.max_points,
        spread=spread(points, last.max_points),
        pass_rate=_rate([item.outcome == "pass" for item, _ in found]),
        discrimination=correlation(points, [rest for _, rest in found]),
    )


def _mistake(mistake: Mistake, attempts: Sequence[int], found: Found) -> MistakeFigures:
    students = {student for attempt in attempts for student in found.students.get(attempt, ())}
    return MistakeFigures(
        part=mistake.part,
        id=mistake.id,
        certainty=mistake.certainty,
        among=mistake.among,
        students=len(students),
        attempts=len(attempts),
    )
