"""Words and code with values in: `[[expression]]` becomes its value in the student's variant."""

import ast
import re
from collections.abc import Iterator

import numpy as np

from grader.inputs.expressions import ExpressionError, evaluate, names_in, rounded
from grader.model import Inputs, Value

# The shortest text between double brackets whose own brackets are closed: [[x]], [[xs[0]]].
_PLACE = re.compile(r"\[\[(?P<code>[^\n]+?)\]\](?!\])")


def substituted(words: str, values: Inputs) -> str:
    """Words with the value of each `[[expression]]` in its place."""

    def shown(place: re.Match[str]) -> str:
        if not _is_place(place["code"]):
            return place[0]
        return as_python(rounded(evaluate(place["code"], values)))

    return _PLACE.sub(shown, words)


def places(words: str) -> Iterator[str]:
    """The expressions that stand in words between double brackets."""
    return (place["code"] for place in _PLACE.finditer(words) if _is_place(place["code"]))


def as_python(value: Value) -> str:
    """A value as it would be typed: 2.5, 'mean', [1.0, 2.0]; a tensor as its list."""
    return repr(value.tolist() if isinstance(value, np.ndarray) else value)


def _is_place(code: str) -> bool:
    """Whether it is ours and not a nested list of a program, such as [[1.0, 2.0], [3.0, 4.0]]."""
    try:
        tree = ast.parse(code.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _is_balanced(code)
    try:
        return not isinstance(tree, ast.Tuple) and bool(names_in(code))
    except ExpressionError:
        return True


def _is_balanced(code: str) -> bool:
    depth = 0
    for letter in code:
        depth += (letter == "[") - (letter == "]")
        if depth < 0:
            return False
    return depth == 0


def as_code(value: Value, *, double: bool = False) -> str:
    if isinstance(value, list):
        return f"[{', '.join(as_code(entry, double=double) for entry in value)}]"
    if not isinstance(value, np.ndarray):
        return repr(value)
    dtype = ", dtype=torch.float64" if double and value.dtype.kind == "f" else ""
    return f"torch.tensor({as_python(value)}{dtype})"
