"""What each layer of the box costs: a child that does nothing, with one layer taken away at a time.

In the best mode of this machine, in a process with torch in it.  Configurations are shuffled round
by round.  Milliseconds from before the fork until the child is reaped.
"""

import argparse
import importlib
import json
import os
import random
import statistics
import sys
import time
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "grader" / "sandbox"))
LIMITS = {"cpu_seconds": 20, "memory_bytes": 1 << 30}
LAYERS = (
    "namespaces.own_mounts",
    "modes._limit",
    "linux.drop_capabilities",
    "landlock.restrict",
    "linux.seccomp",
    "cgroups.Group.enter",
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mode", default="a" if os.geteuid() == 0 else "b")
    options.add_argument("--rounds", type=int, default=60)
    wanted = options.parse_args()
    modes = importlib.import_module("box.isolation.modes")  # a package of its own
    huge_pages = importlib.import_module("box.huge_pages")
    warm = importlib.import_module("box.server").import_torch
    state = modes.enter(wanted.mode)
    warm(state)
    huge_pages.collapse(state.maps)
    times: dict[str, list[float]] = {name: [] for name in ("fork alone", "all layers", *LAYERS)}
    for _ in range(wanted.rounds):
        for name in random.sample(list(times), len(times)):
            state, spent = timed(modes, state, name)
            times[name].append(spent)
    modes.leave(state)
    show({name: statistics.median(spent) for name, spent in times.items()})


def timed(modes: ModuleType, state: object, name: str) -> tuple[object, float]:
    started = time.perf_counter()
    if name != "fork alone":
        state = modes.before_fork(state)
    pid = os.fork()
    if pid == 0:
        try:
            take_away(modes, name)
            if name != "fork alone":
                modes.confine(state, {**LIMITS, "folder": "/"})
        finally:
            os._exit(0)
    if name != "fork alone":
        modes.after_fork(state)
    os.waitpid(pid, 0)
    if name != "fork alone":
        modes.after_reap(state)
    return state, 1000 * (time.perf_counter() - started)


def take_away(modes: ModuleType, name: str) -> None:
    """In the child; the next one has it again."""
    if name not in LAYERS:
        return
    *path, last = name.split(".")
    owner = modes if path == ["modes"] else getattr(modes, path[0])
    for step in path[1:]:
        owner = getattr(owner, step)
    setattr(owner, last, lambda *_, **__: None)


def show(medians: dict[str, float]) -> None:
    whole = medians["all layers"]
    print(f"{'':24} {'ms':>6}  {'its share, ms':>13}")
    for name, spent in medians.items():
        share = f"{whole - spent:13.2f}" if name in LAYERS else ""
        print(f"{name:24} {spent:6.2f}  {share}")
    print(json.dumps(medians))


if __name__ == "__main__":
    main()
