"""Numbers are those that people meant, and their halves are rounded up."""

from fractions import Fraction

import pytest

from grader.rounding import exact, half_up, hundredths


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (0.1, Fraction(1, 10)),
        (2.675, Fraction(2675, 1000)),  # as a float it is less
        (1 / 3, Fraction(1, 3)),  # written out it ends somewhere, and three are less than one
        (300 / 7, Fraction(300, 7)),
        (1234.56, Fraction(123456, 100)),
    ],
)
def test_a_float_stands_for_the_number_that_was_meant(value: float, meant: Fraction) -> None:
    assert exact(value) == meant


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (2.675, 2, 2.68),
        (1.005, 2, 1.01),
        (0.125, 2, 0.13),
        (0.135, 2, 0.14),
        (10 / 3, 5, 3.33333),
        (20 / 3, 2, 6.67),
        (1e-7, 5, 0),
        (100.0, 2, 100),
    ],
)
def test_halves_are_rounded_up(value: float, places: int, rounded: float) -> None:
    assert float(half_up(exact(value), places)) == rounded


@pytest.mark.parametrize(
    ("points", "told"),
    [
        (Fraction(10, 3), 3.33),
        (Fraction(1, 8), 0.13),
        (Fraction(1, 200), 0.01),
        (Fraction(2, 3), 0.67),
        (Fraction(0), 0.0),
        (Fraction(7), 7.0),
    ],
)
def test_points_are_told_to_the_nearest_hundredth(points: Fraction, told: float) -> None:
    assert hundredths(points) == told


def test_nothing_is_rounded_above_a_maximum_with_more_places() -> None:
    most = exact(33.336)

    assert float(half_up(most, 2, most)) == 33.33
