"""What a box might have seen: short ways to write observations, runs and traces."""

import numpy as np

from grader.checks.check import View
from grader.model import (
    Array,
    Ended,
    Inputs,
    Items,
    Leaf,
    Nothing,
    Number,
    Observation,
    Parsed,
    Run,
    Step,
    Tensor,
)

type_of = {"b": "bool", "i": "int64", "f": "float32"}
Told = bool | int | float | list["Told"] | None | Observation


def tensor(values: object, *, grad: object = None, dtype: str = "", storage: int = 0) -> Tensor:
    value = np.asarray(values)
    return Tensor(
        value,
        dtype or type_of[value.dtype.kind],
        requires_grad=grad is not None,
        is_leaf=True,
        grad=None if grad is None else np.asarray(grad, dtype=float),
        grad_fn=None,
        storage=storage,
        version=0,
    )


def seen(told: Told) -> Observation:
    """Plain Python as an observation."""
    if told is None:
        return Nothing()
    if isinstance(told, list):
        return Items(tuple(map(seen, told)))
    if isinstance(told, bool | int | float):
        return Number(told)
    return told


def run_of(**told: Told) -> Run:
    return Run(Ended.FINISHED, {name: seen(each) for name, each in told.items()})


def view(
    got: Run, want: Run, *, inputs: Inputs | None = None, parsed: Parsed | None = None
) -> View:
    return View(got, want, inputs or {}, parsed or Parsed())


def array(value: float | None) -> Array | None:
    return None if value is None else np.asarray(value)


def step(loss: float | None, **leaves: tuple[float, float | None, float | None]) -> Step:
    """One row; a leaf is (value, grad before, grad after)."""
    found = {
        name: Leaf(np.asarray(value), array(before), array(after))
        for name, (value, before, after) in leaves.items()
    }
    return Step(loss, found)
