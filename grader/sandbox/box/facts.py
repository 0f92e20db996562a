"""Trees → names that are defined, called, read, named without a call, or called for nothing."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_MOST_FACTS = 4000
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def defined(trees: Sequence[ast.Module]) -> set[str]:
    """The top-level names that running the trees would bind."""
    names = set()
    for node in (node for tree in trees for node in tree.body):
        if isinstance(node, Definition):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        else:
            names |= {
                name.id
                for name in ast.walk(node)
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
            }
    return names


def facts(trees: Sequence[ast.Module], places: Sequence[str]) -> list[list[Any]]:
    """Each as [kind, what, scope, place, line]; see `Fact` in the grader's model."""
    imports = _imports(trees)
    found: list[list[Any]] = []
    for tree, place in zip(trees, places, strict=True):
        for statement in tree.body:
            scope = statement.name if isinstance(statement, Definition) else ""
            for node in ast.walk(statement):
                for kind, what in _facts_of(node, imports):
                    found.append([kind, what[:200], scope, place, getattr(node, "lineno", 0)])
    return found[:_MOST_FACTS]


def _facts_of(node: ast.AST, imports: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Call(func=func):
            yield "call", _dotted(func, imports)
        case ast.Attribute(ctx=ast.Load()) | ast.Name(ctx=ast.Load()):
            yield "name", _dotted(node, imports)
        case ast.Expr(value=ast.Attribute() as value):
            yield "bare", _dotted(value, imports)
        case ast.Expr(value=ast.Call(func=func)):
            yield "unused", _dotted(func, imports)


def _imports(trees: Sequence[ast.Module]) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            names |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return names


def _dotted(node: ast.expr | ast.AST, imports: Mapping[str, str]) -> str:
    """`torch.autograd.grad`; what is no name becomes (): `f(x).backward` → `().backward`."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(imports.get(node.id, node.id) if isinstance(node, ast.Name) else "()")
    return ".".join(reversed(parts))
