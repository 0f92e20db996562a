import ast
import json
from pathlib import Path

import nbformat
import numpy as np
import pytest

from grader.classroom.collect import read
from grader.course import places, variants
from grader.course.format import Exercise
from grader.course.parts.code import CodePart
from grader.course.parts.predict import PredictPart
from grader.handout.leaks import leaks
from grader.handout.render import Handout, as_notebook, handout
from grader.handout.words import as_comment
from grader.model import Value
from tests import samples

VALUES: dict[str, Value] = {"x": 2.5, "n": 3, "xs": np.array([1.0, 2.0])}


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    return samples.load(tmp_path)


@pytest.fixture
def shown(exercise: Exercise) -> Handout:
    return handout(exercise, 3, "small")


def code_of(handed: Handout, name: str) -> str:
    first, last = handed.holes[name]
    return "\n".join(handed.python.splitlines()[first - 1 : last])


# --- the starter ---------------------------------------------------------------------------------


def test_the_first_line_says_what_the_file_is(shown: Handout) -> None:
    assert shown.python.splitlines()[0] == "# grade: ex7 format=1 variant=3"


def test_the_header_is_read_back(tmp_path: Path, shown: Handout) -> None:
    path = tmp_path / "mine.py"
    path.write_text(shown.python)

    got = read(path)

    assert (got.exercise, got.format, got.variant) == ("ex7", 1, 3)


def test_a_starter_is_python_and_ends_with_a_newline(shown: Handout) -> None:
    ast.parse(shown.python)

    assert shown.python.endswith("\n")
    assert max(len(line) for line in shown.python.splitlines()) <= 96


def test_a_hole_is_its_task_and_a_placeholder(shown: Handout) -> None:
    assert code_of(shown, "formula") == (
        "    # TODO 2: Return the derivative at each entry of `x`.\n    ..."
    )


def test_start_replaces_the_placeholder(tmp_path: Path) -> None:
    yaml = samples.YAML.replace("entry of `x`.}", 'entry of `x`., start: "return None"}')

    got = handout(samples.load(tmp_path, yaml), 0, "small")

    assert code_of(got, "formula").endswith("\n    return None")


def test_what_is_not_for_students_is_left_out(shown: Handout) -> None:
    for secret in ("canary", "def drive", "2 * a * x", "# <", "Slopes.\n\ncanary"):
        assert secret not in shown.python


def test_what_stands_outside_the_holes_is_handed_out(shown: Handout) -> None:
    assert "def slope(x: torch.Tensor, a: float) -> torch.Tensor:" in shown.python
    assert shown.pieces.preamble == "import torch"


def test_a_submission_must_have_the_names_of_the_starter(shown: Handout) -> None:
    assert shown.names == ("first", "slope")
    assert (shown.asks, shown.given) == (("first",), ("t",))


def test_code_between_and_behind_the_parts_is_handed_out(tmp_path: Path) -> None:
    solution = samples.SOLUTION.replace("# <plain>", "factor = 2\n\n# <plain>") + "print(1)\n"

    got = handout(samples.load(tmp_path, solution=solution), 0, "small")

    assert got.starters[2].text.startswith("factor = 2\n")
    assert got.python.endswith("\nprint(1)\n")
    assert code_of(got, "add").startswith("# TODO 3:")


def test_a_given_block_shows_the_open_case(exercise: Exercise, shown: Handout) -> None:
    inputs = variants.open_inputs(exercise, exercise.parts[2], 3, "small")

    assert f"t = torch.tensor({np.asarray(inputs['shown']['t']).tolist()})\n" in shown.python


def test_a_prediction_shows_the_program_and_asks_below(shown: Handout) -> None:
    assert "#     y.backward()\n#     # first: what is x.grad here?\n" in shown.python
    assert code_of(shown, "first") == "# TODO 1: The gradient.\nfirst = ..."


# --- variants ------------------------------------------------------------------------------------


def test_words_carry_the_values_of_the_variant(exercise: Exercise) -> None:
    for number in range(5):
        values = variants.variant_values(exercise, number, "small")
        assert f"`x = {values['x0']}`" in handout(exercise, number, "small").python


def test_a_variant_is_the_same_every_time(exercise: Exercise) -> None:
    assert handout(exercise, 4, "small") == handout(exercise, 4, "small")


def test_variants_differ(exercise: Exercise) -> None:
    drawn = [str(variants.variant_values(exercise, number, "small")) for number in range(20)]

    assert len(set(drawn)) == 4


def test_a_student_always_has_the_same_variant(exercise: Exercise) -> None:
    found = {variants.variant_of(f"student {n}", "small", exercise) for n in range(200)}

    assert found == set(range(20))
    assert variants.variant_of("", "small", exercise) == 0


def test_in_another_course_a_student_has_other_numbers(exercise: Exercise) -> None:
    """Else who took it last year could hand on what was right for each name."""
    students = [f"student {n}" for n in range(200)]
    spring = [variants.variant_of(student, "spring", exercise) for student in students]
    autumn = [variants.variant_of(student, "autumn", exercise) for student in students]

    kept = sum(one == other for one, other in zip(spring, autumn, strict=True))

    assert kept < 30  # one in twenty is the same by chance


def test_a_variant_stays_through_every_version(exercise: Exercise) -> None:
    """Frozen: work that was begun must not be judged by another variant after an upgrade."""
    own = {name: variants.variant_of(name, "small", exercise) for name in ("ada", "bob", "cyd")}

    assert own == {"ada": 1, "bob": 16, "cyd": 6}


def test_a_case_overrides_the_inputs_of_its_part(exercise: Exercise) -> None:
    part = exercise.parts[1]
    assert isinstance(part, CodePart)

    drawn = variants.case_inputs(part, part.cases[1], {}, np.random.RandomState(0))

    assert list(drawn) == ["x", "a"]
    assert np.asarray(drawn["x"]).shape == (2, 2)


def test_a_case_drawn_more_than_once_has_numbered_ids(exercise: Exercise) -> None:
    part = exercise.parts[1]
    assert isinstance(part, CodePart)

    assert [variants.case_ids(case) for case in part.cases] == [("shown",), ("other.1", "other.2")]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("x = [[x]]", "x = 2.5"),
        ("[[ 2 * x ]] and [[n]]", "5.0 and 3"),
        ("[[xs[1]]] [[xs]]", "2.0 [1.0, 2.0]"),
        ("[[x / 3]]", "0.8333"),
        ("torch.tensor([[1.0, 2.0], [3.0, 4.0]])", "torch.tensor([[1.0, 2.0], [3.0, 4.0]])"),
        ("torch.tensor([[1.0]])", "torch.tensor([[1.0]])"),
        (r"$\frac{a}{b}$ {x}", r"$\frac{a}{b}$ {x}"),
    ],
)
def test_double_brackets_hold_an_expression(words: str, shown: str) -> None:
    """Braces belong to TeX, and a nested list of numbers to a program."""
    assert places.substituted(words, VALUES) == shown


def test_a_value_is_written_as_code() -> None:
    array = np.array([1.0, 2.5])

    assert places.as_code([array, "a", 1]) == "[torch.tensor([1.0, 2.5]), 'a', 1]"
    assert places.as_code(array, double=True).endswith("dtype=torch.float64)")


def test_a_program_is_run_with_the_variants_values_and_records_what_is_asked(
    exercise: Exercise,
) -> None:
    part = exercise.parts[0]
    assert isinstance(part, PredictPart)

    program = json.loads(part.job({"x0": 1.5, "a": 3.0}).body)["program"]

    assert "torch.tensor(1.5, requires_grad=True)\ny = 3.0 * x**2\n" in program
    assert "__ask__('first', lambda: x.grad)" in program


# --- the notebook --------------------------------------------------------------------------------


def test_a_notebook_is_valid_and_always_the_same(shown: Handout) -> None:
    text = as_notebook(shown)

    book = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(book)
    assert text == as_notebook(shown)


def test_a_notebook_has_a_cell_for_each_piece(shown: Handout) -> None:
    cells = json.loads(as_notebook(shown))["cells"]

    assert [cell["id"] for cell in cells] == [
        *("words", "setup"),
        *("look-words", "look-code"),
        *("by_hand-words", "by_hand-code"),
        *("plain-words", "plain-code"),
    ]


def test_a_notebook_is_read_back(tmp_path: Path, shown: Handout) -> None:
    path = tmp_path / "mine.ipynb"
    path.write_text(as_notebook(shown))

    got = read(path)

    assert (got.exercise, got.variant, len(got.cells)) == ("ex7", 3, 4)
    assert got.cells[2].source == shown.starters[1].text


# --- leaks ---------------------------------------------------------------------------------------


def test_a_handout_leaks_nothing(exercise: Exercise, shown: Handout) -> None:
    assert leaks(exercise, shown.python) == []
    assert leaks(exercise, as_notebook(shown)) == []


def test_a_solution_leaks_all_of_it(exercise: Exercise) -> None:
    found = leaks(exercise, exercise.solution.text)

    assert found == ["the canary of the solution", "code of <formula>", "code of <add>"]


def test_three_statements_leak_wherever_they_stand(exercise: Exercise) -> None:
    text = "# Try this:\n#   total = t[0]\n#   total = total + t[1]\n#   total = total*1.0\n"

    assert leaks(exercise, text) == ["code of <add>"]


def test_two_statements_of_three_may_be_chance(exercise: Exercise) -> None:
    assert leaks(exercise, "total = t[0]\ntotal = total + t[1]\n") == []


def test_a_short_hole_leaks_in_its_place_only(exercise: Exercise, shown: Handout) -> None:
    filled = shown.python.replace("    ...\n", "    return 2 * a * x\n", 1)

    assert leaks(exercise, filled) == ["code of <formula>"]
    assert leaks(exercise, "The answer is not `return 2 * a * x`.") == []


def test_a_leak_in_a_notebook_is_found(exercise: Exercise, shown: Handout) -> None:
    source = shown.starters[1].text.replace("    ...", "    return 2 * a * x")

    assert leaks(exercise, json.dumps({"cells": [{"source": source.splitlines(keepends=True)}]}))


# --- words as comments ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "comment"),
    [
        ("one\ntwo\n\nthree", "# one two\n#\n# three"),
        ("a b c d e f g h i j k", "# a b c d e f g h\n# i j k"),
        ("- a b c d e f g h", "# - a b c d e f g\n#   h"),
        ("1. one\n2. two", "# 1. one\n# 2. two"),
        ("```python\nx  =  1\n```", "#     x  =  1"),
        ("$$\na  b\n$$\nc", "# $$\n# a  b\n# $$\n# c"),
        ("a b c d e f $x + y$", "# a b c d e f\n# $x + y$"),
        ("a `x  y` b c d e f g", "# a `x  y` b c d e\n# f g"),
        ("| a | b | c | d | e |", "# | a | b | c | d | e |"),
        ("    x = a + b + c + d + e", "#     x = a + b + c + d + e"),
    ],
)
def test_paragraphs_are_wrapped_and_the_rest_is_kept(words: str, comment: str) -> None:
    assert as_comment(words, 18) == comment
