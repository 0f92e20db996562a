"""`grade doctor`: what this machine offers, and what is missing."""

import os
import platform
import shutil
from collections.abc import Iterator

import click

from grader import settings
from grader.cli.setup import Setup, course_option
from grader.errors import GraderError
from grader.format import Limits
from grader.model import Ended
from grader.sandbox.box.isolation.modes import MODES
from grader.sandbox.cache import versions
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import program_job
from grader.sandbox.runs import as_run

_PROBE = "import torch\nx = torch.ones(2, requires_grad=True)\n(x * x).sum().backward()\n"
_PROBE += "__ask__('grad', lambda: x.grad)"


@click.command("doctor")
@course_option
@click.pass_context
def command(ctx: click.Context) -> None:
    """Say what works here: versions, course, folders, and how well student code is confined."""
    setup = ctx.ensure_object(Setup)
    good = True
    for name, words, fine in _findings(setup):
        good = good and fine
        click.echo(f"{'ok  ' if fine else 'FAIL'}  {name:10}  {words}")
    ctx.exit(0 if good else 3)


def _findings(setup: Setup) -> Iterator[tuple[str, str, bool]]:
    yield "machine", f"{platform.platform()}, {len(os.sched_getaffinity(0))} processors", True
    yield "versions", ", ".join(f"{name} {version}" for name, version in versions().items()), True
    try:
        course = setup.course
        yield "course", f"{course.title}: {len(course.paths)} exercises in {course.folder}", True
    except GraderError as error:
        yield "course", str(error), False
    for name, folder in (
        ("cache", settings.cache_folder(os.environ)),
        ("attempts", settings.state_folder(os.environ)),
    ):
        yield name, *_writable(folder)
    yield from _sandbox()


def _writable(folder: os.PathLike[str]) -> tuple[str, bool]:
    try:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103  (any path)
    except OSError as error:
        return f"{folder} cannot be written: {error.strerror}", False
    free = shutil.disk_usage(folder).free >> 20
    return f"{folder}, {free} MB free", os.access(folder, os.W_OK)


def _sandbox() -> Iterator[tuple[str, str, bool]]:
    with Sandbox() as sandbox:
        (ending,) = sandbox.run([program_job(_PROBE, ("grad",), Limits())])
        run = as_run(ending)
        fine = run.ended is Ended.FINISHED and "grad" in run.observations
        said = "a backward pass runs in a box" if fine else f"a box does not work: {run.fault}"
        yield "box", said, fine
        found, refused = sandbox.isolation, sandbox.refused
    for mode, why in refused.items():
        yield "isolation", f"not mode {mode} ({MODES[mode].title}): {why}", True
    title, missing = MODES[found.mode].title, "; ".join(found.missing) or "nothing"
    words = f"mode {found.mode} ({title}), level {found.level}; missing: {missing}"
    yield "isolation", words, found.level != "none"
