"""Folder → Tree.  Links are not followed: they might lead to anything."""

import os
import stat
from pathlib import Path

from grader.classroom.intake.tree import Gathering, Reader, Tree, is_junk
from grader.errors import StudentError, UsageError


def read(path: Path) -> Tree:
    """Raises UsageError if the folder itself cannot be read; what is in it is left aside."""
    gathering, waiting = Gathering(), [""]
    while waiting:
        inside = waiting.pop()
        try:
            waiting += _gather(gathering, path, inside)
        except OSError as error:
            if not inside:
                raise UsageError(f"{path} cannot be read: {error.strerror}") from None
            gathering.leave(inside, f"cannot be opened: {error.strerror}")
    return gathering.tree(path.resolve().name)


def read_file(path: Path) -> Tree:
    """A single file, as if nothing else stood in its folder."""
    gathering = Gathering()
    gathering.add(path.name, reader(path, path.name))
    return gathering.tree(path.resolve().parent.name)


def _gather(gathering: Gathering, root: Path, inside: str) -> list[str]:
    """Add what stands in one folder; return the folders in it."""
    folders = []
    with os.scandir(root / inside) as entries:
        for entry in entries:
            name = f"{inside}/{entry.name}" if inside else entry.name
            if entry.is_symlink():
                gathering.leave(name, "is a link")
            elif entry.is_file(follow_symlinks=False):
                gathering.add(name, reader(root / name, name))
            elif not entry.is_dir(follow_symlinks=False):
                gathering.leave(name, "is no plain file")
            elif is_junk(f"{entry.name}/"):
                gathering.ignore()
            else:
                folders.append(name)
    return folders


def reader(path: Path, name: str) -> Reader:
    """Reads a regular file; raises StudentError, which calls it by that name."""

    def read_some(most: int) -> bytes:
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb") as file:
                # It may have been replaced since it was listed.
                found = os.fstat(handle)
                if not stat.S_ISREG(found.st_mode):
                    raise StudentError(f"{name} is no plain file")
                return file.read(min(found.st_size, most))
        except OSError as error:
            raise StudentError(f"{name} cannot be read: {error.strerror}") from None

    return read_some
