"""How people copy, for a class that is made up: text of one → text of another."""

import json
import random
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.samples_similar_ideas import LEAD, SAID, spun


def verbatim(text: str, draw: random.Random) -> str:
    del draw
    return text


def renamed(text: str, draw: random.Random) -> str:
    """Every name that the author could choose is another one."""
    words = sorted({*re.findall(r"\b(\w+)\b(?: =|:| in | \+=)", text)} - _FIXED)
    fresh = {word: f"{draw.choice(_SYLLABLES)}_{draw.choice(_SYLLABLES)}" for word in words}
    fresh = {word: f"{name}{at}" for at, (word, name) in enumerate(fresh.items())}
    return re.sub(r"(?<![.\w])[A-Za-z_]\w*", lambda found: fresh.get(found[0], found[0]), text)


_FIXED = {
    "return",
    "else",
    "requires_grad",
    "retain_graph",
    "dim",
    "alpha",
    "fit",
    "Tensor",
    "_",
    "grade",
}
_SYLLABLES = ("my", "val", "cur", "tmp", "res", "the", "xx", "data", "vec", "num", "out", "item")


def reformatted(text: str, draw: random.Random) -> str:
    """Other spaces, other blank lines, statements broken into lines."""
    tight = draw.random() < 0.5
    lines = [line for line in text.split("\n") if line.strip() or draw.random() < 0.3]
    for at, line in enumerate(lines):
        own = line.replace(" * ", "*").replace(" - ", "-").replace(" = ", "=") if tight else line
        own = re.sub(r"(\w)\*(\w)", r"\1 * \2", own) if not tight else own
        lines[at] = own.replace(", ", ",") if draw.random() < 0.5 else own.replace("(", "( ")
    return "\n\n".join(lines) if draw.random() < 0.3 else "\n".join(lines)


def recommented(text: str, draw: random.Random) -> str:
    """No comment stays, and others come."""
    lines = [re.sub(r"\s*#(?! grade:).*", "", line) for line in text.split("\n")]
    found = []
    for line in lines:
        if line.startswith("        ") and draw.random() < 0.3:
            found.append(
                f"        # {draw.choice(LEAD)}{draw.choice(SAID['loss'])} {line.split()[0]}"
            )
        found.append(line)
    return "\n".join(found)


def reordered(text: str, draw: random.Random) -> str:
    """Neighbours of one depth change places."""
    lines, at = text.split("\n"), 0
    while at + 1 < len(lines):
        here, below = lines[at], lines[at + 1]
        if _plain(here) and _plain(below) and _depth(here) == _depth(below) and draw.random() < 0.7:
            lines[at : at + 2] = [below, here]
            at += 1
        at += 1
    return "\n".join(lines)


def padded(text: str, draw: random.Random) -> str:
    """Lines that do nothing, between those that do."""
    found = []
    for line in text.split("\n"):
        if _plain(line) and draw.random() < 0.35:
            found.append(" " * _depth(line) + spun(draw.choice(_DEAD), draw, 0.9))
        found.append(line)
    return "\n".join(found)


_DEAD = (
    "<unused|tmp|k|dummy> = <0|None|[]|1 + 1|len(X)|X.shape|str(lr)|lr * 2>",
    "<if False: pass|pass|assert True|print(end='')|_ = lr|del_me = (w, b)[0]|lr = lr * 1>",
)


def with_helpers(text: str, draw: random.Random) -> str:
    """What is assigned in the loop is worked out in functions of its own."""
    helpers: list[str] = []

    def moved(found: re.Match[str]) -> str:
        name = f"{draw.choice(_SYLLABLES)}_step{len(helpers)}"
        if draw.random() < 0.3:
            return found[0]
        own = sorted(set(re.findall(r"(?<![.\w])[a-zA-Z_]\w*(?!\w*[(=])", found[3])) - {"torch"})
        draw.shuffle(own)
        helpers.append(f"def {name}({', '.join(own)}):\n    return {found[3]}\n\n\n")
        return f"{found[1]}{found[2]} = {name}({', '.join(own)})"

    loop = text.index("losses: list")
    body = re.sub(r"(?m)^( {8})(\w+) ?= ?(?!None)(.+)$", moved, text[loop:])
    start = text.index("def fit")
    return text[:start] + "".join(helpers) + text[start:loop] + body


def disguised(text: str, draw: random.Random) -> str:
    """Other names, comments, layout, and other numbers where the exercise does not ask for them."""
    end = text.index("\n", text.rfind("return w, b, losses"))
    tail = re.sub(r"(?<![.\w])[1-9]\d*\b", lambda _: str(draw.randrange(3, 90)), text[end:])
    text = text[:end] + tail
    return reformatted(recommented(renamed(text, draw), draw), draw)


def as_cells(text: str, draw: random.Random) -> str:
    """The same as a notebook, a cell for what stands above `def` and one for the rest."""
    del draw
    start = text.index("def fit")
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "id": str(n), "metadata": {}, "outputs": [], "execution_count": None}
        | {"source": source}
        for n, source in enumerate((text[:start], text[start:]))
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _plain(line: str) -> bool:
    return bool(line.strip()) and not re.match(r"\s*(for|if|with|def|return|import|#)", line)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


COPIES: Mapping[str, Callable[[str, random.Random], str]] = {
    "verbatim": verbatim,
    "renamed": renamed,
    "reformatted": reformatted,
    "comments changed": recommented,
    "reordered": reordered,
    "dead code": padded,
    "helpers": with_helpers,
    "disguised": disguised,
    "notebook": as_cells,
}
