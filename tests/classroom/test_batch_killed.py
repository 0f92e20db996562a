"""A batch that is killed, interrupted or robbed of its fork server: nothing is lost or doubled."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests import shops

STUDENTS = 24
ANSWERS = ("return 3 * a * x**2", "return a * x**3", "return a", "raise ValueError")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file a student, no two alike."""
    room = tmp_path_factory.mktemp("room")
    for number in range(STUDENTS):
        code = f"    {ANSWERS[number % len(ANSWERS)]}  # {number}"
        text = f"# grade: ex1 format=1 variant=0\ndef slope(x, a):\n{code}\n"
        (room / f"s{number:02}.py").write_text(text)
    return room


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, course: Path) -> dict[str, str]:
    return {**os.environ, **shops.environment(tmp_path_factory), "GRADE_COURSE": str(course)}


@pytest.fixture(scope="module")
def undisturbed(
    room: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[object, ...]]:
    book = tmp_path_factory.mktemp("undisturbed") / "book.db"
    with batch(room, environment, book) as process:
        assert process.wait(60) == 0
    rows = graded(book)
    assert len(rows) == STUDENTS
    return rows


@contextmanager
def batch(room: Path, environment: dict[str, str], book: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "grader", "batch", str(room), "--book", str(book)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process


def until(process: subprocess.Popen[str], lines: int) -> None:
    """Until a batch has printed so many lines."""
    assert process.stdout is not None
    for _ in range(lines):
        assert process.stdout.readline()


def graded(book: Path) -> list[tuple[object, ...]]:
    """Read without any of our code: who, how good, and how often graded."""
    with closing(sqlite3.connect(book)) as connection:
        return connection.execute(
            "select student, exercise, standing, points, count(*) from members"
            " join attempts on attempts.id = members.attempt"
            " join gradings on gradings.attempt = attempts.id group by members.attempt order by 1"
        ).fetchall()


def test_a_killed_batch_goes_on_where_it_was(
    room: Path,
    environment: dict[str, str],
    undisturbed: list[tuple[object, ...]],
    tmp_path: Path,
) -> None:
    book, known = tmp_path / "book.db", 0
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment = {**environment, "TMPDIR": str(temporary)}
    for lines in (1, 12):
        with batch(room, environment, book) as process:
            until(process, lines)
            process.kill()
        assert len(graded(book)) >= max(lines, known), "what was told is kept"
        assert len(list(temporary.iterdir())) == 1, "what the one before left is swept"
        known = len(graded(book))

    with batch(room, environment, book) as process:
        assert process.wait(60) == 0
        assert process.stdout is not None
        cached = process.stdout.read().count("cached")

    assert cached == known < STUDENTS
    assert graded(book) == undisturbed
    assert list(temporary.iterdir()) == []


def test_a_batch_whose_fork_server_dies_goes_on(
    room: Path,
    environment: dict[str, str],
    undisturbed: list[tuple[object, ...]],
    tmp_path: Path,
) -> None:
    book = tmp_path / "book.db"

    with batch(room, environment, book) as process:
        until(process, 3)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        process.communicate(timeout=60)

    assert children
    assert process.returncode == 0
    assert graded(book) == undisturbed


def test_ctrl_c_keeps_what_was_graded(
    room: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """Some files never end, so that it is at work whenever the signal comes."""
    book, endless = tmp_path / "book.db", tmp_path / "endless"
    shutil.copytree(room, endless)
    for number in range(4, STUDENTS):
        text = f"# grade: ex1 format=1 variant=0\ndef slope(x, a):\n    while {number}: pass\n"
        (endless / f"s{number:02}.py").write_text(text)

    with batch(endless, environment, book) as process:
        until(process, 2)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "grade: interrupted" in said
    assert 2 <= len(graded(book)) < STUDENTS
