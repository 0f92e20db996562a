from collections.abc import Sequence
from typing import Any

import pytest

from grader.model import Cell, Ended, Fact, Number, Parsed, Text
from grader.sandbox.box import source
from grader.sandbox.box.names import bound_by
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Code, Outline, parse_job
from grader.sandbox.runs import parse

STARTER = """\
import torch


def f(x):
    w = torch.tensor(x)
    for _ in range(3):
        # TODO 1: the loss
        ...
        # TODO 2: the update
        ...
    return w


def g(x):
    # TODO 3
    ...


rate = 0.5
steps = torch.tensor([1.0, 2.0])
# TODO 4
total = ...
"""
HOLES = {"loss": (8, 8), "update": (10, 10), "body": (16, 16), "sum": (22, 22)}


def parsed(*cells: str, asks: Sequence[str] = (), given: Sequence[str] = ()) -> dict[str, Any]:
    """What is found in a notebook of these cells."""
    return source.parse(
        {
            "cells": [{"place": f"cell {n}", "source": cell} for n, cell in enumerate(cells, 1)],
            "notebook": True,
            "starter": STARTER,
            "holes": HOLES,
            "names": ["f", "g"],
            "asks": asks,
            "given": given,
        }
    )


def boxed(sandbox: Sandbox, text: str) -> Parsed:
    code = Code((Cell("ex.py", text),))
    return parse(sandbox, parse_job(code, Outline(STARTER, HOLES, asks=("a",))))


# --- holes ---------------------------------------------------------------------------------------

ALL_BLANK = dict.fromkeys(HOLES, True)


def filled(place: str, code: str, count: int = 1) -> str:
    """The starter with a hole filled: the first `...` after a comment that holds `place`."""
    before, after = STARTER.split(place, 1)
    line, rest = after.split("\n", 1)
    return f"{before}{place}{line}\n{rest.replace('...', code, count)}"


def test_the_starter_is_blank() -> None:
    assert parsed(STARTER)["blank"] == ALL_BLANK


def test_words_and_spaces_fill_nothing() -> None:
    spaced = STARTER.replace("# TODO 1: the loss", "# I do not know\n\n").replace("...", "( ... )")

    assert parsed(spaced)["blank"] == ALL_BLANK


@pytest.mark.parametrize(
    ("place", "hole"), [("TODO 1", "loss"), ("TODO 2", "update"), ("TODO 3", "body")]
)
@pytest.mark.parametrize("code", ["y = 2 * x", "y = x\n        w = y", "pass"])
def test_a_filled_hole_leaves_the_others_blank(place: str, hole: str, code: str) -> None:
    if hole == "body":
        code = code.replace("        w", "    w")

    assert parsed(filled(place, code))["blank"] == {**ALL_BLANK, hole: False}


def test_an_answer_at_the_top_level_fills_its_hole() -> None:
    assert parsed(filled("TODO 4", "rate * steps"))["blank"] == {**ALL_BLANK, "sum": False}


@pytest.mark.parametrize("code", ["...\n    return x", "y = x\n    ..."])
def test_code_beside_the_placeholder_fills_the_hole(code: str) -> None:
    assert parsed(filled("TODO 3", code))["blank"] == {**ALL_BLANK, "body": False}


def test_code_between_two_placeholders_may_belong_to_either() -> None:
    """So neither is called blank: false blame is worse than a missed remark."""
    between = filled("TODO 1", "...\n        y = x")

    assert parsed(between)["blank"] == {**ALL_BLANK, "loss": False, "update": False}


def test_a_placeholder_that_is_gone_is_not_blank() -> None:
    text = STARTER.replace("total = ...", "")

    assert parsed(text)["blank"] == {**ALL_BLANK, "sum": False}


def test_a_helper_function_fills_nothing() -> None:
    text = STARTER.replace("def g(x)", "def helper(x):\n    return 2 * x\n\n\ndef g(x)")

    assert parsed(text)["blank"] == ALL_BLANK


def test_names_that_are_gone_are_missing() -> None:
    assert parsed(STARTER.replace("def f(", "def fit("))["missing"] == ["f"]
    assert parsed("from elsewhere import f\ng = len")["missing"] == []


# --- facts ---------------------------------------------------------------------------------------


def facts(text: str) -> set[tuple[str, str]]:
    found = parsed(text)["facts"]
    return {(kind, what) for kind, what, *_ in found}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("loss.backward()", ("call", "loss.backward")),
        ("f(x).backward()", ("call", "().backward")),
        ("import torch.autograd as ag\nag.grad(y, x)", ("call", "torch.autograd.grad")),
        ("from torch.autograd import grad\ngrad(y, x)", ("call", "torch.autograd.grad")),
        ("from torch.autograd import grad as d\nd(y, x)", ("call", "torch.autograd.grad")),
        ("from torch import autograd\nautograd.grad(y, x)", ("call", "torch.autograd.grad")),
        ("back = loss.backward\nback()", ("name", "loss.backward")),
        ("w.data -= 1.0", ("name", "w")),
        ("y = w.data", ("name", "w.data")),
        ("w.grad.zero_", ("bare", "w.grad.zero_")),
        ("w.add(1.0)", ("unused", "w.add")),
    ],
)
def test_a_fact_has_a_kind_and_a_full_name(text: str, fact: tuple[str, str]) -> None:
    assert fact in facts(text)


@pytest.mark.parametrize("text", ["y = w.add(1.0)", "w.grad.zero_()", "y = w.grad.zero_"])
def test_what_is_used_or_called_is_neither_bare_nor_unused(text: str) -> None:
    assert ("bare", "w.grad.zero_") not in facts(text)
    assert ("unused", "w.add") not in facts(text)


@pytest.mark.parametrize(
    "text",
    [
        "F = torch.func\nF.grad(f)",
        "def f(x):\n    import torch.func as F\n    return F.grad(x)",
        "def f(x):\n    F = torch.func\n    return F.grad(x)",
        "getattr(torch.func, 'grad')(f)",
        "getattr(getattr(torch, 'func'), 'grad')(f)",
        "torch.__dict__['func'].grad(f)",
        "vars(torch.func)['grad'](f)",
        "__import__('torch.func').grad(f)",
        "import importlib\nimportlib.import_module('torch.func').grad(f)",
        "import sys\nsys.modules['torch.func'].grad(f)",
        "from torch.func import *\ngrad(f)",
        "def f(x, go=torch.func.grad):\n    return go(x)",
    ],
)
def test_a_name_is_known_by_whatever_way(text: str) -> None:
    assert ("name", "torch.func.grad") in facts(f"import torch\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    grad = 3 * x**2\n    return grad + 1",
        "def f(grad):\n    return grad",
        "f = lambda grad: grad + 1",
        "f = [grad for grad in range(3)]",
        "def f(x: grad) -> grad:\n    y: grad = x",
    ],
)
def test_a_local_name_is_not_the_module_s(text: str) -> None:
    found = facts(f"from torch.autograd import grad\n{text}")

    assert "torch.autograd.grad" not in {what for _, what in found}


@pytest.mark.parametrize(
    "code",
    [
        "if False: y.backward()",
        "if not True: y.backward()",
        "if 1 - 1:\n        y.backward()",
        "if True:\n        y\n    else:\n        y.backward()",
        "while 0:\n        y.backward()",
        "for _ in []:\n        y.backward()",
        "return y\n    y.backward()",
        "raise ValueError\n    y.backward()",
        "if y:\n        return 1\n    else:\n        return 2\n    y.backward()",
        "while True:\n        y += 1\n    y.backward()",
        "False and y.backward()",
        "True or y.backward()",
        "y if True else y.backward()",
        "'y.backward()'",
        "def g():\n        y.backward()",
        "g = lambda: y.backward()",
        "def g():\n        y.backward()\n    def h():\n        g()",
    ],
)
def test_what_cannot_run_is_no_fact(code: str) -> None:
    assert ("call", "y.backward") not in facts(f"def f(y):\n    {code}")


@pytest.mark.parametrize(
    "code",
    [
        "if y: y.backward()",
        "if y:\n        return 1\n    y.backward()",
        "while True:\n        break\n    y.backward()",
        "try:\n        raise ValueError\n    except ValueError:\n        y.backward()",
        "y and y.backward()",
        "def g():\n        y.backward()\n    g()",
        "def g():\n        y.backward()\n    return g",
        "[y.backward() for _ in range(1)]",
    ],
)
def test_what_can_run_is_a_fact(code: str) -> None:
    assert ("call", "y.backward") in facts(f"def f(y):\n    {code}")


def scopes(text: str, what: str = "torch.func.grad") -> set[str]:
    """The top-level names in whose value something has a part."""
    return {
        scope for _, name, scope, *_ in parsed(f"import torch\n{text}")["facts"] if name == what
    }


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("slope = torch.func.grad(g)", {"slope"}),
        ("slope = lambda x: torch.func.grad(g)(x)", {"slope"}),
        ("a, b = 1, torch.func.grad(g)", {"a", "b"}),
        ("class K:\n    slope = torch.func.grad", {"K"}),
        ("class K: pass\nK.slope = torch.func.grad", {"K"}),
        ("t = {}\nt['s'] = torch.func.grad", {"t"}),
        ("t = []\nt.append(torch.func.grad)", {"t"}),
        ("def f(): pass\nsetattr(f, 's', torch.func.grad)", {"f"}),
        ("if x:\n    slope = torch.func.grad", {"slope"}),
        ("for slope in [torch.func.grad]: pass", {"slope"}),
        ("def f():\n    global slope\n    slope = torch.func.grad", {"f", "slope"}),
        ("@torch.func.grad\ndef f(x): pass", {"f"}),
        ("print(torch.func.grad(g))", {""}),
        ("torch.func.grad(g)", {""}),  # a call changes no module,
        ("torch.__dict__.update(slope=torch.func.grad)", {"torch"}),  # but for this one
        ("def f(): torch.func.grad\ndef f(): pass", set()),
        ("def f(): torch.func.grad\nprint(f())\ndef f(): pass", set()),
        ("def f(): torch.func.grad\nold = f\ndef f(): pass", {"f"}),
        ("f = torch.func.grad\nf = keep(f)", {"f"}),
        ("f = torch.func.grad\nif x:\n    f = 1", {"f"}),
    ],
)
def test_a_fact_belongs_to_the_names_that_its_statement_binds(text: str, scope: set[str]) -> None:
    assert scopes(text) == scope


def test_a_name_leads_to_another_of_the_file_but_not_if_it_is_local() -> None:
    text = "def g(x): return x\ny = 1\ndef f(x, y):\n    z = 2\n    return g(x) + y + z\nz = 3"

    leads = [(what, scope) for kind, what, scope, *_ in parsed(text)["facts"] if kind == "leads"]
    assert leads == [("g", "f")]


@pytest.mark.parametrize(
    "binds",
    [
        "import builtins\nbuiltins.slope = torch.func.grad(g)",
        "globals()['slope'] = torch.func.grad(g)",
        "import sys\nsys.modules['builtins'].slope = torch.func.grad(g)",
        "exec('slope = torch.func.' + 'grad(g)')",
        "match torch.func.grad(g):\n    case slope: pass",
    ],
)
def test_a_name_that_nothing_seems_to_bind_leads_to_every_back_door(binds: str) -> None:
    facts = parsed(f"import torch\n{binds}\ndef f(x): return slope(x)")["facts"]
    leads = {what for kind, what, scope, *_ in facts if (kind, scope) == ("leads", "f")}

    assert leads & {scope for _, what, scope, *_ in facts if what in ("torch.func.grad", "exec")}


def test_a_name_that_is_handed_to_a_function_leads_nowhere() -> None:
    text = "def f(x):\n    try: pass\n    except ValueError as e: print(e)\n    return abs(x)"

    assert not [fact for fact in parsed(f"{text}\nprint(torch.a)")["facts"] if fact[0] == "leads"]


def test_a_file_with_too_many_facts_says_so() -> None:
    """Else what matters could stand behind them."""
    many = "\n".join(f"name_{n}.a" for n in range(3000))

    assert parsed(many)["facts"][-1][0] == "cut"
    assert parsed("a.b\n" * 3000)["facts"][-1][0] != "cut"


def test_a_fact_has_a_place() -> None:
    found = parsed("", "class Net:\n    def go(self):\n        w.sum()\n")["facts"]

    assert ["call", "w.sum", "Net", "cell 2", 3] in found


# --- answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("6.0", 6.0),
        ("-6", -6),
        ("None", None),
        ("True", True),
        ("'no_graph'", "no_graph"),
        ("2 * 3 + 1 / 4 - 2 ** 3", -1.75),
        ("torch.tensor(6.0)", 6.0),
        ("float(6)", 6),
        ("torch.tensor([1.0, -2.0])", [1.0, -2.0]),
        ("(1, [2, None])", [1, [2, None]]),
        ("torch.tensor(6.0, dtype=torch.float64).item()", 6.0),
        ("not True", False),
        ("True and 0", 0),
        ("2 > 1", True),
        ("3.0 if None is None else x.grad", 3.0),
        ("sum([1, 2.5])", 3.5),
        ("pow(2, 3)", 8.0),
        ("math.sqrt(16)", 4.0),
        ("float('2.5')", 2.5),
        ("round(abs(-2.125), 2)", 2.12),
    ],
)
def test_a_literal_is_an_answer(code: str, answer: object) -> None:
    assert parsed(f"a = {code}", asks=["a"])["answers"] == {"a": answer}


@pytest.mark.parametrize(
    "code",
    [
        "x.grad",
        "2 * x",
        "f(3)",
        "torch.tensor(6.0, requires_grad=True)",
        "1 / 0",
        "(-8) ** 0.5",
        "9 ** 9 ** 9",
        "1e999",
        "10 ** 400",
        "1" * 400,
        "b'6'",
        "6j",
        "True + 1",
        "'a' * 10",
        "{1: 2}",
        "-" * 500 + "1",
        "y.backward()",
        "torch.sqrt(4.0)",
        "torch.func.grad(f)(3.0)",
        "open('a')",
        "[1] * 10**9",
        "float('nan')",
        "1 if x else 2",
    ],
)
def test_what_is_no_literal_is_told_from_no_answer(code: str) -> None:
    assert parsed(f"a = {code}", asks=["a"])["answers"] == {"a": {}}
    assert parsed("a = ...", asks=["a"])["answers"] == {}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("x = 3.0\na = 2 * x", 6.0),
        ("x, (y, z) = 1, (2, 3)\na = x + y + z", 6),
        ("a = b = 6.0", 6.0),
        ("a = 5\na += 1", 6),
        ("a = 6\nprint(a)\nassert a", 6),
        ("f = lambda x, k=2: k * x\na = f(3)", 6),
        ("def f(x, *, k=2):\n    'twice'\n    y = k * x\n    return y\na = f(3.0)", 6.0),
        ("def f(n):\n    if n:\n        return n + f(n - 1)\n    return 0\na = f(3)", 6),
        ("def f(x): return g(x)\ndef g(y): return 2 * y\na = f(3)", 6),
        ("x = 2\ndef f(x): return g()\ndef g(): return 3 * x\na = f(7)", 6),
        ("x = torch.tensor(3.0)\na = float(2 * x)", 6.0),
    ],
)
def test_an_answer_may_be_calculated(text: str, answer: object) -> None:
    assert parsed(text, asks=["a"])["answers"] == {"a": answer}


@pytest.mark.parametrize(
    "text",
    [
        "x = torch.tensor(3.0, requires_grad=True)\na = 2 * x",
        "x = leaf()\na = x.grad",
        "x = 3.0\nfor x in data: pass\na = x",
        "x = 3.0\nwith open('f') as x: pass\na = 1 + x",
        "def f():\n    y.backward()\n    return 6.0\na = f()",
        "@cache\ndef f(): return 6.0\na = f()",
        "def f(x): return f(x)\na = f(1)",
        "def f(x): return x\na = f()",
        "class sum: pass\na = sum([6.0])",
        "a = f\ndef f(): return 6.0",
        "b = [1.0]\n" + "b = [b, b]\n" * 60 + "a = b",
        "f = lambda x: x\n" + "f = lambda x, g=f: g(g(x))\n" * 30 + "a = f(1)",
    ],
)
def test_what_has_to_be_run_is_no_answer(text: str) -> None:
    assert parsed(text, asks=["a"])["answers"] == {"a": {}}


def test_the_last_answer_counts_in_whatever_form() -> None:
    assert parsed("a = 1", "a: float = 2", asks=["a"])["answers"] == {"a": 2}
    assert parsed("a, b = 1, 2", "a = ...", asks=["a"])["answers"] == {"a": 1}
    assert parsed("def f():\n    a = 1", "b = 3", asks=["a"])["answers"] == {}


# --- given values --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("rate = 0.5\nsteps = torch.tensor([1.0, 2.0])", False),
        ("rate: float = 0.50\nsteps = torch.tensor([1., 2.])\nrate = 9", False),
        ("rate = 0.6\nsteps = torch.tensor([1.0, 2.0])", True),
        ("rate, steps = 0.5, torch.tensor([1.0, 3.0])", True),
        ("rate = 0.5", False),
        ("rate = 0.5\nsteps = load()", False),
    ],
)
def test_given_values_are_held_against_the_starter(text: str, edited: bool) -> None:  # noqa: FBT001
    assert parsed(text, given=["rate", "steps"])["given_edited"] is edited


def test_the_first_statement_of_a_given_value_is_dropped() -> None:
    todo = {"rate"}
    cells = [
        source.tree_of(text, "ex.py", notebook=False) for text in ("rate = 1\nrate = 2", "rate = 3")
    ]

    for tree in cells:
        source.drop_given(tree, todo)

    assert [len(tree.body) for tree in cells] == [1, 1]


# --- notebooks -----------------------------------------------------------------------------------


def lines(text: str) -> list[int]:
    tree = source.tree_of(text, "cell 1", notebook=True)
    return [statement.lineno for statement in tree.body]


@pytest.mark.parametrize(
    "magic",
    [
        "%matplotlib inline",
        "!pip install torch",
        "x = !ls",
        "x, y = %time 3",
        "?torch",
        "torch.tensor?",
        "!echo it's (",
        "%load_ext autoreload\n%autoreload 2",
        "!pip install \\\n    torch",
    ],
)
def test_a_magic_leaves_the_other_lines_where_they_are(magic: str) -> None:
    last = lines(f"{magic}\nw = 1\n")[-1]

    assert last == magic.count("\n") + 2


def test_a_magic_may_stand_in_a_block() -> None:
    assert lines("if True:\n    !ls\nw = 1\n") == [1, 3]


def test_code_that_looks_like_a_magic_stays() -> None:
    tree = source.tree_of("!ls\nw = (7\n% 4)  # right?\n", "cell 1", notebook=True)

    assert len(tree.body) == 2


def test_a_module_that_a_cell_writes_is_looked_at_as_code_and_written_when_run() -> None:
    text = "%%writefile a.py\nw = 1\n"

    seen = source.tree_of(text, "cell 1", notebook=True).body
    run = source.tree_of(text, "cell 1", notebook=True, runs=True).body

    assert [[*bound_by(each)] for each in seen] == [[], ["w"]]
    assert [[*bound_by(each)] for each in run] == [[]]


@pytest.mark.parametrize("first", ["%%bash", "%%html", "%%writefile a.txt", "\n%%bash"])
def test_a_cell_in_another_language_is_empty(first: str) -> None:
    assert lines(f"{first}\nw = 1\nls -l | wc\n") == []


@pytest.mark.parametrize("first", ["%%time", "%%timeit -n 3", "%%capture out"])
def test_a_cell_with_a_clock_is_run(first: str) -> None:
    assert lines(f"{first}\nw = 1\n")[-1] == 2


def test_a_real_mistake_is_told_where_it_is() -> None:
    (fault,) = parsed("w = 1", "!ls\ny = = 2\n")["faults"]

    assert (fault["place"], fault["line"], fault["text"]) == ("cell 2", 2, "y = = 2")


def test_a_file_may_come_from_a_notebook_magics_and_all() -> None:
    tree = source.tree_of("!ls\nx = 1\n", "ex.py", notebook=False)

    assert len(tree.body) == 2


def test_an_untouched_copy_of_an_answered_cell_is_left_out() -> None:
    found = parsed("def g(x):\n    return 2 * x\n", "def g(x):\n    ...\n")

    assert found["skip"] == [1]
    assert found["notes"] == ["cell 2: an untouched copy of `g` was left out"]


def test_of_two_answers_the_last_counts() -> None:
    found = parsed("def g(x):\n    return 2 * x\n", "def g(x):\n    return 3 * x\n")

    assert found["skip"] == []
    assert found["notes"] == ["`g` is defined in cell 1, cell 2; the last one counts"]


def test_a_copy_that_holds_another_answer_stays() -> None:
    one = filled("TODO 1", "y = x").partition("\n\n\nrate")[0]
    other = filled("TODO 3", "return x").partition("\n\n\nrate")[0]

    assert parsed(one, other)["skip"] == []


# --- through a box -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000 + ")" * 100_000,
        "-" * 1_000_000 + "1",
        "a = 1\0",
        "a = " + "+".join(["1"] * 100_000),
        "a = " + "[" * 90 + "]" * 90 + "\n" + "if a:\n" * 200,
        "# -*- coding: utf-7 -*-\na = +AGE-",
    ],
)
def test_a_hostile_file_is_a_fault_and_no_exception(sandbox: Sandbox, text: str) -> None:
    fault = boxed(sandbox, text).fault

    assert fault is not None
    assert fault.kind in {"syntax", "unparsable", "memory"}


def test_a_syntax_error_has_line_column_and_text(sandbox: Sandbox) -> None:
    found = boxed(sandbox, "a = 1\nb = = 2\n")

    assert found.ended is Ended.FINISHED
    assert found.fault is not None
    assert (found.fault.line, found.fault.column, found.fault.text) == (2, 5, "b = = 2")


def test_a_parse_comes_back_whole(sandbox: Sandbox) -> None:
    found = boxed(sandbox, STARTER.replace("rate = ", "a = 6.0\nrate = "))

    assert found.blank == ALL_BLANK
    assert found.answers == {"a": Number(6.0)}
    assert Fact("call", "torch.tensor", "f", "ex.py", 5) in found.facts


def test_parsing_runs_nothing(sandbox: Sandbox) -> None:
    assert boxed(sandbox, "raise SystemExit\na = 'x'\n").answers == {"a": Text("x")}
    assert boxed(sandbox, "while True: pass").ended is Ended.FINISHED
