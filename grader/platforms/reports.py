"""The book → a class as exports see it: its grades, and what students may read of their files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import escape

from grader.classroom.cohort import Grade, Sheet, Student
from grader.platforms import feedback
from grader.reporting.exporters import EXPORTERS
from grader.reporting.exporters.text import visible
from grader.reporting.shown import Audience, Report

if TYPE_CHECKING:  # the program is slow to import, and `--help` needs none of it
    from grader.classroom.gradebook import Gradebook, Kept


@dataclass(frozen=True, slots=True)
class Cohort:
    """A class as the book has it now."""

    book: "Gradebook"
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Reports:
    """What students may read of the attempts that count in one exercise."""

    cohort: Cohort
    exercise: str
    kept: Mapping[int, "Kept"]

    def attempts(self) -> Iterator[tuple[Student, "Kept"]]:
        """Who has handed in something that counts."""
        for student in self.cohort.sheet.students:
            kept = self.counting(student.id)
            if kept:
                yield student, kept

    def counting(self, student: str) -> "Kept | None":
        grade = self._grade(student)
        return self.kept.get(grade.attempt) if grade and grade.attempt else None

    def html(self, student: str) -> str:
        """A few paragraphs, "" if there is nothing to say."""
        kept, report = self.counting(student), self._report(student)
        if report:
            return feedback.html(report)
        return _paragraph(kept.problem if kept else "") + _paragraph(self._remark(student))

    def plain(self, student: str) -> str:
        kept, report = self.counting(student), self._report(student)
        if report:
            return feedback.plain(report)
        problem = visible(kept.problem if kept else "")
        return "\n\n".join(filter(None, (problem, self._remark(student))))

    def page(self, student: str) -> bytes:
        """The whole report, as a page of its own."""
        report = self._report(student)
        if report:
            return EXPORTERS["html"](report)
        return f'<!doctype html>\n<meta charset="utf-8">\n{self.html(student)}\n'.encode()

    def _grade(self, student: str) -> Grade | None:
        return self.cohort.sheet.grades.get((student, self.exercise))

    def _report(self, student: str) -> Report | None:
        kept, grade = self.counting(student), self._grade(student)
        raw = self.cohort.book.report(kept.id, Audience.STUDENT) if kept else b""
        if not raw or grade is None:
            return None
        return feedback.with_remark(Report.model_validate_json(raw), grade)

    def _remark(self, student: str) -> str:
        grade = self._grade(student)
        return feedback.remark_on(grade) if grade else ""


def reports(cohort: Cohort, exercise: str) -> Reports:
    return Reports(cohort, exercise, {each.id: each for each in cohort.book.attempts(exercise)})


def _paragraph(text: str) -> str:
    return f"<p>{escape(visible(text))}</p>" if text else ""
