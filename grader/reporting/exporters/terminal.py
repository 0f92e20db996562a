"""Report → text for a terminal.

Colour and box characters are a help, never needed to understand.
"""

import io
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.model import Outcome
from grader.reporting.exporters import chart, words
from grader.reporting.exporters.text import brief, clean, inert, number, numbers, points, visible
from grader.reporting.shown import Report, ShownCheck, ShownDiagnosis, ShownExhibit, ShownGrad

NARROWEST, ROOMY, WIDEST = 40, 100, 120
MOST_ROWS, MOST_ROWS_RIGHT = 8, 3
MOST_STEPS = 5
MOST_PRINTED = 12
LONGEST_MESSAGE = 800
_ROUNDED = 0.1  # points are: all of them fill the bar
STYLES: Mapping[str, str] = MappingProxyType(
    {
        "pass": "green",
        "passed": "bold green",
        "pending": "green",
        "fail": "bold red",
        "failed": "bold red",
        "broken": "yellow",
    }
)


@dataclass(frozen=True, slots=True)
class Looks:
    """What the terminal can show."""

    width: int
    color: bool
    unicode: bool

    @property
    def bar(self) -> str:
        return "┃" if self.unicode else "|"


def looks() -> Looks:
    """As the environment says; a pipe gets neither colour nor more than 80 columns."""
    encoding = (sys.stdout.encoding or "utf-8").lower().replace("-", "")
    return Looks(
        width=shutil.get_terminal_size((80, 24)).columns,
        color=_wants_color(),
        unicode=encoding.startswith("utf"),
    )


def _wants_color() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def export(report: Report, look: Looks | None = None) -> bytes:
    look = look or looks()
    page = _Page(clean(report), look)
    page.headline()
    for found in page.report.diagnosis:
        page.diagnosis(found)
    page.notes()
    if page.report.outcome not in {*words.RIGHT, "not_attempted"}:
        page.checks()
    for exhibit in words.worth_showing(page.report):
        page.exhibit(exhibit)
    if page.report.outcome not in words.RIGHT:
        page.printed()
    page.last_line()
    text = page.text()
    if look.unicode:
        return text.encode()
    # One character for one, or lines would grow wider than the terminal.
    return text.replace("…", "~").encode("ascii", "backslashreplace")


class _Page:
    """A console that writes to memory, and the blocks that go on it."""

    def __init__(self, report: Report, look: Looks) -> None:
        self.report, self.look = report, look
        self.width = max(NARROWEST, min(look.width, WIDEST))
        self.console = Console(
            file=io.StringIO(),
            width=self.width,
            color_system="standard" if look.color else None,
            force_terminal=look.color,
            no_color=not look.color,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def text(self) -> str:
        file = self.console.file
        assert isinstance(file, io.StringIO)
        lines = [line.rstrip() for line in file.getvalue().splitlines()]
        return inert("\n".join(lines).strip("\n")) + "\n"

    def headline(self) -> None:
        report = self.report
        title = Text.assemble((brief(report.exercise, 40), "bold"), "  ", brief(report.title, 120))
        outcome = Text(words.WHOLE[report.outcome], STYLES.get(report.outcome, ""))
        bar = "" if report.outcome == "broken" else f"{self._bar()} "
        self.console.print(title)
        self.console.print(Text.assemble(bar, words.score(report), "  ", outcome))
        self.console.print(words.summary(report), style="dim")

    def _bar(self) -> str:
        filled = int(24 * words.share(self.report) + _ROUNDED)
        return f"[{'#' * filled}{'-' * (24 - filled)}]"

    def diagnosis(self, found: ShownDiagnosis) -> None:
        lines = [Text(words.heading(found), "bold"), _told(found.message)]
        if found.evidence:
            where = f"case {brief(found.case)}: " if found.case else ""
            lines.append(_told(where + found.evidence, "dim"))
        self.console.print()
        self._barred(lines)

    def _barred(self, lines: list[Text]) -> None:
        for text in lines:
            for line in text.wrap(self.console, self.width - 3):
                self.console.print(Text.assemble((f"{self.look.bar} ", "red"), line))

    def notes(self) -> None:
        several = len(self.report.parts) > 1
        notes = [_told(note) for note in self.report.notes]
        for part in self.report.parts:
            title = f"{brief(part.title)}: " if several else ""
            notes += [_told(title + note) for note in part.notes]
        if not notes:
            return
        self.console.print()
        grid = Table.grid(padding=(0, 1))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for note in notes:
            grid.add_row("note:", note)
        self.console.print(grid)

    def checks(self) -> None:
        several = len(self.report.parts) > 1
        for part in self.report.parts:
            self.console.print()
            if several:
                self.console.print(Text(brief(part.title, 120), "bold"))
            grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
            grid.add_column(no_wrap=True)
            grid.add_column(ratio=1, overflow="fold")
            grid.add_column(no_wrap=True, justify="right")
            for check in self.report.checks:
                if check.part == part.id:
                    self._check(grid, check)
            self.console.print(Padding(grid, (0, 0, 0, 2)))

    def _check(self, grid: Table, check: ShownCheck) -> None:
        style = STYLES.get(check.outcome, "dim")
        score = f"{points(check.points)}/{points(check.max_points)}"
        grid.add_row(
            Text(words.OUTCOME[check.outcome], style), Text(brief(check.title, 200)), score
        )
        if self.report.audience == "teacher" and check.outcome is Outcome.FAIL:
            for case in check.cases:
                said = words.case_said(case)
                if said:
                    hidden = ", hidden" if case.hidden else ""
                    grid.add_row("", _told(f"{brief(case.id, 40)}{hidden}: {said}"), "")
        elif said := words.said(check, self.report):
            grid.add_row("", _told(said, "" if check.outcome is Outcome.FAIL else "dim"), "")

    def exhibit(self, exhibit: ShownExhibit) -> None:
        if self.report.outcome in words.RIGHT:
            self._gradients(exhibit, MOST_ROWS_RIGHT)
        elif any(not row.right for row in exhibit.grads):
            self._gradients(exhibit, MOST_ROWS)
        self._curves(exhibit)

    def _gradients(self, exhibit: ShownExhibit, most: int) -> None:
        rows = words.window(exhibit.grads, most)
        if not rows:
            return
        self._title(f"Gradients, case {brief(exhibit.case, 40)}")
        table = _table("step", "name", "yours", "reference", "")
        for row in rows:
            table.add_row(*_cells(row, most=6 if self.width >= ROOMY else 4))
        self.console.print(Padding(table, (0, 0, 0, 2)))
        left = len(exhibit.grads) - len(rows)
        if left and self.report.outcome not in words.RIGHT:
            self.console.print(f"  … and {left} more rows" if self.look.unicode else "  ...")

    def _curves(self, exhibit: ShownExhibit) -> None:
        axis = chart.scale(exhibit.curves)
        if axis is None:
            return
        levels = chart.BLOCKS if self.look.unicode else chart.ASCII
        self._title(f"Loss, case {brief(exhibit.case, 40)}{', logarithmic' * axis.log}")
        grid = Table.grid(padding=(0, 2, 0, 0))
        for curve in exhibit.curves:
            line = chart.sparkline(curve, axis, levels, most=self.width - 32)
            grid.add_row(brief(curve.label, 20), Text(line, no_wrap=True))
        self.console.print(Padding(grid, (0, 0, 0, 2)))
        if self.report.outcome not in words.RIGHT:
            self._first_losses(exhibit)

    def _first_losses(self, exhibit: ShownExhibit) -> None:
        table = _table("step", *(brief(curve.label, 20) for curve in exhibit.curves))
        for step in range(min(MOST_STEPS, max(len(curve.values) for curve in exhibit.curves))):
            losses = (islice(curve.values, step, step + 1) for curve in exhibit.curves)
            table.add_row(str(step + 1), *("".join(map(number, loss)) for loss in losses))
        self.console.print(Padding(table, (0, 0, 0, 2)))

    def printed(self) -> None:
        lines = self.report.output.strip("\n").expandtabs(4).splitlines()
        if not lines:
            return
        self._title("Printed")
        for line in lines[:MOST_PRINTED]:
            cut = Text(line[: 2 * self.width])
            cut.truncate(self.width - 4, overflow="ellipsis")
            self.console.print(Text.assemble(("  | ", "dim"), cut))
        if len(lines) > MOST_PRINTED:
            self.console.print(f"  | ({len(lines) - MOST_PRINTED} more lines)", style="dim")

    def _title(self, title: str) -> None:
        self.console.print()
        self.console.print(Text(title, "bold"))

    def last_line(self) -> None:
        report, evidence = self.report, self.report.evidence
        self.console.print()
        if report.audience == "student":
            self.console.print(Text(f"next: {words.next_step(report)}"))
            return
        isolation = f"isolation {brief(report.isolation.mode)}, {brief(report.isolation.level)}"
        file = f"{brief(evidence.file_name, 40)} {evidence.submission[:12]}"
        self.console.print(Text(f"{file}, variant {evidence.variant}, {isolation}", "dim"))


def _told(said: str, style: str = "") -> Text:
    return Text(visible(said.strip(), LONGEST_MESSAGE), style)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    return table


def _cells(row: ShownGrad, most: int) -> tuple[Text, ...]:
    verdict = Text("ok", "green") if row.right else Text("WRONG", "bold red")
    step = "" if row.step is None else str(row.step)
    name = f"{brief(row.name, 24)}.grad"
    got, want = numbers(row.got, most), numbers(row.want, most)
    return (Text(step), Text(name), Text(got), Text(want), verdict)
