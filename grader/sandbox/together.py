"""Trusted jobs → their endings, many jobs in one box.

A box costs more than what the course's own code does in it, and none of that code is out to harm
another run.  The child ends early where a run leaves a mark on what would come after it; what did
not come whole runs again, alone, so that only there a limit is met and an end is told.
"""

from collections.abc import Iterator, Sequence

from grader.model import Usage
from grader.sandbox.box.together import HEAD
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Job, together_job
from grader.sandbox.running import READY, Ending

_LEAST, _MOST = 8, 32  # jobs in one box; fewer take less time than another box does


def endings(sandbox: Sandbox, jobs: Sequence[Job]) -> Iterator[tuple[int, Ending]]:
    """Give (index, ending) of every job, in any order.  Never for a student's code."""
    left, alone = [*range(len(jobs))], list[int]()
    while len(left) > 1:
        groups = _split(left, sandbox.slots)
        ended = sandbox.run([together_job([jobs[n] for n in group]) for group in groups])
        left = []
        for group, ending in zip(groups, ended, strict=True):
            came = _read(ending)
            yield from zip(group, came, strict=False)
            alone += group[len(came) : len(came) + 1]
            left += group[len(came) + 1 :]
    alone += left
    if alone:
        for number, ending in sandbox.as_they_end([jobs[n] for n in alone]):
            yield alone[number], ending


def _split(jobs: list[int], slots: int) -> list[list[int]]:
    size = min(_MOST, max(_LEAST, -(-len(jobs) // slots)))
    return [jobs[n : n + size] for n in range(0, len(jobs), size)]


def _read(ending: Ending) -> list[Ending]:
    """One for each job that came whole."""
    found = []
    sent, start = ending.message, 0
    while len(sent) - start > HEAD.size:
        size, seconds = HEAD.unpack_from(sent, start)
        start += HEAD.size
        if len(sent) - start < size:
            break
        frame = READY + sent[start : start + size]
        start += size
        found.append(Ending(frame=frame, status=0, usage=Usage(cpu_seconds=seconds)))
    return found
