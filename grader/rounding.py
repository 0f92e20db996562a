"""Floats → the exact numbers that people meant, and back with halves rounded up."""

import math
from decimal import Decimal
from fractions import Fraction

_LARGEST_DENOMINATOR = 10**6


def exact(value: float) -> Fraction:
    """The number that a float stands for: 0.1 is a tenth, and 1/3 is a third again.

    Half up is exact only for exact numbers: 2.675 is a little less than itself as a float.
    """
    return Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)


def half_up(value: Fraction, places: int, most: Fraction | None = None) -> Decimal:
    """Never above `most`, even if that has more places."""
    unit = 10**places
    whole = math.floor(value * unit + Fraction(1, 2))
    if most is not None and Fraction(whole, unit) > most:
        whole = math.floor(most * unit)
    return Decimal(whole).scaleb(-places)


def hundredths(value: Fraction) -> float:
    """Points as they are told: to 0.01, what a student who checks the sum by hand gets."""
    return float(half_up(value, 2))
