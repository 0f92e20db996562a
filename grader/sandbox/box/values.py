"""An expression → its value, by arithmetic of our own: nothing of a submission is executed.

Closed and bounded: numbers, texts, lists, earlier names, a few plain functions, and functions of
the submission's own that only calculate.  What calls torch or reads a `.grad` has no value here.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Value = bool | int | float | str | None | list["Value"]
Own = ast.FunctionDef | ast.Lambda
Names = Mapping[str, "Value | ast.AST"]  # a node: a function, or what cannot be read

_LARGEST = 1e12  # of a number that is calculated with
_LARGEST_POWER = 8  # enough for a polynomial
_MOST_STEPS = 5000
_MOST_ITEMS = 1000
_DEEPEST_CALL = 8
_SIGNS: dict[type[ast.unaryop], Callable[[float], float]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
# What stands around one value and leaves it as it is: by their last name, of whatever module.
_WRAPPERS = {"tensor", "as_tensor", "Tensor", "float32", "float64"}
_NUMBERS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "round": round,
    "min": min,
    "max": max,
    "sqrt": math.sqrt,
}


class Unreadable(ValueError):
    """It has no value that could be told without running something."""


def evaluated(node: ast.expr, names: Names | None = None) -> Value:
    """The value of an expression.  Raises Unreadable."""
    try:
        return _Reader(names or {}, {**(names or {})}).value(node)
    except (TypeError, ArithmeticError, RecursionError, ValueError) as error:
        raise Unreadable(str(error)) from None


@dataclass(frozen=True)
class _Reader:
    top: Names
    names: dict[str, Value | ast.AST]  # of the function that is being read, else those of `top`
    depth: int = 0
    steps: list[None] = field(default_factory=list)  # one a node, shared with what is called

    def value(self, node: ast.expr) -> Value:  # noqa: C901  (a case a form)
        self.steps.append(None)
        if len(self.steps) > _MOST_STEPS:
            raise Unreadable("too long to be meant")
        match node:
            case ast.Constant(value=None | bool() | str() as plain):
                return plain
            case ast.Constant(value=int() | float() as number):
                return _checked(number)
            case ast.Name(id=name) if not isinstance(self.names.get(name, node), ast.AST):
                return self.named(name)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self.value(operand)
            case ast.UnaryOp(op=sign, operand=operand) if type(sign) in _SIGNS:
                return _SIGNS[type(sign)](self.number(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return _arithmetic(self.number(left), op, self.number(right))
            case ast.BoolOp(op=op, values=values):
                return self.decided(values, ends=isinstance(op, ast.Or))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARED:
                return _COMPARED[type(op)](self.value(left), self.value(right))
            case ast.IfExp(test=test, body=one, orelse=other):
                return self.value(one if self.value(test) else other)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return self.items(elements)
            case ast.Call():
                return self.called(node)
        raise Unreadable("not a value")

    def named(self, name: str) -> Value:
        value = self.names[name]
        if isinstance(value, ast.AST):
            raise Unreadable("a function")
        return value

    def number(self, node: ast.expr) -> float:
        value = self.value(node)
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _LARGEST:
            raise Unreadable("not a number")
        return value

    def items(self, elements: list[ast.expr]) -> list[Value]:
        found = [self.value(element) for element in elements]
        self.steps.extend([None] * sum(map(_size, found)))
        if len(self.steps) > _MOST_ITEMS:
            raise Unreadable("too long to be meant")
        return found

    def decided(self, values: list[ast.expr], *, ends: bool) -> Value:
        for each in values[:-1]:
            value = self.value(each)
            if bool(value) is ends:
                return value
        return self.value(values[-1])

    def called(self, node: ast.Call) -> Value:
        known = self.names.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if isinstance(known, Own):
            return self.own(known, node)
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="item" | "tolist"), args=[]):
                return self.value(owner)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[one]) if (
                name in _WRAPPERS and {word.arg for word in node.keywords} <= {"dtype"}
            ):
                return self.value(one)
            case ast.Call(
                func=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="math"), attr=name),
                keywords=[],
            ) if known is None:
                return self.plain(name, node.args)
        raise Unreadable("not a plain function")

    def plain(self, name: str, given: list[ast.expr]) -> float:
        match name, given:
            case "float" | "int", [one]:
                return _number(name, self.value(one))
            case "pow", [base, power]:
                return _arithmetic(self.number(base), ast.Pow(), self.number(power))
            case "sum", [ast.List(elts=parts) | ast.Tuple(elts=parts)]:
                return _checked(sum(map(self.number, parts)))
            case _ if name in _NUMBERS:
                return _checked(_NUMBERS[name](*map(self.number, given)))
        raise Unreadable("not a plain function")

    # --- functions of the submission's own -------------------------------------------------------

    def own(self, function: object, node: ast.Call) -> Value:
        assert isinstance(function, Own)
        if self.depth >= _DEEPEST_CALL:
            raise Unreadable("calls go too deep")
        given = self.arguments(function.args, node)
        inner = replace(self, names={**self.top, **given}, depth=self.depth + 1)
        if isinstance(function, ast.Lambda):
            return inner.value(function.body)
        if function.decorator_list:
            raise Unreadable("decorated")
        return inner.body(function.body)[1]

    def arguments(self, spec: ast.arguments, node: ast.Call) -> dict[str, Value]:
        places = [each.arg for each in (*spec.posonlyargs, *spec.args)]
        words = {*places, *(each.arg for each in spec.kwonlyargs)}
        defaults = dict(zip(places[len(places) - len(spec.defaults) :], spec.defaults, strict=True))
        named = zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
        defaults |= {each.arg: default for each, default in named if default is not None}
        given = dict(zip(places, node.args, strict=False))
        given |= {word.arg: word.value for word in node.keywords if word.arg}
        found = {name: self.value(each) for name, each in (defaults | given).items()}
        fits = len(node.args) <= len(places) and found.keys() == words
        if not fits or spec.vararg or spec.kwarg:
            raise Unreadable("other arguments")
        return found

    def body(self, statements: list[ast.stmt]) -> tuple[bool, Value]:
        """Whether it has returned, and what; names it binds are added to `names`."""
        for statement in statements:
            match statement:
                case ast.Return(value=None):
                    return True, None
                case ast.Return(value=ast.expr() as result):
                    return True, self.value(result)
                case ast.Expr(value=ast.Constant()) | ast.Pass():
                    continue
                case ast.If(test=test, body=body, orelse=orelse):
                    ended, value = self.body(body if self.value(test) else orelse)
                    if ended:
                        return True, value
                case _:
                    self.names.update(self.bound(statement))
        return False, None

    def bound(self, statement: ast.stmt) -> dict[str, Value]:
        pairs = bound(statement)
        if not pairs:
            raise Unreadable("more than a calculation")
        return {name: self.value(value) for name, value in pairs}


def bound(statement: ast.stmt) -> list[tuple[str, ast.expr]]:
    """`a = 1`, `a = b = 1`, `a: float = 1`, `a += 1`, and `a, b = 1, 2`."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            pairs = [_paired(target, value) for target in targets]
            return [pair for each in pairs for pair in each]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return [(name, value)]
        case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
            left = ast.copy_location(ast.Name(target.id, ast.Load()), target)
            return [(name, ast.copy_location(ast.BinOp(left, op, value), statement))]
    return []


def _paired(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr]]:
    match target, value:
        case ast.Name(id=name), _:
            return [(name, value)]
        case (
            ast.Tuple(elts=names) | ast.List(elts=names),
            ast.Tuple(elts=values) | ast.List(elts=values),
        ) if len(names) == len(values):
            pairs = zip(names, values, strict=True)
            return [pair for name, each in pairs for pair in _paired(name, each)]
    return []


def _checked(number: float) -> float:
    if not math.isfinite(number) or abs(number) >= 1 << 63:
        raise Unreadable("too large to be meant")
    return number


def _counted(value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unreadable("not a number")
    return value


def _number(name: str, value: Value) -> float:
    if isinstance(value, str):
        value = float(value)
    return _checked(int(_counted(value)) if name == "int" else _counted(value))


def _size(value: Value) -> int:
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1


def _arithmetic(left: float, op: ast.operator, right: float) -> float:
    if isinstance(op, ast.Pow) and abs(right) <= _LARGEST_POWER:
        return float(left**right)
    if type(op) not in _ARITHMETIC:
        raise Unreadable("not arithmetic")
    return _ARITHMETIC[type(op)](left, right)
