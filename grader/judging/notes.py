"""Runs → the notes beside a part's verdict: errors and warnings, in words.

An open case is told in full.  Of all hidden cases of a part one error is told, by its kind and its
line: code that knows what it was handed could choose another one for each of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from grader.judging.keys import Key
from grader.model import Cell, Fault, Run
from grader.reporting import explain

MOST = 20  # of open cases; a notebook may have a thousand cells that fail
MOST_LINES = 1000  # how far down a line is told where a hidden case fails: ten bits


@dataclass
class _Told:
    """What was said already."""

    marks: set[tuple[str, str, int | None]] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    def new(self, faults: Iterable[Fault]) -> Iterator[Fault]:
        """Each fault once; where time runs out says little, so that is told once for all."""
        for fault in faults:
            mark = (fault.kind, fault.place, fault.line)
            vague = fault.line is None or fault.kind in explain.LATE
            if mark not in self.marks and not (vague and fault.kind in self.kinds):
                self.marks.add(mark)
                self.kinds.add(fault.kind)
                yield fault


def notes(key: Key, seen: Mapping[str, Run], cells: Sequence[Cell]) -> Iterator[str]:
    """What is said of a part's runs; `seen` is by case."""
    opened = [seen[case.id] for case in key.cases if not case.hidden]
    hidden = [seen[case.id] for case in key.cases if case.hidden]
    told = _Told()
    faults = list(told.new(_faults(opened)))
    yield from map(explain.fault, faults[:MOST])
    if len(faults) > MOST:
        yield f"… and {len(faults) - MOST} more errors"
    yield from (_of_hidden(fault, cells) for fault in islice(told.new(_faults(hidden)), 1))
    kinds = sorted({kind for run in opened for kind in run.warnings})
    yield from filter(None, map(explain.warning, kinds))


def _faults(runs: Iterable[Run]) -> Iterator[Fault]:
    for run in runs:
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
