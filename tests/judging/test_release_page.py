"""Recorded runs: written and read again, and held against another machine's numbers."""

import json

import numpy as np
import pytest
from safetensors.numpy import save

from grader.judging.keys.page import Outdated, Page, Style, as_bytes, from_bytes
from grader.model import (
    Array,
    Ended,
    Fault,
    Items,
    Leaf,
    Nothing,
    Number,
    Other,
    Raised,
    Run,
    Step,
    Tensor,
    Text,
)

THIRD = 1 / 3  # has no float32
MATRIX = np.array([[0.5, -1.25], [np.nan, np.inf]])


def tensor(value: Array, grad: Array | None = None) -> Tensor:
    return Tensor(value, "float32", True, False, grad, "Mul", 3, 7)  # noqa: FBT003


EVERYTHING = Run(
    Ended.ERROR,
    {
        "number": Number(3),
        "flag": Number(value=True),
        "third": Number(THIRD),
        "text": Text("ä\n"),
        "none": Nothing(),
        "losses": Items((Number(1.5), Number(THIRD))),
        "mixed": Items((Number(1.5), Number(2), Items(()), tensor(MATRIX))),
        "tensor": tensor(np.array(THIRD), np.zeros((0, 2))),
        "flags": tensor(np.array([True, False])),
        "counts": tensor(np.array([2**60, -1])),
        "raised": Raised("no_graph"),
        "other": Other("set"),
    },
    {"x": tensor(np.array(0.5))},
    (Step(None, {"w": Leaf(np.array(0.5), None, np.array(THIRD))}), Step(float("inf"), {})),
    Fault("other", "KeyError", "'w'"),
    (Fault("no_graph"),),
)


def test_a_page_is_read_as_it_was_written() -> None:
    styles = (Style("half", own=True, runs={"a": EVERYTHING}),)
    page = Page({"a": EVERYTHING}, styles, {"a": {"third": 1e-8, "steps[0].w.after": THIRD}})

    again = from_bytes(*as_bytes(page))

    assert repr(again) == repr(page)  # NaN equals nothing, but reads the same


def test_a_page_of_another_version_says_so() -> None:
    text, numbers = as_bytes(Page({"a": EVERYTHING}, ()))
    plain = json.loads(text)
    del plain["format"]

    with pytest.raises(Outdated):
        from_bytes(json.dumps(plain).encode(), numbers)


@pytest.mark.parametrize("kind", ["signal_11", "stopped", "exited"])
def test_how_a_run_ended_is_kept_where_a_box_could_not_say_it(kind: str) -> None:
    run = Run(Ended.CRASHED, fault=Fault(kind))

    again = from_bytes(*as_bytes(Page({"a": run}, ())))

    assert again.wanted == {"a": run}


def test_equal_runs_are_written_once() -> None:
    one = Page({"a": EVERYTHING}, ())
    many = Page({"a": EVERYTHING}, tuple(Style(f"m{n}", True, {"a": EVERYTHING}) for n in range(9)))  # noqa: FBT003

    (text, numbers), (more_text, more_numbers) = as_bytes(one), as_bytes(many)

    assert more_numbers == numbers
    assert len(more_text) - len(text) < 9 * 30


def test_what_was_computed_in_float32_takes_four_bytes() -> None:
    value = np.arange(1000, dtype=np.float32).astype(float) / 8

    _, numbers = as_bytes(Page({"a": Run(Ended.FINISHED, {"y": tensor(value)})}, ()))

    assert len(numbers) < 4200


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (b"", b""),
        (b"[]", save({"f": np.zeros(1, np.float32)})),
        (b'{"format": 2, "wanted": {"a": 1}, "styles": [], "runs": [], "arrays": []}', save({})),
        (b'{"format": 2, "wanted": {}, "styles": [], "arrays": [["f", 0, [9]]]}', save({})),
        (b'{"format": 2, "wanted": {}, "styles": [], "arrays": [], "runs": [{}]}', save({})),
    ],
)
def test_anything_else_is_no_page(text: bytes, numbers: bytes) -> None:
    with pytest.raises(ValueError, match=r"page|Expecting|message"):
        from_bytes(text, numbers)
