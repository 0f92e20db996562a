"""The kernel's limits on one child: time, memory, files, threads."""

import os
import resource
import threading
from collections.abc import Iterable

FOLDER_BYTES = 64 << 20  # of what a run writes, where the kernel can bound it
_FILE_BYTES = 16 << 20  # a file that is open and has no name is in no folder
_OPEN_FILES = 64
_SIGNALS = 64
_MOST_TASKS = 1 << 22  # what a kernel can have


def apply(cpu_seconds: int, mapped_bytes: int, data_bytes: int, threads: int) -> None:
    """For good: soft and hard limits are the same.  `threads` 0 is no limit.

    Data are limited apart from all that is mapped, or giving back torch's libraries would make
    room for more.  A PID 1 does not even get the signal of the soft limit on time.
    """
    wanted = {
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_AS: mapped_bytes,
        resource.RLIMIT_DATA: data_bytes,
        resource.RLIMIT_FSIZE: _FILE_BYTES,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: _SIGNALS,
    }
    if threads:
        wanted[resource.RLIMIT_NPROC] = threads
    for what, limit in wanted.items():
        hard = resource.getrlimit(what)[1]
        least = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (least, least))


def tasks_of_user() -> int:
    """How many processes and threads the kernel counts for this user, everywhere on the machine.

    No file says so, least of all in a container.  So another process asks for one more thread
    under ever closer limits.
    """
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(write, str(_asked()).encode())
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(pid, 0)
    with os.fdopen(read) as answer:
        return int(answer.read() or 0)


def _asked() -> int:
    hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    most = _MOST_TASKS if hard == resource.RLIM_INFINITY else hard
    too_few = 0
    for step in _halves(most):
        resource.setrlimit(resource.RLIMIT_NPROC, (too_few + step, hard))
        thread = threading.Thread()
        try:
            thread.start()
            thread.join()
        except RuntimeError:
            too_few += step
    return too_few


def _halves(number: int) -> Iterable[int]:
    step = 1 << number.bit_length()
    while step := step >> 1:
        yield step
