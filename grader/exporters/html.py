"""Report → one self-contained HTML page, without a script and without a request."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.exporters import text, words
from grader.exporters.chart import chart
from grader.shown import Report

LONGEST_MESSAGE = 3000
_CODE = re.compile(r"`([^`\n]+)`")
_STRESS = re.compile(r"(?<![\w*])\*([A-Za-z][^*\n]*)\*(?![\w*])")


def export(report: Report, folder: Path | None = None) -> bytes:
    """Render report.html.j2; a course's own `folder` of templates goes first."""
    folders = [templates_folder()] if folder is None else [folder, templates_folder()]
    page = _environment(folders).get_template("report.html.j2")
    return text.inert(page.render(report=text.clean(report))).encode()


def templates_folder() -> Path:
    """Inside the package when it is installed, beside it in a clone."""
    package = Path(__file__).parents[1]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def _environment(folders: list[Path]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
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
