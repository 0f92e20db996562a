"""Trees → the literals that a submission binds to the names it was asked for."""

import ast
import math
from collections.abc import Sequence

_WRAPPERS = ("tensor", "float", "int", "float32", "float64")
_LARGEST = 1e12  # of a number that is calculated with
_LARGEST_POWER = 8  # enough for a polynomial


def answers(trees: Sequence[ast.Module], asks: Sequence[str]) -> dict[str, object]:
    """The last answer bound to each ask; no entry for `...`, and {} for what is no literal."""
    found: dict[str, object] = {}
    for statement in (statement for tree in trees for statement in tree.body):
        for name, value in bound(statement):
            if name not in asks or (isinstance(value, ast.Constant) and value.value is ...):
                continue
            try:
                found[name] = _literal(value)
            except (ValueError, TypeError, ArithmeticError, RecursionError):
                found[name] = {}
    return found


def bound(statement: ast.stmt) -> list[tuple[str, ast.expr]]:
    """`a = 1`, `a: float = 1`, and `a, b = 1, 2`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return [(name, value)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return [(name, value)]
        case ast.Assign(
            targets=[ast.Tuple(elts=names) | ast.List(elts=names)],
            value=ast.Tuple(elts=values) | ast.List(elts=values),
        ) if len(names) == len(values):
            pairs = zip(names, values, strict=True)
            return [(name.id, value) for name, value in pairs if isinstance(name, ast.Name)]
    return []


def _literal(node: ast.expr) -> object:
    """A literal, arithmetic, or `torch.tensor(…)` and `float(…)` of one.  Raises ValueError."""
    match node:
        case ast.Constant(value=None | bool() | str()):
            return node.value
        case ast.Constant(value=int() | float() as number):
            if not math.isfinite(number) or abs(number) >= 1 << 63:
                raise ValueError("too large to be meant")
            return number
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            number = _number(operand)
            return -number if isinstance(sign, ast.USub) else number
        case ast.BinOp(left=left, op=op, right=right):
            return _arithmetic(_number(left), op, _number(right))
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return [_literal(element) for element in elements]
        case ast.Call(
            func=ast.Attribute(attr=name) | ast.Name(id=name), args=[only], keywords=[]
        ) if name in _WRAPPERS:
            return _literal(only)
    raise ValueError("not a literal")


def _number(node: ast.expr) -> float:
    value = _literal(node)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _LARGEST:
        raise ValueError("not a number")
    return value


def _arithmetic(left: float, op: ast.operator, right: float) -> float:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
        case ast.Pow() if abs(right) <= _LARGEST_POWER:
            return float(left**right)
    raise ValueError("not arithmetic")
