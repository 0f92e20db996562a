"""Runs → the notes beside a part's verdict: errors and warnings, in words.

An open case is told in full, and to a teacher every case.  Of all hidden cases of a part a student
is told one error, by its kind and its line: code that knows what it was handed could choose another
one for each of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from grader.model import Cell, Fault, Run, Tried
from grader.reporting import explain

MOST = 20  # of open cases; a notebook may have a thousand cells that fail
MOST_LINES = 1000  # how far down a line is told where a hidden case fails: ten bits


@dataclass
class _Told:
    """What was said already."""

    marks: set[tuple[str, str, int | None]] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    def new(self, tried: Iterable[Tried]) -> Iterator[tuple[str, Fault]]:
        """Case and fault, each fault once; where time runs out says little: that is told once."""
        for case, fault in ((one.case, fault) for one in tried for fault in _faults(one.run)):
            mark = (fault.kind, fault.place, fault.line)
            vague = fault.line is None or fault.kind in explain.LATE
            if mark not in self.marks and not (vague and fault.kind in self.kinds):
                self.marks.add(mark)
                self.kinds.add(fault.kind)
                yield case, fault


def notes(
    opened: Sequence[Tried],
    hidden: Sequence[Tried],
    cells: Sequence[Cell],
    *,
    closed: bool,
    said: Fault | None = None,
) -> Iterator[str]:
    """What is said of a part's runs; if `closed`, to who must not look into the hidden ones.

    `said` was told of the file as a whole.
    """
    told = _Told()
    if said is not None:
        told.marks.add((said.kind, said.place, said.line))
    faults = [fault for _, fault in told.new(opened)]
    yield from map(explain.fault, faults[:MOST])
    if len(faults) > MOST:
        yield f"… and {len(faults) - MOST} more errors"
    if closed:
        yield from (_of_hidden(fault, cells) for _, fault in islice(told.new(hidden), 1))
    else:
        yield from (
            f"in hidden case {case}: {explain.fault(fault)}" for case, fault in told.new(hidden)
        )
    warned = opened if closed else (*opened, *hidden)
    kinds = sorted({kind for tried in warned for kind in tried.run.warnings})
    yield from filter(None, map(explain.warning, kinds))


def _faults(run: Run) -> Iterator[Fault]:
    yield from filter(None, (run.fault, *run.cell_faults))


def _of_hidden(fault: Fault, cells: Sequence[Cell]) -> str:
    near = fault if _line_in_all(fault, cells) <= MOST_LINES else replace(fault, line=None)
    where = explain.at(near)
    kind = "crashed" if fault.kind.startswith("signal_") else fault.kind
    return f"in a hidden case{', ' + where if where else ''}: {explain.words(kind)}"


def _line_in_all(fault: Fault, cells: Sequence[Cell]) -> int:
    """Which line of all that was handed in it is."""
    before = 0
    for cell in cells:
        if cell.place == fault.place:
            break
        before += cell.source.count("\n") + 1
    return before + (fault.line or 0)
