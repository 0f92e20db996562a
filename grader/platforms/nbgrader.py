"""nbgrader: a table as its own `nbgrader export` writes it."""

from datetime import datetime

from grader.classroom.cohort import Column, Grade, Sheet, Student
from grader.classroom.intake import nbgrader as intake
from grader.platforms.platform import Platform, Upload
from grader.platforms.reports import Cohort
from grader.platforms.scores import Export, cell, failed, points_cell
from grader.reporting.exporters import csvfile

_COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)  # nbgrader/plugins/export.py


def rows(sheet: Sheet) -> bytes:
    """One row a student and exercise, under the names that nbgrader's export has.

    Where no time was told, or a teacher's word is all there is, there is no timestamp.
    """
    rows = (
        _row(
            student,
            column,
            sheet.grades.get((student.id, column.exercise)),
            sheet.extended.get((student.id, column.exercise), column.due),
        )
        for column in sheet.columns
        for student in sheet.students
    )
    return csvfile.write([_COLUMNS, *rows])


def _row(
    student: Student, column: Column, grade: Grade | None, due: datetime | None
) -> list[csvfile.Cell]:
    grade = grade and grade.out_of(column.max_points)
    first, _, last = student.name.rpartition(" ")
    counts = grade is not None and not failed(grade)
    return [
        column.exercise,
        due.isoformat() if due else "",
        grade.at.isoformat() if grade and grade.told and grade.at else "",
        *(student.id, last, first, student.email),
        cell(grade.points + grade.penalty) if grade and counts else "",
        cell(grade.penalty) if grade and counts else "",
        points_cell(grade, column),
        cell(column.max_points),
    ]


def export(cohort: Cohort) -> Export:
    """The same with nbgrader's columns.

    It has one row a student and exercise, as `nbgrader export` writes it.  The due date is the
    student's own; there is no timestamp where the time was not told.
    """
    return Export(rows(cohort.sheet), len(cohort.sheet.grades))


PLATFORM = Platform("nbgrader", layout=intake.read, uploads=(Upload("nbgrader", export, ()),))
