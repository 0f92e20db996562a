"""The closed expression language that draws a case's inputs.

Expressions are parsed with `ast` and walked node by node; nothing is ever `eval`ed or compiled.
Draws come from numpy's frozen `RandomState`, so the same words give the same numbers everywhere.
"""

import ast
import hashlib
import math
import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from textwrap import shorten
from types import MappingProxyType
from typing import Any, Never

import numpy as np
from typing_extensions import TypeAliasType

from grader.inputs.functions import FUNCTIONS, MAX_ELEMENTS, Function
from grader.model import Array, Inputs, Value

# A string is an expression, never a literal: a text needs quotes of its own, "'mean'".
Expression = TypeAliasType("Expression", "int | float | bool | str | list[Expression]")

_MAX_LENGTH = 4000  # characters
_MAX_BITS = 256  # of an integer power before it is computed
_DECIMALS = 4
_ALLOWED = "numbers, 'text', lists, names, + - * / // % **, x[0] and calls"

_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = MappingProxyType(
    {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: operator.truediv,
        ast.FloorDiv: operator.floordiv,
        ast.Mod: operator.mod,
        ast.Pow: operator.pow,
    }
)


class ExpressionError(ValueError):
    """What was found in an expression, what is allowed, and the column, from 1, if it is known."""

    def __init__(self, message: str, *, column: int | None = None) -> None:
        super().__init__(message if column is None else f"{message} (character {column})")
        self.column = column


def seed(*words: str) -> int:
    """A seed for `RandomState` that depends on every word and on their order."""
    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:4], "big")


def draw(
    expressions: Mapping[str, Expression],
    names: Mapping[str, Value],
    rng: np.random.RandomState,
) -> dict[str, Value]:
    """Evaluate in order; each expression may use `names` and the ones before it.

    Floats are rounded to 4 decimals before the next expression sees them; a number that stands
    there as such is kept as it is.
    """
    drawn: dict[str, Value] = {}
    for name, expression in expressions.items():
        value = evaluate(expression, {**names, **drawn}, rng)
        drawn[name] = (
            value if isinstance(expression, float) else _told_if_lost(rounded(value), value)
        )
    return drawn


def _told_if_lost(kept: Value, value: Value) -> Value:
    if isinstance(value, float) and value and not kept:
        raise ExpressionError(
            f"{value:g} becomes 0 with {_DECIMALS} decimals: write it as a number"
        )
    return kept


def evaluate(
    expression: Expression, names: Inputs, rng: np.random.RandomState | None = None
) -> Value:
    """The value of an expression.  Without `rng` nothing may be drawn.

    Raises ExpressionError, and nothing else, for whatever is wrong with it.
    """
    if isinstance(expression, list):
        return [evaluate(entry, names, rng) for entry in expression]
    if not isinstance(expression, str):
        return _kept(expression)
    try:
        with np.errstate(divide="raise", over="raise", invalid="raise"):
            return _Evaluation(names, rng).value(_parse(expression))
    except RecursionError:
        raise ExpressionError("is nested too deeply") from None


def check(expression: Expression, known: Collection[str]) -> None:
    """Say what is wrong with an expression as far as it can be known without values.

    Raises ExpressionError for syntax, unknown names and calls, and wrong numbers of arguments.
    """
    for name, column in _names(expression):
        if name not in known:
            _refuse_name(name, known, column)


def names_in(expression: Expression) -> frozenset[str]:
    """The names an expression uses.  Raises ExpressionError if it cannot be parsed."""
    return frozenset(name for name, _ in _names(expression))


def rounded(value: Value) -> Value:
    """Floats to 4 decimals, in lists and arrays too; -0.0 becomes 0.0.

    Raises ExpressionError for an array of numbers too large to be rounded.
    """
    if isinstance(value, list):
        return [rounded(entry) for entry in value]
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        with np.errstate(over="ignore"):  # numpy multiplies first; what grows too large is refused
            return _kept(np.asarray(np.round(value, _DECIMALS) + 0.0))
    return round(value, _DECIMALS) + 0.0 if isinstance(value, float) else value


def _names(expression: Expression) -> Iterator[tuple[str, int]]:
    if isinstance(expression, list):
        for entry in expression:
            yield from _names(entry)
    if not isinstance(expression, str):
        return
    tree = _parse(expression)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in called:
            yield node.id, _column(node)


def _parse(text: str) -> ast.expr:
    if len(text) > _MAX_LENGTH:
        raise ExpressionError(f"is longer than {_MAX_LENGTH} characters")
    try:
        tree = ast.parse(text.replace("\n", " ").strip(), mode="eval").body
        for node in ast.walk(tree):
            _refuse_node(node)
    except SyntaxError as error:
        found = f"{shorten(text, 60)!r} is not an expression: {error.msg}"
        raise ExpressionError(found, column=error.offset) from None
    except ExpressionError:
        raise
    except (RecursionError, MemoryError, ValueError):
        raise ExpressionError("is nested too deeply, or no text") from None
    return tree


def _refuse_node(node: ast.AST) -> None:
    match node:
        case ast.Constant(value=None | bool() | int() | float() | str()):
            return
        case ast.Name() | ast.List() | ast.Tuple() | ast.expr_context() | ast.Subscript():
            return
        case ast.BinOp(op=op) if type(op) in _BINARY:
            return
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            return
        case ast.Call():
            _refuse_call(node)
        case ast.operator() | ast.unaryop():
            return  # seen with its BinOp or UnaryOp
        case _:
            raise _not_allowed(node)


def _not_allowed(node: ast.AST) -> ExpressionError:
    found = shorten(ast.unparse(node), 60)
    column = _column(node) if isinstance(node, ast.expr) else None
    return ExpressionError(f"found `{found}`; allowed: {_ALLOWED}", column=column)


def _column(node: ast.expr) -> int:
    return node.col_offset + 1


def _refuse_call(node: ast.Call) -> None:
    at = _column(node)
    name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
    function = FUNCTIONS.get(name)
    if function is None:
        known = ", ".join(FUNCTIONS)
        raise ExpressionError(f"no function {name!r}; allowed: {known}", column=at)
    if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        raise ExpressionError(f"{name}() takes plain arguments only", column=at)
    if not function.takes(len(node.args)):
        wants = f"{name}() takes {function.arity} arguments, found {len(node.args)}"
        raise ExpressionError(wants, column=at)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    names: Inputs
    rng: np.random.RandomState | None

    def value(self, node: ast.expr) -> Value:
        try:
            return _kept(self._value(node))
        except ExpressionError as error:
            if error.column is not None:
                raise
            raise ExpressionError(str(error), column=_column(node)) from None
        except (ArithmeticError, ValueError, TypeError, IndexError) as error:
            raise ExpressionError(str(error), column=_column(node)) from None

    def _value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=None | bool() | int() | float() | str() as constant):
                return constant
            case ast.Name(id=name):
                if name not in self.names:
                    _refuse_name(name, self.names, _column(node))
                return self.names[name]
            case ast.List(elts=entries):
                return [self.value(entry) for entry in entries]
            case ast.UnaryOp(op=op, operand=operand):
                sign = 1 if isinstance(op, ast.UAdd) else -1
                return _binary(ast.Mult, sign, self.value(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return _binary(type(op), self.value(left), self.value(right))
            case ast.Subscript(value=owner, slice=index):
                return _element(self.value(owner), self._index(index))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(FUNCTIONS[name], name, [self.value(entry) for entry in arguments])
        raise _not_allowed(node)

    def _index(self, node: ast.expr) -> tuple[Value, ...]:
        entries = node.elts if isinstance(node, ast.Tuple) else [node]
        return tuple(self.value(entry) for entry in entries)

    def _call(self, function: Function, name: str, arguments: list[Value]) -> Value:
        if not function.draws:
            return function.call(*arguments)
        if self.rng is None:
            raise ExpressionError(f"{name}() draws a number, which cannot be done here")
        return function.call(self.rng, *arguments)


def _binary(op: type[ast.operator], left: Value, right: Value) -> Value:
    a, b = _number(left), _number(right)
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        shape = np.broadcast_shapes(np.shape(a), np.shape(b))
        if np.prod(shape, dtype=float) > MAX_ELEMENTS:
            raise ExpressionError(f"shape {shape} is larger than {MAX_ELEMENTS} elements")
        return np.asarray(_BINARY[op](a, b))
    if op is ast.Pow and _is_huge(a, b):
        raise ExpressionError("an integer this large is not allowed")
    result = _BINARY[op](a, b)
    if isinstance(result, complex):
        raise ExpressionError("a root of a negative number is not allowed")
    number: Value = result
    return number


def _is_huge(base: float | Array, exponent: float | Array) -> bool:
    whole = isinstance(base, int) and isinstance(exponent, int)
    return whole and int(base).bit_length() * int(exponent) > _MAX_BITS


def _number(value: Value) -> int | float | Array:
    if isinstance(value, bool) or not isinstance(value, int | float | np.ndarray):
        raise ExpressionError(f"found {_described(value)} where a number or tensor is needed")
    return value


def _element(owner: Value, index: tuple[Value, ...]) -> Value:
    places: list[int] = []
    for place in index:
        if isinstance(place, bool) or not isinstance(place, int):
            raise ExpressionError(f"found {_described(place)} as an index; an integer is allowed")
        places.append(place)
    if isinstance(owner, np.ndarray):
        part = owner[tuple(places)]
        return np.array(part) if part.ndim else part.item()
    if isinstance(owner, list) and len(places) == 1:
        return owner[places[0]]
    raise ExpressionError(f"found {_described(owner)}, which has no element {list(index)}")


def _kept(value: Value) -> Value:
    """Hand a value on if it is a number that every machine holds alike, or no number at all."""
    if isinstance(value, np.ndarray):
        finite = value.dtype.kind in "if" and bool(np.isfinite(value).all())
    elif isinstance(value, int):
        finite = -(2**63) <= value < 2**63
    else:
        finite = not isinstance(value, float) or math.isfinite(value)
    if not finite:
        raise ExpressionError("does not give a finite number")
    return value


def _described(value: Value) -> str:
    if isinstance(value, np.ndarray):
        return f"a tensor of shape {value.shape}"
    return repr(value)


def _refuse_name(name: str, known: Collection[str], column: int) -> Never:
    names = ", ".join(known) or "none"
    raise ExpressionError(
        f"no name {name!r} here; known: {names}; a text needs its own quotes: \"'{name}'\"",
        column=column,
    )
