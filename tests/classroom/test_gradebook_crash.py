"""Killed at any instant, nothing that was acknowledged is lost, and nothing is half there.

Running again ends where an undisturbed run does.
"""

import multiprocessing
import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import psycopg
import pytest

from grader.classroom.cohort import Attempt
from grader.classroom.gradebook import Gradebook, opened
from grader.reporting.shown import Audience
from tests.books import attempt, grading, report
from tests.postgres import Cluster

TOLD = report([("a", 1, 4)]) + b" " * 2000
MANY = 80
_fork = multiprocessing.get_context("fork")


def work() -> Iterator[Attempt]:
    for at in range(MANY):
        yield attempt(f"s{at} t{at}", raw=b"%d" % at * 2000)


def batch(url: str, done: Connection) -> None:
    """What `grade batch` does with each: skip what is judged, else keep it; and say so."""
    with opened(url, "c") as book:
        for at, given in enumerate(work()):
            if not book.is_judged(given, "k1"):
                book.keep(given, grading(at % 10, report=TOLD))
            done.send(given.mark)


def rows(book: Gradebook) -> list[tuple[object, ...]]:
    """All of it but the ids; each report and each file is there, and whole."""
    found = sorted(
        (kept.students, kept.points, kept.standing, kept.digest) for kept in book.attempts()
    )
    for kept in book.attempts():
        assert book.report(kept.id, Audience.TEACHER) == TOLD
        assert len(kept.students) == 2
        assert len(book.raw(kept.digest)) >= 2000
    return list(found)


def started(url: str) -> tuple[BaseProcess, Connection]:
    ours, theirs = _fork.Pipe(duplex=False)
    process = _fork.Process(target=batch, args=(url, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def told(done: Connection, *, most: int = MANY) -> set[str]:
    """What was acknowledged, so far or until the sender is gone."""
    found: set[str] = set()
    try:
        while len(found) < most:
            found.add(done.recv())
    except EOFError:
        pass
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    url = str(tmp_path_factory.mktemp("undisturbed") / "book.db")
    with opened(url, "c") as book:
        for at, given in enumerate(work()):
            book.keep(given, grading(at % 10, report=TOLD))
        return rows(book)


def test_a_grader_that_is_killed_again_and_again(
    tmp_path: Path, undisturbed: list[tuple[object, ...]]
) -> None:
    file = tmp_path / "book.db"
    chance = random.Random(4)  # noqa: S311  (no secret)
    kills, acknowledged = 0, set[str]()
    while len(acknowledged) < MANY:
        process, done = started(str(file))
        if kills < 5:
            acknowledged |= told(done, most=len(acknowledged) + 5)
            time.sleep(chance.random() / 100)
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        acknowledged |= told(done)
        process.join()
        with opened(str(file), "c") as book:
            kept = rows(book)
            judged = {given.mark for given in work() if book.is_judged(given, "k1")}
            assert acknowledged <= judged
        assert sqlite3.connect(file).execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    assert kills == 5
    assert kept == undisturbed


def test_a_server_that_is_killed_twice(undisturbed: list[tuple[object, ...]]) -> None:
    """Once the process that serves, once all of it: who keeps waits, and loses nothing."""
    cluster = Cluster()
    try:
        cluster.make()
        cluster.start()
        process, done = started(cluster.url)
        acknowledged = told(done, most=20)
        _kill_backend(cluster.url)
        acknowledged |= told(done, most=20)
        cluster.kill()
        cluster.start()
        acknowledged |= told(done)
        process.join()

        with opened(cluster.url, "c") as book:
            assert len(acknowledged) == MANY
            assert rows(book) == undisturbed
    finally:
        cluster.end()


def _kill_backend(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        serving = "SELECT pid FROM pg_stat_activity WHERE application_name = 'grade'"
        (pid,) = connection.execute(serving).fetchone() or (0,)
    assert pid
    os.kill(pid, signal.SIGKILL)


def test_two_graders_at_once(tmp_path: Path, undisturbed: list[tuple[object, ...]]) -> None:
    file = str(tmp_path / "book.db")
    both = [started(file), started(file)]

    assert all(len(told(done)) == MANY for _, done in both)

    for process, _ in both:
        process.join()
    with opened(file, "c") as book:
        assert rows(book) == undisturbed


def test_who_is_in_the_way_of_the_write_ahead_log_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.classroom.gradebook.store._PRAGMAS", ("busy_timeout = 50",))
    file = str(tmp_path / "book.db")
    with opened(file, "c") as book:
        book.keep(attempt(), grading())
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN")
        other.execute("SELECT * FROM attempts").fetchall()

        with opened(file, "c") as book:
            assert len(list(book.attempts())) == 1
