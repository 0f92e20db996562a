"""A submission's code → its runs in the cases of an exercise.

Every open case of every part ends before a hidden one begins: what lies in a hidden case can reach
no run that a student may read of.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.course.format import Exercise, PredictPart, RunPart
from grader.handout import render
from grader.judging.harness import harness
from grader.judging.keys import Drawn, Key
from grader.judging.workshop import Workshop
from grader.model import Ended, Fault, Parsed, Run
from grader.sandbox import runs
from grader.sandbox.budget import Budget
from grader.sandbox.jobs import Code, Job, Outline, parse_job, run_job

THREADS = 1
_LONGEST_LINE = 300
_MOST_STUCK = 3
_LINE_END = re.compile(r"\r\n|\r|\n")  # Python's own: a form feed ends no line


class Trial:
    """One submission.  Keeps what was seen of it, so that no case is run twice."""

    def __init__(
        self, code: Code, exercise: Exercise, handout: render.Handout, shop: Workshop
    ) -> None:
        self.code = code
        self._exercise, self._handout, self._shop = exercise, handout, shop
        self._seen: dict[str, dict[str, Run]] = {}  # part → case → run
        self._stuck: list[Fault] = []  # what is left out, as it never ends

    def parse(self) -> Parsed:
        """Parse, and in the same box run the first case: a box costs more than either."""
        part, code = _first_that_runs(self._exercise), self.code
        if [cell.source for cell in code.cells] == [self._handout.python]:
            return Parsed(blank=dict.fromkeys(self._handout.holes, True))  # our own words
        outlined = outline(self._handout)
        if part is None or not (cases := self.key(part).cases):
            parsed, run = runs.parse(self._shop.sandbox, parse_job(code, outlined)), None
        else:
            job = self._job(part, cases[0], code, outlined)
            parsed, run = runs.parse_and_run(self._shop.sandbox, job)
        kept = (cell for n, cell in enumerate(code.cells) if n not in parsed.skip_cells)
        self.code = replace(code, cells=tuple(kept))
        if part is not None and run is not None and not parsed.skip_cells:
            self._seen[part.id] = {cases[0].id: self._unstuck(part, cases[0], run)}
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
        first = left[: not seen]
        for some in (first, left[len(first) :]):
            jobs = [self._job(part, case, self.code) for case in some]
            done = runs.run_all(self._shop.sandbox, jobs)
            for case, run in zip(some, done, strict=True):
                seen[case.id] = self._unstuck(part, case, run)

    def _job(self, part: RunPart, case: Drawn, code: Code, outlined: Outline | None = None) -> Job:
        reference = self.key(part).wanted[case.id].usage.cpu_seconds
        budget = Budget.beside(part.limits, reference)
        late = [run for run in self._seen.get(part.id, {}).values() if run.ended is Ended.TIMEOUT]
        if late:
            loaded = all(run.fault and run.fault.kind != "load_timeout" for run in late)
            budget = budget.less(reference, loaded=loaded)
        return run_job(
            code,
            harness(self._exercise, part),
            case.inputs,
            dtype=case.dtype,
            threads=THREADS,
            outline=outlined,
            budget=budget,
        )

    def _unstuck(self, part: RunPart, case: Drawn, run: Run) -> Run:
        """The run, or another one without what kept it from ending, if that is not graded.

        What an open case got stuck in is left out everywhere; of a hidden one nothing is carried.
        """
        code, told = self.code, [*self._stuck]
        run = _placed(code, run)
        while (stuck := _left_out(code, run)) and len(told) < _MOST_STUCK:
            told.append(stuck)
            code = replace(code, skip=(*code.skip, (stuck.place, stuck.line or 0)))
            (again,) = runs.run_all(self._shop.sandbox, [self._job(part, case, code)])
            run = _placed(code, again)
        if not case.hidden:
            self.code, self._stuck = code, [*told]
        fault = run.fault
        if fault is not None and fault.kind in ("stopped", "load_timeout"):
            run = replace(run, fault=replace(fault, kind="load_timeout"))
            told = [
                stuck for stuck in told if (stuck.place, stuck.line) != (fault.place, fault.line)
            ]
        return replace(run, cell_faults=_one_a_cell(code, [*told, *run.cell_faults]))


def outline(handout: render.Handout) -> Outline:
    """What the parser holds a submission against."""
    return Outline(handout.python, handout.holes, handout.names, handout.asks, handout.given)


def _first_that_runs(exercise: Exercise) -> RunPart | None:
    """With an open case, if there is one."""
    parts = [part for part in exercise.parts if not isinstance(part, PredictPart)]
    opened = (part for part in parts if any(case.open for case in part.cases))
    return next(opened, parts[0] if parts else None)


def _left_out(code: Code, run: Run) -> Fault | None:
    """The statement without which the run would get further."""
    stuck = run.stuck
    if stuck is None or stuck.line is None or (stuck.place, stuck.line) in code.skip:
        return None
    unloaded = run.fault is not None and run.fault.kind == "load_timeout"
    return None if unloaded and not code.notebook else stuck


def _placed(code: Code, run: Run) -> Run:
    """Faults lie in the submission, or nowhere: a box could name any place, and tell by it."""
    if run.fault is None and run.stuck is None and not run.cell_faults:
        return run  # a file may have a million lines
    lines = {cell.place: _LINE_END.split(cell.source) for cell in code.cells}
    fault = None if run.fault is None else _in(run.fault, lines)
    stuck = None if run.stuck is None else _in(run.stuck, lines)
    cells = [_in(fault, lines) for fault in run.cell_faults]
    return replace(run, fault=fault, stuck=stuck, cell_faults=_one_a_cell(code, cells))


def _one_a_cell(code: Code, faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Each cell has one at most, the first, in the order in which the cells stand."""
    first = {fault.place: fault for fault in reversed(faults)}
    places = dict.fromkeys(("", *(cell.place for cell in code.cells)))
    return tuple(first[place] for place in places if place in first)


def _in(fault: Fault, lines: Mapping[str, Sequence[str]]) -> Fault:
    """The fault with the text of its line as it was handed in, and a column that is in it."""
    own = lines.get(fault.place, [])
    if fault.line is None or not 0 < fault.line <= len(own):
        return replace(fault, place="", line=None, column=None, text="")
    text = own[fault.line - 1][:_LONGEST_LINE]
    within = fault.column is not None and 0 < fault.column <= len(text) + 1
    return replace(fault, text=text, column=fault.column if within else None)
