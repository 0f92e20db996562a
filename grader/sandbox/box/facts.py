"""Trees → names that are defined, called, read, named without a call, or called for nothing.

Only of code that can run.  A fact belongs to the top-level names that its statement binds; `leads`
is a fact too: such a name, read in the code of another.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .live import Function, below, block, live
from .names import Names, locals_of, own_nodes

_MOST_FACTS = 4000
_LONGEST = 200
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_BLOCKS = (
    *(ast.If, ast.While, ast.Try, ast.TryStar, ast.ExceptHandler, ast.Match, ast.match_case),
    *(ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.withitem),
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A top-level statement, or the head of one that holds others."""

    node: ast.AST
    place: str
    binds: frozenset[str]  # top-level names whose value it makes, or changes
    renews: frozenset[str]  # those that surely have nothing of their old value after it


def facts(trees: Sequence[ast.Module], places: Sequence[str]) -> list[list[Any]]:
    """Each as [kind, what, scope, place, line]; see `Fact` in the grader's model."""
    pieces = [
        piece for tree, place in zip(trees, places, strict=True) for piece in _pieces(tree, place)
    ]
    top = frozenset[str]().union(*(piece.binds for piece in pieces))
    names = Names.of([piece.node for piece in pieces], top)
    found: dict[tuple[str, str, str], list[Any]] = {}
    for piece, scopes in zip(pieces, _scopes(pieces), strict=True):
        for kind, what, line in _facts_of_piece(piece.node, names):
            for scope in scopes:
                found.setdefault((kind, what, scope), [kind, what, scope, piece.place, line])
    kept = list(found.values())[:_MOST_FACTS]
    return kept if len(kept) == len(found) else [*kept, ["cut", "", "", "", 0]]


# --- top-level statements ------------------------------------------------------------------------


def _pieces(tree: ast.Module, place: str) -> Iterator[_Piece]:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import))
    modules = frozenset((a.asname or a.name).split(".")[0] for node in imports for a in node.names)
    todo = [(node, frozenset[str](), True) for node in reversed(block(tree.body))]
    while todo:
        node, outer, top = todo.pop()
        if isinstance(node, _BLOCKS):
            names = outer | _targets(node)
            todo += [(each, names, False) for each in reversed(below(node))]
        else:
            binds = outer | _binds(node, modules)
            yield _Piece(node, place, binds, _renews(node) if top else frozenset())


def _targets(node: ast.AST) -> frozenset[str]:
    """The names that a loop or a `with` binds to what its head gives."""
    match node:
        case ast.For(target=target) | ast.AsyncFor(target=target):
            return _roots([target])
        case ast.withitem(optional_vars=ast.expr() as target):
            return _roots([target])
    return frozenset()


def _only_asked(called: ast.expr, modules: frozenset[str]) -> frozenset[str]:
    """To call a function of a module changes no module, unless by way of its insides."""
    within = (each.attr for each in ast.walk(called) if isinstance(each, ast.Attribute))
    return frozenset() if any(name.startswith("__") for name in within) else modules


def _binds(node: ast.AST, modules: frozenset[str]) -> frozenset[str]:
    inner = {n for each in live(node) if isinstance(each, ast.Global) for n in each.names}
    inner |= {each.target.id for each in own_nodes(node) if isinstance(each, ast.NamedExpr)}
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            inner.add(name)
        case ast.Assign(targets=targets):
            inner |= _roots(targets)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            inner |= _roots([target])
        case ast.Expr(value=ast.Call(func=ast.Attribute() as changed)):
            inner |= _roots([changed]) - _only_asked(changed, modules)
        case ast.Expr(value=ast.Call(func=ast.Name(id="setattr"), args=[changed, *_])):
            inner |= _roots([changed])
    return frozenset(inner)


def _roots(targets: Sequence[ast.expr]) -> frozenset[str]:
    """`a`, `a.b` and `a[0]` change a; `a, b = …` two."""
    found, todo = set[str](), [*targets]
    while todo:
        match todo.pop():
            case ast.Name(id=name):
                found.add(name)
            case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Starred(value=value):
                todo.append(value)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                todo += elements
    return frozenset(found)


def _renews(node: ast.AST) -> frozenset[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return frozenset({name})
        case ast.Assign(targets=targets):
            return frozenset(target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return frozenset({name})
    return frozenset()


def _scopes(pieces: Sequence[_Piece]) -> Iterator[frozenset[str]]:
    """For each piece, the names in whose value it still has a part at the end.

    What was bound before a name's last binding is gone, unless something took hold of it meanwhile.
    """
    last = {name: n for n, piece in enumerate(pieces) for name in piece.renews}
    taken = defaultdict[str, list[int]](list)
    for number, piece in enumerate(pieces):
        for name in _taken(piece.node):
            taken[name].append(number)
    for number, piece in enumerate(pieces):
        gone = {
            name
            for name in piece.binds
            if number < last.get(name, 0)
            and not getattr(piece.node, "decorator_list", ())  # which may have kept it
            and not any(number < each <= last[name] for each in taken[name])
        }
        yield (piece.binds - gone) or (frozenset() if gone else frozenset({""}))


def _taken(node: ast.AST) -> Iterator[str]:
    """Names that a statement reads at once, and does more with than call them."""
    called = {id(each.func) for each in live(node) if isinstance(each, ast.Call)}
    for each in own_nodes(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load) and id(each) not in called:
            yield each.id


# --- what stands in one --------------------------------------------------------------------------


def _facts_of_piece(node: ast.AST, names: Names) -> Iterator[tuple[str, str, int]]:
    for part, scope in _units(node, names):
        for each in (part,) if isinstance(part, ast.ClassDef) else live(part):
            line = getattr(each, "lineno", 0)
            for kind, what in _facts_of(each, scope):
                short = what if len(what) <= _LONGEST else f"{what[:100]}…{what[-99:]}"
                yield kind, short, line


def _units(node: ast.AST, names: Names) -> Iterator[tuple[ast.AST, Names]]:
    """A statement in parts that share their local names: a class by its methods."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from ((each, names) for each in node.decorator_list)
            yield node.args, names
            inner = names.inside(locals_of(node), node)
            yield from ((each, inner) for each in below(node)[len(node.decorator_list) + 1 :])
        case ast.ClassDef(bases=bases, keywords=keywords, decorator_list=decorators):
            yield node, names
            yield from ((each, names) for each in (*decorators, *bases, *keywords))
            for each in block(node.body):
                yield from _units(each, names)
        case _:
            yield node, names.inside(locals_of(node), node)


def _facts_of(node: ast.AST, names: Names) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Call(func=func):
            yield "call", names.dotted(func)
            yield from (("name", name) for name in names.spoken(node))
        case ast.Name(id=name, ctx=ast.Load()):
            yield "name", names.dotted(node)
            yield from (("leads", other) for other in names.leads_to(name))
        case ast.Attribute(ctx=ast.Load()):
            yield "name", names.dotted(node)
        case ast.Subscript(slice=ast.Constant(value=str())) if names.dotted(node) != "()":
            yield "name", names.dotted(node)
        case ast.Expr(value=ast.Attribute() as value):
            yield "bare", names.dotted(value)
        case ast.Expr(value=ast.Call(func=func)):
            yield "unused", names.dotted(func)
        case ast.ClassDef(body=body):
            yield from (("def", each.name) for each in body if isinstance(each, Function))
