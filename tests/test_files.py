"""Files are there whole or not at all, and of two that are made at once the first stays."""

import stat
from pathlib import Path

import pytest

from grader import files


def test_a_new_file_is_its_owners_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    files.replace(tmp_path / "page", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["page"]
    assert stat.S_IMODE((tmp_path / "page").stat().st_mode) == 0o600


def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    """It may be a student's who would have us write over something else."""
    (tmp_path / "other").write_bytes(b"kept")
    (tmp_path / "page").symlink_to(tmp_path / "other")

    files.replace(tmp_path / "page", b"new", 0o644)

    assert (tmp_path / "other").read_bytes() == b"kept"
    assert (tmp_path / "page").read_bytes() == b"new"


def test_what_cannot_take_its_place_is_gone(tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()

    with pytest.raises(IsADirectoryError):
        files.replace(tmp_path / "page", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["page"]


def test_what_is_there_first_stays(tmp_path: Path) -> None:
    assert files.create(tmp_path / "secret", b"first")
    assert not files.create(tmp_path / "secret", b"second")

    assert (tmp_path / "secret").read_bytes() == b"first"
    assert len(list(tmp_path.iterdir())) == 1
