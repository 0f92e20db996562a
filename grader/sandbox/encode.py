"""Run → the form in which a box tells of one, for runs that are kept; `decode` reads both.

Of what a box cannot know, it says how the run ended.  Output and usage are not in it.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import numpy as np

from grader.model import (
    Array,
    Fault,
    Items,
    Nothing,
    Number,
    Observation,
    Other,
    Raised,
    Run,
    Step,
    Tensor,
    Text,
)
from grader.sandbox.decode import Form, Name


@dataclass(frozen=True, slots=True)
class Encoder:
    """`put` keeps an array, and gives the name by which a form speaks of it."""

    put: Callable[[Array], Name]

    def run(self, run: Run) -> Form:
        return {
            "ended": run.ended,
            "observations": self.observations(run.observations),
            "inputs": self.observations(run.inputs_after),
            "steps": None if run.steps is None else [self.step(step) for step in run.steps],
            "fault": None if run.fault is None else _fault(run.fault),
            "cell_faults": [_fault(fault) for fault in run.cell_faults],
            "warnings": run.warnings,
        }

    def observations(self, seen: Mapping[str, Observation]) -> Form:
        return {name: self.observation(each) for name, each in seen.items()}

    def observation(self, seen: Observation) -> Form:
        match seen:
            case Nothing():
                return {"t": "none"}
            case Number(value):
                return {"t": "number", "v": _number(value)}
            case Text(value):
                return {"t": "text", "v": value}
            case Raised(kind):
                return {"t": "raised", "kind": kind}
            case Other(name):
                return {"t": "other", "type": name}
            case Items(items):
                return self.items(items)
            case Tensor():
                told = {each.name: getattr(seen, each.name) for each in fields(Tensor)}
                return {"t": "tensor", **{name: self.plain(each) for name, each in told.items()}}

    def items(self, items: tuple[Observation, ...]) -> Form:
        values = [item.value for item in items if isinstance(item, Number)]
        if len(values) == len(items) and all(type(v) is float and math.isfinite(v) for v in values):
            return {"t": "numbers", "v": values}
        return {"t": "items", "v": [self.observation(item) for item in items]}

    def step(self, step: Step) -> Form:
        leaves = {
            name: [self.plain(each) for each in (leaf.value, leaf.before, leaf.after)]
            for name, leaf in step.leaves.items()
        }
        return {"loss": None if step.loss is None else _number(step.loss), "leaves": leaves}

    def plain(self, value: object) -> object:
        return self.put(value) if isinstance(value, np.ndarray) else value


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else repr(value)


def _fault(fault: Fault) -> Form:
    told = {
        "type": fault.type_name,
        "message": fault.message,
        "place": fault.place,
        "line": fault.line,
        "column": fault.column,
        "text": fault.text,
    }
    return {"kind": fault.kind, **{name: each for name, each in told.items() if each}}
