"""The book → the class as the commands of `grade export` see it: grades, files, words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click
from markupsafe import escape

from grader.cli.setup import Setup, book_option, course_option
from grader.cohort import Grade, Sheet, Student
from grader.exporters import EXPORTERS
from grader.exporters.text import points, visible
from grader.lms import feedback
from grader.shown import Audience, Report

if TYPE_CHECKING:
    from grader.gradebook import Gradebook, Kept

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Cohort:
    """A class as the book has it now."""

    book: "Gradebook"
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Said:
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
        said = feedback.html(report) if report else _paragraph(kept.problem if kept else "")
        return said + _paragraph(self._remark(student))

    def plain(self, student: str) -> str:
        kept, report = self.counting(student), self._report(student)
        said = feedback.plain(report) if report else visible(kept.problem if kept else "")
        return "\n\n".join(filter(None, (said, self._remark(student))))

    def page(self, student: str) -> bytes:
        """The whole report, as a page of its own."""
        report = self._report(student)
        if report:
            return EXPORTERS["html"](report)
        return f'<!doctype html>\n<meta charset="utf-8">\n{self.html(student)}\n'.encode()

    def _grade(self, student: str) -> Grade | None:
        return self.cohort.sheet.grades.get((student, self.exercise))

    def _report(self, student: str) -> Report | None:
        kept = self.counting(student)
        raw = self.cohort.book.report(kept.id, Audience.STUDENT) if kept else b""
        return Report.model_validate_json(raw) if raw else None

    def _remark(self, student: str) -> str:
        """Why the grade may differ from what the report says."""
        grade = self._grade(student)
        if grade and grade.overridden:
            return f"Your teacher has set your grade to {points(grade.points)} points."
        if grade and grade.penalty:
            return f"For being late, {points(grade.penalty)} points were taken off."
        return ""


def with_cohort(function: _Command) -> Callable[..., Any]:
    """`--book` and `--course`, which come as one open `cohort`."""

    @wraps(function)
    def in_book(*args: Any, book: str | None, **others: Any) -> Any:  # noqa: ANN401
        from grader.cli.book.opening import book_of, sheet_of  # noqa: PLC0415  (slow)

        setup = click.get_current_context().ensure_object(Setup)
        with book_of(setup, book) as found:
            return function(*args, cohort=Cohort(found, sheet_of(setup, found)), **others)

    return book_option(course_option(in_book))


def said(cohort: Cohort, exercise: str) -> Said:
    kept = {each.id: each for each in cohort.book.attempts(exercise)}
    return Said(cohort, exercise, kept)


def _paragraph(text: str) -> str:
    return f"<p>{escape(visible(text))}</p>" if text else ""
