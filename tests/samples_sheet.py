"""A small class with names that break careless files, and its grades."""

from collections.abc import Mapping
from datetime import UTC, datetime

from grader.classroom.cohort import Column, Grade, Sheet, Standing, Student

ANA = Student("s1", "Ana O'Brien_Lee", "ana@uni.example", aliases=("1001",))
BEA = Student("s2", 'Bea "B", Ngô', "bea@uni.example", aliases=("1002",))
CEM = Student("s3", "Cem Şahin\nÖz", "cem@uni.example", aliases=("1003",))
KIM = Student("s4", "Kim Lee", "kim@uni.example", aliases=("1004",))
KIM_TOO = Student("s5", "Kim Lee", "kim.lee@uni.example", aliases=("1005",))
FORMULA = Student(
    "s6", '=HYPERLINK("http://evil.example";"x")', "eve@uni.example", "+A1", ("1006",)
)
CLASS = (ANA, BEA, CEM, KIM, KIM_TOO, FORMULA)
DUE = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def sheet(
    points: Mapping[str, float],
    students: tuple[Student, ...] = CLASS,
    *,
    max_points: float = 10.0,
    standing: Standing = "failed",
) -> Sheet:
    """Everybody's points in `ex4`; who is not named has handed in nothing."""
    grades = {
        (id_, "ex4"): Grade(id_, "ex4", value, max_points, standing, 1, 7, DUE)
        for id_, value in points.items()
    }
    totals = {id_: 100 * value / max_points for id_, value in points.items()}
    column = Column("ex4", "A training loop", max_points, 1.0, DUE)
    return Sheet("torch", "PyTorch", students, (column,), grades, totals)
