"""What a run leaves in its work folder is bounded, and goes, whatever it is."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import enumerate as threads

import pytest

from grader.sandbox import folders


def many(folder: Path) -> None:
    for number in range(folders.MOST_ENTRIES + 1):
        (folder / str(number)).touch()


def big(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / name).write_bytes(bytes(folders.MOST_BYTES // 2 + 4096))


def deep(folder: Path) -> None:
    """Deeper than Python's stack and than any path may be long."""
    fd = os.open(folder, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=fd)
        deeper = os.open("d", os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = deeper
    os.mkdir("other", dir_fd=fd)
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=fd))
    os.close(fd)


def wide(folder: Path) -> None:
    for number in range(500):
        (folder / str(number)).mkdir()


def closed(folder: Path) -> None:
    (folder / "closed" / "in it").mkdir(parents=True)
    (folder / "closed" / "in it").chmod(0)
    (folder / "closed").chmod(0o300)


FULL = [many, big, deep, wide]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_what_honest_code_leaves_is_fine(work: Path) -> None:
    (work / "runs" / "first").mkdir(parents=True)
    (work / "runs" / "first" / "weights.bin").write_bytes(bytes(1 << 20))

    assert not folders.too_full(work)


@pytest.mark.parametrize("fill", FULL)
def test_too_much_is_noticed(work: Path, fill: Callable[[Path], None]) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    fill(work)

    assert folders.too_full(work)

    assert len(list(Path("/proc/self/fd").iterdir())) == before
    folders.remove(work)


def test_what_cannot_be_looked_into_is_too_much(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root can look everywhere, so it is refused here by hand."""
    closed(work)
    real = os.open

    def refused(path: str, flags: int, *more: int, dir_fd: int | None = None) -> int:
        if path == "closed":
            raise PermissionError
        return real(path, flags, *more, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refused)

    assert folders.too_full(work)


@pytest.mark.parametrize("fill", [*FULL, closed])
def test_all_of_it_goes(work: Path, fill: Callable[[Path], None]) -> None:
    fill(work)

    before = time.process_time()
    folders.remove(work)

    assert not work.exists()
    assert time.process_time() - before < 10  # of the processor: disks may be busy


def test_nothing_is_followed(work: Path, tmp_path: Path) -> None:
    """No run can make a link; that it cannot is not what the parent relies on."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_bytes(bytes(4096))
    (work / "in").mkdir()
    for place in (work, work / "in"):
        (place / "link").symlink_to(precious)
        (place / "loop").symlink_to(work)

    assert not folders.too_full(work)
    folders.remove(work)

    assert not work.exists()
    assert (precious / "file").exists()


@pytest.mark.parametrize("fill", FULL)
def test_nobody_waits_until_much_is_gone(work: Path, fill: Callable[[Path], None]) -> None:
    """Whoever tidies up also keeps the time of other runs."""
    fill(work)
    before = set(threads())

    folders.tidy(work)

    removing = set(threads()) - before
    for thread in removing:
        thread.join()
    assert len(removing) == 1
    assert not work.exists()


def test_what_is_little_is_gone_at_once(work: Path) -> None:
    (work / "weights.bin").write_bytes(bytes(1 << 20))
    before = set(threads())

    folders.tidy(work)

    assert not work.exists()
    assert set(threads()) == before
