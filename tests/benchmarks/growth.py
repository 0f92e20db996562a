"""How cost grows with the number of submissions, and what gives way first.

What one core, the gradebook and a Dask scheduler bear is measured; what a hundred thousand in an
hour need is worked out from it.
"""

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from grader import settings
from grader.classroom.batch import Conditions, Desk, grade_all
from grader.classroom.cohort import HandedIn
from grader.classroom.executors import local
from grader.course.loading import load_course, load_exercise
from grader.judging import workshop
from grader.judging.workshop import Workshop
from grader.sandbox import client
from tests import made_class, shops
from tests.benchmarks import growth_book, growth_cluster
from tests.benchmarks.growth_book import Sample
from tests.benchmarks.table import show
from tests.benchmarks.watched import ROOT

GOLDEN = ROOT / "tests" / "golden" / "ex4"
SAMPLE = "wrong_zero_never.py"  # its report has a diagnosis and curves
MANY, HOUR = 100_000, 3600
HOSTILE = 0.05

Row = Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds a submission."""

    desk: float  # to say what it is, in the process of the batch
    core: float  # to grade it, on one core


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--counts", type=int, nargs="+", default=[1000, 10_000])
    options.add_argument("--orders", type=int, nargs="+", default=[1000, 5000])
    options.add_argument("--graded", type=int, default=200, help="To know what one costs.")
    options.add_argument("--books", nargs="+", default=["SQLite", "PostgreSQL"])
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ |= {"GRADE_SECRET": shops.SECRET, "GRADE_CACHE": folder}
        sample, costs = one_core(wanted.graded)
    books = [
        alone(partial(growth_book.measured, kind, count, sample))
        for kind in wanted.books
        for count in wanted.counts
    ]
    show("gradebook", books)
    orders = [alone(partial(growth_cluster.measured, count, *sample)) for count in wanted.orders]
    show("Dask scheduler", orders)
    show(f"{MANY} in an hour", ceilings(costs, books, orders))


def alone(work: Callable[[], dict[str, float | str]]) -> Row:
    """In a new process, whose peak is its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as processes:
        return processes.submit(work).result()


# --- one core ------------------------------------------------------------------------------------


def one_core(count: int) -> tuple[Sample, Costs]:
    """A real attempt with its grading, and what one submission of a mixed class costs."""
    path = GOLDEN / SAMPLE
    with at_work() as (shop, desk), local.opened(1, shop, shop.course.isolation) as pool:
        one = desk.order(HandedIn(("s0",), path.name, path.name, path.read_bytes))
        list(grade_all([one, *map(desk.order, mixed(count))], pool))  # what is cached is there now
        (first,) = grade_all([one], pool)
        assert first.attempt is not None
        assert first.grading is not None
        started = time.perf_counter()
        orders = [desk.order(each) for each in mixed(count)]
        ordered = time.perf_counter()
        list(grade_all(orders, pool))
        ended = time.perf_counter()
    costs = Costs((ordered - started) / count, (ended - ordered) / count)
    return (first.attempt, first.grading), costs


@contextmanager
def at_work() -> Iterator[tuple[Workshop, Desk]]:
    course = load_course(ROOT)
    exercise = load_exercise(course, "ex4")
    fingerprint = settings.fingerprint(bytes.fromhex(shops.SECRET))
    conditions = Conditions(course.id, fingerprint, course.isolation)
    with workshop.opened(course, isolation=course.isolation, sandbox=client.opened(1)) as shop:
        yield shop, Desk(lambda *_: exercise, conditions, datetime.now(UTC))


def mixed(count: int) -> Iterator[HandedIn]:
    for work in made_class.made(count, hostile=HOSTILE).works:
        yield HandedIn(work.students, work.name, work.golden, partial(bytes, work.raw))


# --- what is worked out --------------------------------------------------------------------------


def ceilings(costs: Costs, books: Sequence[Row], orders: Sequence[Row]) -> list[Row]:
    """What each station bears, and how many cores it keeps busy; the lowest is the first ceiling.

    With the largest number that was measured.  The process of the batch does one thing after
    another, so "one batch" adds up what it does for a submission.
    """
    bears = {"desk": 1 / costs.desk, "Dask scheduler": float(orders[-1]["a second"])}
    last = {str(row["book"]): row for row in books}
    for kind, row in last.items():
        keep, look_up = float(row["keep a second"]), float(row["look up a second"])
        bears[f"gradebook, {kind}"] = 1 / (1 / keep + 1 / look_up)
    for kind in last:
        steps = ("desk", "Dask scheduler", f"gradebook, {kind}")
        bears[f"one batch, {kind}"] = 1 / sum(1 / bears[step] for step in steps)
    needed = {"one core": 1 / costs.core, f"{MANY} in an hour": MANY / HOUR}
    return [
        {
            "station": station,
            "a second": rate,
            "cores": rate * costs.core,
            f"minutes for {MANY}": MANY / rate / 60,
        }
        for station, rate in {**needed, **bears}.items()
    ]


if __name__ == "__main__":
    main()
