"""A search that cannot find anything proves nothing: here is something to be found."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from grader.course.anchors import canary
from grader.course.format import Exercise
from grader.judging.keys.recorded import member
from grader.judging.workshop import Workshop
from grader.model import Inputs
from grader.proving.release.search import contents, found_in
from grader.proving.release.secrets import Secrets, secrets_of
from grader.sandbox.client import Sandbox
from tests import releases, shops

Members = dict[str, bytes]
Plant = Callable[[Exercise, Inputs], Members]
RUNS = "exercises/ex02_micro_batches.runs"
SKELETON = "exercises/ex02_micro_batches.py"
MISTAKE = "code of mistake `steps_inside` of accumulate"
ACCEPTED = "code of accepted variant `scaled_after` of accumulate"
HIDDEN = "hidden case hidden.1 of accumulate"


@pytest.fixture(scope="module")
def shop(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return shops.shop(Path(__file__).parents[1] / "small_course", sandbox, tmp_path_factory)


@pytest.fixture(scope="module")
def exercise(shop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    return shops.exercise(shop, "accumulate", tmp_path_factory)


@pytest.fixture(scope="module")
def secrets(shop: Workshop, exercise: Exercise) -> Secrets:
    return secrets_of([exercise], shop, releases.SECRET)


@pytest.fixture(scope="module")
def inputs(shop: Workshop, exercise: Exercise) -> Inputs:
    """Of a hidden case."""
    part = exercise.parts[0]
    assert part.kind == "code"
    cases = shop.keys.key(exercise, part, 0).cases
    return next(case.inputs for case in cases if case.id == "hidden.1")


def pack(name: str, raw: bytes) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, raw)
    return content.getvalue()


def matrix(inputs: Inputs) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    found = inputs["W"]
    assert isinstance(found, np.ndarray)
    return found


def recorded(raw: bytes) -> Members:
    """As a number of a recorded run stands: compressed, and not where four bytes begin."""
    return {RUNS: pack(member("accumulate", 0, "safetensors"), b"\0" + raw)}


def _canary(exercise: Exercise, _: Inputs) -> Members:
    mark = (canary(exercise.solution) or "").removeprefix("canary: ")
    return {"exercises/notes.txt": f"see {mark.upper()}".encode()}


def _hole(exercise: Exercise, _: Inputs) -> Members:
    """A hole that was left filled; its neighbours show that it is the hole."""
    return {SKELETON: exercise.solution.code("accumulate").encode()}


def _code_of_mistake(exercise: Exercise, _: Inputs) -> Members:
    part = exercise.parts[0]
    assert part.kind == "code"
    return {SKELETON: str(part.mistakes["steps_inside"].code["backward"]).encode()}


def _short_code(*_: object) -> Members:
    return {"exercises/x.yaml": b'mistakes: {graph_kept: {code: {log: "total = total + loss"}}}'}


def _accepted(exercise: Exercise, _: Inputs) -> Members:
    part = exercise.parts[0]
    assert part.kind == "code"
    text = str(part.accept["scaled_after"]["accumulate"])
    return {SKELETON: text.replace("    ", "\t").encode()}


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        (_canary, "the canary of accumulate"),
        (_hole, "code of <count> of accumulate"),
        (_code_of_mistake, MISTAKE),
        (_short_code, "code of mistake `graph_kept` of accumulate"),
        (_accepted, ACCEPTED),
        (lambda *_: {"a": b"key=" + shops.SECRET.upper().encode()}, "the course's secret"),
        (lambda *_: {RUNS: pack("b", b"\1" + releases.SECRET)}, "the course's secret"),
        (lambda *_: {f"exercises/{shops.SECRET}": b""}, "the course's secret"),
        (lambda _, inputs: {"a.txt": str(matrix(inputs).tolist()).encode()}, HIDDEN),
        (lambda _, inputs: recorded(matrix(inputs).astype("<f4").tobytes()), HIDDEN),
        (lambda _, inputs: recorded(matrix(inputs).astype(">f4").tobytes()), HIDDEN),
        (lambda _, inputs: recorded(matrix(inputs).astype("<f8").tobytes()), HIDDEN),
        (lambda _, inputs: recorded(_far_apart(inputs)), HIDDEN),
    ],
)
def test_what_is_planted_is_found(
    plant: Plant, says: str, inputs: Inputs, secrets: Secrets, tmp_path: Path
) -> None:
    for name, raw in plant(secrets.exercises[0], inputs).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(raw)

    leaks = found_in(dict(contents(tmp_path)), secrets)

    assert says in {what for _, what in leaks}


def _far_apart(inputs: Inputs) -> bytes:
    """Two of the numbers, with others between."""
    first, *_, last = matrix(inputs).reshape(-1).tolist()
    return struct.pack("<f", first) + b"\0" * 100 + struct.pack("<f", last)


def test_a_number_alone_may_be_there_by_accident(
    inputs: Inputs, secrets: Secrets, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(f"{matrix(inputs)[0, 0]} and 0.5")

    assert found_in(dict(contents(tmp_path)), secrets) == []
