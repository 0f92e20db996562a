"""Inputs on which a wrong answer happens to be right; references in plain numpy."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from grader.checks.check import Check, find
from grader.judging.coincide import Rerun, coincidences, mutants, rivals, with_value
from grader.model import Inputs, Items, Number, Run, as_array
from tests.samples_part import close, code
from tests.samples_seen import Told, run_of, tensor, view

# What a reference returns for one set of inputs.
Reference = Callable[..., Mapping[str, Told]]
SAME = " would be the same if it were "


def watching(*of: str) -> tuple[Check, ...]:
    return code(close("c", *of)).checks


def told(
    reference: Reference,
    inputs: Inputs,
    checks: Sequence[Check] = watching("y"),
    rerun: Rerun | None = None,
) -> list[str]:
    """The accidents of one case, without what they have in common."""
    wanted = run_of(**reference(**inputs))
    found = coincidences(checks, view(wanted, wanted, inputs=inputs), rerun or runs(reference))
    assert all(SAME in words for words in found)
    return [words.replace(SAME, ": ") for words in found]


def runs(reference: Reference) -> Rerun:
    return lambda several: [run_of(**reference(**inputs)) for inputs in several]


# --- accidents -----------------------------------------------------------------------------------


def slope_of_cubic(x: float) -> Mapping[str, Told]:
    return {"y": 3 * x**2}


def test_the_slope_of_a_cubic_at_two_is_its_second_derivative_too() -> None:
    assert told(slope_of_cubic, {"x": 2.0}) == ["`y`: its own derivative by `x`"]


def test_elsewhere_it_is_not() -> None:
    assert told(slope_of_cubic, {"x": 1.4}) == []


def test_a_value_of_zero_hides_every_factor() -> None:
    found = told(lambda x: {"y": x - 1.5}, {"x": 1.5})

    assert found == [f"`y`: {wrong}" for wrong in ("zero", "negated", "doubled", "halved")]


def test_one_squared_is_one() -> None:
    found = told(lambda x: {"y": x**2}, {"x": 1.0})

    assert found == ["`y`: all ones", "`y`: the input `x`"]


def test_a_second_input_may_be_what_the_answer_is() -> None:
    found = told(lambda x, a: {"y": a * x}, {"x": 2.5, "a": 1.0})

    assert found == ["`y`: the input `x`", "`y`: its own derivative by `a`"]


def test_another_observation_may_be_what_the_answer_is() -> None:
    def both(x: float) -> Mapping[str, Told]:
        return {"y": x**2 + 0.5, "z": 3.0 * x - 1.5}

    assert told(both, {"x": 1.0}) == ["`y`: `z`"]
    assert told(both, {"x": 1.4}) == []


def test_a_symmetric_matrix_is_its_transpose() -> None:
    def product(m: np.ndarray) -> Mapping[str, Told]:
        return {"y": tensor(3 * m + np.array([[0.1, 0.4], [0.2, 0.3]]))}

    symmetric = np.array([[1.3, 0.7], [0.7 + 0.2 / 3, 1.9]])

    assert told(product, {"m": symmetric}) == ["`y`: transposed"]
    assert told(product, {"m": symmetric.T}) == []


def test_gradients_are_answers_too() -> None:
    def grown(x: float) -> Mapping[str, Told]:
        return {"y": tensor(x**2, grad=x**2 - 3.0)}

    assert told(grown, {"x": 2.0}, watching("y.grad")) == ["`y.grad`: all ones"]


def test_entries_that_happen_to_be_close_are_no_accident_alone() -> None:
    def row(x: np.ndarray) -> Mapping[str, Told]:
        return {"y": tensor(x**2)}

    assert told(row, {"x": np.array([1.0, 1.5])}) == []
    assert "`y`: the input `x`" in told(row, {"x": np.array([1.0, 1.0])})


@pytest.mark.parametrize(("off", "is_told"), [(1e-4, True), (1e-2, False)])
def test_what_a_check_could_just_tell_apart_is_too_near(off: float, *, is_told: bool) -> None:
    near = told(lambda x: {"y": x**2 + off}, {"x": 1.0})

    assert bool(near) is is_told


def test_how_near_is_measured_by_the_answer_and_beside_zero_by_one() -> None:
    large = told(lambda x, a: {"y": 700.0 * x + 0.0 * a}, {"x": 1.5, "a": 1050.4})
    zero = told(lambda x, a: {"y": x - 1.5 + 0.0 * a}, {"x": 1.5, "a": 0.0004})

    assert large == ["`y`: the input `a`"]
    assert "`y`: the input `a`" in zero


# --- what is no accident -------------------------------------------------------------------------


def test_what_holds_for_all_inputs_is_in_the_nature_of_the_exercise() -> None:
    assert told(lambda x: {"y": x}, {"x": 2.5}) == []
    assert told(lambda x: {"y": tensor(x, grad=1.0)}, {"x": 2.5}, watching("y.grad")) == []


def test_of_two_agreements_only_the_accident_is_told() -> None:
    found = told(lambda x: {"y": x}, {"x": 1.0})

    assert found == ["`y`: all ones", "`y`: its own derivative by `x`"]


def test_only_numbers_with_a_point_are_moved() -> None:
    """A count cannot be a little larger, so what holds for it holds by nature."""
    seen: list[tuple[object, ...]] = []

    def steps(n: int, at: np.ndarray, of: list[float], x: float) -> Mapping[str, Told]:
        seen.append((n, at.tolist(), of))
        return {"y": tensor(n * at + 0.0 * x)}

    given: Inputs = {"n": 1, "at": np.array([3, 4]), "of": [0.5, 1.5], "x": 2.5}

    assert told(steps, given) == []
    assert all(each == (1, [3, 4], [0.5, 1.5]) for each in seen)


def test_one_number_is_not_several() -> None:
    def twice(x: float) -> Mapping[str, Told]:
        return {"y": tensor([x**2, x**2])}

    assert told(twice, {"x": 1.0}) == ["`y`: all ones"]


@pytest.mark.parametrize("elsewhere", [{}, {"y": tensor([7.0, 8.0, 9.0])}])
def test_what_is_another_thing_close_by_has_no_derivative(elsewhere: Mapping[str, Told]) -> None:
    here = np.array([1.5, 2.5])

    def zero(x: np.ndarray) -> Mapping[str, Told]:
        return {"y": tensor(0.0 * x)} if np.array_equal(x, here) else elsewhere

    found = told(zero, {"x": here})

    assert found == [f"`y`: {wrong}" for wrong in ("zero", "negated", "doubled", "halved")]


def test_an_input_of_another_shape_has_no_such_derivative() -> None:
    """The total of a row is one number; nobody takes its derivative by the whole row at once."""
    assert told(lambda x: {"y": x.sum()}, {"x": np.array([0.7, 1.3])}) == []


def test_texts_and_flags_are_never_taken_for_the_answer() -> None:
    assert told(lambda x, **_: {"y": x**2 + 0.7}, {"x": 1.4, "on": True, "how": "mean"}) == []


def test_what_no_check_compares_is_not_looked_at() -> None:
    flag = {"id": "f", "kind": "state", "of": ("y",), "say": "It is as it should be."}

    assert told(lambda x: {"y": x - 1.5}, {"x": 1.5}, code(flag).checks) == []
    assert told(lambda x: {"y": x - 1.5, "z": x**2}, {"x": 1.5}, watching("z")) == []


def test_an_answer_that_is_no_number_is_left_aside() -> None:
    assert told(lambda x: {"y": x > 0}, {"x": 1.0}) == []
    assert told(lambda x: {"z": x}, {"x": 1.0}) == []  # nothing is there


def test_where_nothing_agrees_nothing_is_run_again() -> None:
    asked: list[int] = []

    def rerun(several: Sequence[Inputs]) -> Sequence[Run]:
        asked.append(len(several))
        return runs(slope_of_cubic)(several)

    assert told(slope_of_cubic, {"x": 1.4}, rerun=rerun) == []
    assert asked == [2]  # as it is, and with x a little larger


# --- wrong answers of a common shape -------------------------------------------------------------


def test_each_mutant_of_a_right_value_has_a_name() -> None:
    square = np.array([[1, 2], [3, 4]])

    got = {name: value.tolist() for name, value in mutants(square)}

    assert got == {
        "zero": [[0.0, 0.0], [0.0, 0.0]],
        "all ones": [[1.0, 1.0], [1.0, 1.0]],
        "negated": [[-1.0, -2.0], [-3.0, -4.0]],
        "doubled": [[2.0, 4.0], [6.0, 8.0]],
        "halved": [[0.5, 1.0], [1.5, 2.0]],
        "transposed": [[1.0, 3.0], [2.0, 4.0]],
    }


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1, 1), (2, 2, 2)])
def test_only_a_square_of_several_numbers_can_be_transposed(shape: tuple[int, ...]) -> None:
    assert "transposed" not in dict(mutants(np.full(shape, 2.0)))


def test_rivals_are_the_numbers_that_a_student_has_at_hand() -> None:
    run = run_of(y=2.0, z=tensor(3.0, grad=4.0), on=True, word=None)
    inputs: Inputs = {"x": 1.5, "n": 3, "row": np.array([1, 2]), "on": False, "how": "mean"}

    got = {name: value.tolist() for name, value in rivals("y", run, inputs)}

    assert got == {
        "the input `x`": 1.5,
        "the input `n`": 3.0,
        "the input `row`": [1.0, 2.0],
        "`z`": 3.0,
        "`z.grad`": 4.0,
    }
    assert "`y`" in dict(rivals("z", run, {}))
    assert "`z`" in dict(rivals("z.grad", run, {}))


# --- a run with one value exchanged --------------------------------------------------------------

RUN = run_of(n=1.0, row=[1.0, 2.0], w=tensor([1.0, 2.0], grad=[3.0, 4.0]))


def numbers(run: Run, path: str) -> object:
    found = find(run, path)
    assert found is not None
    array = as_array(found)
    assert array is not None
    return array.tolist()


@pytest.mark.parametrize(("path", "value"), [("n", 5.0), ("row", [5.0, 6.0]), ("w", [5.0, 6.0])])
def test_a_value_is_put_into_a_run(path: str, value: object) -> None:
    got = with_value(RUN, path, np.array(value))

    assert got is not None
    assert numbers(got, path) == value
    others = set(RUN.observations) - {path}
    assert {name: got.observations[name] for name in others} == {
        name: RUN.observations[name] for name in others
    }


def test_a_list_stays_a_list_of_numbers() -> None:
    got = with_value(RUN, "row", np.array([5, 6]))

    assert got is not None
    assert got.observations["row"] == Items((Number(5.0), Number(6.0)))


def test_a_gradient_is_put_beside_the_value_that_stays() -> None:
    got = with_value(RUN, "w.grad", np.array([7.0, 8.0]))

    assert got is not None
    assert numbers(got, "w") == [1.0, 2.0]
    assert numbers(got, "w.grad") == [7.0, 8.0]


@pytest.mark.parametrize("path", ["w.requires_grad", "n.grad", "elsewhere", "elsewhere.grad"])
def test_where_no_value_can_stand_there_is_no_such_run(path: str) -> None:
    assert with_value(RUN, path, np.array(1.0)) is None
