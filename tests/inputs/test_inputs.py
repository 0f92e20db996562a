import numpy as np
import pytest

from grader.inputs.expressions import (
    Expression,
    ExpressionError,
    check,
    draw,
    evaluate,
    names_in,
    rounded,
    seed,
)
from grader.model import Value


def rng() -> np.random.RandomState:
    return np.random.RandomState(7)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (3, 3),
        (True, True),
        ("1 + 2 * 3", 7),
        ("7 // 2 + 7 % 2", 4),
        ("-2 ** 2", -4),
        ("2 ** -1", 0.5),
        ("x + 1", 3.5),
        ("None", None),
        ("'mean'", "mean"),
        ("[1, 'a', [2.0]]", [1, "a", [2.0]]),
        (["x", 1], [2.5, 1]),
        ("[5, 6][-1]", 6),
        ("tensor([[1, 2], [3, 4]])[1, 0]", 3),
        ("sum([1, 2]) + len([0, 0])", 5),
        ("mean(tensor([1, 2]))", 1.5),
        ("integer(2.7)", 2),
        ("double(2)", 2.0),
        ("abs(-3)", 3),
        ("away_from(0.1, 0, 0.5)", 0.6),
        ("away_from(-2.0, 0, 0.5)", -2.0),
    ],
)
def test_an_expression_has_a_plain_value(expression: Expression, value: Value) -> None:
    got = evaluate(expression, {"x": 2.5}, rng())

    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("expression", "shape", "kind"),
    [
        ("randn(2, 3)", (2, 3), "f"),
        ("uniform(0, 1, 4)", (4,), "f"),
        ("integers(0, 9, 4)", (4,), "i"),
        ("tensor(2.5)", (), "f"),
        ("tensor([1, 2])", (2,), "i"),
        ("tensor([1, 2]) * 0.5", (2,), "f"),
        ("arange(6)", (6,), "i"),
        ("arange(0, 1, 0.25)", (4,), "f"),
        ("linspace(0, 1, 5)", (5,), "f"),
        ("transpose(zeros(2, 3))", (3, 2), "f"),
        ("reshape(arange(6), 2, 3)", (2, 3), "i"),
        ("concat(ones(2), zeros(1))", (3,), "f"),
        ("tensor(2) * 3", (), "i"),
    ],
)
def test_a_tensor_is_an_array(expression: str, shape: tuple[int, ...], kind: str) -> None:
    got = evaluate(expression, {}, rng())

    assert isinstance(got, np.ndarray)
    assert (got.shape, got.dtype.kind, got.dtype.itemsize) == (shape, kind, 8)


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("x.grad", "found `x.grad`; allowed: numbers"),
        ("lambda: 1", "allowed: numbers"),
        ("1 < 2", "allowed: numbers"),
        ("1, 2", "allowed: numbers"),
        ("__import__('os')", "no function '__import__'; allowed: linspace"),
        ("x.sum()", "no function 'x.sum'"),
        ("linspace(0, 1)", "linspace() takes 3 arguments, found 2"),
        ("randn(*[1])", "plain arguments only"),
        ("1 +", "is not an expression"),
        ("y + 1", "no name 'y' here; known: x; a text needs its own quotes"),
        ("x + 'a'", "found 'a' where a number or tensor is needed"),
        ("[0] * 9", "found [0] where a number or tensor is needed"),
        ("[1][5]", "out of range"),
        ("zeros(2) + zeros(3)", "broadcast"),
        ("randn(1.5)", "a whole number is needed here, found 1.5"),
        ("zeros(0)", "each at least 1"),
        ("1 / 0", "division by zero"),
        ("sqrt(-1)", "invalid value"),
        ("exp(1000)", "overflow"),
        ("(-2) ** 0.5", "root of a negative number"),
    ],
)
def test_an_error_says_what_was_found(expression: str, says: str) -> None:
    with pytest.raises(ExpressionError) as error:
        evaluate(expression, {"x": 2.5}, rng())

    assert says in str(error.value)


@pytest.mark.parametrize(
    "expression",
    [
        "zeros(1000001)",
        "zeros(1000, 1) + zeros(1, 10000)",
        "arange(0, 1e9)",
        "10 ** 10 ** 10",
        "2 ** 64",
        "1e400",
        "concat(zeros(1000000), zeros(1))",
        "-" * 3000 + "1",
        "(" * 300 + "1" + ")" * 300,
        "1" * 5000,
    ],
)
def test_nothing_grows_without_bound(expression: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(expression, {}, rng())


def test_an_error_names_the_column() -> None:
    with pytest.raises(ExpressionError) as error:
        check("1 + y", {"x"})

    assert error.value.column == 5


def test_without_a_random_state_nothing_is_drawn() -> None:
    with pytest.raises(ExpressionError, match="cannot be done here"):
        evaluate("randn()", {})


def test_draws_use_earlier_ones_as_they_were_rounded() -> None:
    drawn = draw({"n": "3", "x": "uniform(0, 1)", "y": "x * 10000"}, {}, rng())

    assert drawn["y"] == round(float(str(drawn["x"])) * 10000)


@pytest.mark.parametrize("expression", ["2 / 100000", "uniform(0, 0.00001)", "-x / 1000"])
def test_a_number_that_rounding_makes_zero_is_refused(expression: str) -> None:
    """A rate of 0 makes every update right."""
    with pytest.raises(ExpressionError, match="becomes 0 with 4 decimals: write it as a number"):
        draw({"rate": expression}, {"x": 0.01}, rng())


def test_a_small_number_that_is_written_out_is_kept_and_a_zero_is_a_zero() -> None:
    drawn = draw({"rate": 2e-5, "shift": "x - x"}, {"x": 0.01}, rng())

    assert drawn == {"rate": 2e-5, "shift": 0.0}


def test_draws_use_the_names_they_are_given() -> None:
    assert draw({"x": "x + 1"}, {"x": 1}, rng()) == {"x": 2}


def test_the_same_seed_draws_the_same_numbers() -> None:
    """Frozen: every machine, and every later version, must draw these."""
    state = np.random.RandomState(seed("course", "ex4", "variant", "3"))

    drawn = draw({"a": "randn()", "b": "uniform(0, 1)", "c": "integers(0, 100)"}, {}, state)

    assert drawn == {"a": -0.1156, "b": 0.5863, "c": 11}


def test_a_seed_depends_on_where_words_end() -> None:
    assert seed("a", "bc") != seed("ab", "c")


def test_rounding_keeps_four_decimals_and_no_negative_zero() -> None:
    assert str(rounded([1.23456, -0.00001])) == "[1.2346, 0.0]"


def test_names_are_found_without_values() -> None:
    assert names_in(["a + sum(b)", "choice(c, 'd')"]) == {"a", "b", "c"}


def test_integers_stay_below_the_upper_bound() -> None:
    drawn = evaluate("integers(2, 4, 200)", {}, rng())

    assert set(np.unique(np.asarray(drawn))) == {2, 3}
