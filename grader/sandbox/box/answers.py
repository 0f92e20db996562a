"""Trees → the answers that a submission binds to the names it was asked for."""

import ast
from collections.abc import Mapping, Sequence

from .names import bound_by
from .values import Own, Unreadable, Value, bound, evaluated

_Known = dict[str, Value | Own | ast.AST]


def answers(trees: Sequence[ast.Module], asks: Sequence[str]) -> dict[str, object]:
    """The last answer bound to each ask; no entry for `...`, and {} for what cannot be read."""
    found: dict[str, object] = {}
    known: _Known = {}
    for statement in (statement for tree in trees for statement in tree.body):
        pairs = bound(statement)
        values = [(name, _value(value, known)) for name, value in pairs if not _blank(value)]
        found |= {name: {} if isinstance(v, ast.AST) else v for name, v in values if name in asks}
        known |= dict(values) if pairs else _unknown(statement)
    return found


def _blank(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is ...


def _value(node: ast.expr, known: Mapping[str, Value | Own | ast.AST]) -> Value | ast.AST:
    """Its value, or the node itself: a function that may be called, or something unreadable."""
    try:
        return evaluated(node, known)
    except Unreadable:
        return node


def _unknown(statement: ast.stmt) -> _Known:
    """A function as it is; of any other statement, the names that it might bind anew."""
    if isinstance(statement, ast.FunctionDef):
        return {statement.name: statement}
    return {name: ast.Pass() for name in bound_by(statement)}
