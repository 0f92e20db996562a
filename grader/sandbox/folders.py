"""The work folders of runs that have no file system of their own: how full, and gone for good.

What lies in them is a student's.  So no path leads through it, nothing is followed, and nothing
is done as deep as it is nested.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Self

MOST_ENTRIES = 1024
MOST_BYTES = 64 << 20
_SOON_GONE = 32  # entries
_MOST_WAITING = 256  # each is an open file
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def too_full(path: Path, most: int = MOST_ENTRIES) -> bool:
    """Whether a run has left more there than it may; it may be at work while this looks.

    Ends as soon as it knows.  What it cannot look into counts as too much.
    """
    entries = size = 0
    waiting = [os.open(path, FOLDER)]
    try:
        while waiting:
            with _Listing(waiting.pop()) as listing:
                for entry in listing:
                    with suppress(FileNotFoundError, NotADirectoryError):  # it is another by now
                        entries += 1
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(os.open(entry.name, FOLDER, dir_fd=listing.fd))
                    if entries > most or size > MOST_BYTES or len(waiting) > _MOST_WAITING:
                        return True
    except OSError:
        return True
    finally:
        for fd in waiting:
            os.close(fd)
    return False


def tidy(path: Path) -> None:
    """Remove it as `remove` does, and meanwhile let nobody wait for what takes long."""
    with suppress(FileNotFoundError):  # who closed its server has removed all of them
        if too_full(path, _SOON_GONE):
            Thread(target=remove, args=(path,)).start()
        else:
            remove(path)


def remove(path: Path) -> None:
    """Remove it with all that is there; nobody may be at work in it any more.

    If something cannot be removed, the rest stays too.
    """
    with suppress(OSError):
        _empty(os.open(path, FOLDER))
        path.rmdir()


def _empty(folder: int) -> None:
    """Down into the first folder that is found, up again when there is none; closes it."""
    way: list[str] = []
    try:
        while (name := _first_folder(folder)) or way:
            if name:
                os.chmod(name, stat.S_IRWXU, dir_fd=folder)
            deeper = os.open(name or os.pardir, FOLDER, dir_fd=folder)
            os.close(folder)
            folder = deeper
            if name:
                way.append(name)
            else:
                os.rmdir(way.pop(), dir_fd=folder)
    finally:
        os.close(folder)


def _first_folder(folder: int) -> str:
    """After removing all files that come before it; "" if there is none."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                return entry.name
            os.unlink(entry.name, dir_fd=folder)
    return ""


class _Listing:
    """The entries of an open folder, a few at a time; closes it."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def __enter__(self) -> Self:
        self._entries = os.scandir(self.fd)
        return self

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self._entries

    def __exit__(self, *_: object) -> None:
        self._entries.close()
        os.close(self.fd)
