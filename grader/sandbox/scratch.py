"""The folder in which a grader's runs write, where they have no file system of their own.

It lies in the temporary folder, and who has made it holds a lock on it until it is removed.  The
kernel gives the lock back when the last process that holds it has died, however that came about
and in whatever container.  So what is called as ours are, is ours, and has no lock, was left by a
grader that was killed: the next one that starts removes it.
"""

import fcntl
import os
import re
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from grader.sandbox import folders

_NAME = re.compile(r"grade-\d+-[a-z0-9_]{8}")
_PATIENCE_SECONDS = 2
_PAUSE_SECONDS = 0.01


class Scratch:
    """One such folder."""

    def __init__(self) -> None:
        self.path, self._lock = _made()
        if os.geteuid() == 0:
            self.path.chmod(0o711)  # runs are other users

    def fresh(self) -> Path:
        """An empty folder in it."""
        return Path(tempfile.mkdtemp(dir=self.path))

    def remove(self) -> None:
        """With all that is in it, and the lock last."""
        until = time.monotonic() + _PATIENCE_SECONDS
        folders.remove(self.path)
        while self.path.exists() and time.monotonic() < until:
            time.sleep(_PAUSE_SECONDS)  # a thread is still at it: see `folders.tidy`
            folders.remove(self.path)
        os.close(self._lock)


def sweep() -> None:
    """Remove what killed graders of this user have left in the temporary folder."""
    place = tempfile.gettempdir()
    with suppress(OSError), os.scandir(place) as entries:
        for name in [entry.name for entry in entries if _NAME.fullmatch(entry.name)]:
            with suppress(OSError):  # somebody's, or gone by now
                _remove_unlocked(Path(place, name))


def _remove_unlocked(path: Path) -> None:
    """Raises OSError if a living grader holds it, or it is no folder."""
    lock = os.open(path, folders.FOLDER)
    try:
        if os.fstat(lock).st_uid == os.geteuid():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            folders.remove(path)
    finally:
        os.close(lock)


def _made() -> tuple[Path, int]:
    """A new folder and the lock on it: another one, should a sweep have come between the two."""
    while True:
        path = Path(tempfile.mkdtemp(prefix=f"grade-{os.getpid()}-"))
        with suppress(FileNotFoundError):
            lock = os.open(path, folders.FOLDER)
            if _is_locked(path, lock):
                return path, lock
            os.close(lock)


def _is_locked(path: Path, lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: there nobody can sweep either
        return True
    with suppress(FileNotFoundError):
        return os.path.samestat(path.lstat(), os.fstat(lock))
    return False
