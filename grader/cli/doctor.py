"""`grade doctor`: what this machine offers, what is missing, and how to mend it."""

import json
import os
import platform
import shutil
import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import click

from grader import settings
from grader.cli.options import course_option
from grader.course.setup import Setup
from grader.errors import Exit, GraderError
from grader.model import Ended, Isolation
from grader.sandbox import layers, remedies
from grader.sandbox.box.isolation.modes import MODES
from grader.sandbox.cache import versions
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import program_job
from grader.sandbox.layers import Grouping, Layer
from grader.sandbox.limits import Limits
from grader.sandbox.runs import as_run

_PROBE = "import torch\nx = torch.ones(2, requires_grad=True)\n(x * x).sum().backward()\n"
_PROBE += "__ask__('grad', lambda: x.grad)"
_WIDTH = 100


@dataclass(frozen=True)
class Finding:
    name: str
    words: str
    fine: bool = True


@dataclass(frozen=True)
class Refused:
    """A mode that is better than the one in use, or a layer that is missing in it."""

    name: str
    why: str
    remedy: str


@dataclass(frozen=True)
class Confinement:
    isolation: Isolation
    layers: list[Layer]
    refused: list[Refused]

    @property
    def finding(self) -> Finding:
        found = self.isolation
        words = f"level {found.level}: mode {found.mode}, {MODES[found.mode].title}"
        wrong = any(layer.wrong for layer in self.layers)
        return Finding("isolation", words, found.level != "none" and not wrong)


@click.command("doctor")
@course_option
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.pass_context
def command(ctx: click.Context, format_: str) -> None:
    """Say what works here: versions, course, folders, and how well student code is confined."""
    findings = list(_findings(ctx.ensure_object(Setup)))
    with Sandbox() as sandbox:
        findings.append(_box(sandbox))
        confinement = _confinement(sandbox)
    findings.append(confinement.finding)
    if format_ == "json":
        told = {"findings": [asdict(found) for found in findings], **asdict(confinement)}
        click.echo(json.dumps(told, indent=2))
    else:
        for line in _lines(findings, confinement):
            click.echo(line)
    ctx.exit(0 if all(found.fine for found in findings) else Exit.OURS)


def _findings(setup: Setup) -> Iterator[Finding]:
    yield Finding("machine", f"{platform.platform()}, {len(os.sched_getaffinity(0))} processors")
    yield Finding("versions", ", ".join(f"{name} {found}" for name, found in versions().items()))
    try:
        course = setup.course
        words = f"{course.title}: {len(course.paths)} exercises in {course.folder}"
        yield Finding("course", f"{words}, requires isolation {course.isolation}")
    except GraderError as error:
        yield Finding("course", str(error), fine=False)
    yield _writable("cache", settings.cache_folder(os.environ))
    yield _writable("attempts", settings.state_folder(os.environ))


def _writable(name: str, folder: os.PathLike[str]) -> Finding:
    try:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103  (any path)
    except OSError as error:
        return Finding(name, f"{folder} cannot be written: {error.strerror}", fine=False)
    free = shutil.disk_usage(folder).free >> 20
    return Finding(name, f"{folder}, {free} MB free", os.access(folder, os.W_OK))


def _box(sandbox: Sandbox) -> Finding:
    (ending,) = sandbox.run([program_job(_PROBE, ("grad",), Limits())])
    run = as_run(ending)
    if run.ended is Ended.FINISHED and "grad" in run.observations:
        return Finding("box", "a backward pass runs in a box")
    return Finding("box", f"a box does not work: {run.fault}", fine=False)


def _confinement(sandbox: Sandbox) -> Confinement:
    """After a run with torch, so that its own needs are tried as well."""
    isolation, grouping = sandbox.isolation, layers.grouping()
    found = layers.probed(sandbox)
    fences = layers.layers(isolation.mode, found, grouping)
    return Confinement(isolation, fences, list(_refused(sandbox, grouping)))


def _refused(sandbox: Sandbox, grouping: Grouping) -> Iterator[Refused]:
    machine = remedies.Machine.here()
    known = remedies.for_modes(sandbox.refused, machine)
    for mode, why in sandbox.refused.items():
        yield Refused(f"mode {mode}, {MODES[mode].title}", why.words, known.get(mode, ""))
    if grouping.why_not:
        remedy = remedies.for_group(grouping.why_not.lack, machine)
        yield Refused("a control group for each run", grouping.why_not.words, remedy)


# --- for people ----------------------------------------------------------------------------------


def _lines(findings: list[Finding], confinement: Confinement) -> Iterator[str]:
    for found in findings:
        yield f"{'ok  ' if found.fine else 'FAIL'}  {found.name:10}  {found.words}"
    yield ""
    yield "What confines a run here:"
    for layer in confinement.layers:
        yield from _row(layer)
    missing = confinement.isolation.missing
    yield ""
    yield "What is missing:" if missing else "Nothing is missing."
    for words in missing:
        yield from _wrapped(words, "  - ", "    ")
    if confinement.refused:
        yield ""
        yield "What would be better, and is not to be had here:"
    for refused in confinement.refused:
        yield from _wrapped(f"{refused.name}: {refused.why}", "  - ", "    ")
        if refused.remedy:
            yield from _wrapped(f"to get it: {refused.remedy}", "    ", "    ")


def _row(layer: Layer) -> Iterator[str]:
    mark = "FAIL" if layer.wrong else "ok  " if layer.tried else "--  "
    works = "work" if layer.name == "honest code" else "stopped"
    stopped = layer.tried - len(layer.wrong) - len(layer.known)
    tried = f"  ({stopped} of {layer.tried} {works})" if layer.tried else ""
    first = f"  {mark}  {layer.name:13}  "
    yield from _wrapped(layer.here + tried, first, " " * len(first))
    for name, outcome in layer.wrong.items():
        yield f"{'':23}{name}: {outcome}"
    if layer.known:
        yield f"{'':23}not stopped in this mode: {', '.join(layer.known)}"


def _wrapped(words: str, first: str, then: str) -> list[str]:
    return textwrap.wrap(
        words, _WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False
    )
