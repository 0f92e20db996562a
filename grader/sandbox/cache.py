"""Trusted runs, kept by digest: the reference's, the mistakes', the programs'.

An entry is the SHA-256 of its name and what follows: the CPU seconds that the run took, which a
student's limit follows from, and the bytes as they came out of the box.  A torn or misplaced entry
is simply run again; of two graders at once, either may write the entry that stays.
"""

import hashlib
import importlib.metadata
import json
import platform
import struct
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from grader.files import write_whole
from grader.model import Parsed, Run, Usage
from grader.sandbox import together
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Job
from grader.sandbox.running import Ending
from grader.sandbox.runs import as_parsed, as_run

_SHA = 32
_SECONDS = struct.Struct("<d")
_MOST_RUNS = 2000  # of some 10 KB each


class RunCache:
    """Runs trusted jobs, or remembers what they gave.  Never used for a student's code."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self._folder = folder / "runs"
        self._sandbox = sandbox
        self._runs: OrderedDict[str, Run] = OrderedDict()  # those used last
        self._lock = threading.Lock()

    def run(self, jobs: Sequence[Job]) -> list[Run]:
        """One Run a job, in order; only what is not kept is run."""
        digests = [digest(job) for job in jobs]
        with self._lock:
            known = {key: self._runs[key] for key in digests if key in self._runs}
        new = {key: job for key, job in zip(digests, jobs, strict=True) if key not in known}
        known |= {key: as_run(ending) for key, ending in self._endings(new).items()}
        with self._lock:
            for key in digests:
                self._runs[key] = known[key]
                self._runs.move_to_end(key)
            while len(self._runs) > _MOST_RUNS:
                self._runs.popitem(last=False)
        return [known[key] for key in digests]

    def parse(self, jobs: Sequence[Job]) -> list[Parsed]:
        """The same for jobs that only parse."""
        digests = [digest(job) for job in jobs]
        endings = self._endings(dict(zip(digests, jobs, strict=True)))
        return [as_parsed(endings[key]) for key in digests]

    def _endings(self, jobs: Mapping[str, Job]) -> dict[str, Ending]:
        kept = {key: ending for key in jobs if (ending := self._recall(key))}
        todo = [key for key in jobs if key not in kept]
        for index, ending in together.endings(self._sandbox, [jobs[key] for key in todo]):
            self._keep(todo[index], ending)
            kept[todo[index]] = ending
        return kept

    def _recall(self, key: str) -> Ending | None:
        try:
            content = (self._folder / key).read_bytes()
        except OSError:
            return None
        kept = content[_SHA:]
        if content[:_SHA] != _seal(key, kept) or len(kept) < _SECONDS.size:
            return None
        (cpu_seconds,) = _SECONDS.unpack_from(kept)
        usage = Usage(cpu_seconds=cpu_seconds)
        return Ending(frame=kept[_SECONDS.size :], status=0, usage=usage)

    def _keep(self, key: str, ending: Ending) -> None:
        if ending.status == 0 and not ending.killed and ending.asked != "wall":
            kept = _SECONDS.pack(ending.usage.cpu_seconds) + ending.frame
            write_whole(self._folder / key, _seal(key, kept) + kept)


def _seal(key: str, kept: bytes) -> bytes:
    return hashlib.sha256(key.encode() + kept).digest()


def digest(job: Job) -> str:
    """Changes with everything that a trusted run's result may depend on."""
    words = [job.kind, job.body, repr(job.budget), json.dumps(versions()), _machine()]
    return hashlib.sha256("\0".join([*words, _box_digest()]).encode()).hexdigest()


@cache
def versions() -> dict[str, str]:
    """Of what a run rests on, read without importing torch."""
    found = {name: importlib.metadata.version(name) for name in ("torch", "numpy", "grader")}
    return {"python": platform.python_version(), **found}


@cache
def _machine() -> str:
    """Another processor may round sums otherwise, and a home folder may be shared."""
    model = ""
    with suppress(OSError), Path("/proc/cpuinfo").open() as info:
        model = next((line for line in info if line.startswith("model name")), "")
    return f"{platform.machine()} {model.strip()}"


@cache
def _box_digest() -> str:
    files = sorted((Path(__file__).parent / "box").rglob("*.py"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
