"""An ending → Run or Parsed: how the process ended, and what may be read of what it sent."""

import signal
from collections.abc import Sequence
from dataclasses import replace

from grader.model import Ended, Fault, Parsed, Run
from grader.sandbox import decode
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Job
from grader.sandbox.running import READY, Ending


def run_all(sandbox: Sandbox, jobs: Sequence[Job]) -> list[Run]:
    """Run jobs of kind run or program; a run that could not be read is a Run too."""
    return [as_run(ending) for ending in sandbox.run(jobs)]


def parse(sandbox: Sandbox, job: Job) -> Parsed:
    """Parse in a box."""
    (ending,) = sandbox.run([job])
    return as_parsed(ending)


def parse_and_run(sandbox: Sandbox, job: Job) -> tuple[Parsed, Run]:
    """Do a job that has an outline: one box for both.

    What was parsed is sent before a line of the submission runs, so it is as good as ever.
    """
    (ending,) = sandbox.run([job])
    first, rest = decode.split(ending.message)
    if not first:  # it did not get beyond the parser
        return as_parsed(ending), as_run(ending)
    whole = Ending(frame=READY + first, status=0)
    return as_parsed(whole), as_run(replace(ending, frame=READY + rest))


def as_parsed(ending: Ending) -> Parsed:
    """A file that kills the parser has a fault, not an exception.

    Nothing of a student's runs here: a parser that leaves by itself does so through our fault.
    """
    stopped = _stopped(ending)
    if stopped is not None:
        ended, kind = stopped
        if kind in ("broken", "exited"):
            return Parsed(ended=Ended.BROKEN, fault=Fault("broken"))
        return Parsed(ended=ended, fault=Fault("unparsable"))
    try:
        return decode.parsed(ending.message)
    except decode.BadMessage as error:
        return Parsed(ended=Ended.REFUSED, fault=Fault("refused", message=str(error)))


def as_run(ending: Ending) -> Run:
    stopped = _stopped(ending)
    if stopped is not None:
        ended, kind = stopped
        run = Run(ended, fault=Fault(kind))
    else:
        try:
            run = decode.run(ending.message)
        except decode.BadMessage as error:
            run = Run(Ended.REFUSED, fault=Fault("refused", message=str(error)))
    return replace(run, output=ending.output, usage=ending.usage)


def _stopped(ending: Ending) -> tuple[Ended, str] | None:
    """How a run ended that sent nothing usable, or None."""
    if not ending.ready and ending.killed in ("", "deadline") and not ending.of_memory:
        return Ended.BROKEN, "broken"
    if ending.killed == "deadline" and ending.status != 0:  # it was not just in time
        return Ended.TIMEOUT, "timeout"
    if ending.killed == "result":
        return Ended.REFUSED, "refused"
    if ending.killed == "disk":
        return Ended.CRASHED, "disk"
    if ending.of_memory:
        return Ended.MEMORY, "memory"
    if ending.status == 0 and ending.message:
        return None
    if ending.status in (-signal.SIGXCPU, -signal.SIGKILL):
        return Ended.TIMEOUT, "timeout"
    if ending.status is not None and ending.status < 0:
        return Ended.CRASHED, f"signal_{-ending.status}"
    return Ended.CRASHED, "exited"
