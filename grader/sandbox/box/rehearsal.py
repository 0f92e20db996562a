"""Before the first fork: one run for nothing, so that every child finds done what is done once."""

import json

from . import source
from .child import run
from .encode import Encoder

_REHEARSED = """\
import torch

def f(x):
    a = torch.tensor(0.5, requires_grad=True)
    seen = []
    for _ in range(2):
        y = ((a * x - 1.0) ** 2).mean()
        seen.append(y.item())
        torch.autograd.backward(y)
        with torch.no_grad() as _:
            a -= 0.1 * a.grad
        a.grad.zero_()
    return {"a": a, "seen": seen}
"""


def rehearse() -> None:
    """Do once what every run does: what Python and torch set up meanwhile is there after a fork."""
    job = {
        "cells": [{"place": "rehearsal", "source": _REHEARSED}],
        "notebook": False,
        "starter": _REHEARSED,
        "holes": {"f": (4, 5)},
        "names": ["f"],
        "asks": [],
        "given": [],
        "skip": [],
        "observe": [],
        "imports": "import torch",
        "drive": "def drive(x):\n    return f(x)\n",
        "entry": "drive",
        "watch": {},
        "autograd": "",
        "inputs": {"x": {"dtype": "float", "shape": [2], "data": [1.0, 2.0]}},
        "dtype": "float32",
        "threads": 1,
    }
    encoder = Encoder()
    Encoder().frame(source.parse(job))
    message = run(json.loads(json.dumps(job)), encoder, lambda *_: None)
    assert message["fault"] is None, message["fault"]
    encoder.frame(message)
