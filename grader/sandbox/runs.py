"""An ending → Run or Parsed: how the process ended, and what may be read of what it sent."""

import signal
from collections.abc import Sequence
from dataclasses import replace

from grader.model import Ended, Fault, Parsed, Run
from grader.sandbox import decode, frames, marks
from grader.sandbox.budget import DRIVE, LOAD, REST
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Job
from grader.sandbox.running import Ending

_OURS = ("drive", "program")  # what the box calls the course's code


def run_all(sandbox: Sandbox, jobs: Sequence[Job]) -> list[Run]:
    """Run jobs of kind run or program; a run that could not be read is a Run too."""
    return [as_run(ending) for ending in sandbox.run(jobs)]


def parse(sandbox: Sandbox, job: Job) -> Parsed:
    """Parse in a box."""
    (ending,) = sandbox.run([job])
    return as_parsed(ending)


def as_parsed(ending: Ending) -> Parsed:
    """A file that kills the parser has a fault, not an exception.

    Nothing of a student's runs here: a parser that leaves by itself does so through our fault.
    """
    stopped = _stopped(ending)
    if stopped is not None:
        ended, kind = stopped
        if ended is Ended.BROKEN or kind == "exited":
            return Parsed(ended=Ended.BROKEN, fault=Fault("broken"))
        return Parsed(ended=ended, fault=Fault("unparsable"))
    try:
        return decode.parsed(ending.message)
    except frames.BadMessage as error:
        return Parsed(ended=Ended.REFUSED, fault=Fault("refused", message=str(error)))


def as_run(ending: Ending) -> Run:
    stopped = _stopped(ending)
    if stopped is not None:
        ended, kind = stopped
        run = Run(ended, fault=Fault(kind))
    else:
        try:
            run = decode.run(marks.without(ending.message))
        except frames.BadMessage as error:
            run = Run(Ended.REFUSED, fault=Fault("refused", message=str(error)))
    if ending.asked and run.ended is not Ended.BROKEN:
        run = _late(run, ending)
    run = replace(run, output=ending.output, usage=ending.usage)
    return replace(run, stuck=_stuck(run, ending))


def _late(run: Run, ending: Ending) -> Run:
    """What was asked to stop is late, whatever it sends; where it was it may say itself."""
    kind = "slept" if ending.asked == "wall" else "timeout"
    if ending.stretch != DRIVE:
        kind = "load_timeout" if ending.stretch == LOAD else "stopped"
    if run.fault is not None and run.fault.line is not None:
        said = run.fault
    else:
        calls = [call for call in marks.stack(ending.message) if call[0] not in _OURS]
        said = Fault("", place=calls[0][0], line=calls[0][1]) if calls else _at(ending)
    return Run(Ended.TIMEOUT, fault=Fault(kind, place=said.place, line=said.line))


def _stuck(run: Run, ending: Ending) -> Fault | None:
    """The statement at the top level that ended the run; what is graded it did not get to."""
    if ending.stretch == DRIVE or run.fault is None or ending.mark is None:
        return None
    if run.ended is Ended.TIMEOUT:
        return replace(_at(ending), kind="asleep" if ending.asked == "wall" else "stopped")
    if run.ended in (Ended.CRASHED, Ended.MEMORY) and ending.stretch == REST:
        return replace(_at(ending), kind=run.fault.kind)
    return None


def _at(ending: Ending) -> Fault:
    """The statement at the top level that was marked last."""
    if ending.mark is None or ending.stretch == DRIVE:
        return Fault("")
    return Fault("", place=ending.mark.place, line=ending.mark.line)


def _stopped(ending: Ending) -> tuple[Ended, str] | None:
    """How a run ended that sent nothing usable, or None."""
    if ending.starved:
        return Ended.BROKEN, "starved"
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
    if ending.status == 0 and marks.without(ending.message):
        return None
    if ending.asked or ending.status in (-signal.SIGXCPU, -signal.SIGKILL):
        return Ended.TIMEOUT, "timeout"
    if ending.status is not None and ending.status < 0:
        return Ended.CRASHED, f"signal_{-ending.status}"
    return Ended.CRASHED, "exited"
