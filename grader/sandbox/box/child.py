"""One run in a fresh child: read a job, do it, write what was seen, leave by `_exit`."""

import ast
import faulthandler
import inspect
import json
import linecache
import os
import signal
import sys
import types
import warnings
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

from . import kinds, source, stand_ins, together
from .encode import Encoder
from .faults import fault_of
from .isolation import probes
from .loading import DRIVE, Loader, OutOfTime

Job = Mapping[str, Any]
READY = b"R"
_send = os.write  # a student may put another function there


def main(job_fd: int, result_fd: int) -> None:
    """Never returns."""
    job = json.loads(_read(job_fd))
    # From here on what goes wrong is the submission's doing; before, it is ours.
    os.write(result_fd, READY)
    if job["kind"] == "together":
        together.run(job["jobs"], partial(_write, result_fd), _answered)
    else:
        _write(result_fd, _done(job, result_fd))
    os._exit(0)


def _read(fd: int) -> bytes:
    with os.fdopen(fd, "rb") as job:
        return job.read()


def _write(fd: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[_send(fd, view) :]


def _done(job: Job, result_fd: int) -> bytes:
    encoder = Encoder()
    if job["kind"] == "parse":
        return encoder.frame(_looked_at(job))
    if job["kind"] == "probe":
        return encoder.frame({"found": probes.run(job["targets"])})
    # The parent asks by it: so that we can say where we are, in C code and wherever an exception
    # is swallowed, too.
    signal.signal(signal.SIGXCPU, _stop)
    sys.unraisablehook = _dropped
    sys.path.append(os.getcwd())  # noqa: PTH109  (a text); asked last, for what a cell has written
    faulthandler.register(signal.SIGXCPU, file=result_fd, all_threads=False, chain=True)
    message = _message(job, encoder, partial(_mark, result_fd))
    faulthandler.unregister(signal.SIGXCPU)
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    with suppress(Exception):  # it may be closed, or something else by now
        sys.stdout.flush()
    return encoder.frame(message)


def _answered(job: Job) -> bytes:
    """For one of many trusted jobs: nobody follows it on its way."""
    encoder = Encoder()
    if job["kind"] == "parse":
        return encoder.frame(_looked_at(job))
    return encoder.frame(_message(job, encoder, lambda *_: None))


def _message(job: Job, encoder: Encoder, mark: Callable[..., None]) -> dict[str, Any]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        done = program(job, encoder) if job["kind"] == "program" else run(job, encoder, mark)
    found = (kinds.warning_kind(str(warning.message)) for warning in caught[:1000])
    return {**done, "warnings": sorted({kind for kind in found if kind})}


def _looked_at(job: Job) -> dict[str, Any]:
    try:
        return source.parse(job)
    except (ValueError, RecursionError, MemoryError) as error:  # built so that looking fails
        return source.unreadable(job, error)


def _stop(*_: object) -> None:
    raise OutOfTime


def _dropped(what: "sys.UnraisableHookArgs") -> None:
    """Python tells of what a `__del__` raised; that we stopped one is told by the time-out."""
    if what.exc_type is not OutOfTime:
        sys.__unraisablehook__(what)


def _mark(result_fd: int, stretch: str, place: str = "", line: int = 0) -> None:
    """Say where we are; see the parent's `marks`."""
    with suppress(OSError):  # student code may have closed it
        _send(result_fd, f"{stretch}{line}:{place}\n".encode(errors="replace"))


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
        fault = fault_of(error, {"program"})
        for name in job["asks"]:
            seen.setdefault(name, {"t": "text", "v": fault["kind"]})
    return {"observations": seen, "fault": fault}


# --- student code --------------------------------------------------------------------------------


def run(job: Job, encoder: Encoder, mark: Callable[..., None]) -> dict[str, Any]:
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
    stand_ins.refuse(raises=False)
    loader = Loader(job, module.__dict__, mark, lambda error: fault_of(error, places))
    message["cell_faults"] = loader.faults
    try:
        with autograd or nullcontext():
            with steps or nullcontext():
                loader.load(_cells(job, module.__dict__, inputs))
                mark(DRIVE)
                stand_ins.refuse(raises=True)
                if steps is not None and job["names"]:
                    steps.restart()  # what the file does with its own functions is not looked at
                seen = _drive(job, module, inputs, autograd)
            # To look at a value may run code of its owner's: that is watched as well.
            message["observations"] = {str(k): encoder.observation(v) for k, v in seen.items()}
            if autograd is not None:
                told = autograd.observations(seen)
                message["observations"] |= {k: encoder.observation(v) for k, v in told.items()}
    except BaseException as error:
        message["fault"] = loader.cause(error) or fault_of(error, places)
    message["inputs"] = {name: encoder.observation(value) for name, value in inputs.items()}
    if steps is not None and not steps.lost:
        message["steps"] = [encoder.step(row) for row in steps.rows]
    return message


def _prepare(job: Job) -> None:
    import torch

    if job["threads"] != torch.get_num_threads():
        torch.set_num_threads(job["threads"])
    # torch makes autograd's engine anew in a fork when it is first needed, and without a lock: two
    # threads of a student's that come first together would crash.
    torch.zeros((), requires_grad=True).square()
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


def _cells(
    job: Job, space: dict[str, Any], inputs: Mapping[str, Any]
) -> list[tuple[str, ast.Module | Exception]]:
    """Place and tree of each cell, or why it has none; `space` gets what they may rely on."""
    if job["notebook"]:
        exec(job["imports"], space)
    space.update(display=print, get_ipython=stand_ins.Nothing)  # exports of a notebook call them
    space.update({name: inputs[name] for name in job["given"]})
    given = set(job["given"])
    return [(cell["place"], _tree(cell, given, notebook=job["notebook"])) for cell in job["cells"]]


def _tree(cell: Mapping[str, str], given: set[str], *, notebook: bool) -> ast.Module | Exception:
    text, place = cell["source"], cell["place"]
    linecache.cache[place] = len(text), None, text.splitlines(keepends=True), place
    try:
        tree = source.tree_of(text, place, notebook=notebook, runs=True)
        source.drop_given(tree, given)
    except Exception as error:
        return error
    return tree


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
