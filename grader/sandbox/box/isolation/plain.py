"""Mode `plain`: a process of its own with resource limits, and no fence around files or network.

For people's own work.  Whoever grades strangers' code needs more, and the reports say so.
"""

import ctypes
import os
import resource
import signal
from collections.abc import Mapping
from pathlib import Path

MODE = "plain"
LEVEL = "none"
MISSING = ("file system", "network", "system calls", "processes of the same user")

_PR_SET_PDEATHSIG = 1
_FILE_BYTES = 64 << 20
_FILES = 64


def confine(limits: Mapping[str, float]) -> None:
    """Limits on time, memory, files and processes; dies with the fork server."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    os.chdir(str(limits["folder"]))
    cpu = int(limits["wall_seconds"]) + 1
    budget = _address_space() + int(limits["memory_bytes"])
    for what, limit in (
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_AS, budget),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def _address_space() -> int:
    """Bytes that the fork server had mapped before the student's code asks for any."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
