"""What a gradebook bears: made-up attempts of real size, in a process of their own."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import psycopg

from grader.classroom import gradebook
from grader.classroom.cohort import Attempt, Grading, Student
from grader.classroom.gradebook import Gradebook
from grader.course.loading import load_course
from tests import postgres
from tests.benchmarks.watched import ROOT, peak_mb

ATTEMPTS = 2  # of each student in each exercise
LOOKED_UP = 1000

Sample = tuple[Attempt, Grading]
_Found = TypeVar("_Found")


def measured(kind: str, count: int, sample: Sample) -> dict[str, float | str]:
    """Rates, seconds and megabytes of a book with so many attempts."""
    course = load_course(ROOT)
    with _url(kind) as url, gradebook.opened(url, course.id) as book:
        made = _made(sample, count, tuple(course.paths))
        keeping, last = _timed(lambda: _keep(book, made))
        kept_mb = peak_mb(os.getpid())
        looking, _ = _timed(lambda: [book.is_judged(last[0], "") for _ in range(LOOKED_UP)])
        sheet_seconds, sheet = _timed(lambda: book.sheet(course))
        figures_seconds, _ = _timed(lambda: list(book.figures(sheet)))
        return {
            "book": kind,
            "attempts": count,
            "keep a second": count / keeping,
            "look up a second": LOOKED_UP / looking,
            "KB each": _size(url) / count / 1024,
            "peak MB, keeping": kept_mb,
            "sheet s": sheet_seconds,
            "figures s": figures_seconds,
            "peak MB, sheet": peak_mb(os.getpid()),
        }


def _made(sample: Sample, count: int, exercises: tuple[str, ...]) -> Iterator[Sample]:
    """No two files are equal, and each report speaks of its own."""
    attempt, grading = sample
    students = max(count // (len(exercises) * ATTEMPTS), 1)
    for number in range(count):
        one = replace(
            attempt,
            students=(f"s{number % students:05}",),
            exercise=exercises[number // students % len(exercises)],
            raw=attempt.raw + f"\n# {number}\n".encode(),
            at=attempt.at + timedelta(seconds=number),
        )
        yield one, _of(one, attempt, grading)


def _of(one: Attempt, attempt: Attempt, grading: Grading) -> Grading:
    old, new = attempt.digest.encode(), one.digest.encode()
    return replace(
        grading,
        key=sha256(new).hexdigest(),
        student_report=grading.student_report.replace(old, new),
        teacher_report=grading.teacher_report.replace(old, new),
    )


def _keep(book: Gradebook, made: Iterator[Sample]) -> Sample:
    seen = set[str]()
    for one in made:
        seen.update(one[0].students)
        book.keep(*one)
    book.enrol(Student(id_) for id_ in sorted(seen))
    return one


def _timed(work: Callable[[], _Found]) -> tuple[float, _Found]:
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


@contextmanager
def _url(kind: str) -> Iterator[str]:
    """An empty book; a server keeps what it says it has kept, as it does by default."""
    if kind == "SQLite":
        with TemporaryDirectory(prefix="bench-") as folder:
            yield str(Path(folder, "book.db"))
        return
    server = postgres.Cluster()
    try:
        server.make()
        server.start()
        yield server.url
    finally:
        server.end()


def _size(url: str) -> int:
    if not url.startswith("postgresql"):
        return sum(path.stat().st_size for path in Path(url).parent.glob("book.db*"))
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    return int(row[0])
