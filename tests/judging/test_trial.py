"""What a submission's code does in the cases of an exercise, and when."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from grader.classroom.collect import read
from grader.course.format import Exercise
from grader.course.parts.predict import PredictPart
from grader.judging.harness import harness
from grader.judging.pipeline import grade
from grader.judging.workshop import Workshop
from grader.model import Fault, Run
from grader.sandbox import runs
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Code, Job, run_job
from grader.sandbox.running import Ending
from tests import shops

THREE_PARTS = shops.ROOT / "tests/golden/ex2/right_plain.py"  # each has open and hidden cases


class Witness(Sandbox):
    """Notes when the runs of a student's file begin and end, and in which case they are."""

    def __init__(self) -> None:
        super().__init__(slots=2, mode="plain")
        self.events: list[tuple[str, str]] = []

    def as_they_end(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Ending]]:
        theirs = {n for n, job in enumerate(jobs) if is_theirs(job)}
        self.events += [("begins", case_of(jobs[n])) for n in sorted(theirs)]
        for index, ending in super().as_they_end(jobs):
            if index in theirs:
                self.events.append(("ends", case_of(jobs[index])))
            yield index, ending


def is_theirs(job: Job) -> bool:
    return job.kind == "run" and f'"{THREE_PARTS.name}"' in job.body


def case_of(job: Job) -> str:
    body = json.loads(job.body)
    return json.dumps([body["names"], body["inputs"]])


def opened(shop: Workshop, exercise: Exercise) -> set[str]:
    return {
        case_of(run_job(Code(()), harness(exercise, part), case.inputs))
        for part in exercise.parts
        if not isinstance(part, PredictPart)
        for case in shop.maker.key(exercise, part, 0).cases
        if not case.hidden
    }


def test_every_open_case_ends_before_a_hidden_one_begins(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with Witness() as witness:
        shop = shops.shop(shops.ROOT, witness, tmp_path_factory)
        exercise = shops.exercise(shop, "ex2", tmp_path_factory)

        grade(read(THREE_PARTS), exercise, shop)

        cases = opened(shop, exercise)
    first_hidden = next(n for n, (_, case) in enumerate(witness.events) if case not in cases)
    assert {case for what, case in witness.events[:first_hidden] if what == "ends"} == cases
    assert len(cases) == 3


def test_what_a_hidden_case_claims_to_be_stuck_in_is_carried_to_no_other(
    tmp_path_factory: pytest.TempPathFactory,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = shops.shop(shops.ROOT, sandbox, tmp_path_factory)
    exercise = shops.exercise(shop, "ex2", tmp_path_factory)
    open_, asked = opened(shop, exercise), list[tuple[str, bool]]()
    really = runs.run_all

    def claiming(box: Sandbox, jobs: Sequence[Job]) -> list[Run]:
        asked.extend((case_of(job), bool(json.loads(job.body)["skip"])) for job in jobs)
        stuck = Fault(kind="stopped", place=THREE_PARTS.name, line=1)
        return [
            run if case_of(job) in open_ else replace(run, stuck=stuck)
            for job, run in zip(jobs, really(box, jobs), strict=True)
        ]

    monkeypatch.setattr(runs, "run_all", claiming)
    grade(read(THREE_PARTS), exercise, shop)

    first = dict(reversed(asked))
    assert any(skips for _, skips in asked)  # each is run once more without that line
    assert not any(first.values())
