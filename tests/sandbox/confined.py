"""Runs pieces of code as a fork server's children would run, in one mode; says what came of it.

Started with a clean interpreter, as the fork server is: `python -I -B confined.py <order>`.
The order and the answer are JSON.
"""

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

KEEP = 100  # no low file descriptor is ours when a child starts
BOX = Path(__file__).parents[2] / "grader/sandbox"


def main(order: dict[str, Any]) -> None:  # Any: JSON
    sys.path.insert(0, order.get("box", str(BOX)))
    modes = importlib.import_module("box.isolation.modes")
    importlib.import_module("box.isolation.probes")  # no child can read it
    for name in order.get("without", ()):
        take_away(name)
    add_site(order.get("site"))
    server = os.getpid()
    try:
        state = modes.enter(order["mode"])
    except OSError as error:
        answer({"cannot": str(error)})
    if order.get("torch"):
        warm()
    children = []
    for code in order["children"]:
        state = modes.before_fork(state)
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            become(partial(modes.confine, state, order["limits"]), code, write, server)
        modes.after_fork(state)
        os.close(write)
        children.append((partial(modes.after_reap, state), pid, read, os.read(read, 1 << 16)))
        os.write(1, b"\n")  # it runs
    if order.get("linger"):
        signal.pause()
    ended = [end(*child) for child in reversed(children)][::-1]
    modes.leave(state)
    answer({"ended": ended})


def become(confine: Callable[[], None], code: str, write: int, server: int) -> None:
    """The child.  What the code says is the answer; `said` may be called once before it ends."""
    try:
        os.dup2(write, KEEP)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 3)
        os.dup2(KEEP, 4)
        confine()
        space = {"say": lambda what: os.write(4, json.dumps(what).encode()), "server": server}
        exec(code, space)  # noqa: S102
        os._exit(0)
    except BaseException as error:  # noqa: BLE001
        os.write(4, json.dumps(f"{type(error).__name__}: {error}").encode())
        os._exit(70)


def end(after: Callable[[], bool], pid: int, read: int, said: bytes) -> dict[str, Any]:  # Any: JSON
    """Those that wait for the end of their standard input wait for this."""
    os.set_blocking(read, False)
    done, status = os.waitpid(pid, os.WNOHANG) if said == b'"waits"' else os.waitpid(pid, 0)
    if not done:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    ended = {"said": json.loads(said or b"null"), "status": os.waitstatus_to_exitcode(status)}
    return {**ended, **({"of memory": True} if after() else {})}


def take_away(name: str) -> None:
    """Let one layer be dead, as it may be on some machine without anybody noticing."""
    module, _, function = name.rpartition(".")
    setattr(importlib.import_module(f"box.isolation.{module}"), function, lambda *_, **__: 0)


def add_site(folder: str | None) -> None:
    if folder:
        readable: Any = importlib.import_module("box.isolation.readable")
        places = readable.places()
        readable.places = lambda: {**places, folder: folder}


def warm() -> None:
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    x = torch.ones(2, requires_grad=True)
    (x * x).sum().backward()


def answer(what: dict[str, Any]) -> None:  # Any: JSON
    """Never returns."""
    os.write(1, json.dumps(what).encode())
    os._exit(0)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
