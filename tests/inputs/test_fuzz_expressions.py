"""Whatever stands in an expression has a plain value of bounded size, or is told to its author."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.inputs.expressions import ExpressionError, check, draw
from grader.inputs.functions import FUNCTIONS, MAX_ELEMENTS
from grader.model import Value

NAMES: dict[str, Value] = {"x": 2.5, "y": np.arange(6.0).reshape(2, 3), "n": 3}
ATOMS = [
    *("0", "1", "-1", "2.5", "1000", "1000000", "10**6", "9" * 30, "1e308", "1e-308", "1e999"),
    *("True", "None", "'mean'", "''", "x", "y", "n", "z", "[]", "[1, 2]", "[[1], [2, 3]]"),
    *(
        "zeros(3)",
        "ones(2, 3)",
        "1j",
        "...",
        "b'a'",
        "f'{x}'",
        "x.real",
        "(a := 1)",
        "\0",
        "\u202e",
    ),
    *("lambda: 0", "[1] * 2", "'a' * 9", "*x", "__import__('os')", "x if x else y", "()"),
]
SIGNS = ["+", "-", "*", "/", "//", "%", "**", "@", "<<", "==", "and"]


def written(chance: random.Random, depth: int) -> str:
    """An expression, most often one of ours."""
    parts = [written(chance, depth - 1) for _ in range(chance.randrange(4))] if depth else []
    match chance.randrange(6 if parts else 1):
        case 0:
            return chance.choice(ATOMS)
        case 1:
            return f"({f' {chance.choice(SIGNS)} '.join(parts)})"
        case 2:
            return f"[{', '.join(parts)}]"
        case 3:
            return f"{parts[0]}[{', '.join(parts[1:])}]"
        case _:
            return f"{chance.choice([*FUNCTIONS])}({', '.join(parts)})"


def assert_drawn_or_told(expression: str) -> None:
    try:
        drawn = draw({"a": expression}, NAMES, np.random.RandomState(1))
    except ExpressionError:
        return
    assert_plain(drawn["a"])


def assert_plain(value: Value) -> None:
    if isinstance(value, list):
        for entry in value:
            assert_plain(entry)
    elif isinstance(value, np.ndarray):
        assert value.dtype in (np.float64, np.int64)
        assert value.size <= MAX_ELEMENTS
        assert np.isfinite(value).all()
    elif isinstance(value, float):
        assert math.isfinite(value)
    else:
        assert value is None or isinstance(value, str) or abs(value) < 2**64


@given(st.text(max_size=100))
def test_any_text(text: str) -> None:
    assert_drawn_or_told(text)


@given(st.randoms(use_true_random=False))
def test_any_expression(chance: random.Random) -> None:
    assert_drawn_or_told(written(chance, 4))


@given(st.randoms(use_true_random=False))
def test_what_is_checked_is_told_in_the_same_way(chance: random.Random) -> None:
    try:
        check(written(chance, 4), NAMES)
    except ExpressionError as error:
        assert str(error)  # noqa: PT017  (either outcome is right)


@pytest.mark.parametrize(
    "expression",
    [
        *("(" * 4000, "-" * 3999 + "1", "x" + ".a" * 1999, "1" + "+1" * 1999, "[" * 2000),
        *(
            "not " * 999 + "1",
            "x" * 5000,
            "9" * 3999,
            "2**2**2**2**2**2",
            "10**9**9",
            "1e" + "9" * 99,
        ),
        *("randn(1000, 1000, 1000)", "zeros(10**6, 10**6)", "arange(0, 1e300, 1e-300)"),
        *("linspace(0, 1, 10**12)", "ones(1000, 1) * ones(1, 10**6)", "'a' * 10**9"),
        *("mean([])", "sum([])", "ones(2, 3) * 1e306", "ones(2) // 1e-308"),
        *("{'a': 1}", "x.__class__", "open('/etc/passwd')", "().__class__", "exit()"),
    ],
)
def test_what_would_never_end_or_fit_is_refused(expression: str) -> None:
    with pytest.raises(ExpressionError):
        draw({"a": expression}, NAMES, np.random.RandomState(1))
