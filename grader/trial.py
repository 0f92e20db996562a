"""A submission's code → its runs in the cases of an exercise.

Every open case of every part ends before a hidden one begins: what lies in a hidden case can reach
no run that a student may read of.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader import render
from grader.format import Exercise, Limits, PredictPart, RunPart
from grader.keys import Drawn, Key
from grader.model import Ended, Fault, Parsed, Run
from grader.sandbox import runs
from grader.sandbox.harness import harness
from grader.sandbox.jobs import Code, Outline, parse_job, run_job
from grader.workshop import Workshop

THREADS = 1
_LONGEST_LINE = 300
_LINE_END = re.compile(r"\r\n|\r|\n")  # Python's own: a form feed ends no line


class Trial:
    """One submission.  Keeps what was seen of it, so that no case is run twice."""

    def __init__(
        self, code: Code, exercise: Exercise, handout: render.Handout, shop: Workshop
    ) -> None:
        self.code = code
        self._exercise, self._handout, self._shop = exercise, handout, shop
        self._seen: dict[str, dict[str, Run]] = {}  # part → case → run

    def parse(self) -> Parsed:
        """Parse, and in the same box run the first case: a box costs more than either."""
        part, code = _first_that_runs(self._exercise), self.code
        if [cell.source for cell in code.cells] == [self._handout.python]:
            return Parsed(blank=dict.fromkeys(self._handout.holes, True))  # our own words
        if part is None or not (cases := self.key(part).cases):
            parsed = runs.parse(self._shop.sandbox, parse_job(code, outline(self._handout)))
        else:
            case, frame = cases[0], harness(self._exercise, part)
            outlined = outline(self._handout)
            job = run_job(code, frame, case.inputs, dtype=case.dtype, outline=outlined)
            parsed, run = runs.parse_and_run(self._shop.sandbox, job)
            if not parsed.skip_cells:
                self._seen[part.id] = {case.id: _placed(code, run)}
        kept = (cell for n, cell in enumerate(code.cells) if n not in parsed.skip_cells)
        self.code = replace(code, cells=tuple(kept))
        return parsed

    def key(self, part: RunPart) -> Key:
        return self._shop.maker.key(self._exercise, part, self._handout.variant)

    def run_open(self, part: RunPart) -> None:
        """Run the part's open cases."""
        self._run(part, [case for case in self.key(part).cases if not case.hidden])

    def run(self, part: RunPart) -> dict[str, Run]:
        """Case id → what the code did there."""
        self._run(part, self.key(part).cases)
        seen = self._seen.get(part.id, {})
        return {case.id: seen[case.id] for case in self.key(part).cases}

    def _run(self, part: RunPart, cases: Sequence[Drawn]) -> None:
        """Run these cases where they were not yet.

        Where the first one runs out of time, the others get less of it: an endless loop is told in
        seconds, and a case that works still counts.
        """
        seen = self._seen.setdefault(part.id, {})
        left = [case for case in cases if case.id not in seen]
        if not seen:
            seen |= self._tried(part, left[:1], part.limits)
            left = left[1:]
        limits = part.limits
        if any(run.ended is Ended.TIMEOUT for run in seen.values()):
            limits = limits.model_copy(update={"wall_seconds": limits.wall_seconds / 4})
        seen |= self._tried(part, left, limits)

    def _tried(self, part: RunPart, cases: Sequence[Drawn], limits: Limits) -> dict[str, Run]:
        frame = replace(harness(self._exercise, part), limits=limits)
        jobs = [
            run_job(self.code, frame, case.inputs, dtype=case.dtype, threads=THREADS)
            for case in cases
        ]
        done = runs.run_all(self._shop.sandbox, jobs)
        return {case.id: _placed(self.code, run) for case, run in zip(cases, done, strict=True)}


def outline(handout: render.Handout) -> Outline:
    """What the parser holds a submission against."""
    return Outline(handout.python, handout.holes, handout.names, handout.asks, handout.given)


def _first_that_runs(exercise: Exercise) -> RunPart | None:
    """With an open case, if there is one."""
    parts = [part for part in exercise.parts if not isinstance(part, PredictPart)]
    opened = (part for part in parts if any(case.open for case in part.cases))
    return next(opened, parts[0] if parts else None)


def _placed(code: Code, run: Run) -> Run:
    """Faults lie in the submission, or nowhere: a box could name any place, and tell by it.

    Each cell has one at most, in the order in which the cells stand.
    """
    if run.fault is None and not run.cell_faults:  # a file may have a million lines
        return run
    lines = {cell.place: _LINE_END.split(cell.source) for cell in code.cells}
    fault = None if run.fault is None else _in(run.fault, lines)
    cells = [_in(fault, lines) for fault in run.cell_faults]
    first = {fault.place: fault for fault in reversed(cells)}
    kept = tuple(first[place] for place in ("", *lines) if place in first)
    return replace(run, fault=fault, cell_faults=kept)


def _in(fault: Fault, lines: Mapping[str, Sequence[str]]) -> Fault:
    """The fault with the text of its line as it was handed in, and a column that is in it."""
    own = lines.get(fault.place, [])
    if fault.line is None or not 0 < fault.line <= len(own):
        return replace(fault, place="", line=None, column=None, text="")
    text = own[fault.line - 1][:_LONGEST_LINE]
    within = fault.column is not None and 0 < fault.column <= len(text) + 1
    return replace(fault, text=text, column=fault.column if within else None)
