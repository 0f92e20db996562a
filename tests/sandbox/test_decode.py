import json
import struct
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model import Array, Ended, Items, Nothing, Number, Other, Raised, Tensor, Text
from grader.sandbox import decode, encode, frames
from grader.sandbox.box.encode import Encoder
from grader.sandbox.frames import BadMessage

fuzz = settings(deadline=None, max_examples=150)

TENSOR = {
    "t": "tensor",
    "value": "t0",
    "dtype": "float32",
    "requires_grad": True,
    "is_leaf": True,
    "grad": "t1",
    "grad_fn": None,
    "storage": 0,
    "version": 2,
}
RUN: dict[str, Any] = {
    "observations": {"y": TENSOR, "n": {"t": "number", "v": 3}},
    "inputs": {"x": {"t": "items", "v": [{"t": "none"}]}},
    "steps": [{"loss": 1.5, "leaves": {"w": ["t2", None, "t3"]}}],
    "fault": None,
    "cell_faults": [],
    "warnings": ["copy_construct"],
}
PARSED: dict[str, Any] = {
    "faults": [],
    "blank": {"hole": True},
    "missing": ["f"],
    "answers": {"first": 6.0, "second": None, "third": [True, "text"]},
    "facts": [["call", "loss.backward", "f", "ex.py", 3]],
    "given_edited": False,
    "skip": [1],
    "notes": ["a note"],
}


def whole_frame() -> bytes:
    encoder = Encoder()
    floats, integers = np.array([1.0, 2.0]), np.array([3, 4])
    encoder.arrays = {"t0": floats, "t1": integers, "t2": floats, "t3": integers}
    return encoder.frame(RUN)


WHOLE = whole_frame()
ARRAYS = WHOLE[frames.HEADER.size + frames.HEADER.unpack_from(WHOLE)[1] :]


def frame(message: object, blob: bytes = ARRAYS) -> bytes:
    text = json.dumps(message).encode()
    return frames.MAGIC + struct.pack("<IQ", len(text), len(blob)) + text + blob


def blob(header: object, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def changed(**fields: object) -> bytes:
    """A run's message with other fields in its tensor."""
    return frame({**RUN, "observations": {"y": {**TENSOR, **fields}}})


def test_a_run_that_is_kept_has_the_form_that_a_box_gives_it() -> None:
    names: list[str] = []

    def put(_: Array) -> str:
        names.append(f"t{len(names)}")
        return names[-1]

    form = encode.Encoder(put).run(decode.run(WHOLE))

    assert json.loads(json.dumps(form)) == {"ended": "finished", **RUN}


DECODERS = [decode.run, decode.parsed, frames.message]


def refused_or_read(decoder: Callable[[bytes], object], content: bytes) -> None:
    try:
        decoder(content)
    except BadMessage as error:
        assert len(str(error)) < 400  # noqa: PT017  (either outcome is right)


# --- what is whole -------------------------------------------------------------------------------


def test_a_run_is_read_back() -> None:
    run = decode.run(WHOLE)

    assert run.ended is Ended.FINISHED
    assert run.observations["n"] == Number(3)
    assert run.inputs_after["x"] == Items((Nothing(),))
    assert run.warnings == ("copy_construct",)
    assert run.steps is not None
    assert run.steps[0].leaves["w"].before is None


def test_a_tensor_is_read_back() -> None:
    seen = decode.run(WHOLE).observations["y"]

    assert isinstance(seen, Tensor)
    assert seen.value.tolist() == [1.0, 2.0]
    assert seen.grad is not None
    assert seen.grad.tolist() == [3, 4]
    assert (seen.dtype, seen.version, seen.grad_fn) == ("float32", 2, None)


def test_a_parse_is_read_back() -> None:
    parsed = decode.parsed(frame(PARSED))

    assert parsed.blank == {"hole": True}
    assert parsed.answers["third"] == Items((Number(True), Text("text")))
    assert parsed.facts[0].line == 3


@pytest.mark.parametrize(
    ("item", "seen"),
    [
        ({"t": "number", "v": "nan"}, "Number(value=nan)"),
        ({"t": "number", "v": True}, "Number(value=True)"),
        ({"t": "raised", "kind": "no_graph"}, repr(Raised("no_graph"))),
        ({"t": "other", "type": "dict"}, repr(Other("dict"))),
        ({"t": "text", "v": "a" * 5000}, repr(Text("a" * 2000))),
        ({"t": "text", "v": "\ud800"}, repr(Text("?"))),
    ],
)
def test_an_observation_is_read_back(item: object, seen: str) -> None:
    assert repr(decode.run(frame({**RUN, "observations": {"y": item}})).observations["y"]) == seen


@pytest.mark.parametrize(
    ("kind", "ended"), [("timeout", Ended.TIMEOUT), ("broken", Ended.ERROR), ("any", Ended.ERROR)]
)
def test_nobody_can_claim_that_we_are_broken(kind: str, ended: Ended) -> None:
    assert decode.run(frame({**RUN, "steps": None, "fault": {"kind": kind}})).ended is ended


@pytest.mark.parametrize("kind", ["words that carry numbers: 3.75", 3, None, ["timeout"]])
def test_a_kind_that_is_none_of_ours_is_other(kind: object) -> None:
    """Kinds are shown for hidden cases too."""
    read = decode.run(frame({**RUN, "fault": {"kind": kind}})).fault

    assert read is not None
    assert read.kind == "other"


def test_a_place_beyond_any_file_is_none() -> None:
    fault = {"kind": "syntax", "line": 10**12, "column": -1}

    read = decode.run(frame({**RUN, "steps": None, "fault": fault})).fault

    assert read is not None
    assert (read.line, read.column) == (None, None)


# --- what is not ---------------------------------------------------------------------------------


@fuzz
@given(st.sampled_from(DECODERS), st.binary(max_size=200))
def test_random_bytes(decoder: Callable[[bytes], object], content: bytes) -> None:
    with pytest.raises(BadMessage):
        decoder(content)


@fuzz
@given(st.integers(0, len(WHOLE) - 1))
def test_a_cut_frame(size: int) -> None:
    with pytest.raises(BadMessage):
        decode.run(WHOLE[:size])


@fuzz
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 7)), min_size=1))
def test_flipped_bits(flips: list[tuple[int, int]]) -> None:
    content = bytearray(WHOLE)
    for place, bit in flips:
        content[place] ^= 1 << bit

    refused_or_read(decode.run, bytes(content))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@fuzz
@given(st.sampled_from(sorted(RUN)), JSON)
def test_any_field_of_a_run_may_be_anything(name: str, value: object) -> None:
    refused_or_read(decode.run, frame({**RUN, name: value}))


@fuzz
@given(st.sampled_from(sorted(TENSOR)), JSON)
def test_any_field_of_a_tensor_may_be_anything(name: str, value: object) -> None:
    refused_or_read(decode.run, changed(**{name: value}))


@fuzz
@given(st.sampled_from(sorted(PARSED)), JSON)
def test_any_field_of_a_parse_may_be_anything(name: str, value: object) -> None:
    refused_or_read(decode.parsed, frame({**PARSED, name: value}))


@fuzz
@given(JSON, st.binary(max_size=50))
def test_any_header_of_a_blob(header: object, data: bytes) -> None:
    refused_or_read(frames.message, frame({}, blob(header, data)))


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[]",
        b"NaN",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": ' + b"9" * 10_000 + b"}",
        b"\xff\xfe",
        b"{} {}",
    ],
)
def test_json_that_is_none_of_ours(text: bytes) -> None:
    with pytest.raises(BadMessage):
        frames.message(frames.MAGIC + struct.pack("<IQ", len(text), 0) + text)


@pytest.mark.parametrize(
    "item",
    [
        {"t": "number", "v": 10**4000},
        {"t": "number", "v": None},
        {"t": "text", "v": 3},
        {"t": "tensor"},
        {**TENSOR, "value": "t9"},
        {**TENSOR, "storage": 1 << 70},
        {**TENSOR, "version": "x"},
        {"t": "items", "v": [{"t": "items", "v": [{"t": "items", "v": [{"t": "items"}]}]}]},
        {"t": "unknown"},
        None,
        [],
    ],
)
def test_an_observation_that_is_none(item: object) -> None:
    with pytest.raises(BadMessage):
        decode.run(frame({**RUN, "observations": {"y": item}}))


@pytest.mark.parametrize(
    "fields",
    [
        {"steps": [{"loss": "x", "leaves": {}}]},
        {"steps": [{"loss": 1.0, "leaves": {"w": ["t0"]}}]},
        {"steps": [{"loss": 10**4000, "leaves": {}}]},
        {"steps": {"a": 1}},
        {"observations": {str(n): {"t": "none"} for n in range(1000)}},
        {"observations": []},
        {"warnings": None},
        {"fault": "timeout"},
    ],
)
def test_a_run_that_is_none(fields: dict[str, object]) -> None:
    with pytest.raises(BadMessage):
        decode.run(frame({**RUN, **fields}))


def entry(shape: object, start: int = 0, end: int = 8, dtype: str = "F64") -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


@pytest.mark.parametrize(
    "header",
    [
        {"t0": entry([0, 2**62], 0, 0)},
        {"t0": entry([2**31, 2**31, 4])},
        {"t0": entry([-1])},
        {"t0": entry([True])},
        {"t0": entry([1.0])},
        {"t0": entry([1] * 100)},
        {"t0": entry([1], dtype="F16")},
        {"t0": entry([2])},
        {"t0": entry([1], 0, 2**40)},
        {"t0": entry([1], 2**63, 2**63 + 8)},
        {"t0": entry([1]), "t1": entry([1])},
        {f"t{n}": entry([0], 0, 0) for n in range(10_000)},
        {"name": entry([1])},
        {"__metadata__": {"a": "b"}},
        {"t0": None},
        json.dumps({"t0": entry([0], 0, 0), "t1": entry([1])}).replace("t1", "t0").encode(),
        b"{" * 1000,
    ],
)
def test_a_hostile_blob(header: object) -> None:
    with pytest.raises(BadMessage):
        frames.message(frame({}, blob(header, bytes(8))))


@pytest.mark.parametrize("size", [0, 7, 1 << 20, 1 << 62])
def test_a_blob_whose_header_is_longer_than_it(size: int) -> None:
    with pytest.raises(BadMessage):
        frames.message(
            frame({}, struct.pack("<Q", size)[:7] if size == 7 else struct.pack("<Q", size))
        )


def test_a_frame_that_promises_more_than_it_may() -> None:
    for sizes in ((1 << 31, 0), (2, 1 << 60)):
        with pytest.raises(BadMessage):
            frames.message(frames.MAGIC + struct.pack("<IQ", *sizes) + b"{}")


def test_what_is_refused_costs_little_memory() -> None:
    names = {f"t{n}": entry([0, 2**62], 0, 0) for n in range(10_000)}
    hostile = frame({}, blob(names))

    tracemalloc.start()
    with pytest.raises(BadMessage):
        frames.message(hostile)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 30 * len(hostile)
