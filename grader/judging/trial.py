"""A submission's code → its runs in the cases of an exercise.

Every open case of every part ends before a hidden one begins: what lies in a hidden case can reach
no run that a student may read of.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.course.format import Exercise
from grader.course.parts.part import AnyPart
from grader.handout import render
from grader.judging.harness import harness
from grader.judging.keys import Drawn, Key
from grader.model import Ended, Fault, Parsed, Run, Submission, Tried
from grader.sandbox import runs
from grader.sandbox.budget import Budget
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Code, Job, Outline, parse_job, run_job

THREADS = 1
_LONGEST_LINE = 300
_MOST_STUCK = 3
_LINE_END = re.compile(r"\r\n|\r|\n")  # Python's own: a form feed ends no line


def parse(submission: Submission, handout: render.Handout, sandbox: Sandbox) -> Parsed:
    """What can be said of a submission without running it."""
    if [cell.source for cell in submission.cells] == [handout.python]:
        return Parsed(blank=dict.fromkeys(handout.holes, True))  # our own words
    code = Code(submission.cells, submission.notebook)
    parsed = runs.parse(sandbox, parse_job(code, outline(handout)))
    some_parse = submission.notebook and parsed.ended is Ended.FINISHED
    return replace(parsed, unread=parsed.fault is not None and not some_parse)


class Trial:
    """One submission's code in the cases of the parts that have a key.

    Keeps what was seen, so that no case is run twice.
    """

    def __init__(
        self, code: Code, exercise: Exercise, keys: Mapping[str, Key], sandbox: Sandbox
    ) -> None:
        self._code, self._exercise, self._keys, self._sandbox = code, exercise, keys, sandbox
        self._seen: dict[str, dict[str, Run]] = {part.id: {} for part in exercise.parts}
        self._stuck: list[Fault] = []  # what is left out, as it never ends

    def run_open(self) -> None:
        self._run_all(hidden=False)

    def run_hidden(self) -> None:
        self._run_all(hidden=True)

    def seen(self, part: str) -> Mapping[str, Run]:
        """Case id → what the code did there."""
        return self._seen[part]

    def all_tried(self) -> tuple[Tried, ...]:
        return tuple(
            Tried(part, case, run)
            for part, seen in self._seen.items()
            for case, run in seen.items()
        )

    def _run_all(self, *, hidden: bool) -> None:
        for part in self._exercise.parts:
            cases = self._keys[part.id].cases if part.id in self._keys else ()
            self._run(part, [case for case in cases if case.hidden is hidden])

    def _run(self, part: AnyPart, cases: Sequence[Drawn]) -> None:
        """Run these cases.

        Where the first one runs out of time, the others get less of it: an endless loop is told in
        seconds, and a case that works still counts.
        """
        seen = self._seen[part.id]
        first = cases[: not seen]
        for some in (first, cases[len(first) :]):
            jobs = [self._job(part, case, self._code) for case in some]
            done = runs.run_all(self._sandbox, jobs)
            for case, run in zip(some, done, strict=True):
                seen[case.id] = self._unstuck(part, case, run)

    def _job(self, part: AnyPart, case: Drawn, code: Code) -> Job:
        reference = self._keys[part.id].wanted[case.id].usage.cpu_seconds
        budget = Budget.beside(part.limits, reference)
        late = [run for run in self._seen[part.id].values() if run.ended is Ended.TIMEOUT]
        if late:
            loaded = all(run.fault and run.fault.kind != "load_timeout" for run in late)
            budget = budget.less(reference, loaded=loaded)
        return run_job(
            code,
            harness(self._exercise, part),
            case.inputs,
            dtype=case.dtype,
            threads=THREADS,
            budget=budget,
        )

    def _unstuck(self, part: AnyPart, case: Drawn, run: Run) -> Run:
        """The run, or another one without what kept it from ending, if that is not graded.

        What an open case got stuck in is left out everywhere; of a hidden one nothing is carried.
        """
        code, told = self._code, [*self._stuck]
        run = _placed(code, run)
        while (stuck := _left_out(code, run)) and len(told) < _MOST_STUCK:
            told.append(stuck)
            code = replace(code, skip=(*code.skip, (stuck.place, stuck.line or 0)))
            (again,) = runs.run_all(self._sandbox, [self._job(part, case, code)])
            run = _placed(code, again)
        if not case.hidden:
            self._code, self._stuck = code, [*told]
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
