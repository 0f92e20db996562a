"""What a Dask scheduler bears: real orders, and workers that answer at once with a real grading."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import distributed

from grader.classroom.batch import Order, grade_all
from grader.classroom.cohort import Attempt, Grading
from grader.classroom.executors import cluster
from tests.benchmarks.watched import ROOT, peak_mb
from tests.classroom.test_cluster import running

WORKERS = 2
_REPORTS = ("student.json", "teacher.json")
_AT_ONCE = 16


def measured(count: int, attempt: Attempt, grading: Grading) -> dict[str, float | str]:
    """The road of `grade batch --cluster`, but for what a worker does at its end."""
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        reports = (grading.student_report, grading.teacher_report)
        for file, report in zip(_REPORTS, reports, strict=True):
            (folder / file).write_bytes(report)
        place = cluster.Place(folder, "none")
        with (
            running(folder, {"PYTHONPATH": str(ROOT)}, WORKERS) as dask,
            patch.object(cluster, "judged_there", idle),
            cluster.opened(dask.address, WORKERS, place) as pool,
        ):
            list(grade_all(_orders(attempt, _AT_ONCE), pool))  # workers load what they need
            started = time.perf_counter()
            done = sum(
                entry.grading is not None for entry in grade_all(_orders(attempt, count), pool)
            )
            seconds = time.perf_counter() - started
            assert done == count
            return {
                "orders": count,
                "a second": count / seconds,
                "KB there": len(attempt.raw) / 1024,
                "KB back": sum(map(len, reports)) / 1024,
                "scheduler MB": peak_mb(_scheduler(dask.address)),
                "batch MB": peak_mb(os.getpid()),
            }


def idle(place: cluster.Place, order: Order) -> Grading:
    """What a worker does here, instead of `judged_there`."""
    return replace(_stored(place.folder), key=order.key)


@cache
def _stored(folder: Path) -> Grading:
    student, teacher = ((folder / name).read_bytes() for name in _REPORTS)
    return Grading("", datetime.now(UTC), "failed", 4.5, 10.0, "", "", student, teacher)


def _orders(attempt: Attempt, count: int) -> Iterator[Order]:
    for number in range(count):
        raw = attempt.raw + f"\n# {number}\n".encode()
        yield Order(replace(attempt, raw=raw), f"key {number}")


def _scheduler(address: str) -> int:
    # It is untyped.
    with distributed.Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        pid: int = client.run_on_scheduler(os.getpid)
    return pid
