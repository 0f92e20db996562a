"""A tree → the nodes that can run.

Left out: branches that a constant closes, what stands after a `return`, functions within a function
that nobody names, and annotations.  What is not known counts as live.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from .values import Unreadable, evaluated

Function = ast.FunctionDef | ast.AsyncFunctionDef
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def live(*roots: ast.AST) -> Iterator[ast.AST]:
    """These nodes and all below them that can run, in source order."""
    todo = [*reversed(roots)]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(reversed(below(node)))


def below(node: ast.AST) -> list[ast.AST]:
    """The live children of one node."""
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            known = constant(test)
            if known is None:
                return [test, *block(body), *block(orelse)]
            return block(body if known else orelse)
        case ast.While(test=test, body=body, orelse=orelse):
            never = constant(test) is False
            return block(orelse) if never else [test, *block(body), *block(orelse)]
        case ast.For(iter=items, orelse=orelse) if constant(items) is False:
            return [items, *block(orelse)]
        case ast.IfExp(test=test, body=one, orelse=other):
            known = constant(test)
            return [test, one, other] if known is None else [one if known else other]
        case ast.BoolOp(op=op, values=values):
            return [*_until(values, ends=isinstance(op, ast.Or))]
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [*node.decorator_list, node.args, *_named(block(node.body))]
        case ast.AnnAssign(target=target, value=value):
            return [target, *([value] if value is not None else [])]
        case ast.arg():
            return []
    return [*_children(node)]


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield from block(value)
        elif isinstance(value, list):
            yield from (each for each in value if isinstance(each, ast.AST))
        elif isinstance(value, ast.AST):
            yield value


def _until(values: Sequence[ast.expr], *, ends: bool) -> Iterator[ast.expr]:
    for value in values:
        yield value
        if constant(value) is ends:
            return


def block(statements: Sequence[ast.stmt]) -> list[ast.AST]:
    """The statements up to the first that nothing can follow."""
    found: list[ast.AST] = []
    for statement in statements:
        found.append(statement)
        if _ends(statement):
            break
    return found


def _ends(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.While) and constant(statement.test):
        return not any(isinstance(node, ast.Break) for node in ast.walk(statement))
    if isinstance(statement, ast.If):
        known = constant(statement.test)
        ways = [statement.body, statement.orelse] if known is None else []
        ways += [statement.body if known else statement.orelse] if known is not None else []
        return all(way and isinstance(way[-1], _ENDS) for way in ways)
    return isinstance(statement, _ENDS)


def constant(test: ast.expr) -> bool | None:
    """What a test always is; None if that depends on something."""
    match test:
        case ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Set(elts=[]) | ast.Dict(keys=[]):
            return False
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return False
    try:
        return bool(evaluated(test))
    except Unreadable:
        return None


def _named(statements: Sequence[ast.AST]) -> list[ast.AST]:
    """Without inner functions that nothing else in the body names."""
    kept = [*statements]
    while True:
        used = Counter(name for statement in kept for name in _loads(statement))
        dead = [s for s in kept if (name := _bare_function(s)) and not _others(used, s, name)]
        if not dead:
            return kept
        kept = [statement for statement in kept if statement not in dead]


def _bare_function(statement: ast.AST) -> str:
    """The name that a statement gives to a function, if it does nothing else."""
    match statement:
        case ast.FunctionDef(name=name, decorator_list=[]):
            return name
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            return name
    return ""


def _others(used: Counter[str], statement: ast.AST, name: str) -> int:
    return used[name] - sum(load == name for load in _loads(statement))


def _loads(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            yield each.id
