import math

import numpy as np
import pytest

from grader.checks.compare import Difference, difference, distance
from grader.model import Nothing, Other, Raised, Text
from tests.samples_seen import Told, seen, tensor

ROW = [1.0, 4.0, -2.0, 8.0]
SQUARE = [[1.0, 2.0], [3.0, 5.0]]


def told(got: Told, want: Told, **options: object) -> Difference:
    found = difference(seen(got), seen(want), **options)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (3.0, 3.0),
        (3, 3.0),
        (3.00001, 3.0),
        (tensor(3.0), 3.0),
        (3.0, tensor(3.0)),
        (tensor([3.0]), 3.0),
        (tensor([[3.0]]), tensor(3.0)),
        (tensor(ROW, dtype="float64"), tensor(ROW)),
        (ROW, ROW),
        (tensor(ROW), ROW),
        ([tensor(1.0), 2.0], [1.0, 2.0]),
        ([tensor(ROW), tensor(SQUARE)], [tensor(ROW), tensor(SQUARE)]),
        (tensor([]), tensor([])),
        ([], []),
        (True, True),
        ([True, False], [True, False]),
        (tensor([True, False]), tensor([True, False])),
        (None, None),
        (Text("a"), Text("a")),
        (Raised("no_graph"), Raised("no_graph")),
    ],
)
def test_alike(got: Told, want: Told) -> None:
    assert difference(seen(got), seen(want)) is None


@pytest.mark.parametrize(
    ("got", "want", "words"),
    [
        (tensor([ROW]), tensor(ROW), "has shape (1, 4), should have (4,)"),
        (tensor(1.0), tensor([1.0] * 4), "has shape (), should have (4,)"),
        (tensor([]), tensor(ROW), "has shape (0,), should have (4,)"),
        (tensor([[1.0], [2.0]]), tensor([[1.0, 2.0]]), "has shape (2, 1), should have (1, 2)"),
        (tensor(ROW), 1.0, "has shape (4,), should have ()"),
        (1.0, tensor(ROW), "is a number, should be a tensor of shape (4,)"),
        (ROW, tensor(ROW), "is a list, should be a tensor of shape (4,)"),
        (ROW[:3], ROW, "has 3 entries, should have 4"),
        (tensor(ROW[:3]), ROW, "has 3 entries, should have 4"),
        (1.0, ROW, "is a number, should be a list or tuple"),
        ([1.0, None], [1.0, 2.0], "at [1] is None, should be a number"),
        ([tensor(ROW)], [tensor(ROW), tensor(ROW)], "has 1 entry, should have 2"),
        (True, 1.0, "is a bool, should be a number"),
        (1, True, "is a number, should be a bool"),
        ([1.0, 0.0], [True, False], "at [0] is a number, should be a bool"),
        ([True, 0.0], [1.0, 0.0], "at [0] is a bool, should be a number"),
        (
            tensor([1.0, 0.0]),
            tensor([True, False]),
            "is a tensor of shape (2,), should be a bool tensor of shape (2,)",
        ),
        (None, 1.0, "is None, should be a number"),
        (1.0, None, "is not None"),
        (Text("1"), 1.0, "is text, should be a number"),
        (Other("dict"), 1.0, "is of type dict, should be a number"),
        (1.0, Raised("no_graph"), "raised no error"),
        (Raised("other"), Raised("no_graph"), "raised another error"),
        (Raised("other"), 1.0, "is an error, should be a number"),
    ],
)
def test_another_kind_or_shape(got: Told, want: Told, words: str) -> None:
    found = told(got, want)

    assert (found.words, found.size) == (words, math.inf)
    assert not any(letter.isdigit() for letter in found.hint)


def test_what_is_missing_is_told() -> None:
    found = difference(None, Nothing())

    assert found is not None
    assert found.hint == "is missing"


@pytest.mark.parametrize(
    ("got", "hint"),
    [
        (math.nan, "is NaN"),
        (math.inf, "is infinite"),
        (tensor([1.0, math.nan, -2.0, 8.0]), "is NaN"),
        (tensor([1.0, math.inf, -2.0, 8.0]), "is infinite"),
        (tensor([math.inf, math.nan, -2.0, 8.0]), "is NaN"),
    ],
)
def test_nothing_equals_what_is_not_finite(got: Told, hint: str) -> None:
    found = told(got, 1.0 if isinstance(got, float) else tensor(ROW))

    assert (found.hint, found.size) == (hint, math.inf)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_reference_that_is_not_finite_judges_nobody_right(value: float) -> None:
    assert difference(seen(value), seen(value)) is not None


def test_the_first_wrong_place_is_told() -> None:
    found = told(tensor([1.0, 4.0, -2.5, 8.0]), tensor(ROW))

    assert found.words == "is -2.5 at [2], should be -2"
    assert found.hint == "is wrong"
    assert found.size == pytest.approx(0.5 / 8)


@pytest.mark.parametrize(
    ("times", "hint"),
    [
        (-1, "has the opposite sign"),
        (2, "is twice what it should be"),
        (-2, "is -2 times what it should be"),
        (3, "is 3 times what it should be"),
        (7, "is 7 times what it should be (one for each data point)"),
        (701, "is 701 times what it should be (one for each data point)"),
        (1234.4, "is wrong"),
        (1.37, "is wrong"),
        (1 / 2, "is half of what it should be"),
        (-1 / 2, "is -1/2 of what it should be"),
        (1 / 3, "is 1/3 of what it should be"),
        (-1 / 3, "is -1/3 of what it should be"),
        (1 / 7, "is 1/7 of what it should be (divided by the number of data points)"),
        (0, "is zero everywhere"),
    ],
)
def test_a_factor_is_recognised(times: float, hint: str) -> None:
    found = told(tensor(times * np.array(ROW)), tensor(ROW), lengths={7, 701})

    assert found.hint == hint


@pytest.mark.parametrize(
    ("got", "want", "hint"),
    [
        (np.array(SQUARE).T, SQUARE, "is transposed"),
        (
            np.cumsum(SQUARE, axis=0),
            SQUARE,
            "is a running sum: row k is the sum of all rows up to k",
        ),
        (np.cumsum(ROW), ROW, "is a running sum: row k is the sum of all rows up to k"),
        ([0.0, 1.0, 4.0, -2.0], ROW, "is shifted by one step"),
        ([4.0, -2.0, 8.0, 5.0], ROW, "is shifted by one step"),
        ([4.0, 1.0], [1.0, 4.0], "is wrong"),
        ([5.0, 1.0, 1.0], [1.0, 1.0, 1.0], "is wrong"),
        (0.0, 3.0, "is zero"),
        (3.0, 0.0, "is wrong"),
    ],
)
def test_a_pattern_is_recognised(got: object, want: object, hint: str) -> None:
    assert told(tensor(got), tensor(want)).hint == hint


def test_a_hint_holds_no_values_and_the_words_do() -> None:
    found = told(tensor(2 * np.array(ROW)), tensor(ROW))

    assert found.words == "is twice what it should be (is 2 at [0], should be 1)"
    assert not any(letter.isdigit() for letter in found.hint)


def test_flags_have_no_patterns() -> None:
    found = told([False, False], [False, True])

    assert (found.words, found.hint) == ("at [1] is False, should be True", "is wrong")
    assert told(tensor([True, False]), tensor([False, False])).words.startswith("is True at [0]")


def test_of_a_list_of_tensors_the_worst_is_told() -> None:
    found = told([tensor([1.1, 1.0]), tensor([5.0, 1.0])], [tensor([1.0, 1.0])] * 2)

    assert found.words == "at [1] is 5 at [0], should be 1"


def test_distances_are_relative_to_the_largest_value() -> None:
    assert distance(tensor([1000.0, 1.0]), tensor([1000.0, 0.0])) == pytest.approx(1e-3)
    assert distance(tensor(ROW), tensor(ROW)) == 0
    assert distance(tensor(0.5), tensor(0.0)) == pytest.approx(0.5)


def test_the_tolerance_is_the_callers() -> None:
    assert difference(seen(1.04), seen(1.0), tolerance=0.05) is None
    assert difference(seen(1.06), seen(1.0), tolerance=0.05) is not None
