"""Paths of submissions → verdicts, by the real pipeline behind the fences of one mode.

Started with a clean interpreter: `python -I -B arena.py <mode> <cache folder>`.  It says
{"entered": mode} or {"cannot": why}; then for each path, a line of standard input, a line of JSON.
What escapes from the sandbox becomes a child of this process, where the tests look for it.
"""

import dataclasses
import json
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.classroom.collect import read
from grader.course.format import Exercise
from grader.course.loading import load_course, load_exercise
from grader.course.parts.code import CodePart
from grader.errors import GraderError, StudentError
from grader.judging import pipeline
from grader.judging.keys import Keys
from grader.judging.workshop import Workshop
from grader.model import Submission
from grader.reporting.report import Audience, report
from grader.sandbox.box.isolation import linux
from grader.sandbox.cache import RunCache
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Job
from grader.sandbox.running import Ending

COURSE = Path(__file__).parent / "course"
SECRET = bytes(range(32))  # so that hidden cases are the same every time
_PR_SET_CHILD_SUBREAPER = 36
_SAYS_NOTHING = {"usage", "evidence"}  # of what a case holds, but it has numbers

Json = dict[str, Any]  # Any: what JSON holds


class Watched(Sandbox):
    """Keeps what came of each job of a submission."""

    def __init__(self, mode: str) -> None:
        super().__init__(mode=mode)
        self.seen: list[tuple[Job, Ending]] = []

    def run(self, jobs: Sequence[Job]) -> list[Ending]:
        endings = super().run(jobs)
        self.seen += zip(jobs, endings, strict=True)
        return endings

    def settle(self) -> None:
        """Until the child that waits for the next job is there: who counts processes counts it."""
        for channel in self._idle:
            while (spare := channel._spare) and spare._pidfd is None and not spare.done:
                time.sleep(0.005)
                channel._hear()


def main(mode: str, cache: str) -> None:
    linux.prctl(_PR_SET_CHILD_SUBREAPER, 1)
    course, folder = load_course(COURSE), Path(cache)
    with Watched(mode) as sandbox:
        try:
            entered = sandbox.isolation.mode
        except GraderError as error:
            say({"cannot": str(error)})
            return
        runs = RunCache(folder, sandbox)
        keys = Keys(course.id, SECRET, runs, folder)
        shop = Workshop(course, sandbox, runs, keys, "of the tests", new_secret=False)
        exercises = {id_: load_exercise(course, id_) for id_ in ("cube", "heard")}
        secrets = {id_: hidden(exercise, keys) for id_, exercise in exercises.items()}
        say({"entered": entered})
        for line in sys.stdin:
            try:
                submission = read(Path(line.rstrip("\n")))
            except StudentError as error:
                say({"unread": str(error)})
                continue
            id_ = submission.exercise or "cube"
            said = fought(submission, exercises[id_], shop, sandbox)
            sandbox.settle()
            say({**said, "leaked": leaked(said["read"], secrets[id_])})


def fought(submission: Submission, exercise: Exercise, shop: Workshop, sandbox: Watched) -> Json:
    """What the grader makes of one file."""
    sandbox.seen.clear()
    began = time.process_time()
    graded = pipeline.grade(submission, exercise, shop)
    cases = [case for check in graded.verdict.parts[0].checks for case in check.cases]
    return {
        "ends": sorted({case.ended for case in cases}),
        "points": float(graded.verdict.points),
        "outcome": graded.verdict.outcome,
        "notes": [note for part in graded.verdict.parts for note in part.notes],
        "read": report(graded, Audience.STUDENT).model_dump_json(exclude=_SAYS_NOTHING),
        "runs": [run(job, ending) for job, ending in sandbox.seen],
        "judging_seconds": time.process_time() - began,
        "verdict": dataclasses.asdict(graded.verdict),
    }


def hidden(exercise: Exercise, keys: Keys) -> set[str]:
    """The hidden cases' numbers, as somebody might tell them: 1.2345 and 12345."""
    (part,) = exercise.parts
    assert isinstance(part, CodePart)
    cases = [case for case in keys.key(exercise, part, 0).cases if case.hidden]
    numbers = [abs(float(x)) for case in cases for x in np.asarray(case.inputs["x"]).flat]
    return {word for x in numbers for word in (f"{x:.4f}", f"{x * 10_000:.0f}")}


def leaked(text: str, words: set[str]) -> list[str]:
    """Which of them stand in what a student reads."""
    return sorted(words & set(re.findall(r"(?<![\w.])[\d.]+(?![\w.])", text)))


def run(job: Job, ending: Ending) -> Json:
    """How long it took, and how much more CPU time than it may by the kernel's own count."""
    used = ending.usage
    late = used.cpu_seconds - job.budget.cpu_seconds
    how = {"killed": ending.killed, "status": ending.status, "stretch": ending.stretch}
    return {"seconds": used.wall_seconds, "late": late, **how}


def say(what: Json) -> None:
    sys.stdout.write(json.dumps(what, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
