"""How far a batch is: a bar on the terminal, on standard error."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from grader.batch import Entry

STATES = ("graded", "cached", "failed")


class Tally:
    """What came of the files so far."""

    def __init__(self, total: int, bar: Progress, task: TaskID) -> None:
        self._total, self._bar, self._task = total, bar, task
        self._states: Counter[str] = Counter()

    def add(self, entry: Entry) -> None:
        self._states[entry.state] += 1
        self._bar.update(self._task, advance=1, description=str(self))

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
