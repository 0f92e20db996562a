"""Whatever comes out of a box is a message of ours or is refused; it costs little either way."""

import json
import random
import struct
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import (
    Ended,
    Items,
    Leaf,
    Nothing,
    Number,
    Observation,
    Other,
    Raised,
    Run,
    Tensor,
    Text,
)
from grader.sandbox import decode, frames, runs
from grader.sandbox.box.encode import Encoder
from grader.sandbox.box.kinds import KINDS
from grader.sandbox.running import Ending

NAMES = ["y", "", "\u202egnp.exe", "a\0b", "\ud800", "w" * 5000, "t0", "__class__"]
ODD: list[Any] = [
    *(None, True, -1, 1.5, 10**4000, 2**63, float("nan"), float("inf"), -0.0),
    *("t0", "t1", "t99", "nan", "timeout", "broken", "x" * 3000, *NAMES),
    *([], {}, [[]], {"t": "none"}, {"t": "items", "v": [{"t": "tensor"}]}, [None] * 50),
]


def tensor(number: int) -> dict[str, object]:
    return {
        "t": "tensor",
        "value": f"t{number}",
        "dtype": "float32",
        "requires_grad": True,
        "is_leaf": True,
        "grad": f"t{number + 1}",
        "grad_fn": "Mul",
        "storage": 0,
        "version": 2,
    }


def sample() -> dict[str, Any]:
    """What a run sends that uses everything there is."""
    items = [{"t": "number", "v": 3}, {"t": "number", "v": "nan"}, {"t": "text", "v": "a"}]
    return {
        "observations": {"y": tensor(0), "n": {"t": "items", "v": items}, "z": {"t": "none"}},
        "inputs": {"x": tensor(2), "r": {"t": "raised", "kind": "no_graph"}},
        "steps": [{"loss": 1.5, "leaves": {"w": ["t4", None, "t5"]}}],
        "fault": {"kind": "error", "message": "no", "line": 3, "column": 1},
        "cell_faults": [{"kind": "syntax"}],
        "warnings": ["copy_construct"],
    }


def blob() -> bytes:
    encoder = Encoder()
    arrays = [np.arange(6.0).reshape(2, 3), np.array([3, 4]), np.array([True]), np.zeros((0, 2))]
    encoder.arrays = {f"t{number}": arrays[number % len(arrays)] for number in range(6)}
    frame = encoder.frame({})
    return frame[frames.HEADER.size + len("{}") :]


BLOB = blob()
HEADER_SIZE = 8 + int.from_bytes(BLOB[:8], "little")
HEADER: dict[str, Any] = json.loads(BLOB[8:HEADER_SIZE])


def framed(message: object, arrays: bytes = BLOB) -> bytes:
    text = message if isinstance(message, bytes) else json.dumps(message).encode()
    return frames.MAGIC + struct.pack("<IQ", len(text), len(arrays)) + text + arrays


def packed(header: object, data: bytes = BLOB[HEADER_SIZE:]) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def mangled(data: Any, chance: random.Random) -> Any:  # noqa: ANN401  (JSON)
    """The same tree with some of its values dropped, doubled, swapped or replaced."""
    spots = list(places(data))
    for _ in range(chance.choice([1, 1, 2, 5])):
        owner, key = chance.choice(spots)
        match chance.randrange(4):
            case 0:
                owner[key] = chance.choice(ODD)
            case 1 if isinstance(owner, dict):
                owner.pop(key, None)
            case 2 if isinstance(owner, dict):
                owner[chance.choice(NAMES)] = owner.get(key)
            case _:
                other, place = chance.choice(spots)
                owner[key] = json.loads(json.dumps(other[place] if place in keys(other) else None))
    return data


def keys(node: Any) -> list[Any]:  # noqa: ANN401  (JSON)
    return list(node) if isinstance(node, dict) else list(range(len(node)))


def places(node: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401  (JSON)
    for key in keys(node):
        yield node, key
        if isinstance(node[key], dict | list):
            yield from places(node[key])


def through_the_parent(frame: bytes) -> Run:
    """A run that ended well and sent this."""
    return runs.as_run(Ending(frame=b"R" + frame, status=0))


def assert_well_formed(run: Run) -> None:
    """Nothing but our own types, of sizes that nobody has to fear."""
    assert run.ended in {Ended.FINISHED, Ended.ERROR, Ended.TIMEOUT, Ended.MEMORY, Ended.REFUSED}
    assert run.fault is None or run.fault.kind in {*KINDS, "other", "refused"}
    for seen in (*run.observations.values(), *run.inputs_after.values()):
        assert_known(seen)
    for step in run.steps or ():
        assert step.loss is None or isinstance(step.loss, float)
        assert all(isinstance(leaf, Leaf) for leaf in step.leaves.values())
    repr(run).encode()


def assert_known(seen: Observation) -> None:
    match seen:
        case Items(items=items):
            for item in items:
                assert_known(item)
        case Tensor(value=value):
            assert value.dtype.kind in "fib"
            assert value.nbytes <= frames.MOST_BYTES
            assert max(abs(seen.storage), abs(seen.version)) <= 2**63
        case Number(value=value):
            assert isinstance(value, bool | float) or abs(value) <= 2**63
        case Raised(kind=kind):
            assert kind in {*KINDS, "other"}
        case Text(value=text) | Other(type_name=text):
            assert len(text.encode().decode()) <= 2000
        case _:
            assert seen == Nothing()


# --- the whole road: whatever is sent, a run is what the grader gets -----------------------------


@given(st.binary(max_size=300))
def test_bytes(content: bytes) -> None:
    assert through_the_parent(content).ended in {Ended.REFUSED, Ended.CRASHED}


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_bytes_in_a_frame_of_the_right_size(text: bytes, arrays: bytes) -> None:
    assert_well_formed(through_the_parent(framed(text, arrays)))


@given(st.randoms(use_true_random=False))
def test_a_message_with_parts_exchanged(chance: random.Random) -> None:
    assert_well_formed(through_the_parent(framed(mangled(sample(), chance))))


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: f"{odd!r:.20}")
def test_each_value_exchanged_for_an_odd_one(odd: object) -> None:
    for number, _ in enumerate(places(sample())):
        message = sample()
        owner, key = next(islice(places(message), number, None))
        owner[key] = odd

        assert_well_formed(through_the_parent(framed(message)))


@given(st.randoms(use_true_random=False))
def test_arrays_with_parts_of_their_header_exchanged(chance: random.Random) -> None:
    header = mangled(json.loads(json.dumps(HEADER)), chance)

    assert_well_formed(through_the_parent(framed(sample(), packed(header))))


@given(st.randoms(use_true_random=False))
def test_arrays_that_overlap_or_leave_holes(chance: random.Random) -> None:
    header = json.loads(json.dumps(HEADER))
    for entry in header.values():
        move = chance.choice([-8, -1, 0, 0, 1, 8, 2**62])
        entry["data_offsets"] = [max(0, offset + move) for offset in entry["data_offsets"]]
        entry["shape"] = chance.choice([entry["shape"], [0, 2**62], [2**31, 2**31], [1] * 20, [-1]])

    assert_well_formed(through_the_parent(framed(sample(), packed(header))))


@given(st.randoms(use_true_random=False))
def test_bytes_flipped_cut_and_doubled(chance: random.Random) -> None:
    content = bytearray(framed(sample()))
    for _ in range(chance.choice([1, 2, 8])):
        place = chance.randrange(len(content))
        match chance.randrange(3):
            case 0:
                content[place] ^= 1 << chance.randrange(8)
            case 1:
                del content[place : place + chance.randrange(20)]
            case _:
                content[place:place] = content[place : place + 20]

    assert_well_formed(through_the_parent(bytes(content)))


@given(st.binary(max_size=300), st.sampled_from([None, 0, 1, 70, -9, -11, -24, -31]), st.text())
def test_any_ending(content: bytes, status: int | None, killed: str) -> None:
    ending = Ending(frame=content, status=status, killed=killed)

    assert isinstance(runs.as_run(ending).ended, Ended)
    assert isinstance(runs.as_parsed(ending).ended, Ended)


# --- what is refused, and what it costs ----------------------------------------------------------

HUGE = [
    pytest.param(b'{"a":[' + b"{}," * 600_000 + b"0]}", id="objects"),
    pytest.param(b'{"a":[' + b"0," * 900_000 + b"0]}", id="numbers"),
    pytest.param(b'{"a":' + b"[" * 1_900_000, id="deep"),
    pytest.param(b'{"a":{' + b'"k":0,' * 300_000 + b'"k":0}}', id="names"),
    pytest.param(b'{"a":' + b"9" * 1_900_000 + b"}", id="digits"),
    pytest.param(b'{"a":"' + b"\\ud800" * 300_000 + b'"}', id="surrogates"),
    pytest.param(b" " * 2_000_000 + b"{}", id="blanks"),
]


@pytest.mark.parametrize("text", HUGE)
def test_a_huge_message_costs_no_more_than_a_few_times_its_size(text: bytes) -> None:
    frame = framed(text, b"")

    tracemalloc.start()
    with pytest.raises(frames.BadMessage):
        decode.run(frame)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 8 * len(frame)


def test_a_hundred_thousand_arrays_are_not_even_read() -> None:
    header = {f"t{n}": {"dtype": "F64", "shape": [0], "data_offsets": [0, 0]} for n in range(10**5)}

    with pytest.raises(frames.BadMessage):
        decode.run(framed(sample(), packed(header)))


def test_a_list_as_long_as_any_that_honest_code_returns_is_read() -> None:
    items = [{"t": "number", "v": 0.1 * n} for n in range(10_000)]
    message = {**sample(), "observations": {"y": {"t": "items", "v": items}}}

    assert isinstance(decode.run(framed(message)).observations["y"], Items)


def test_one_array_cannot_stand_for_many() -> None:
    """A thousand rows of the largest array would take the judge minutes to compare."""
    row = {"loss": 1.0, "leaves": {"w": ["t0", None, None]}}
    message = {"observations": {}, "steps": [row, row], "warnings": []}

    with pytest.raises(frames.BadMessage):
        decode.run(framed(message))
