"""Where a batch is graded, as the command line says."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps

import click

from grader import settings
from grader.classroom.batch import Conditions, Pool
from grader.classroom.executors import cluster, local
from grader.cli.grading import told_secret
from grader.cli.options import isolation_option
from grader.course.setup import Setup
from grader.judging import workshop
from grader.judging.keys import Taken
from grader.reporting.talk import tell


@dataclass(frozen=True, slots=True)
class Where:
    """What `--isolation`, `--workers` and `--cluster` say."""

    isolation: str | None
    workers: int
    cluster: str | None


@dataclass(frozen=True, slots=True)
class Ready:
    """Who grades, and what the verdicts will rest on."""

    pool: Pool
    conditions: Conditions


def where_options(command: Callable[..., None]) -> Callable[..., None]:
    """The three options, told to the command as one `where`."""

    @wraps(command)
    def told(
        *args: object, isolation: str | None, workers: int, cluster: str | None, **rest: object
    ) -> None:
        command(*args, where=Where(isolation, workers, cluster), **rest)

    return _workers_option(_cluster_option(isolation_option(told)))


_workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=len(os.sched_getaffinity(0)),
    show_default="one for each processor",
    help="How many submissions are graded at a time.",
)
_cluster_option = click.option(
    "--cluster",
    metavar="ADDRESS",
    help="A Dask scheduler (tcp://…, tls://…), or `slurm`, which starts WORKERS jobs.",
)


@contextmanager
def opened(setup: Setup, where: Where) -> Iterator[Ready]:
    """The cluster, if one is named, else this machine."""
    course = setup.course
    level = where.isolation or course.isolation
    if where.cluster:
        if cluster.is_open(where.cluster):
            tell(
                f"{where.cluster} is not encrypted: whoever reaches it can read and forge; use tls://"
            )
        key = settings.secret(course.folder, os.environ, may_make=False).key
        conditions = Conditions(course.id, settings.fingerprint(key), level)
        drawn = Taken(course.folder / settings.DRAWS_FILE, key).alone()
        place = cluster.Place(course.folder.resolve(), level, drawn)
        with cluster.opened(where.cluster, where.workers, place) as pool:
            yield Ready(pool, conditions)
        return
    with workshop.opened(course, isolation=level, sandbox=setup.sandbox(1)) as shop:
        told_secret(shop)
        with local.opened(where.workers, shop, level) as pool:
            yield Ready(pool, Conditions(course.id, shop.fingerprint, level))
