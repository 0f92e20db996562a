"""Source → facts about it, without running a line.

Runs in a box of its own: a file can be built so that parsing it kills the parser.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

_MOST_FACTS = 4000
_MAGIC = re.compile(r"^\s*(?:[%!?]|[A-Za-z_][\w, ]*=\s*[%!]).*$|^.*\?\s*$", re.MULTILINE)
_RUNS_ITS_CELL = ("%%time", "%%timeit", "%%capture", "%%prun")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def tree_of(source: str, place: str, *, notebook: bool) -> ast.Module:
    """Parse one cell; in a notebook, magics and shell lines are blanked where they break it.

    Raises SyntaxError, ValueError (NUL), RecursionError or MemoryError as `ast.parse` does.
    """
    try:
        return ast.parse(source, place)
    except SyntaxError:
        if not notebook:
            raise
        return ast.parse(without_magics(source), place)


def without_magics(source: str) -> str:
    """Keep the line numbers: a magic becomes `pass`, a foreign cell (`%%bash`) becomes empty."""
    first = source.lstrip().split("\n", 1)[0]
    if first.startswith("%%") and not first.startswith(_RUNS_ITS_CELL):
        return ""
    return _MAGIC.sub(_blank, source)


def _blank(magic: re.Match[str]) -> str:
    line = magic.group()
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}pass" if "\n" not in indent else indent + "pass"


def parse(job: Mapping[str, Any]) -> dict[str, Any]:
    """Look at every cell; a cell that does not parse is told and the rest is looked at."""
    trees, faults = [], []
    for cell in job["cells"]:
        try:
            trees.append(tree_of(cell["source"], cell["place"], notebook=job["notebook"]))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            faults.append(syntax_fault(error, cell["place"]))
            trees.append(ast.Module(body=[], type_ignores=[]))
    places = [cell["place"] for cell in job["cells"]]
    starter = ast.parse(job["starter"])
    skip, notes = _copies(starter, trees, places)
    kept = [ast.Module([], []) if n in skip else tree for n, tree in enumerate(trees)]
    return {
        "faults": faults,
        "blank": _blank_holes(starter, job["holes"], kept),
        "missing": [name for name in job["names"] if name not in _defined(kept)],
        "answers": _answers(kept, job["asks"]),
        "facts": _facts(kept, places),
        "given_edited": _edited(starter, kept, job["given"]),
        "skip": sorted(skip),
        "notes": notes,
    }


def syntax_fault(error: BaseException, place: str) -> dict[str, Any]:
    """Where it is: line and column (from 1) and the line itself."""
    if not isinstance(error, SyntaxError):
        return {
            "kind": "syntax",
            "type": type(error).__name__,
            "message": str(error),
            "place": place,
        }
    return {
        "kind": "syntax",
        "type": type(error).__name__,
        "message": error.msg or "",
        "place": place,
        "line": error.lineno,
        "column": error.offset,
        "text": (error.text or "").rstrip("\n")[:300],
    }


# --- holes ---------------------------------------------------------------------------------------


def _blank_holes(
    starter: ast.Module, holes: Mapping[str, Sequence[int]], trees: Sequence[ast.Module]
) -> dict[str, bool]:
    """A hole is blank if the starter's statements still stand there and nothing was added."""
    blank: dict[str, bool] = {}
    for scope, wanted in _scopes([starter]).items():
        student = _scopes(trees).get(scope, [])
        lines = [dump for dump, _ in wanted]
        match = _matched(lines, [dump for dump, _ in student])
        for name, (first, last) in holes.items():
            inside = [i for i, (_, line) in enumerate(wanted) if first <= line <= last]
            if inside:
                blank[name] = _untouched(inside, match, len(lines), len(student))
    return blank


def _matched(one: list[str], other: list[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return {block.a + k: block.b + k for block in blocks for k in range(block.size)}


def _untouched(inside: list[int], match: Mapping[int, int], ours: int, theirs: int) -> bool:
    places = [match.get(i) for i in inside]
    if None in places:
        return False
    before, after = match.get(inside[0] - 1), match.get(inside[-1] + 1)
    if inside[0] == 0:
        before = -1
    if inside[-1] == ours - 1:
        after = theirs
    first, last = match[inside[0]], match[inside[-1]]
    return before in (None, first - 1) and after in (None, last + 1)


def _scopes(trees: Sequence[ast.Module]) -> dict[str, list[tuple[str, int]]]:
    """Name of a top-level definition → its statements, flat; "" → those of the module."""
    scopes: dict[str, list[tuple[str, int]]] = {"": []}
    for tree in trees:
        for statement in tree.body:
            if isinstance(statement, Definition):
                scopes[statement.name] = list(_flat(statement.body))
            else:
                scopes[""] += _flat([statement])
    return scopes


def _flat(body: Sequence[ast.stmt]) -> Iterator[tuple[str, int]]:
    for statement in body:
        header = {k: v for k, v in ast.iter_fields(statement) if not _is_body(v)}
        shown = [ast.dump(v) if isinstance(v, ast.AST) else _dump_list(v) for v in header.values()]
        yield f"{type(statement).__name__}{shown}", statement.lineno
        for value in dict(ast.iter_fields(statement)).values():
            if _is_body(value):
                yield from _flat([item for item in value if isinstance(item, ast.stmt)])


def _dump_list(value: object) -> str:
    if isinstance(value, list):
        return str([ast.dump(v) if isinstance(v, ast.AST) else v for v in value])
    return repr(value)


def _is_body(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], ast.stmt)


def _copies(
    starter: ast.Module, trees: Sequence[ast.Module], places: Sequence[str]
) -> tuple[set[int], list[str]]:
    """Untouched copies of a definition that was answered in another cell are left out."""
    blank = {s.name: ast.dump(s) for s in starter.body if isinstance(s, Definition)}
    skip, notes = set[int](), []
    for name, dump in blank.items():
        found = [
            (n, ast.dump(statement) == dump)
            for n, tree in enumerate(trees)
            for statement in tree.body
            if isinstance(statement, Definition) and statement.name == name
        ]
        answered = [n for n, untouched in found if not untouched]
        copies = {n for n, untouched in found if untouched} - set(answered)
        if answered and copies:
            skip |= copies
            where = ", ".join(places[n] for n in sorted(copies))
            notes.append(f"{where}: an untouched copy of `{name}` was left out")
        if len(set(answered)) > 1:
            where = ", ".join(places[n] for n in answered)
            notes.append(f"`{name}` is defined in {where}; the last one counts")
    return skip, notes


# --- given values and answers --------------------------------------------------------------------


def drop_given(tree: ast.Module, names: Sequence[str]) -> None:
    """Take out the first `name = value` of each given name; `seen` inputs are bound before."""
    todo = set(names)
    kept = []
    for statement in tree.body:
        name = _constant_name(statement)
        if name in todo:
            todo.discard(name)
        else:
            kept.append(statement)
    tree.body = kept


def _constant_name(statement: ast.stmt) -> str | None:
    """The name that a statement binds to something built of constants only."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            pass
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            pass
        case _:
            return None
    used = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return name if used <= {"torch"} else None


def _edited(starter: ast.Module, trees: Sequence[ast.Module], names: Sequence[str]) -> bool:
    for name in names:
        ours = _first_value([starter], name)
        theirs = _first_value(trees, name)
        if ours != theirs:
            return True
    return False


def _first_value(trees: Sequence[ast.Module], name: str) -> str | None:
    for tree in trees:
        for statement in tree.body:
            if _constant_name(statement) == name:
                return ast.dump(statement)
    return None


def _answers(trees: Sequence[ast.Module], asks: Sequence[str]) -> dict[str, Any]:
    """The last literal bound to each ask; no entry where there is none."""
    answers: dict[str, Any] = {}
    for tree in trees:
        for statement in tree.body:
            if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                target, value = statement.targets[0], statement.value
                if isinstance(target, ast.Name) and target.id in asks:
                    _set_answer(answers, target.id, value)
    return answers


def _set_answer(answers: dict[str, Any], name: str, value: ast.expr) -> None:
    try:
        answers[name] = _literal(value)
    except (ValueError, ArithmeticError, RecursionError):
        answers.pop(name, None)


def _literal(node: ast.expr) -> object:
    """A literal, arithmetic on numbers, or `torch.tensor(literal)`.  Raises ValueError for more."""
    match node:
        case ast.Constant(value=None | bool() | int() | float() | str()):
            return node.value
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            number = _number(operand)
            return -number if isinstance(sign, ast.USub) else number
        case ast.BinOp(left=left, op=op, right=right):
            return _arithmetic(_number(left), op, _number(right))
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return [_literal(element) for element in elements]
        case ast.Call(func=ast.Attribute(attr="tensor"), args=[only], keywords=[]):
            return _literal(only)
    raise ValueError("not a literal")


def _number(node: ast.expr) -> float:
    value = _literal(node)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e12:
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
        case ast.Pow() if abs(right) <= 8:  # noqa: PLR2004  (enough for a polynomial)
            return float(left**right)
    raise ValueError("not arithmetic")


# --- facts ---------------------------------------------------------------------------------------


def _defined(trees: Sequence[ast.Module]) -> set[str]:
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


def _facts(trees: Sequence[ast.Module], places: Sequence[str]) -> list[list[Any]]:
    imports = _imports(trees)
    facts: list[list[Any]] = []
    for tree, place in zip(trees, places, strict=True):
        for statement in tree.body:
            scope = statement.name if isinstance(statement, Definition) else ""
            for node in ast.walk(statement):
                for kind, what in _facts_of(node, imports):
                    facts.append([kind, what[:200], scope, place, getattr(node, "lineno", 0)])
    return facts[:_MOST_FACTS]


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
