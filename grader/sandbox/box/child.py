"""One run in a fresh child: read a job, do it, write what was seen, leave by `_exit`."""

import inspect
import json
import linecache
import os
import signal
import sys
import traceback
import types
import warnings
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from . import kinds, source, stand_ins
from .encode import Encoder
from .isolation import probes

Job = Mapping[str, Any]
READY = b"R"
_SOFT = 0.9  # of the wall limit; then the run is asked to stop, so that it can say where it was


class OutOfTime(BaseException):
    """Raised in student code shortly before the deadline."""


def main(job_fd: int, result_fd: int) -> None:
    """Never returns."""
    job = json.loads(_read(job_fd))
    # From here on what goes wrong is the submission's doing; before, it is ours.
    os.write(result_fd, READY)
    if "outline" in job:
        # Sent before a line of the submission runs: nothing can change it any more.
        _write(result_fd, Encoder().frame(_looked_at({**job, **job["outline"]})))
    _write(result_fd, _done(job))
    os._exit(0)


def _read(fd: int) -> bytes:
    with os.fdopen(fd, "rb") as job:
        return job.read()


def _write(fd: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(fd, view) :]


def _done(job: Job) -> bytes:
    encoder = Encoder()
    if job["kind"] == "parse":
        return encoder.frame(_looked_at(job))
    if job["kind"] == "probe":
        return encoder.frame({"found": probes.run(job["targets"])})
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, job["wall_seconds"] * _SOFT)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            message = program(job, encoder) if job["kind"] == "program" else run(job, encoder)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    found = (kinds.warning_kind(str(warning.message)) for warning in caught[:1000])
    message["warnings"] = sorted({kind for kind in found if kind})
    with suppress(Exception):  # it may be closed, or something else by now
        sys.stdout.flush()
    return encoder.frame(message)


def _looked_at(job: Job) -> dict[str, Any]:
    try:
        return source.parse(job)
    except (ValueError, RecursionError, MemoryError) as error:  # built so that looking fails
        return source.unreadable(job, error)


def _stop(*_: object) -> None:
    raise OutOfTime


# --- a program to predict ------------------------------------------------------------------------


def program(job: Job, encoder: Encoder) -> dict[str, Any]:
    """Run the author's program; what is asked is kept as it is at that moment.

    If it raises, the asks that are left have the error's kind as their answer.
    """
    _prepare(job)
    seen: dict[str, Any] = {}

    def ask(name: str, look: Any) -> None:  # Any: a lambda around the asked expression
        seen[name] = encoder.observation(look())

    fault = None
    try:
        exec(compile(job["program"], "program", "exec"), {"__ask__": ask})
    except (Exception, SystemExit, OutOfTime) as error:  # whatever the program does
        fault = _fault(error, {"program"})
        for name in job["asks"]:
            seen.setdefault(name, {"t": "text", "v": fault["kind"]})
    return {"observations": seen, "fault": fault}


# --- student code --------------------------------------------------------------------------------


def run(job: Job, encoder: Encoder) -> dict[str, Any]:
    """Load the cells, call the drive, look at what it returns."""
    _prepare(job)
    # A script is run as one, `if __name__ == "__main__":` and all; functions are imported.
    module = types.ModuleType("__main__" if job["observe"] else "submission")
    sys.modules[module.__name__] = module
    if not job["notebook"]:  # a name beside which it may write; Jupyter has none
        module.__file__ = str(Path.cwd() / job["cells"][0]["place"])
    inputs = {name: value_of(item, job["dtype"]) for name, item in job["inputs"].items()}
    places = {cell["place"] for cell in job["cells"]}
    message: dict[str, Any] = {"observations": {}, "inputs": {}, "fault": None}
    steps, autograd = _watch(job, inputs), _watch_autograd(job)
    try:
        with autograd or nullcontext():
            with steps or nullcontext():
                message["cell_faults"] = _load(job, module, inputs, places)
                seen = _drive(job, module, inputs, autograd)
            # To look at a value may run code of its owner's: that is watched as well.
            message["observations"] = {str(k): encoder.observation(v) for k, v in seen.items()}
            if autograd is not None:
                told = autograd.observations(seen)
                message["observations"] |= {k: encoder.observation(v) for k, v in told.items()}
    except BaseException as error:
        message["fault"] = _fault(error, places)
    message["inputs"] = {name: encoder.observation(value) for name, value in inputs.items()}
    if steps is not None and not steps.lost:
        message["steps"] = [_row(row, encoder) for row in steps.rows]
    return message


def _prepare(job: Job) -> None:
    import torch

    if job["threads"] != torch.get_num_threads():
        torch.set_num_threads(job["threads"])
    if job["dtype"] != "float32":
        torch.set_default_dtype(getattr(torch, job["dtype"]))
    sys.modules["grader"] = None  # type: ignore[assignment]  # "import grader" fails here


def _watch(job: Job, inputs: Mapping[str, Any]) -> Any:  # Any: importing Steps needs torch
    if not job["watch"]:
        return None
    from .observe.steps import Steps

    return Steps({leaf: inputs[name] for leaf, name in job["watch"].items()})


def _watch_autograd(job: Job) -> Any:  # Any: see _watch
    if not job["autograd"]:
        return None
    from .observe.autograd import Autograd

    return Autograd(by_hand=job["autograd"] == "nodes")


def value_of(item: Any, dtype: str) -> Any:  # Any: JSON in, whatever a case holds out
    """An input as student code gets it; floating tensors have the case's dtype."""
    import torch

    if isinstance(item, list):
        return [value_of(part, dtype) for part in item]
    if isinstance(item, dict):
        kind = torch.int64 if item["dtype"] == "int64" else getattr(torch, dtype)
        return torch.tensor(item["data"], dtype=kind).reshape(item["shape"])
    return item


def _load(
    job: Job, module: types.ModuleType, inputs: Mapping[str, Any], places: set[str]
) -> list[dict[str, Any]]:
    """Run the cells in order, and on after a failing one in a notebook.

    A file that fails when all its functions are there, say in its own tests of them, will do too.
    """
    space = module.__dict__
    faults: list[dict[str, Any]] = []
    if job["notebook"]:
        exec(job["imports"], space)
        space.update(display=print, get_ipython=stand_ins.Nothing)
    if job["given"]:
        space.update({name: inputs[name] for name in job["given"]})
    given = set(job["given"])
    for cell in job["cells"]:
        linecache.cache[cell["place"]] = (
            len(cell["source"]),
            None,
            cell["source"].splitlines(keepends=True),
            cell["place"],
        )
        try:
            tree = source.tree_of(cell["source"], cell["place"], notebook=job["notebook"])
            source.drop_given(tree, given)
            exec(compile(tree, cell["place"], "exec"), space)
        except (Exception, SystemExit) as error:
            there = all(name in space for name in job["names"] or job["observe"])
            # A script that raises has not done what it should; its functions could have.
            forgiven = there and (job["names"] or isinstance(error, SystemExit))
            if not job["notebook"] and not forgiven:
                raise
            faults.append(_fault(error, places))
    return faults


def _drive(
    job: Job, module: types.ModuleType, inputs: Mapping[str, Any], autograd: Any
) -> Mapping[str, Any]:  # Any: see _watch
    space = module.__dict__
    if job["observe"]:
        return {name: space[name] for name in job["observe"] if name in space}
    missing = [name for name in job["names"] if name not in space]
    if missing:
        raise NameError(f"name '{missing[0]}' is not defined", name=missing[0])
    drive_space = {name: space[name] for name in job["names"]}
    exec(job["imports"], drive_space)
    exec(compile(job["drive"], "drive", "exec"), drive_space)
    entry: Any = drive_space[job["entry"]]
    wanted = inspect.signature(entry).parameters
    if autograd is not None:
        autograd.begin()  # what the file did for itself while it was loaded is its own affair
    seen = entry(**{name: value for name, value in inputs.items() if name in wanted})
    assert isinstance(seen, dict)
    return seen


def _row(row: Mapping[str, Any], encoder: Encoder) -> dict[str, Any]:
    loss = None if row["loss"] is None else encoder.observation(row["loss"])["v"]
    leaves = {
        name: [None if tensor is None else encoder.array(tensor) for tensor in leaf]
        for name, leaf in row["leaves"].items()
    }
    return {"loss": loss, "leaves": leaves}


# --- what went wrong -----------------------------------------------------------------------------


def _fault(error: BaseException, places: set[str]) -> dict[str, Any]:
    """Kind, words, and the last line of the student's that led to it."""
    message = _text(error)
    fault = {"kind": _kind(error, message), "type": type(error).__name__, "message": message}
    if isinstance(error, SyntaxError) and error.filename in places:
        return source.syntax_fault(error, str(error.filename))
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, OSError) and kinds.in_processes(frame.filename for frame in frames):
        fault["kind"] = "process_refused"
    own = [frame for frame in frames if frame.filename in places]
    if own:
        last = own[-1]
        return {
            **fault,
            "place": last.filename,
            "line": last.lineno,
            "text": (last.line or "")[:300],
        }
    if fault["kind"] in ("other", "grad_none_math") and any(f.filename == "drive" for f in frames):
        fault["kind"] = kinds.call_kind(error, message)
    return fault


def _kind(error: BaseException, message: str) -> str:
    return "timeout" if isinstance(error, OutOfTime) else kinds.error_kind(error, message)


def _text(error: BaseException) -> str:
    try:
        return str(error)[:1000]
    except Exception:  # a student's own __str__
        return ""


# --- before the first fork -----------------------------------------------------------------------

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
    message = run(json.loads(json.dumps(job)), encoder)
    assert message["fault"] is None, message["fault"]
    encoder.frame(message)
