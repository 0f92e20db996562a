"""What student code can find in its process: its own case, and nothing else.

Right before, the reference and the mistakes ran through the same fork server.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from grader.course.format import Exercise
from grader.course.loading import load_course, load_exercise
from grader.course.parts.code import CodePart
from grader.judging.harness import harness
from grader.judging.keys import Drawn, Keys
from grader.model import Cell, Ended, Inputs, Items, Run, Tensor, as_array
from grader.sandbox.cache import RunCache
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Code, run_job
from grader.sandbox.limits import Limits
from grader.sandbox.runs import run_all
from tests.samples_spy import DUMP, SCAN

SECRET = bytes.fromhex("5ec2e7" * 10 + "a1f3")
SHORTEST = 8  # below, a word may stand anywhere
Words = Mapping[str, bytes]  # what it is → how it would look in memory


@dataclass(frozen=True)
class Graded:
    """An exercise whose reference and mistakes have just been run."""

    exercise: Exercise
    part: CodePart
    cases: tuple[Drawn, ...]
    wanted: Mapping[str, Run]

    def spied(self, sandbox: Sandbox, source: str) -> Run:
        """Run a submission in the first case."""
        spy = replace(harness(self.exercise, self.part), limits=Limits(wall_seconds=120))
        code = Code((Cell("ex4.py", source),))
        (run,) = run_all(sandbox, [run_job(code, spy, self.cases[0].inputs)])
        assert run.ended is Ended.FINISHED, run.fault
        return run

    def secrets(self) -> dict[str, bytes]:
        """All that must not be found, by what it is."""
        return {
            **{f"the secret {n}": word for n, word in enumerate((SECRET, SECRET.hex().encode()))},
            **dict(self._code()),
            **{
                name: word
                for case in self.cases[1:]
                for name, word in numbers(case.id, case.inputs)
            },
            **{
                name: word
                for case in self.cases
                for name, word in values(case.id, self.wanted[case.id])
            },
        }

    def own(self) -> dict[str, bytes]:
        """What is handed to the submission, or is itself."""
        words = dict(numbers("own", self.cases[0].inputs))
        return {"source": b"this text stands in the submission", **words}

    def _code(self) -> Iterator[tuple[str, bytes]]:
        for hole in self.part.todo:
            for number, line in enumerate(self.exercise.solution.code(hole).splitlines()):
                yield f"hole {hole}, line {number}", line.strip().encode()
        for name, mistake in self.part.mistakes.items():
            yield f"words of {name}", mistake.say[:60].encode()
            for region, change in mistake.code.items():
                text = change if isinstance(change, str) else change.replace[1]
                for number, line in enumerate(text.splitlines()):
                    yield f"{name}, {region}, line {number}", line.strip().encode()


def numbers(case: str, inputs: Inputs) -> Iterator[tuple[str, bytes]]:
    """Inputs as tensors hold them, as the job's text does, and as the dump writes a float."""
    for name, value in inputs.items():
        if isinstance(value, np.ndarray):
            yield f"{name} of {case} as float32", value[:6].astype(np.float32).tobytes()
            yield f"{name} of {case} as text", ", ".join(map(repr, value[:4].tolist())).encode()
        for number in np.ravel(value)[:6].tolist() if isinstance(value, float | np.ndarray) else ():
            yield f"{name} of {case}, {number!r}", f"<{number!r}>".encode()


def values(case: str, run: Run) -> Iterator[tuple[str, bytes]]:
    """Right values as an array holds them, as text with all digits, and as floats."""
    for name in ("w", "b", "losses"):
        value = as_array(run.observations[name])
        assert value is not None
        yield f"{name} of {case} as float64", value.astype(float).tobytes()
        for number in np.ravel(value).tolist():
            yield f"{name} of {case} as text", repr(number).encode()
            yield f"{name} of {case} as a float, {number!r}", f"<{number!r}>".encode()


@pytest.fixture(scope="module")
def graded(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    folder = tmp_path_factory.mktemp("kept")
    course = load_course(Path(__file__).parents[2])
    exercise = load_exercise(course, "ex4")
    (part,) = exercise.parts
    assert isinstance(part, CodePart)
    keys = Keys(course.id, SECRET, RunCache(folder, sandbox), folder)
    cases = keys.hidden_cases(exercise, part, 0)
    wanted = keys.wanted(exercise, part, cases)
    keys.models(exercise, part, cases[:1])
    return Graded(exercise, part, cases, wanted)


@pytest.fixture(scope="module")
def public(graded: Graded) -> set[str]:
    """Secrets that a server which was told nothing holds too: torch's own manual, mostly."""
    with Sandbox(mode="plain") as innocent:
        dump = dumped(graded.spied(innocent, DUMP))
    return {name for name, word in graded.secrets().items() if word in dump}


def dumped(run: Run) -> bytes:
    parts = run.observations["losses"]
    assert isinstance(parts, Items)
    packed = b"".join(part.value.tobytes() for part in parts.items if isinstance(part, Tensor))
    (size,) = struct.unpack_from("<q", packed)
    return zlib.decompress(packed[8 : 8 + size])


def sought(graded: Graded, public: set[str]) -> dict[str, bytes]:
    """The secrets that, if they are found, came from us."""
    return {
        name: word
        for name, word in graded.secrets().items()
        if len(word) >= SHORTEST and name not in public and word not in graded.own().values()
    }


def test_nothing_secret_can_be_reached(sandbox: Sandbox, graded: Graded, public: set[str]) -> None:
    dump = dumped(graded.spied(sandbox, DUMP))

    assert [name for name, word in sought(graded, public).items() if word in dump] == []


def test_the_dump_finds_what_is_there(sandbox: Sandbox, graded: Graded) -> None:
    dump = dumped(graded.spied(sandbox, DUMP))

    missed = [name for name, word in graded.own().items() if word not in dump]

    assert [name for name in missed if "as text" not in name] == []
    assert b"from box import server" in dump


def test_only_phrases_that_stand_in_any_manual_are_not_sought(
    graded: Graded, public: set[str]
) -> None:
    assert all(", line " in name for name in public)
    assert all(len(graded.secrets()[name]) < 30 for name in public)
    assert len(sought(graded, public)) > 200


def test_nothing_secret_lies_in_memory(sandbox: Sandbox, graded: Graded, public: set[str]) -> None:
    """Also not in memory that was freed.  A sample: each word costs a walk through all of it."""
    words = sought(graded, public)
    some = dict(list(words.items())[:: max(1, len(words) // 40)])

    counts = counted(graded.spied(sandbox, scan_for({**some, **graded.own()})))

    found = dict(zip([*some, *graded.own()], counts, strict=True))
    assert [name for name in some if found[name]] == []
    assert found["source"]
    assert found["X of own as float32"]


def scan_for(words: Words) -> str:
    raised = (bytes((byte + 1) % 256 for byte in word).hex() for word in words.values())
    return SCAN.replace("{sought}", " ".join(raised))


def counted(run: Run) -> list[float]:
    counts = as_array(run.observations["losses"])
    assert counts is not None
    return [float(count) for count in counts]
