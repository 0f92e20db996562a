"""Workers of a Dask cluster, each with a warm fork server of its own.

A worker reads the course from the folder that it is told, so that solutions do not travel, and
takes the secret from there or from its GRADE_SECRET.  It grades only what it would judge exactly as
the machine that asks.  What Dask does for us: a task whose worker dies is given to another one.
"""

import atexit
import importlib
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from grader import settings
from grader.classroom.batch import AHEAD, Judge, Order, Pool
from grader.classroom.cohort import Grading
from grader.course.loading import load_course
from grader.errors import UsageError
from grader.judging import workshop
from grader.sandbox import client

SLURM = "slurm"
_ANSWER_SECONDS = 10
_SECONDS = 60  # until the first worker must be there; a queue may take longer
_QUEUE_SECONDS = 24 * 3600
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker finds the course, and how strictly it has to confine."""

    folder: Path
    isolation: str
    drawn: bytes = b""  # which hidden cases whoever asks has taken


@contextmanager
def opened(cluster: str, workers: int, place: Place) -> Iterator[Pool]:
    """Grade on the cluster at an address (`tcp://…`, `tls://…`), or on one made of Slurm jobs.

    Raises UsageError if nobody answers, or no worker comes.
    """
    distributed = _imported("distributed")
    _quieten()
    with ExitStack() as stack:
        at, seconds = cluster, _SECONDS
        if cluster == SLURM:
            at, seconds = stack.enter_context(_slurm(workers)), _QUEUE_SECONDS
        client = stack.enter_context(_connected(distributed, at))
        threads = _awaited(distributed, client, seconds)
        executor = stack.enter_context(client.get_executor(pure=False))

        def submit(order: Order) -> Future[Grading]:
            future: Future[Grading] = executor.submit(judged_there, place, order)
            return future

        yield Pool(submit, AHEAD * max(threads, workers))


def is_open(cluster: str) -> bool:
    """Whether others on the network could read along, or command the scheduler."""
    at = urlsplit(cluster)
    return at.scheme == "tcp" and at.hostname not in {"localhost", "127.0.0.1", "::1"}


def judged_there(place: Place, order: Order) -> Grading:
    """What a worker does.  Its workshop is opened once and closed when the worker ends."""
    with _lock:
        judge = _judge(place)
    return judge(order)


@cache
def _judge(place: Place) -> Judge:
    stack = ExitStack()
    atexit.register(stack.close)
    course = load_course(place.folder)
    shop = workshop.opened(
        course,
        isolation=place.isolation,
        sandbox=client.opened(1),
        may_make_secret=False,
        drawn=place.drawn,
    )
    return Judge(stack.enter_context(shop), place.isolation)


def _imported(name: str) -> Any:  # noqa: ANN401  (of what they export, little is typed)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        hint = "pip install 'grader[cluster]', here and on the workers"
        raise UsageError(f"a cluster needs {name}", hint=hint) from None


def _quieten() -> None:
    """What they log of a lost scheduler, we say in words.  Some have a level of their own."""
    for name in ("distributed", "asyncio", *logging.root.manager.loggerDict):
        if name.partition(".")[0] in {"distributed", "asyncio"}:
            logging.getLogger(name).setLevel(logging.CRITICAL)


@contextmanager
def _connected(distributed: Any, at: Any) -> Iterator[Any]:  # noqa: ANN401
    try:
        client = distributed.Client(at, timeout=_ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        hint = "start one: `dask scheduler` prints its address, `dask worker ADDRESS` joins it"
        raise UsageError(f"no cluster answers at {at}: {error}", hint=hint) from None
    with client:
        yield client


def _awaited(distributed: Any, client: Any, seconds: float) -> int:  # noqa: ANN401
    """How many threads the workers have, once there is one."""
    try:
        client.wait_for_workers(1, timeout=seconds)
    except (TimeoutError, distributed.TimeoutError):
        hint = "start some: `dask worker ADDRESS`"
        raise UsageError("the cluster has no worker", hint=hint) from None
    return sum(client.nthreads().values())


@contextmanager
def _slurm(workers: int) -> Iterator[Any]:
    """One job a worker; queue and wall time come from Dask's own configuration (jobqueue.yaml).

    They talk over TLS, with keys made for this batch: whoever can talk to a scheduler commands it.
    """
    if shutil.which("sbatch") is None:
        hint = "run it where `sbatch` is, or give the address of a cluster that runs"
        raise UsageError("this machine submits no Slurm jobs", hint=hint)
    folder = settings.state_folder(os.environ) / "slurm"  # in a home that the nodes share
    folder.mkdir(parents=True, exist_ok=True)
    jobs = _imported("dask_jobqueue").SLURMCluster
    with jobs(
        cores=1,
        processes=1,
        memory="4GB",
        security=True,
        shared_temp_directory=str(folder),
        log_directory=str(folder),
    ) as cluster:
        cluster.scale(workers)
        yield cluster
