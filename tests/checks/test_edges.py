"""Numbers at every edge of what a float or an integer can hold: judged, and judged rightly."""

import math

import numpy as np
import pytest

from grader.checks.answers import right
from grader.checks.bounded import Bounded
from grader.checks.compare import difference, ratio_hint
from grader.checks.trace import first_departure, gap, merged, steps_distance
from grader.checks.unchanged import Unchanged
from grader.model import Array, Fault, Leaf, Other, Outcome, Step, Text
from grader.reporting import explain
from grader.reporting.exporters.text import visible
from tests.samples_seen import run_of, seen, step, tensor, view

TINY, HUGE = 1e-310, 1.7e308  # a denormal, and almost the largest
EDGES = [5e-324, TINY, -TINY, 3.4e38, HUGE, -HUGE, 0.0, -0.0, 1.0, math.nan, math.inf, -math.inf]
LOWEST = -(2**63)  # the integer that has no absolute value


# --- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize("want", [5e-324, TINY, HUGE, -HUGE, 1.0])
@pytest.mark.parametrize("got", EDGES)
def test_a_number_is_right_if_it_is_the_number(got: float, want: float) -> None:
    found = difference(tensor([got, got]), tensor([want, want]))

    assert (found is None) == (got == want)


@pytest.mark.parametrize("got", [LOWEST, 2**63 - 1, 2**63])
def test_the_last_integers_are_numbers_like_others(got: int) -> None:
    found = difference(seen(got), tensor(2.0))

    assert found is not None
    assert found.hint == "is wrong"
    assert difference(seen(got), seen(got)) is None


@pytest.mark.parametrize(
    ("got", "want", "said"),
    [
        ([2 * TINY], [TINY], "is twice what it should be"),
        ([-HUGE], [HUGE], "has the opposite sign"),
        ([HUGE], [HUGE / 2], "is twice what it should be"),
        ([HUGE, -HUGE], [HUGE, HUGE], ""),  # the running sum is infinite
        ([HUGE], [5e-324], ""),  # no float is so many times
        ([5e-324], [HUGE], ""),
        ([1e300, 1e300], [1e-300, 1e-300], ""),
    ],
)
def test_a_ratio_is_told_wherever_there_is_one(
    got: list[float], want: list[float], said: str
) -> None:
    assert ratio_hint(np.array(got), np.array(want), {3}) == said


def test_a_long_list_is_not_looked_at_to_see_that_it_is_too_long() -> None:
    found = difference(seen([[]] * 5), seen([1.0, 2.0]))

    assert found is not None
    assert found.words == "has 5 entries, should have 2"


def test_a_long_text_or_name_is_quoted_in_part() -> None:
    for odd in (Text("x" * 2000), Other("x" * 2000)):
        found = difference(odd, Text("y"))

        assert found is not None
        assert len(found.words) < 300


# --- traces --------------------------------------------------------------------------------------


def flags(*shape: int) -> Array:
    return np.ones(shape, dtype=bool)


@pytest.mark.parametrize(
    "leaf",
    [
        Leaf(flags(2), flags(2), flags(2)),
        Leaf(np.array(LOWEST), np.array(LOWEST), np.array(2**62)),
        Leaf(np.array(HUGE), np.array(-HUGE), np.array(TINY)),
        Leaf(np.zeros((0, 3)), None, np.zeros((1,) * 16)),
    ],
    ids=["flags", "integers", "floats", "shapes"],
)
def test_leaves_of_any_kind_are_followed_and_are_wrong(leaf: Leaf) -> None:
    rows = [Step(1e308, {"w": leaf}), Step(1.7e308, {"w": leaf}), Step(math.nan, {"v": leaf})]
    wanted = [step(1.0, w=(1.0, None, 2.0))] * 3

    assert steps_distance(merged(rows), wanted) == math.inf
    assert first_departure(rows, wanted).startswith("step 1: w is ")


@pytest.mark.parametrize("want", [math.inf, math.nan])
def test_what_is_not_finite_is_near_to_nothing(want: float) -> None:
    assert gap(np.array(1.0), np.array(want)) == math.inf
    assert gap(np.array(want), np.array(want)) == math.inf


def test_how_many_times_is_told_only_where_a_number_can_say_it() -> None:
    words = first_departure([step(1e300, w=(1, None, 2))], [step(1e-300, w=(1, None, 2))])

    assert words == "step 1: the loss is 1e+300, in the reference 1e-300"


# --- other checks --------------------------------------------------------------------------------


@pytest.mark.parametrize("want", [0, 12])
def test_no_whole_number_is_near_another_by_overflow(want: int) -> None:
    assert right(seen(want), seen(want))
    assert not right(seen(LOWEST + want), seen(want))


def test_nan_is_within_no_bounds() -> None:
    for bounds in ({"least": 1}, {"most": 1}):
        check = Bounded.model_validate(
            {"kind": "bounded", "id": "c", "say": "x", "of": "n", **bounds}
        )

        finding = check.judge(view(run_of(n=math.nan), run_of()))

        assert finding.outcome is Outcome.FAIL


@pytest.mark.parametrize("value", [HUGE, math.nan, math.inf, TINY])
def test_an_input_that_is_pushed_over_the_edge_was_changed(value: float) -> None:
    check = Unchanged.model_validate({"kind": "unchanged", "id": "c", "say": "x", "of": ("x",)})
    after = run_of()
    after = type(after)(after.ended, inputs_after={"x": tensor([value, 2.0])})

    finding = check.judge(view(after, run_of(), inputs={"x": np.array([-3.0, 2.0])}))

    assert finding.outcome is Outcome.FAIL


# --- words ---------------------------------------------------------------------------------------


def test_a_caret_is_drawn_in_its_line_or_not_at_all() -> None:
    fault = Fault("syntax", "SyntaxError", "no", "ex4.py", 1, 3, "    x = (")

    assert "^" in explain.fault(Fault("syntax", "SyntaxError", "no", "ex4.py", 1, 9, "    x = ("))
    assert len(explain.fault(Fault("syntax", "E" * 2000, "m" * 2000, "p", 1, 10**6, "x"))) < 800
    assert explain.fault(fault).count("\n") == 3


def test_what_cannot_be_seen_takes_no_more_room_than_what_can() -> None:
    shown = visible("\U000e0100" * 10_000)

    assert len(shown) < 10_100
    assert shown.endswith("… (9000 more characters)")
