"""Where a command writes what it made."""

import os
import stat
import threading
from pathlib import Path

import pytest

from grader.classroom.gradebook import opened
from grader.cli.output import write
from grader.errors import UsageError


def test_what_is_private_is_nobody_else_s_to_read(tmp_path: Path) -> None:
    write(b"grades", tmp_path / "grades.csv", private=True)

    assert stat.S_IMODE((tmp_path / "grades.csv").stat().st_mode) == 0o600


def test_a_file_that_is_there_keeps_its_mode_and_a_link_its_target(tmp_path: Path) -> None:
    file, link = tmp_path / "grades.csv", tmp_path / "link.csv"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to(file)

    write(b"new", link, private=True)

    assert link.is_symlink()
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", 0o640)


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """As /dev/null and /dev/stdout are, and root could replace them."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    came: list[bytes] = []
    reader = threading.Thread(target=lambda: came.append(pipe.read_bytes()), daemon=True)
    reader.start()

    write(b"grades", pipe, private=True)
    reader.join(10)

    assert pipe.is_fifo()
    assert came == [b"grades"]


@pytest.mark.parametrize("private", [False, True])
def test_a_gradebook_is_never_written_over(*, private: bool, tmp_path: Path) -> None:
    file = tmp_path / "book.db"
    with opened(str(file), "c"):
        pass
    before = file.read_bytes()

    with pytest.raises(UsageError, match="is a gradebook"):
        write(b"grades", file, private=private)

    assert file.read_bytes() == before


@pytest.mark.parametrize("private", [False, True])
def test_a_file_that_cannot_be_written_is_told(*, private: bool, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"grades\.csv cannot be written: No such file"):
        write(b"", tmp_path / "nowhere" / "grades.csv", private=private)
    assert not list(tmp_path.iterdir())
