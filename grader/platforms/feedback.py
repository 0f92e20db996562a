"""Report → what a platform shows of it: words as text, or HTML that is also XML; a share."""

from collections.abc import Iterator
from functools import cache
from textwrap import indent

from jinja2 import Environment
from markupsafe import Markup

from grader.classroom.cohort import Grade
from grader.reporting import templating
from grader.reporting.exporters import text, words
from grader.reporting.exporters.html import prose
from grader.reporting.shown import Report, ShownCheck

MOST_TEXT = 20_000  # characters; a platform's limit is for the whole file


def plain(report: Report, *, checks: bool = True) -> str:
    """Paragraphs of plain text; `checks` are left out where a platform has a list of its own."""
    lines = [_line(check, report) for check in report.checks] if checks else []
    paragraphs = [*_heading(report), "\n".join(lines)]
    return safe("\n\n".join(filter(None, paragraphs)), MOST_TEXT)


def html(report: Report, *, checks: bool = True) -> str:
    """One `<div>`, well-formed as XML too: edX shows nothing of a message that is not."""
    clean = text.clean(report)
    page = _environment().get_template("feedback.html.j2").render(report=clean, checks=checks)
    return text.inert(page)


def with_remark(report: Report, grade: Grade) -> Report:
    """With a note in front if what counts is not what the report says."""
    remark = remark_on(grade)
    return report.model_copy(update={"notes": (remark, *report.notes)}) if remark else report


def remark_on(grade: Grade) -> str:
    """Why the grade may differ from what the report says, or ""."""
    if grade.overridden:
        return f"Your teacher has set your grade to {_points(grade.points)}."
    if grade.penalty:
        were = "was" if text.points(grade.penalty) == "1" else "were"
        return f"For being late, {_points(grade.penalty)} {were} taken off."
    return ""


def reason(check: ShownCheck, report: Report) -> str:
    """Why a check did not pass, or ""."""
    return safe(words.said(check, report))


def share(report: Report) -> float:
    """Of the points, for platforms that want 0 to 1: they do not look whether it is above."""
    if report.max_points <= 0:
        return 1.0 if report.outcome == "passed" else 0.0
    return round(min(1.0, max(0.0, report.points / report.max_points)), 6)


def safe(raw: str, longest: int = text.LONGEST) -> str:
    """Plain text in which nothing is invisible, and nothing a command to a pipeline."""
    return text.inert(text.visible(raw, longest))


def safe_line(raw: str) -> str:
    """The same in one line, for the name of a test."""
    return safe(text.brief(raw, 200))


def _points(value: float) -> str:
    number = text.points(value)
    return f"{number} point" if number == "1" else f"{number} points"


def _line(check: ShownCheck, report: Report) -> str:
    score = f"{text.points(check.points)} / {text.points(check.max_points)}"
    line = f"{words.OUTCOME[check.outcome]} ({score}) {text.brief(check.title, 200)}"
    why = words.said(check, report)
    return f"{line}\n{indent(why, '    ')}" if why else line


def _heading(report: Report) -> Iterator[str]:
    whole = words.WHOLE[report.outcome]
    yield f"{whole}, {words.score(report)}. {words.summary(report)}"
    yield from (f"{words.heading(found)}. {found.message}" for found in report.diagnosis)
    yield from report.notes
    yield from (note for part in report.parts for note in part.notes)


@cache  # with the template that it has compiled
def _environment() -> Environment:
    environment = templating.environment()
    environment.filters |= {"points": text.points, "prose": _prose, "title": _title}
    environment.globals |= {"words": words}
    return environment


def _prose(raw: str) -> Markup:
    """XML knows no tag without an end; what a student wrote has no tags left."""
    return Markup(prose(raw).replace("<br>", "<br/>"))  # noqa: S704  (escaped by `prose`)


def _title(raw: str) -> Markup:
    """One line, which is one paragraph: without the tags of it."""
    return Markup(_prose(text.brief(raw, 200)).removeprefix("<p>").removesuffix("</p>"))  # noqa: S704
