"""A batch on a real Dask cluster: a scheduler and two workers, one of which is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader import settings
from grader.classroom.batch import Conditions, Desk, Entry, Order, grade_all
from grader.classroom.cohort import HandedIn
from grader.classroom.executors import cluster
from grader.course.loading import load_course, load_exercise
from grader.errors import AuthorError, UsageError
from tests import shops

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "ex1"
Factory = pytest.TempPathFactory
NOW = datetime(2026, 3, 1, tzinfo=UTC)
STARTED_SECONDS = 120  # of a machine that is busy


@dataclass(frozen=True)
class Cluster:
    """A scheduler's address, and its workers: each a group of processes."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]


@contextmanager
def dask(
    folder: Path, environment: dict[str, str], *words: str
) -> Iterator[subprocess.Popen[bytes]]:
    """One of Dask's commands, in a group of its own that is killed at the end."""
    quiet = {"DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "10"}
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            env={**os.environ, **environment, **quiet},
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=folder,
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def running(folder: Path, environment: dict[str, str], workers: int = 2) -> Iterator[Cluster]:
    about = folder / "scheduler.json"
    at = ("--scheduler-file", str(about))
    with ExitStack() as stack:
        quiet = ("--no-dashboard", "--host", "127.0.0.1")
        command = ("scheduler", *at, "--port", "0", *quiet)
        scheduler = stack.enter_context(dask(folder, environment, *command))
        options = ("--nthreads", "1", "--nworkers", "1", "--no-dashboard", "--host", "127.0.0.1")
        them = [
            stack.enter_context(dask(folder, environment, "worker", *at, *options))
            for _ in range(workers)
        ]
        yield Cluster(_address(about), scheduler, tuple(them))


def _address(about: Path) -> str:
    deadline = time.monotonic() + STARTED_SECONDS
    while time.monotonic() < deadline:
        try:
            return str(json.loads(about.read_text())["address"])
        except (OSError, ValueError):
            time.sleep(0.05)
    raise AssertionError((about.parent / "log").read_text())


def orders(count: int, secret: str = shops.SECRET) -> list[Order]:
    """The same few submissions of as many students."""
    course = load_course(ROOT)
    exercise = load_exercise(course, "ex1")
    fingerprint = settings.fingerprint(bytes.fromhex(secret))
    conditions = Conditions(course.id, fingerprint, "none")
    desk = Desk(lambda *_: exercise, conditions, NOW)
    files = sorted(GOLDEN.glob("*.py"), key=lambda path: (path.name[:5] != "right", path.name))
    made = [
        desk.order(HandedIn((f"s{n}",), path.name, path.name, path.read_bytes))
        for n in range(count)
        for path in [files[n % len(files)]]
    ]
    return [each for each in made if isinstance(each, Order)]


def told(entries: list[Entry]) -> dict[tuple[str, ...], tuple[str, float]]:
    return {
        entry.students: (entry.grading.standing, entry.grading.points)
        for entry in entries
        if entry.grading is not None
    }


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    environment = shops.environment(tmp_path_factory)
    with running(tmp_path_factory.mktemp("cluster"), environment) as cluster_:
        yield cluster_


PLACE = cluster.Place(ROOT, "none")


def test_a_worker_with_another_secret_grades_nothing(two: Cluster) -> None:
    other = orders(1, secret="f" * 64)

    with cluster.opened(two.address, 1, PLACE) as pool, pytest.raises(UsageError) as raised:
        list(grade_all(other, pool))

    assert "another course, secret or version" in str(raised.value)


def test_a_worker_that_does_not_find_the_course_says_so(two: Cluster) -> None:
    place = cluster.Place(ROOT / "elsewhere", "none")

    with cluster.opened(two.address, 1, place) as pool, pytest.raises(AuthorError) as raised:
        list(grade_all(orders(1), pool))

    assert "elsewhere" in str(raised.value)


def test_a_worker_that_is_killed_loses_nothing(two: Cluster) -> None:
    """What it had is done by the other one, and nobody is graded twice."""
    count, done = 16, list[Entry]()

    with cluster.opened(two.address, 2, PLACE) as pool:
        for entry in grade_all(orders(count), pool):
            done.append(entry)
            if len(done) == 4:
                os.killpg(two.workers[0].pid, signal.SIGKILL)

    assert sorted(int(entry.students[0][1:]) for entry in done) == list(range(count))
    assert {entry.state for entry in done} == {"graded"}
    assert told(done)["s0",] == ("passed", 10.0)
    files = len(list(GOLDEN.glob("*.py")))
    assert files > count, "each is another submission"


def test_a_scheduler_that_dies_is_told_in_words(tmp_path: Path, tmp_path_factory: Factory) -> None:
    environment = {**os.environ, **shops.environment(tmp_path_factory), "GRADE_COURSE": str(ROOT)}
    room = tmp_path / "room"
    for number in range(20):
        (room / f"s{number}").mkdir(parents=True)
        path = room / f"s{number}" / "ex1.py"
        path.write_bytes((GOLDEN / "right_plain.py").read_bytes() + b"# %d\n" % number)
    with running(tmp_path, environment, workers=1) as one:
        options = ("--cluster", one.address, "--isolation", "none", "--book", str(tmp_path / "db"))
        with subprocess.Popen(
            [sys.executable, "-m", "grader", "batch", str(room), *options],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as batch:
            assert batch.stdout is not None
            assert "10/10" in batch.stdout.readline()
            one.scheduler.kill()
            _, said = batch.communicate()

    assert said.splitlines() == [
        "grade: those who grade are gone",
        "       run the same command again: what was graded is kept",
    ]
    assert batch.returncode == 3


def test_only_what_stays_on_this_machine_may_be_unencrypted() -> None:
    assert cluster.is_open("tcp://10.0.0.7:8786")
    assert not any(map(cluster.is_open, ("tcp://127.0.0.1:8786", "tls://10.0.0.7:8786", "slurm")))


def test_nobody_at_the_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_ANSWER_SECONDS", 0.5)
    opened = cluster.opened("tcp://127.0.0.1:9", 1, PLACE)

    with pytest.raises(UsageError, match="no cluster answers"), opened:
        pass
