"""Report → one self-contained HTML page, without a script and without a request."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup, escape

from grader.reporting import templating
from grader.reporting.exporters import text, words
from grader.reporting.exporters.chart import chart
from grader.reporting.shown import Report

LONGEST_MESSAGE = 3000
_CODE = re.compile(r"`([^`\n]+)`")
_STRESS = re.compile(r"(?<![\w*])\*([A-Za-z][^*\n]*)\*(?![\w*])")


def export(report: Report, folder: Path | None = None) -> bytes:
    """Render report.html.j2; a course's own `folder` of templates goes first."""
    page = _environment(*filter(None, [folder])).get_template("report.html.j2")
    return text.inert(page.render(report=text.clean(report))).encode()


@cache  # with the templates that it has compiled, for a class has many pages
def _environment(*first: Path) -> Environment:
    environment = templating.environment(*first)
    environment.filters |= {
        "brief": text.brief,
        "numbers": text.numbers,
        "number": text.number,
        "points": text.points,
        "prose": prose,
        "bytes": _megabytes,
    }
    environment.globals |= {"words": words, "chart": chart}
    return environment


def prose(said: str) -> Markup:
    """Paragraphs, `code` and *stress*, the only Markdown of a message; all else is escaped."""
    told = text.visible(said, LONGEST_MESSAGE)
    paragraphs = (part for part in told.split("\n\n") if part.strip())
    return Markup("\n").join(Markup("<p>{}</p>").format(_spans(part)) for part in paragraphs)


def _spans(paragraph: str) -> Markup:
    plain_and_code = _CODE.split(paragraph.strip())
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else _stressed(part)
        for at, part in enumerate(plain_and_code)
    )


def _stressed(part: str) -> Markup:
    plain_and_stress = _STRESS.split(part)
    return Markup("").join(
        Markup("<em>{}</em>").format(piece) if at % 2 else _lines(piece)
        for at, piece in enumerate(plain_and_stress)
    )


def _lines(part: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in part.split("\n"))


def _megabytes(count: int) -> str:
    return f"{count / 2**20:.0f} MB"
