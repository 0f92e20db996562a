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
from grader.exporters.text import visible
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
        return feedback.remarked(Report.model_validate_json(raw), grade)

    def _remark(self, student: str) -> str:
        grade = self._grade(student)
        return feedback.remark_on(grade) if grade else ""


def with_cohort(function: _Command) -> Callable[..., Any]:
    """`--book` and `--course`, which come as one open `cohort`."""

    @wraps(function)
    def in_book(*args: Any, book: str | None, **others: Any) -> Any:  # noqa: ANN401
        from grader.cli.book import opening  # noqa: PLC0415  (slow)

        setup = click.get_current_context().ensure_object(Setup)
        with opening.book_of(setup, book) as found:
            sheet = opening.sheet_of(setup, found)
            opening.tell_outdated(sheet)
            return function(*args, cohort=Cohort(found, sheet), **others)

    return book_option(course_option(in_book))


def said(cohort: Cohort, exercise: str) -> Said:
    kept = {each.id: each for each in cohort.book.attempts(exercise)}
    return Said(cohort, exercise, kept)


def _paragraph(text: str) -> str:
    return f"<p>{escape(visible(text))}</p>" if text else ""
