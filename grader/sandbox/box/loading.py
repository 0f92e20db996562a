"""The cells of a submission → a module, statement by statement.

What stands around the graded code cannot cost it: whatever a statement at the top level does may
fail, and those after it still run.  If the graded code then lacks a name that one of these was to
bind, that failure is the cause, and is told instead.  Each statement is marked before it begins, so
that whoever keeps the time knows which one never ended; the next run leaves it out.
"""

import __future__

import ast
import inspect
import re
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from . import stand_ins
from .facts import Definition
from .names import bound_by

LOAD, REST, DRIVE = "lrd"  # what a mark begins with: see the parent's `marks`
MOST_MARKS = 10_000  # and the first of each stretch; whoever reads more would be kept busy by it
_DEFINES = Definition | ast.Import | ast.ImportFrom
_IMPORTS = ast.Import | ast.ImportFrom
_NOTHING = (-1, -1)
_BOUND = re.compile(r"^(?:def|class)\s+(\w+)|^(\w+)\s*=", re.MULTILINE)

Place = tuple[int, int]  # of a statement: number of the cell, and in it
Told = dict[str, Any]


class OutOfTime(BaseException):
    """Raised where the run was when it was asked to stop, or `at` what was left out for that."""

    def __init__(self, at: tuple[str, int] | None = None) -> None:
        super().__init__()
        self.at = at


class Loader:
    """Runs cells; `mark` is called with a stretch, a place and a line.

    After what fails or is left out in the rest of a file, once all that is graded is there, only
    what defines something is run: the remainder would not be what it was meant to be.
    """

    def __init__(
        self,
        job: Mapping[str, Any],
        space: dict[str, Any],
        mark: Callable[[str, str, int], None],
        told: Callable[[BaseException], Told],
    ) -> None:
        from .switches import Switches  # it needs torch

        self._notebook = bool(job["notebook"])
        self._names, self._observed = frozenset(job["names"]), frozenset(job["observe"])
        self._sources = [cell["source"] for cell in job["cells"]]
        self._skip = {(place, line) for place, line in job["skip"]}
        self._space, self._mark, self._told = space, mark, told
        self._marks, self._stretch = 0, ""
        self._lasts: set[Place] = set()  # where each graded name is bound for the last time
        self._last = _NOTHING  # of them
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if self._notebook else 0
        self.faults: list[Told] = []  # of what failed, and cost nothing but itself
        self._switches = Switches()
        self._causes: dict[str, Told] = {}  # by the name that is not there for it

    def load(self, cells: Sequence[tuple[str, ast.Module | Exception]]) -> None:
        """Run each cell: its place, and its tree or why it has none."""
        trees = [tree if isinstance(tree, ast.Module) else ast.Module([], []) for _, tree in cells]
        self._lasts = set(_last_bindings(trees, self._names).values())
        self._last = max(self._lasts, default=_NOTHING)  # later, `max` may be another function
        for number, (place, tree) in enumerate(cells):
            try:
                self._cell(number, place, tree)
            except (Exception, SystemExit) as error:
                if not self._notebook and not self._is_done(error):
                    raise
                bound = (name for pair in _BOUND.findall(self._sources[number]) for name in pair)
                self._failed(error, bound)
        if self._names:
            self.faults += self._switches.put_back()

    def cause(self, error: BaseException) -> Told | None:
        """Of a name that is not there: what failed where it was to be bound."""
        name = error.name if isinstance(error, NameError) else None
        return self._causes.get(name) if isinstance(name, str) else None

    def _failed(self, error: BaseException, bound: Iterable[str]) -> None:
        fault = self.cause(error)
        if fault is None:
            fault = self._told(error)
            if not self.faults or fault.get("place") != self.faults[-1].get("place"):
                self.faults.append(fault)  # the first of each cell
        for name in bound:
            self._causes.setdefault(name, fault)

    def _is_done(self, error: BaseException) -> bool:
        """A script that raises has not done what it should, but it may end by itself."""
        there = self._observed and self._observed <= self._space.keys()
        return bool(there) and isinstance(error, SystemExit)

    def _cell(self, number: int, place: str, tree: ast.Module | Exception) -> None:
        if isinstance(tree, Exception):
            raise tree
        self._flags |= _future(tree)
        if not self._names:  # a script: all of it is graded
            self._run(tree, place)
            return
        failed = False
        for n, statement in enumerate(tree.body):
            if failed and not isinstance(statement, _DEFINES):
                continue
            rest = self._is_rest((number, n))
            self._announce(REST if rest else LOAD, place, statement.lineno)
            try:
                self._statement((number, n), place, statement)
            except (Exception, SystemExit) as error:
                self._failed(error, bound_by(statement))
                failed = rest
            except _LeftOut:
                if self._notebook:
                    return
                failed = True
            self._switches.see(place, statement.lineno)

    def _announce(self, stretch: str, place: str, line: int) -> None:
        if self._marks < MOST_MARKS or stretch != self._stretch:
            self._marks, self._stretch = self._marks + 1, stretch
            self._mark(stretch, place, line)

    def _statement(self, at: Place, place: str, statement: ast.stmt) -> None:
        if (place, statement.lineno) in self._skip and (self._notebook or self._is_rest(at)):
            if any(number == at[0] and n >= at[1] for number, n in self._lasts):
                raise OutOfTime((place, statement.lineno))
            raise _LeftOut
        one = ast.Module([statement], [])
        while True:  # it may import several
            try:
                return self._run(one, place)
            except ModuleNotFoundError as error:
                if not (isinstance(statement, _IMPORTS) and stand_ins.stand_in_for(error)):
                    raise

    def _run(self, tree: ast.Module, place: str) -> None:
        code = compile(tree, place, "exec", self._flags, dont_inherit=True)
        if code.co_flags & inspect.CO_COROUTINE:
            _wait_for(eval(code, self._space))  # noqa: S307  (what this box is for)
        else:
            exec(code, self._space)

    def _is_rest(self, at: Place) -> bool:
        """Whether all that is graded is there, and will not be bound again."""
        return at > self._last and self._names <= self._space.keys()


class _LeftOut(BaseException):
    """A statement that never ends; nothing is raised in a student's code."""


def _wait_for(coroutine: Coroutine[None, None, None]) -> None:
    """`await` at the top level, as far as it goes without a loop of events: these need sockets."""
    while True:
        try:
            waits = coroutine.send(None)
        except StopIteration:
            return
        if waits is not None:
            coroutine.close()
            raise RuntimeError("nothing that is waited for here would ever come")


def _future(tree: ast.Module) -> int:
    """What `from __future__ import …` says to the compiler, in the cells that follow as well."""
    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                with suppress(AttributeError):  # the compiler will say it
                    flags |= getattr(__future__, alias.name).compiler_flag
    return flags


def _last_bindings(trees: Sequence[ast.Module], names: frozenset[str]) -> dict[str, Place]:
    return {
        name: (number, n)
        for number, tree in enumerate(trees)
        for n, statement in enumerate(tree.body)
        for name in bound_by(statement)
        if name in names
    }
