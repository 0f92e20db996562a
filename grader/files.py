"""Bytes → a file that is there whole or not at all.  What cannot be written raises OSError."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def replace(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write so that readers see the old file or the new one.  A link is replaced, not followed."""
    with _beside(path, content) as made:
        made.chmod(mode)
        made.replace(path)


def create(path: Path, content: bytes) -> bool:
    """Write for the owner alone; False, and nothing is written, if somebody was first."""
    with _beside(path, content) as made:
        try:
            os.link(made, path)  # not a rename: of two that are made at once, the first stays
        except FileExistsError:
            return False
    return True


def write_whole(path: Path, content: bytes) -> None:
    """For what can be made again: a full disk, or a folder that is not ours, only costs time."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, content)


@contextmanager
def _beside(path: Path, content: bytes) -> Iterator[Path]:
    """A file with the content in the same folder, gone in the end."""
    handle, name = tempfile.mkstemp(prefix=".grade-", dir=path.parent)  # mode 0600
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        yield made
    finally:
        made.unlink(missing_ok=True)
