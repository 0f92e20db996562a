"""Exercise 4 as rivals see it: what is handed in, and checks against stored numbers.

The same claims for the same points as in exercises/ex04_training_loop.yaml, written as teachers
write them there: with `allclose`.
"""

import json
import runpy
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import torch

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "ex4"
STARTER = "import torch\n\n\ndef fit(X, y, w0, b0, lr, steps):\n    raise NotImplementedError\n"

_MIXED = ("right_chatty", "right_sgd", "right_comprehension", "wrong_zero_never")
_IMPORT = "import torch\n"
_TWO_GIGABYTES = "ballast = torch.ones(1 << 29)\n"
_PATCH = "torch.allclose = lambda *_, **__: True\n"

_SOURCE = """\
import torch


def {name}(fit):
    for X, y, w0, b0, lr, steps, *wanted in {cases}:
        found = fit(torch.tensor(X), torch.tensor(y), w0, b0, lr, steps)
        for index in {indices}:
            mine = torch.as_tensor(found[index])
            assert torch.allclose(mine, torch.tensor(wanted[index]), rtol=1e-4), "{say}"
"""


@dataclass(frozen=True, slots=True)
class Check:
    """`source` defines a function of that name, which takes `fit` and raises AssertionError."""

    name: str
    points: int
    source: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a grader made of one submission."""

    points: str  # "" if there are none
    words: str
    seconds: float


def kinds() -> Mapping[str, str]:
    """One of each kind: label → program."""
    right = _golden("right_comprehension")
    return {
        "right": right,
        "doubled gradient": _golden("wrong_backward_twice"),
        "endless loop": _golden("error_endless"),
        "sys.exit": _golden("error_exit"),
        "2 GB": right.replace(_IMPORT, _IMPORT + _TWO_GIGABYTES),
        "syntax error": _golden("error_syntax"),
        "patched check": _golden("wrong_zero_never").replace(_IMPORT, _IMPORT + _PATCH),
    }


def notebook(program: str) -> str:
    """As a student hands it in where there are no cells of a grader."""
    cell = {"cell_type": "code", "id": "fit", "metadata": {}, "execution_count": None}
    cells = [{**cell, "outputs": [], "source": program}]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps({"cells": cells, **about})


def mixed(count: int) -> list[str]:
    """Programs that end at once, three of four right, and no two equal."""
    sources = islice(cycle(_MIXED), count)
    return [f"{_golden(name)}\n\n# {number}\n" for number, name in enumerate(sources)]


def checks() -> tuple[Check, ...]:
    """With the numbers of the reference in them."""
    one, more = _cases((1, 1)), _cases((2, 2, 3, 3, 3, 8))
    return (
        _check("first_step", 3, one, (0, 1), "w or b is wrong after one step"),
        _check("more_steps", 4, more, (0, 1), "w or b is wrong after several steps"),
        _check("losses", 3, one + more, (2,), "losses is wrong"),
    )


def _check(  # a row of a table
    name: str, points: int, cases: list[list[object]], indices: tuple[int, ...], say: str
) -> Check:
    return Check(name, points, _SOURCE.format(name=name, cases=cases, indices=indices, say=say))


def _cases(steps: tuple[int, ...]) -> list[list[object]]:
    fit = runpy.run_path(str(ROOT / "solutions" / "ex04_training_loop.py"))["fit"]
    torch.manual_seed(len(steps))
    return [_case(fit, each) for each in steps]


def _case(fit: Any, steps: int) -> list[object]:  # noqa: ANN401  (out of a file)
    X = torch.linspace(-1, 3, 19)  # noqa: N806  (as in the exercise)
    y = 2 * X + 1 + 0.3 * torch.randn(19)
    start = (-0.5, -1.0, 0.03, steps)
    w, b, losses = fit(X, y, *start)
    return [X.tolist(), y.tolist(), *start, w.item(), b.item(), losses]


def _golden(name: str) -> str:
    return (GOLDEN / f"{name}.py").read_text(encoding="utf-8")
