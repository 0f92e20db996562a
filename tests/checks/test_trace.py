import math

import numpy as np
import pytest

from grader.checks.trace import aligned, first_departure, gap, merged, steps_distance
from tests.samples_seen import step

RIGHT = [step(4.0, w=(1.0, None, 2.0)), step(2.0, w=(0.8, 0.0, 1.5))]


def test_two_backwards_of_one_loss_are_one_row() -> None:
    halves = [step(1.0, w=(1.0, None, 0.5)), step(3.0, w=(1.0, 0.5, 2.0))]

    assert steps_distance(merged(halves), RIGHT[:1]) == 0


def test_a_row_after_an_update_stays() -> None:
    assert len(merged(RIGHT)) == 2
    assert len(merged([step(4.0, w=(1.0, None, 2.0)), step(4.0, w=(0.8, 2.0, 4.0))])) == 2


def test_a_row_after_clearing_stays() -> None:
    assert len(merged([step(4.0, w=(1.0, None, 2.0)), step(4.0, w=(1.0, None, 2.0))])) == 2


@pytest.mark.parametrize(
    ("got", "want", "size"),
    [
        (None, None, 0),
        (None, 0.0, math.inf),
        (0.0, None, math.inf),
        (0.0, 0.0, 0),
        (1.0, None, math.inf),
        (None, 1.0, math.inf),
        (1.1, 1.0, 0.1),
        (math.nan, 1.0, math.inf),
    ],
)
def test_none_zeros_and_a_value_are_three_things(
    got: float | None, want: float | None, size: float
) -> None:
    ours, theirs = (None if each is None else np.asarray(each) for each in (got, want))

    assert gap(ours, theirs) == pytest.approx(size)


def test_before_a_backward_none_and_zeros_are_both_cleared() -> None:
    none, zeros = step(2.0, w=(1.0, None, 1.5)), step(2.0, w=(1.0, 0.0, 1.5))

    assert steps_distance([none], [zeros]) == steps_distance([zeros], [none]) == 0


def test_rows_are_joined_only_where_that_makes_them_as_many() -> None:
    halves = [step(1.0, w=(1.0, None, 0.5)), step(3.0, w=(1.0, 0.5, 2.0)), RIGHT[1]]

    assert len(aligned(halves, RIGHT)[0]) == 2
    assert len(aligned(halves, halves)[0]) == 3
    assert len(aligned(halves, RIGHT[:1])[0]) == 3


def test_a_loss_that_ran_twice_is_not_added_up() -> None:
    twice = [step(4.0, w=(1.0, None, 2.0)), step(4.0, w=(1.0, 2.0, 4.0))]

    assert [row.loss for row in merged(twice)] == [4.0]


def test_another_number_of_rows_or_leaves_is_another_trace() -> None:
    assert steps_distance(RIGHT, RIGHT[:1]) == math.inf
    assert steps_distance(RIGHT[:1], [step(4.0, b=(1.0, None, 2.0))]) == math.inf


def test_a_loss_that_is_no_number_is_not_compared() -> None:
    assert steps_distance([step(None, w=(1.0, None, 2.0))], RIGHT[:1]) == 0


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (step(2.0, w=(0.8, 2.0, 3.5)), "step 2: w.grad before backward() was not cleared"),
        (
            step(2.0, w=(1.2, 0.0, 1.5)),
            "step 2: w is 1.2, in the reference 0.8",
        ),
        (
            step(2.0, w=(0.8, None, None)),
            "step 2: w.grad after backward() is None: the loss does not reach w",
        ),
        (
            step(2.0, w=(0.8, None, 3.0)),
            "step 2: w.grad after backward() is 3, in the reference 1.5 (2 times)",
        ),
        (step(4.0, w=(0.8, None, 1.5)), "step 2: the loss is 4, in the reference 2 (2 times)"),
        (step(2.0, w=(0.8, None, 1.5)), ""),
    ],
)
def test_the_first_departure_in_words(row: object, words: str) -> None:
    assert first_departure([RIGHT[0], row], RIGHT) == words  # type: ignore[list-item]


def test_a_backward_too_few_is_told() -> None:
    assert first_departure(RIGHT[:1], RIGHT) == "backward() ran once, in the reference 2 times"
