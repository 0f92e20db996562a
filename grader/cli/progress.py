"""How far a batch is: a bar on the terminal, on standard error."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from grader.classroom.batch import Entry

STATES = ("graded", "cached", "failed")


class Tally:
    """What came of the files so far."""

    def __init__(self, total: int, bar: Progress, task: TaskID) -> None:
        self._total, self._bar, self._task = total, bar, task
        self._states: Counter[str] = Counter()

    def add(self, entry: Entry, line: str = "") -> None:
        """Count one, and print its line: above the bar, where both are on one terminal."""
        self._states[entry.state] += 1
        self._bar.update(self._task, advance=1, description=str(self))
        if line and sys.stdout.isatty() and not self._bar.disable:
            self._bar.console.print(Text(line), soft_wrap=True)
        elif line:
            click.echo(line)

    def leave(self) -> None:
        """One that was not asked for."""
        self._total -= 1
        self._bar.update(self._task, total=self._total)

    def __str__(self) -> str:
        words = " · ".join(f"{self._states[state]} {state}" for state in STATES)
        queued = self._total - self._states.total()
        return f"{words} · {queued} queued" if queued else words


@contextmanager
def shown(total: int) -> Iterator[Tally]:
    """A bar while the block runs, if somebody sits at the terminal."""
    console = Console(stderr=True)
    words = TextColumn("{task.description}  ETA", markup=False)
    columns = (BarColumn(16), words, TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        yield Tally(total, bar, bar.add_task("", total=total))
