"""Real attacks on the fences, and what honest code needs, tried inside a confined child.

A fence that nobody tries may have fallen long ago; one that stops everything would look perfect.
So the server runs these whenever it has started, before any student code.
"""

import _thread
import importlib
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from .attacks import ATTACKS, Attack, Targets
from .channels import CHANNELS

STOPPED = "stopped"
WORKS = "works"
_MANY_THREADS = 1024
_SELDOM_USED = ("colorsys", "sndhdr", "chunk", "nturl2path", "mailcap", "netrc", "tabnanny", "this")


def run(targets: Targets) -> dict[str, str]:
    """Try everything.  Attacks are "stopped" or "OPEN: …", controls "works" or "broken: …".

    `targets` are what to go for: "canary", a file that must not be read, and "server", the pid
    of a process that must not be reached, both as the parent knows them.
    """
    # First of all: its threads may take a moment to be gone, and honest code needs some later.
    attacks = {"many threads": _many_threads, **ATTACKS, **CHANNELS}
    found = {name: _attacked(attack, targets) for name, attack in attacks.items()}
    return {**found, **{name: _controlled(control) for name, control in _controls().items()}}


def faults(found: Mapping[str, str], lets_through: Iterable[str] = ()) -> dict[str, str]:
    """What was found and should not be, in a mode that lets some attacks through."""
    fine = {STOPPED, WORKS}
    return {
        name: outcome
        for name, outcome in found.items()
        if outcome not in fine and name not in lets_through
    }


def _attacked(attack: Attack, targets: Targets) -> str:
    try:
        return f"OPEN: {attack(targets)}"
    except (OSError, RuntimeError, MemoryError):
        return STOPPED


def _many_threads(_: Targets) -> str:
    """By the lowest means, for `threading` waits until each of them runs."""
    hold, ended = threading.Lock(), threading.Semaphore(0)
    started: list[int] = []

    def wait() -> None:
        with hold:
            ended.release()

    threading.stack_size(1 << 15)  # or they would meet the limit on memory first
    try:
        with hold:
            while len(started) < _MANY_THREADS:
                started.append(_thread.start_new_thread(wait, ()))
    finally:
        threading.stack_size(0)
        while started:
            ended.acquire()
            started.pop()
    return f"{_MANY_THREADS} threads were started"


# --- controls: they work unless they raise -----------------------------------------------------


def _controlled(control: Callable[[], None]) -> str:
    try:
        control()
    except Exception as error:
        return f"broken: {type(error).__name__}: {error}"
    return WORKS


def _controls() -> dict[str, Callable[[], None]]:
    torch = {"backward": _backward, "two threads in torch": _two_threads_in_torch}
    return {
        "read the library": _read_library,
        "import": _import,
        "work folder": _work_folder,
        "time": _time,
        "two threads": lambda: _threads(2),
        **(torch if "torch" in sys.modules else {}),
    }


def _read_library() -> None:
    assert Path(os.__file__).read_bytes()


def _import() -> None:
    for name in _SELDOM_USED:
        if name not in sys.modules:
            with suppress(ModuleNotFoundError):  # later Pythons have fewer
                importlib.import_module(name)
                return
    raise ImportError("no module was left to import")


def _work_folder() -> None:
    Path("probe").mkdir()
    Path("probe/a").write_text("text", encoding="utf-8")
    Path("probe/a").rename("probe/b")
    assert Path("probe/b").read_text(encoding="utf-8") == "text"
    Path("probe/b").unlink()
    Path("probe").rmdir()
    with tempfile.TemporaryFile() as file:
        file.write(b"text")


def _time() -> None:
    before = time.monotonic()
    time.sleep(0.001)
    assert time.monotonic() > before


def _threads(count: int) -> None:
    """Raises RuntimeError if one cannot start."""
    over = threading.Event()
    threads = [threading.Thread(target=over.wait) for _ in range(count)]
    try:
        for thread in threads:
            thread.start()
    finally:
        over.set()
        for thread in threads:
            if thread.ident is not None:
                thread.join()


def _backward() -> None:
    import torch

    x = torch.tensor([1.5, -2.0], requires_grad=True)
    (x * x).sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [3.0, -4.0]


def _two_threads_in_torch() -> None:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(2)
    assert torch.ones(1 << 18).sum().item() == 1 << 18
    torch.set_num_threads(before)
