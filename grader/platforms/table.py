"""A table for people, their spreadsheets, and platforms that read any."""

from grader.classroom.cohort import Sheet
from grader.platforms.platform import Platform, Upload
from grader.platforms.reports import Cohort
from grader.platforms.scores import TOTAL, Export, cell, points_cell
from grader.reporting.exporters import csvfile

_TOTAL_PLACES = 2  # as people see it everywhere


def wide(sheet: Sheet) -> bytes:
    """One row a student: points, an empty cell where there are none, and the weighted total."""
    header = ["student", "name", "email", "group", *(column.exercise for column in sheet.columns)]
    rows = (
        [
            *(student.id, student.name, student.email, student.group),
            *(
                points_cell(sheet.grades.get((student.id, each.exercise)), each)
                for each in sheet.columns
            ),
            cell(sheet.totals[student.id], _TOTAL_PLACES) if student.id in sheet.totals else "",
        ]
        for student in sheet.students
    )
    return csvfile.write([[*header, TOTAL], *rows])


def export(cohort: Cohort) -> Export:
    """A table with one row a student.

    It has the points in each exercise, and the weighted total in percent.  A cell that a
    spreadsheet would compute has an apostrophe in front; numbers stay numbers.
    """
    return Export(wide(cohort.sheet), len(cohort.sheet.students))


PLATFORM = Platform("csv", uploads=(Upload("csv", export, (), holds="students"),))
