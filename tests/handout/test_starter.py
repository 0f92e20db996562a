"""The solution, cut: holes with their tasks, and whatever else a student finds around them."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from grader.course.parts.part import Starter
from grader.handout.starter import Pieces, pieces
from grader.model import Inputs, Value
from tests import samples

VALUES: Inputs = {"x0": 2.5, "a": 3.0}
SHOWN: Mapping[str, Inputs] = {"plain": {"t": np.array([1.5, 2.5])}}


def small(folder: Path, *changes: tuple[str, str], shown: Mapping[str, Inputs] = SHOWN) -> Pieces:
    """The sample exercise's pieces, with some lines of its two files exchanged."""
    yaml, solution = samples.YAML, samples.SOLUTION
    for old, new in changes:
        assert (yaml + solution).count(old) == 1, old
        yaml, solution = yaml.replace(old, new), solution.replace(old, new)
    return pieces(samples.load(folder, yaml, solution), VALUES, shown)


def hole(starter: Starter, name: str) -> str:
    first, last = starter.holes[name]
    return "\n".join(starter.text.splitlines()[first - 1 : last])


# --- a prediction --------------------------------------------------------------------------------


def test_a_prediction_is_a_program_to_read_and_names_to_fill(tmp_path: Path) -> None:
    look, _, _ = small(tmp_path).starters

    assert look == Starter(
        "look",
        "Look",
        "What does the program show?\n\n"
        "```python\n"
        "import torch\n"
        "x = torch.tensor(2.5, requires_grad=True)\n"
        "y = 3.0 * x**2\n"
        "y.backward()\n"
        "# first: what is x.grad here?\n"
        "```",
        "# TODO 1: The gradient.\nfirst = ...",
        holes={"first": (1, 2)},
        names=("first",),
        asks=("first",),
    )


def test_asks_stand_in_the_order_of_the_program(tmp_path: Path) -> None:
    got = small(
        tmp_path,
        (
            "      #? first = x.grad",
            "      for _ in range(1):\n          #? zeroth = y\n      #? first = x.grad",
        ),
        (
            "      first: {say: The gradient.}",
            "      first: {say: The gradient.}\n      zeroth: {say: The value., start: '0.0'}",
        ),
    )

    look = got.starters[0]

    assert look.asks == ("zeroth", "first")
    assert look.text.splitlines() == [
        "# TODO 1: The value.",
        "zeroth = 0.0",
        "",
        "# TODO 2: The gradient.",
        "first = ...",
    ]
    assert look.holes == {"zeroth": (1, 2), "first": (4, 5)}
    assert "\n    # zeroth: what is y here?\n" in look.words


def test_words_have_the_numbers_of_the_variant(tmp_path: Path) -> None:
    got = small(
        tmp_path,
        ("title: Look", "title: Look at [[x0]]"),
        ("title: By hand", "title: By hand at [[a]]"),
        ("What does the program show?", "What is shown for [[a]]?"),
        ("Write `slope(x, a)`.", "Write `slope(x, [[a]])`."),
        ("Return the derivative at each entry of `x`.", "'Think of [[x0]].'"),
    )

    look, by_hand, _ = got.starters

    assert (look.title, look.words.splitlines()[0]) == ("Look at 2.5", "What is shown for 3.0?")
    assert (by_hand.title, by_hand.words) == ("By hand at 3.0", "Write `slope(x, 3.0)`.")
    assert "# TODO 2: Think of 2.5." in by_hand.text


# --- code ----------------------------------------------------------------------------------------


def test_a_function_has_its_task_where_its_code_is_missing(tmp_path: Path) -> None:
    _, by_hand, _ = small(tmp_path).starters

    assert by_hand == Starter(
        "by-hand",
        "By hand",
        "Write `slope(x, a)`.",
        "def slope(x: torch.Tensor, a: float) -> torch.Tensor:\n"
        '    """Return the derivative of a * x**2."""\n'
        "    # TODO 2: Return the derivative at each entry of `x`.\n"
        "    ...",
        holes={"formula": (3, 4)},
        names=("slope",),
    )


def test_what_a_hole_starts_with_stands_below_its_task(tmp_path: Path) -> None:
    start = 'of `x`., start: "    found = 0.0\\n    return found\\n"}'

    by_hand = small(tmp_path, ("of `x`.}", start)).starters[1]

    assert hole(by_hand, "formula").splitlines()[1:] == ["    found = 0.0", "    return found"]
    assert by_hand.holes["formula"] == (3, 5)


def test_a_task_is_wrapped_so_that_its_lines_stay_short(tmp_path: Path) -> None:
    say = "At each entry of the tensor say it once more " * 6

    by_hand = small(tmp_path, ("Return the derivative at each entry of `x`.", say)).starters[1]

    lengths = [len(line) for line in by_hand.text.splitlines()]
    assert max(lengths) <= 96 < max(lengths) + len(" tensor")


TWO = """\
    # <zoom>
    factor = 2
    # </zoom>
    # <formula>
    return factor * a * x
    # </formula>
"""


def test_holes_are_numbered_as_they_stand_in_the_file(tmp_path: Path) -> None:
    by_hand = small(
        tmp_path,
        ("    # <formula>\n    return 2 * a * x\n    # </formula>\n", TWO),
        ("      formula: {say: Return", "      formula: {say: Then return"),
        ("entry of `x`.}", "entry of `x`.}\n      zoom: {say: Begin with a factor.}"),
        ('formula: {replace: ["2 * a", "a"]}', "zoom: factor = 1"),
    ).starters[1]

    assert hole(by_hand, "zoom").startswith("    # TODO 2: Begin")
    assert hole(by_hand, "formula").startswith("    # TODO 3: Then")
    assert by_hand.holes == {"zoom": (3, 4), "formula": (5, 6)}


def test_a_region_that_is_no_hole_is_handed_out_without_its_marks(tmp_path: Path) -> None:
    by_hand = small(
        tmp_path,
        ("    # <formula>\n    return 2 * a * x\n    # </formula>\n", TWO),
        ('formula: {replace: ["2 * a", "a"]}', "zoom: factor = 1"),
    ).starters[1]

    assert "    factor = 2\n    # TODO 2" in by_hand.text
    assert "<" not in by_hand.text


def test_a_submission_must_have_each_name_that_is_defined_once(tmp_path: Path) -> None:
    begin = "LIMIT: int = 3\nlow = high = 0\nlow = 1\nROW[0] = 2\n\n\nclass Line:\n    width = 1\n"

    by_hand = small(tmp_path, ("def slope(", f"{begin}\n\ndef slope(")).starters[1]

    assert "ROW[0] = 2\n\n\nclass Line:\n" in by_hand.text
    assert by_hand.names == ("LIMIT", "low", "high", "Line", "slope")


def test_what_follows_a_hole_stays_in_its_part(tmp_path: Path) -> None:
    after = "    # </formula>\n    # found\n# </by_hand>"

    got = small(tmp_path, ("    # </formula>\n\n\n# </by_hand>", after))

    assert got.starters[1].text.endswith("\n    ...\n    # found")
    assert "found" not in got.starters[2].text


# --- a script ------------------------------------------------------------------------------------


def test_a_script_is_given_the_numbers_of_its_open_case(tmp_path: Path) -> None:
    _, _, plain = small(tmp_path).starters

    assert plain == Starter(
        "plain",
        "A script",
        "",
        "t = torch.tensor([1.5, 2.5])\n# TODO 3: Add up all entries of `t`.\n...",
        holes={"add": (2, 3)},
        names=(),
        given=("t",),
    )


def test_each_number_that_is_given_has_a_line(tmp_path: Path) -> None:
    shown: Mapping[str, Inputs] = {"plain": {"t": np.array([1.5, 2.5]), "rate": 0.5}}

    plain = small(
        tmp_path,
        ('    inputs: {t: "tensor([1.5, x0])"}', '    inputs: {t: "tensor([1.5, x0])", rate: 0.5}'),
        ("t = torch.tensor([1.0, 2.0])\n", "t = torch.tensor([1.0, 2.0])\nrate = 0.1\n"),
        shown=shown,
    ).starters[2]

    assert plain.text.startswith("t = torch.tensor([1.5, 2.5])\nrate = 0.5\n# TODO 3")
    assert plain.given == ("t", "rate")


def test_of_two_scripts_the_one_with_the_block_is_given_its_numbers(tmp_path: Path) -> None:
    more = """  - id: more
    kind: script
    title: Another
    cases:
      - {id: shown, open: true}
    observe: [most]
    todo:
      largest: {say: Find the largest.}
    checks:
      - {id: most, kind: close, of: [most], points: 1, say: It is right.}
    mistakes:
      least: {say: That is the least., code: {largest: most = t.min()}}
  - id: plain
"""
    code = (
        "# <more>\n# <largest>\nmost = torch.ones(2).max()\n# </largest>\n# </more>\n\n# <plain>\n"
    )

    got = small(tmp_path, ("  - id: plain\n", more), ("# <plain>\n", code))

    assert [starter.given for starter in got.starters] == [(), (), (), ("t",)]


def test_what_a_script_defines_besides_must_stay(tmp_path: Path) -> None:
    plain = small(tmp_path, ("# <add>\n", "rate = 0.5\n# <add>\n")).starters[2]

    assert (plain.names, plain.given) == (("rate",), ("t",))


def test_an_open_case_in_double_precision_says_so(tmp_path: Path) -> None:
    hidden = '- {id: far, inputs: {t: "randn(2)"}}\n      '
    shown = "- {id: shown, open: true, dtype: float64}\n    observe"

    got = small(tmp_path, ("- {id: shown, open: true}\n    observe", hidden + shown))
    plain = got.starters[2]

    assert plain.text.startswith("t = torch.tensor([1.5, 2.5], dtype=torch.float64)\n")


def test_many_numbers_are_folded_between_two_of_them(tmp_path: Path) -> None:
    shown = {"plain": {"t": np.arange(100.0)}}

    plain = small(tmp_path, shown=shown).starters[2]

    given, _ = plain.text.split("\n# TODO")
    lines = given.splitlines()
    assert max(map(len, lines)) <= 96
    assert {line[:4] for line in lines[1:]} == {"    "}
    assert " ".join(line.strip() for line in lines) == (
        f"t = torch.tensor({np.arange(100.0).tolist()})"
    )


@pytest.mark.parametrize("words", ["a word and " * 20, "it's a word and " * 20])
def test_a_text_is_never_folded(tmp_path: Path, words: str) -> None:
    plain = small(tmp_path, shown={"plain": {"t": words}}).starters[2]

    assert plain.text.startswith(f"t = {words!r}\n")


def test_a_line_that_just_fits_is_left_alone(tmp_path: Path) -> None:
    fits: list[Value] = [*[1.0] * 17, 1.125]

    plain = small(tmp_path, shown={"plain": {"t": fits}}).starters[2]

    line = plain.text.splitlines()[0]
    assert (line, len(line)) == (f"t = {fits!r}", 96)


def test_an_exercise_without_a_script_gives_no_numbers(tmp_path: Path) -> None:
    script = samples.SOLUTION[
        samples.SOLUTION.index("# <plain>") : samples.SOLUTION.index("\n\n# <drive>")
    ]
    words = samples.YAML[samples.YAML.index("  - id: plain") :]

    got = small(tmp_path, (script, ""), (words, ""), shown={})

    assert [starter.given for starter in got.starters] == [(), ()]


def test_an_exercise_of_predictions_alone_needs_no_code(tmp_path: Path) -> None:
    words = samples.YAML[samples.YAML.index("  - id: by-hand") :]
    code = samples.SOLUTION[samples.SOLUTION.index("# <by_hand>") :]

    got = small(tmp_path, (words, ""), (code, "print(torch)\n"), shown={})

    assert [starter.part for starter in got.starters] == ["look"]
    assert (got.preamble, got.tail) == ("import torch\n\nprint(torch)", "")


# --- around the parts ----------------------------------------------------------------------------


def test_what_stands_before_the_first_part_is_the_preamble(tmp_path: Path) -> None:
    got = small(tmp_path, ("import torch\n\n# <by", "import torch\n\nRATE = 0.5\n\n# <by"))

    assert got.preamble == "import torch\n\nRATE = 0.5"
    assert got.tail == ""


def test_what_stands_between_two_parts_belongs_to_the_later_one(tmp_path: Path) -> None:
    between = "# </by_hand>\n\n# The sum,\n# in steps.\nSTEPS = 3\n\n\n\n\n\nDOWN = -1\n# <plain>\n"

    got = small(tmp_path, ("# </by_hand>\n\n# <plain>\n", between))

    plain = got.starters[2]
    assert plain.text.splitlines()[:9] == [
        "# The sum,",
        "# in steps.",
        "STEPS = 3",
        "",  # two blank lines are enough, however many the solution has
        "",
        "DOWN = -1",
        "",
        "",
        "t = torch.tensor([1.5, 2.5])",
    ]
    assert hole(plain, "add") == "# TODO 3: Add up all entries of `t`.\n..."
    assert plain.names == ()


def test_what_stands_after_the_last_part_is_the_tail_and_the_drive_is_nowhere(
    tmp_path: Path,
) -> None:
    got = small(tmp_path, ("# </drive>\n", "# </drive>\n# The end.\nprint(total)\n"))

    assert got.tail == "# The end.\nprint(total)"
    assert "drive" not in "".join(starter.text for starter in got.starters) + got.preamble


def test_a_drive_that_stands_first_is_left_out_too(tmp_path: Path) -> None:
    drive = samples.SOLUTION[samples.SOLUTION.index("# <drive>") :]

    got = small(
        tmp_path,
        (drive, ""),
        ("# <by_hand>\n", f"{drive}\n# <by_hand>\n"),
    )

    assert got.preamble == "import torch"
    assert got.tail == ""


def test_blank_lines_at_the_ends_of_a_part_are_left_out(tmp_path: Path) -> None:
    _, by_hand, plain = small(tmp_path).starters

    assert by_hand.text == by_hand.text.strip()
    assert plain.text == plain.text.strip()
