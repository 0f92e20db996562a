"""A whole `grade batch`, watched from outside: how long it takes, and how much memory it needs."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import shops

ROOT = Path(__file__).parents[2]
_LOOK_SECONDS = 0.1
_LIMIT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Watched:
    """Peaks are of the command itself, of its fork server, and of the largest run of a student."""

    seconds: float
    code: int
    parent_mb: float
    server_mb: float
    box_mb: float
    lines: tuple[Mapping[str, Any], ...]  # Any: what JSON holds


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is done; `workers` as on the command line."""

    folder: Path
    workers: int

    def grade(self, path: Path, book: str, *words: str) -> Watched:
        environment = {"GRADE_SECRET": shops.SECRET, "GRADE_CACHE": str(self.folder / "cache")}
        options = ("--workers", str(self.workers), "--book", str(self.folder / book))
        return watched(path, [*options, *words], environment)


def watched(path: Path, words: Sequence[str], environment: Mapping[str, str]) -> Watched:
    """Grade what a class handed in; standard error goes where ours goes."""
    command = [sys.executable, "-m", "grader", "batch", str(path), "--course", str(ROOT)]
    out = path.with_name(f"{path.name}.lines")
    started = time.perf_counter()
    with out.open("wb") as stdout:
        process = subprocess.Popen(
            [*command, "--json", *words], stdout=stdout, env={**os.environ, **environment}, cwd=ROOT
        )
        seconds, (parent, server, box) = _peaks(process)
    with out.open(encoding="utf-8") as lines:
        told = tuple(_short(json.loads(line)) for line in lines)
    return Watched(seconds - started, process.returncode, parent, server, box, told)


def peak_mb(pid: int) -> float:
    """The most that was resident so far; 0 for a process that has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if "HWM" in line), 0.0)


def _peaks(process: subprocess.Popen[bytes]) -> tuple[float, tuple[float, float, float]]:
    """When it ended, and the peaks.  A fork server has children, a student's run has none."""
    parent = server = box = 0.0
    deadline = time.monotonic() + _LIMIT_SECONDS
    while process.poll() is None:
        if time.monotonic() > deadline:
            process.kill()
        parent = max(parent, peak_mb(process.pid))
        for pid in _descendants(process.pid):
            peak = peak_mb(pid)
            server, box = (max(server, peak), box) if _children(pid) else (server, max(box, peak))
        time.sleep(_LOOK_SECONDS)
    return time.perf_counter(), (parent, server, box)


def _descendants(pid: int) -> list[int]:
    return [each for child in _children(pid) for each in (child, *_descendants(child))]


def _children(pid: int) -> list[int]:
    """Whichever of its threads started them."""
    try:
        lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(word) for text in lists for word in text.split()]


# What JSON holds; the rest of a report would fill the memory of who watches.
def _short(line: dict[str, Any]) -> Mapping[str, Any]:
    report = line.pop("report", {})
    kept = ("outcome", "points", "max_points", "parts", "checks", "diagnosis")
    return {**line, "report": {name: report[name] for name in kept if name in report}}
