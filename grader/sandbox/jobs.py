"""Exercise, code and case → Job: what goes into a box.  Nothing in it is secret but its inputs."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from grader.model import Cell, Inputs, Value
from grader.sandbox.budget import Budget
from grader.sandbox.limits import Limits

# What costs a second the first time is done once, before the fork, when a source speaks of it.
SLOW_FIRST_TIME = {
    "optim": r"optim",
    "deterministic": r"use_deterministic_algorithms",
    "func": r"torch\.func",
    "function": r"autograd\.Function",
    "checkpoint": r"checkpoint",
    "vjp": r"backward\([^)\s]|grad_outputs",
}


@dataclass(frozen=True)
class Job:
    """`body` is what the child reads; it is kept as text so that equal jobs have equal digests."""

    kind: Literal["parse", "run", "program", "probe", "together"]
    body: str
    budget: Budget = field(default_factory=Budget.trusted)
    preload: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """Code to load: a submission's cells, or the reference as if it had been handed in."""

    cells: tuple[Cell, ...]
    notebook: bool = False
    skip: tuple[tuple[str, int], ...] = ()  # place and line of statements that never end


@dataclass(frozen=True, slots=True)
class Harness:
    """What a part does with the code it loads; the same for student, reference and mistakes."""

    names: tuple[str, ...]  # top-level names that the student writes
    imports: str = ""
    drive: str = ""
    entry: str = "drive"
    observe: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    watch: Mapping[str, str] = field(default_factory=dict)
    autograd: Literal["", "passes", "nodes"] = ""  # what of autograd is watched
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Outline:
    """What the parser compares a submission with: the starter of the whole file."""

    text: str
    holes: Mapping[str, tuple[int, int]]
    names: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


def run_job(  # noqa: PLR0913
    code: Code,
    harness: Harness,
    inputs: Inputs,
    *,
    dtype: str = "float32",
    threads: int = 1,
    budget: Budget | None = None,
) -> Job:
    """Load the code, bind or hand over the inputs, observe.

    Without a budget, the code is the course's own.
    """
    body = {
        "kind": "run",
        "cells": _cells(code.cells),
        "notebook": code.notebook,
        "skip": code.skip,
        "names": harness.names,
        "imports": harness.imports,
        "drive": harness.drive,
        "entry": harness.entry,
        "observe": harness.observe,
        "given": harness.given,
        "watch": dict(harness.watch),
        "autograd": harness.autograd,
        "inputs": {name: _value(value) for name, value in inputs.items()},
        "dtype": dtype,
        "threads": threads,
    }
    sources = [cell.source for cell in code.cells] + [harness.drive]
    budget = budget or Budget.trusted(harness.limits)
    budget = budget.in_one() if harness.observe else budget
    return Job("run", json.dumps(body), budget, _preload(sources))


def program_job(program: str, asks: Sequence[str], limits: Limits) -> Job:
    """Run an author's program that records its asks by calling `__ask__`."""
    body = {
        "kind": "program",
        "program": program,
        "asks": asks,
        "dtype": "float32",
        "threads": 1,
    }
    budget = Budget.trusted(limits).in_one()
    return Job("program", json.dumps(body), budget, _preload([program]))


def together_job(jobs: Sequence[Job]) -> Job:
    """Trusted jobs one after the other, in one process."""
    body = f'{{"kind": "together", "jobs": [{", ".join(job.body for job in jobs)}]}}'
    preload = {name for job in jobs for name in job.preload}
    return Job("together", body, Budget.together([job.budget for job in jobs]), (*sorted(preload),))


def _preload(sources: Sequence[str]) -> tuple[str, ...]:
    code = re.sub(r"#.*", "", "\n".join(sources))  # instructions speak of what nobody uses
    return tuple(name for name, words in SLOW_FIRST_TIME.items() if re.search(words, code))


def parse_job(code: Code, outline: Outline) -> Job:
    """Look at the source, execute nothing."""
    body = {
        "kind": "parse",
        "cells": _cells(code.cells),
        "notebook": code.notebook,
        "starter": outline.text,
        "holes": {name: list(lines) for name, lines in outline.holes.items()},
        "names": outline.names,
        "asks": outline.asks,
        "given": outline.given,
    }
    return Job("parse", json.dumps(body))


def probe_job(canary: str, server: int) -> Job:
    """Attack the fences from inside: a file that must not be read, a process to be left alone."""
    targets = {"canary": canary, "server": server}
    return Job("probe", json.dumps({"kind": "probe", "targets": targets}))


def _cells(cells: Sequence[Cell]) -> list[dict[str, str]]:
    return [{"place": cell.place, "source": cell.source} for cell in cells]


def _value(value: Value) -> object:
    """As JSON has it."""
    if isinstance(value, np.ndarray):
        kind = "int64" if value.dtype.kind in "iu" else "float"
        return {"dtype": kind, "shape": list(value.shape), "data": value.reshape(-1).tolist()}
    if isinstance(value, list):
        return [_value(part) for part in value]
    return value
