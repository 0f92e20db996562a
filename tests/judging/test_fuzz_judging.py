"""Whatever a box tells of a run, it is judged, diagnosed, shown and written in every format.

The files are real, and so are the exercises, their checks and what is right.  Between them and the
grader stands a box that tells something else than what was seen.
"""

import json
import random
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from grader.classroom.collect import read
from grader.course import variants
from grader.course.format import Exercise
from grader.course.parts.predict import PredictPart
from grader.judging.diagnose import diagnose_answers
from grader.judging.judge import judge_answers
from grader.judging.pipeline import grade
from grader.judging.workshop import Workshop
from grader.model import (
    Array,
    Graded,
    Items,
    Nothing,
    Number,
    Observation,
    Other,
    Outcome,
    Parsed,
    Text,
)
from grader.platforms import feedback
from grader.reporting.exporters import EXPORTERS
from grader.reporting.report import Audience, report
from grader.sandbox import frames, marks
from grader.sandbox.box.kinds import KINDS
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Job
from grader.sandbox.running import READY, Ending
from tests import shops
from tests.sandbox.test_fuzz_wire import NAMES, mangled

GOLDEN = Path(__file__).parents[1] / "golden"
FILES = [
    *("ex1/right_plain.py", "ex2/right_plain.py", "ex3/right_plain.py", "ex4/right_sgd.py"),
    *("ex4/wrong_zero_never.py", "ex5/right_no_grad.py", "ex6/right_sgd.py"),
]
FLOATS = [0.0, -0.0, 1.0, -3.5, 5e-324, 1e-310, -1e-310, 1e308, 1.7e308, -1.7e308, 3.4e38]
FLOATS += [float("nan"), float("inf"), -float("inf")]
WHOLE = [0, 1, -1, 2**62, 2**63 - 1, -(2**63)]
SHAPES = [(), (0,), (1,), (2,), (7,), (2, 2), (3, 1), (1, 0, 3), (1,) * 16, (0,) * 16, (500,)]
TEXTS = [*NAMES, "", "nan", "\x1b[2J::error::\n", "\u202e" * 3000, "\U000e0100" * 3000]
JSON_FLOATS = [x for x in FLOATS if np.isfinite(x)]

Json = dict[str, Any]  # Any: what JSON holds


class Odd:
    """One message of a box, some of it exchanged for what no honest run would tell."""

    def __init__(self, message: Json, arrays: dict[str, Array], chance: random.Random) -> None:
        self.message, self.arrays, self.chance = message, arrays, chance
        ways = [self.observe, self.observe, self.stray, self.numbers, self.numbers, self.fault]
        ways += [self.steps, self.steps, self.inputs]
        for way in chance.choices(ways, k=chance.choice([1, 1, 2, 4])):
            way()
        if chance.random() < 0.1:  # mostly refused
            mangled(message, chance)

    def observe(self) -> None:
        """What was returned is something else, or missing."""
        seen = self.message["observations"]
        name = self.chance.choice([*seen, "w", "b"])
        seen[name] = self.observation()
        if self.chance.random() < 0.1:
            del seen[name]

    def stray(self) -> None:
        """More was returned, under names that check kinds would build themselves."""
        seen = self.message["observations"]
        names = [*NAMES, *(f"{name}.grad" for name in seen), *(f"{name}.shape" for name in seen)]
        seen[self.chance.choice(names)] = self.observation()

    def numbers(self) -> None:
        """An array holds other numbers, of another type or shape."""
        if self.arrays:
            name = self.chance.choice([*self.arrays])
            self.arrays[name] = self.array(like=self.arrays[name])

    def inputs(self) -> None:
        given = self.message.setdefault("inputs", {})
        given[self.chance.choice([*given, "x", "X"])] = self.observation()

    def fault(self) -> None:
        """Something was raised, somewhere."""
        faults = [self.raised() for _ in range(self.chance.choice([1, 1, 100]))]
        if self.chance.random() < 0.5:
            self.message["fault"] = faults[0]
        self.message["cell_faults"] = faults
        self.message["warnings"] = self.chance.choices(["copy_construct", *TEXTS], k=50)

    def steps(self) -> None:
        """Rows are missing, repeated, in another order, or of other leaves."""
        rows = self.message.get("steps") or []
        match self.chance.randrange(5):
            case 0:
                rows = None if rows else [self.row() for _ in range(self.chance.choice([1, 40]))]
            case 1:
                rows = rows[: self.chance.randrange(len(rows) + 1)]
            case 2:
                rows = rows[::-1]
            case 3:
                rows = [*rows, self.row()]
            case _ if rows:
                self.chance.choice(rows)["loss"] = self.chance.choice([*JSON_FLOATS, None, "nan"])
        self.message["steps"] = rows

    # --- values ----------------------------------------------------------------------------------

    def observation(self, depth: int = 0) -> Json:
        chance = self.chance
        match chance.randrange(9):
            case 0:
                return {"t": "none"}
            case 1:
                return {"t": "number", "v": chance.choice([*JSON_FLOATS, *WHOLE, True, "nan"])}
            case 2:
                return {"t": "text", "v": chance.choice(TEXTS)}
            case 3:
                return {"t": "raised", "kind": chance.choice([*sorted(KINDS), "broken"])}
            case 4:
                return {"t": "other", "type": chance.choice(TEXTS)}
            case 5:
                return {
                    "t": "numbers",
                    "v": chance.choices(JSON_FLOATS, k=chance.choice([0, 3, 9])),
                }
            case 6 if depth < 4:
                length = chance.choice([0, 1, 3])
                return {"t": "items", "v": [self.observation(depth + 1) for _ in range(length)]}
        return self.tensor()

    def tensor(self) -> Json:
        chance = self.chance
        return {
            "t": "tensor",
            "value": self.named(self.array()),
            "dtype": chance.choice(["float32", "float64", "bool", *TEXTS]),
            "requires_grad": chance.random() < 0.5,
            "is_leaf": chance.random() < 0.5,
            "grad": chance.choice([None, self.named(self.array())]),
            "grad_fn": chance.choice([None, *TEXTS]),
            "storage": chance.choice(WHOLE),
            "version": chance.choice(WHOLE),
        }

    def row(self) -> Json:
        known = [name for row in self.message.get("steps") or [] for name in row["leaves"]]
        names = self.chance.choices([*known, "w", "b", *NAMES], k=2)
        arrays = [None, *(self.named(self.array()) for _ in range(2))]
        leaves = {name: [self.named(self.array()), None, None] for name in names}
        leaves[names[0]][1:] = self.chance.sample(arrays, 2)
        return {"loss": self.chance.choice([*JSON_FLOATS, None, "inf"]), "leaves": leaves}

    def raised(self) -> Json:
        chance = self.chance
        place = chance.choice([*(Path(file).name for file in FILES), "cell 3", *TEXTS])
        return {
            "kind": chance.choice([*sorted(KINDS), "broken", *TEXTS]),
            "type": chance.choice(TEXTS),
            "message": chance.choice(TEXTS),
            "place": place,
            "line": chance.choice([None, 0, 5, 20, *WHOLE]),
            "column": chance.choice([None, 0, 5, 1_000_000, *WHOLE]),
            "text": chance.choice(TEXTS),
        }

    def array(self, like: Array | None = None) -> Array:
        """Numbers at every edge; now and then those of an honest array, many times as large."""
        chance = self.chance
        if like is not None and chance.random() < 0.3:
            with np.errstate(all="ignore"):
                return np.asarray(like * chance.choice([-1.0, 2.0, 1e-310, 1e300, 1e-320]))
        shape = chance.choice([*SHAPES, *([like.shape] * 8 if like is not None else [])])
        count = int(np.prod(shape))
        match chance.randrange(4):
            case 0:
                return np.array(chance.choices(WHOLE, k=count), dtype=np.int64).reshape(shape)
            case 1:
                return np.array(chance.choices([True, False], k=count), dtype=bool).reshape(shape)
        some = chance.sample(FLOATS, 3)
        return np.array(chance.choices(some, k=count), dtype=float).reshape(shape)

    def named(self, array: Array) -> str:
        name = f"t{len(self.arrays)}"
        self.arrays[name] = array
        return name


def odd(frame: bytes, chance: random.Random) -> bytes:
    """The frame of a run, changed."""
    _, text_size, _ = frames.HEADER.unpack_from(frame)
    end = frames.HEADER.size + text_size
    message, blob = json.loads(frame[frames.HEADER.size : end]), frame[end:]
    told = Odd(message, dict(load(blob)) if blob else {}, chance)
    text, arrays = json.dumps(told.message).encode(), save(told.arrays) if told.arrays else b""
    return frames.MAGIC + struct.pack("<IQ", len(text), len(arrays)) + text + arrays


class Liar(Sandbox):
    """Runs each job once for real, and tells something else of it each time."""

    def __init__(self, honest: Sandbox) -> None:
        super().__init__(mode="plain")
        self.chance: random.Random | None = None
        self._honest, self._seen = honest, dict[str, Ending]()

    def as_they_end(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Ending]]:
        for number, job in enumerate(jobs):
            if job.body not in self._seen:
                (self._seen[job.body],) = self._honest.run([job])
            yield number, self._told(job, self._seen[job.body])

    def _told(self, job: Job, ending: Ending) -> Ending:
        if self.chance is None or job.kind == "parse":
            return ending
        return replace(ending, frame=READY + odd(marks.without(ending.message), self.chance))


@dataclass(frozen=True)
class Court:
    """The real course, and a box that may lie."""

    shop: Workshop
    exercises: Mapping[str, Exercise]
    liar: Liar

    def graded(self, file: str, chance: random.Random | None) -> Graded:
        self.liar.chance = chance
        submission, shop = read(GOLDEN / file), replace(self.shop, sandbox=self.liar)
        return grade(submission, self.exercises[submission.exercise], shop)


@pytest.fixture(scope="module")
def court(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Court]:
    shop = shops.shop(shops.ROOT, sandbox, tmp_path_factory)
    exercises = {id_: shops.exercise(shop, id_, tmp_path_factory) for id_ in shop.course.paths}
    with Liar(sandbox) as liar:
        yield Court(shop, exercises, liar)


@pytest.mark.parametrize("file", FILES)
def test_without_a_lie_the_files_are_what_they_are(file: str, court: Court) -> None:
    graded = court.graded(file, None)

    assert (graded.verdict.outcome is Outcome.PASS) == ("right" in file)


FEW = settings(max_examples=max(1, settings().max_examples // 8))


@FEW
@given(st.sampled_from(FILES), st.integers(0, 2**32).map(random.Random))
def test_whatever_a_box_tells(court: Court, file: str, chance: random.Random) -> None:
    """Nothing raises or warns, nothing is our fault, and what is written stays small."""
    graded = court.graded(file, chance)

    assert graded.verdict.outcome is not Outcome.BROKEN
    assert 0 <= graded.verdict.points <= graded.verdict.max_points
    for audience in Audience:
        shown = report(graded, audience)
        pages = [export(shown) for export in EXPORTERS.values()]
        pages += [feedback.plain(shown).encode(), feedback.html(shown).encode()]
        assert max(map(len, pages)) < 200_000


def literal(chance: random.Random, depth: int = 0) -> Observation:
    """What can stand behind the `=` of a prediction."""
    number = chance.choice([*JSON_FLOATS, *WHOLE, True, False])
    some: list[Observation] = [Number(number), Nothing(), Text(chance.choice(TEXTS)), Other("x")]
    length = chance.choice([0, 1, 2, 3]) if depth < 4 else 0
    items = Items(tuple(literal(chance, depth + 1) for _ in range(length)))
    return chance.choice([*some, Number(number), items])


@FEW
@given(st.integers(0, 2**32).map(random.Random))
def test_whatever_is_predicted(court: Court, chance: random.Random) -> None:
    """Right where it is what the program does, wrong elsewhere, and explained or not."""
    for exercise in court.exercises.values():
        for part in exercise.parts:
            if isinstance(part, PredictPart):
                values = variants.variant_values(exercise, 0, court.shop.course.id)
                (wanted,) = court.shop.runs.run([part.job(values)])
                told = {**wanted.observations, chance.choice([*part.asks]): literal(chance)}
                parsed = Parsed(answers=told)

                checks = judge_answers(part, wanted, parsed)
                diagnose_answers(part, wanted, parsed, values)

                cases = {case.id: case.finding.outcome for check in checks for case in check.cases}
                kept = [ask for ask in cases if told[ask] is wanted.observations[ask]]
                assert {cases[ask] for ask in kept} <= {Outcome.PASS}
