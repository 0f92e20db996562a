"""What a name in the code stands for: a module's, the file's own, or one that is local."""

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .live import Function, live

_IMPORTERS = ("import_module", "__import__")
_BY_NAME = ("attrgetter", "methodcaller")


@dataclass(frozen=True, slots=True)
class Names:
    """`known` says what imported names, and other names for these, stand for."""

    known: Mapping[str, str]
    top: frozenset[str]  # bound at the top level by something else than an import
    stars: tuple[str, ...]  # modules of `from … import *`
    local: frozenset[str] = frozenset()

    @classmethod
    def of(cls, statements: Sequence[ast.AST], top: Iterable[str]) -> "Names":
        nodes = [each for node in statements for each in own_nodes(node)]
        known = _imported(nodes)
        stars = tuple(
            node.module
            for node in nodes
            if isinstance(node, ast.ImportFrom) and node.module and node.names[0].name == "*"
        )
        names = cls(known, frozenset(top), stars)
        return replace(names, known={**_aliases(nodes, names), **known})

    def inside(self, local: frozenset[str], node: ast.AST) -> "Names":
        """Within a function: what it binds hides what has the same name outside."""
        if not local:
            return self
        nodes = [*live(node)]
        known = {name: what for name, what in self.known.items() if name not in local}
        inner = replace(self, known={**known, **_imported(nodes)}, local=local)
        return replace(inner, known={**_aliases(nodes, inner), **inner.known})

    def leads_to(self, name: str) -> Iterator[str]:
        """Which of the file's names have a part in what this one stands for.

        One that nothing seems to bind was bound by a back door: `globals()`, a module, `exec`.
        """
        if name in self.local:
            return
        if name in self.top:
            yield name
        elif not (name in self.known or name in _ROOTS or self.stars or hasattr(builtins, name)):
            yield from ("", *self.known)

    def dotted(self, node: ast.AST) -> str:
        """`torch.autograd.grad`; what is no name becomes (): `f(x).backward` → `().backward`."""
        parts: list[str] = []
        while True:
            match node:
                case ast.Attribute(value=value, attr=attr):
                    parts.append(attr)
                    node = value
                case ast.Call(
                    func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(attr)), *_]
                ):
                    parts.append(attr)
                    node = value
                case ast.Subscript(
                    value=ast.Attribute(value=value, attr="__dict__")
                    | ast.Call(func=ast.Name(id="vars"), args=[value]),
                    slice=ast.Constant(value=str(attr)),
                ):
                    parts.append(attr)
                    node = value
                case _:
                    return ".".join(reversed([*parts, self._root(node)]))

    def _root(self, node: ast.AST) -> str:
        match node:
            case ast.Name(id=name):
                if name in self.known or not self._unbound(name):
                    return self.known.get(name, name)
                return f"{self.stars[0]}.{name}"
            case ast.Call(args=[ast.Constant(value=str(module)), *_]) if _last(node) in _IMPORTERS:
                return module
            case ast.Subscript(
                value=ast.Attribute(attr="modules"), slice=ast.Constant(value=str(module))
            ):
                return module
        return "()"

    def _unbound(self, name: str) -> bool:
        own = name in self.top or name in self.local or hasattr(builtins, name)
        return bool(self.stars) and not own

    def spoken(self, call: ast.Call) -> Iterator[str]:
        """Names that a call has as text: `getattr(y, "backward")`, `methodcaller("backward")`."""
        match call:
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str()), *_]):
                yield self.dotted(call)
            case ast.Call(func=ast.Name(id="getattr")):
                yield "getattr(…)"
            case ast.Call(args=[ast.Constant(value=str(name)), *_]) if _last(call) in _BY_NAME:
                yield f"().{name}"


def bound_by(statement: ast.stmt) -> Iterator[str]:
    """Every name that a statement at the top level binds there."""
    todo: list[ast.AST] = [statement]
    while todo:
        match todo.pop():
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                yield name
            case ast.Lambda() | ast.AnnAssign(value=None):
                pass
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from (alias.asname or alias.name.split(".")[0] for alias in names)
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.comprehension(iter=source, ifs=tests):  # its target is its own
                todo += [source, *tests]
            case node:
                todo += reversed([*ast.iter_child_nodes(node)])
                for kind in ("name", "rest"):  # of an `except` or a `case`
                    if isinstance(bound := getattr(node, kind, None), str):
                        yield bound


def defined_by(statements: Iterable[ast.stmt]) -> tuple[str, ...]:
    """The functions, classes and variables that are defined there, in order.

    What an import, a loop or an `if` binds is no definition.
    """
    defining = (each for each in statements if isinstance(each, _DEFINING))
    return tuple(dict.fromkeys(name for each in defining for name in bound_by(each)))


_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """What of a statement is done when it is reached: all but the inside of functions."""
    todo = [node]
    while todo:
        each = todo.pop()
        yield each
        match each:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                todo += [each.args, *each.decorator_list]
            case ast.Lambda(args=args):
                todo.append(args)
            case ast.arg():
                pass
            case _:
                todo += reversed([*ast.iter_child_nodes(each)])


def locals_of(node: ast.AST) -> frozenset[str]:
    """Names that a function binds; in a plain statement, its lambdas and comprehensions."""
    found, shared = set[str](), set[str]()
    whole = isinstance(node, Function)
    for each in live(node):
        match each:
            case ast.arguments():
                found |= {arg.arg for arg in _arguments(each)}
            case ast.comprehension(target=target):
                found |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
            case ast.Name(id=name, ctx=ast.Store()) if whole:
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) if whole and each is not node:
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names) if whole:
                found |= {alias.asname or alias.name.split(".")[0] for alias in names}
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                found.add(name)
            case ast.Global(names=names):
                shared |= {*names}
    return frozenset(found - shared)


def _arguments(spec: ast.arguments) -> Iterator[ast.arg]:
    yield from (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)
    yield from (each for each in (spec.vararg, spec.kwarg) if each is not None)


def _imported(nodes: Iterable[ast.AST]) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.asname: alias.name for alias in node.names if alias.asname}
            names |= {(n := a.name.split(".")[0]): n for a in node.names if not a.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return names


def _aliases(nodes: Iterable[ast.AST], names: Names) -> dict[str, str]:
    """`F = torch.func` is as good as an import."""
    found: dict[str, str] = {}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                what = replace(names, known={**names.known, **found}).dotted(value)
                root = what.split(".", 1)[0]
                if root in _ROOTS and what != name:
                    found[name] = what
    return found


_ROOTS = ("torch", "functorch")


def _last(call: ast.Call) -> str:
    """The last name of what is called."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
