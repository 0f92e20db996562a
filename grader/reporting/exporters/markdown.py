"""Report → Markdown, for a job summary or a comment in a repository.

Whatever may come from a student stays literal: punctuation is escaped, many lines go into a fence
that is longer than any run of backticks inside.
"""

import re
from collections.abc import Iterator
from itertools import islice

from grader.reporting.exporters import words
from grader.reporting.exporters.text import brief, clean, inert, number, numbers, points, visible
from grader.reporting.shown import Report, ShownCheck, ShownDiagnosis, ShownExhibit, ShownGrad

MOST_ROWS = 12
MOST_STEPS = 6
MOST_PRINTED = 4000
# A forge makes a mention or a reference of `@` and `#` behind a backslash too, but not in code.
_SPECIAL = re.compile(
    r"(?P<code>(?:`[^`]+`|[@#]+)+)|(?P<mark>[\\`*_\[\]<>|~&$:]|\.(?=\S)(?!(?<=\d\.)\d))"
)
TRAILING = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)  # a long run is tried once only
_LEADING = re.compile(r"^(\d*)([-+=.)])")


def export(report: Report) -> bytes:
    blocks = _blocks(clean(report))
    page = "\n\n".join(block for block in blocks if block)
    return (inert(TRAILING.sub("", page)) + "\n").encode()


def _blocks(report: Report) -> Iterator[str]:
    outcome = f"**{words.WHOLE[report.outcome]}**, {words.score(report)}"
    yield f"## {literal(brief(report.exercise, 40))}: {literal(brief(report.title, 120))}"
    yield f"{outcome}. {words.summary(report)}"
    for found in report.diagnosis:
        yield _diagnosis(found)
    notes = [*report.notes, *(note for part in report.parts for note in part.notes)]
    yield "\n".join(_entry("-", note) for note in notes)
    if report.checks:
        yield "### Checks"
        yield "\n".join(_check(check, report) for check in report.checks)
    for exhibit in words.worth_showing(report):
        yield from _exhibit(exhibit)
    if report.output and report.outcome not in words.RIGHT:
        yield "### Printed"
        yield fenced(visible(report.output, MOST_PRINTED))


def literal(said: str) -> str:
    """One line in which nothing but `code` is Markdown."""
    line = _SPECIAL.sub(_escaped, " ".join(said.split()))
    return _LEADING.sub(r"\1\\\2", line)


def _escaped(found: re.Match[str]) -> str:
    # Neighbours share one pair of backticks: two pairs that touch would be read otherwise.
    code = found["code"]
    return f"`{code.replace('`', '')}`" if code else f"\\{found['mark']}"


def fenced(said: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", said)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{said.rstrip()}\n{fence}"


def _diagnosis(found: ShownDiagnosis) -> str:
    lines = [f"**{words.heading(found)}.** {literal(found.message)}"]
    if found.evidence:
        where = f" in case {found.case}" if found.case else ""
        lines.append(literal(f"Seen{where}: {found.evidence}"))
    return "\n>\n".join(f"> {line}" for line in lines)


def _entry(mark: str, said: str) -> str:
    """A list entry; what has many lines follows in a fence."""
    if "\n" not in said.strip():
        return f"{mark} {literal(said)}"
    first, _, rest = said.strip().partition("\n")
    block = fenced(rest).replace("\n", "\n  ")
    return f"{mark} {literal(first)}\n\n  {block}\n"


def _check(check: ShownCheck, report: Report) -> str:
    score = f"{points(check.points)} / {points(check.max_points)}"
    line = f"- **{words.OUTCOME[check.outcome]}** ({score}) {literal(brief(check.title, 200))}"
    said = words.said(check, report)
    return f"{line}\n  {_entry('-', said)}".replace("\n", "\n  ") if said else line


def _exhibit(exhibit: ShownExhibit) -> Iterator[str]:
    yield f"### Case {literal(brief(exhibit.case))}"
    rows = words.window(exhibit.grads, MOST_ROWS)
    if rows:
        columns = ("step", "gradient", "yours", "reference", "")
        yield _table(columns, [_gradient(row) for row in rows])
    steps = range(min(MOST_STEPS, max((len(c.values) for c in exhibit.curves), default=0)))
    if steps:
        head = ("loss in step", *(literal(brief(curve.label, 40)) for curve in exhibit.curves))
        yield _table(head, [_losses(exhibit, step) for step in steps])


def _gradient(row: ShownGrad) -> tuple[str, ...]:
    step = "" if row.step is None else str(row.step)
    name = literal(brief(row.name, 40).replace("`", "'"))
    return step, name, numbers(row.got), numbers(row.want), "ok" if row.right else "**wrong**"


def _losses(exhibit: ShownExhibit, step: int) -> tuple[str, ...]:
    losses = (islice(curve.values, step, step + 1) for curve in exhibit.curves)
    return str(step + 1), *("".join(map(number, loss)) for loss in losses)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    rule = ("---",) * len(head)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))
