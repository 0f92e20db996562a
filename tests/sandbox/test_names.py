"""Which names code binds and defines: told in one way, for starter, harness and box."""

import ast

import pytest

from grader.sandbox.box.names import bound_by, defined_by


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def f(x): y = x", ["f"]),
        ("async def f(): pass", ["f"]),
        ("class C:\n    y = 1", ["C"]),
        ("power = 3", ["power"]),
        ("power: int = 3", ["power"]),
        ("power: int", []),
        ("a, (b, *c) = 1, (2, 3)", ["a", "b", "c"]),
        ("a = b = 1", ["a", "b"]),
        ("a.grad = b[0] = None", []),
        ("a += 1", ["a"]),
        ("import torch.nn, numpy as np", ["torch", "np"]),
        ("for i in x:\n    y = [j for j in i]", ["i", "y"]),
        ("with open(a) as f: (n := 1)", ["f", "n"]),
        ("try: pass\nexcept E as e: pass", ["e"]),
        ("match x:\n    case [a, *b]: pass\n    case {**c}: pass", ["a", "b", "c"]),
        ("f = lambda x: (y := x)", ["f"]),
    ],
)
def test_a_statement_binds_names(code: str, names: list[str]) -> None:
    (statement,) = ast.parse(code).body

    assert sorted(bound_by(statement)) == sorted(names)


def test_what_is_defined_has_its_order_and_comes_once() -> None:
    code = "import torch\nB: int = 3\na, c = 1, 2\nfor i in x: j = i\ndef f(): pass\nB = 4\n"

    assert defined_by(ast.parse(code).body) == ("B", "a", "c", "f")
