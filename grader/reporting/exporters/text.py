"""Text that a student may have written → text that is safe to show; numbers as people read them."""

import re
from typing import Any

from grader.reporting.shown import Numbers, Report

LONGEST = 10_000
_MOST_BRACKETS = 3
# Printable by Unicode's tables, yet nothing is drawn: fillers, the blank braille cell, selectors.
_UNDRAWN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    + "".join(map(chr, [*range(0x180B, 0x1810), *range(0xFE00, 0xFE0E), *range(0xE0100, 0xE01F0)]))
)
# Of each line only its own start is read: a page of blank lines must not take seconds.
_COMMAND = re.compile(r"^((?:[^\S\n]|\x1b\[[0-9;]*m)*+)::", re.MULTILINE)
_OLD_COMMAND = re.compile(r"##([A-Za-z]*)\[")


def visible(text: str, longest: int = LONGEST) -> str:
    """What cannot be seen becomes an escape; what is too long is cut, and says so.

    Newlines and tabs stay.  Control characters, bidi overrides, zero-width characters and lone
    surrogates do not: they would forge lines, hide code, or be refused by a decoder.
    """
    if len(text) <= longest and text.isprintable() and _UNDRAWN.isdisjoint(text):
        return text
    shown, size = list[str](), 0
    for character in text:
        escaped = _escaped(character)
        size += len(escaped)  # ten times as much, where nothing can be seen
        if size > longest:
            return f"{''.join(shown)}… ({len(text) - len(shown)} more characters)"
        shown.append(escaped)
    return "".join(shown)


def _escaped(character: str) -> str:
    drawn = character.isprintable() and character not in _UNDRAWN
    if drawn or character in "\n\t":
        return character
    return character.encode("unicode_escape").decode("ascii")


def clean(report: Report) -> Report:
    """The same report with every text in it made visible."""
    return Report.model_validate(_clean(report.model_dump(by_alias=True)))


# A dump is a tree of whatever the fields hold.
def _clean(node: Any) -> Any:  # noqa: ANN401
    match node:
        case str():
            return visible(node)
        case dict():
            return {visible(key): _clean(value) for key, value in node.items()}
        case tuple() | list():
            return [_clean(value) for value in node]
    return node


def inert(rendered: str) -> str:
    """Break what a pipeline would obey if it met it in a log: `::set-output`, `##vso[…]`."""
    return _OLD_COMMAND.sub(r"##\1\\[", _COMMAND.sub(r"\1\\::", rendered))


def one_line(text: str) -> str:
    """Visible and inert, and never more than a line: a file's name may hold any number of them."""
    return inert(visible(text).replace("\n", "\\n").replace("\t", "\\t"))


def brief(text: str, longest: int = 80) -> str:
    """One line, cut in the end."""
    line = " ".join(text[: 4 * longest].split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def points(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def number(value: float) -> str:
    return f"{value:.6g}"


def numbers(array: Numbers | None, most: int = 6) -> str:
    """A number, a small array in brackets, or the shape and the first numbers of a large one."""
    if array is None:
        return "None"
    told = [number(value) for value in array.values]
    if 0 < array.size <= min(most, len(told)) and len(array.shape) <= _MOST_BRACKETS:
        return _nested(told, array.shape)
    shape = "x".join(map(str, array.shape))
    more = ", …" if array.size > most else ""
    return f"{shape}: [{', '.join(told[:most])}{more}]"


def _nested(told: list[str], shape: tuple[int, ...]) -> str:
    if not shape:
        return told[0]
    inner = len(told) // shape[0]
    rows = [_nested(told[at : at + inner], shape[1:]) for at in range(0, shape[0] * inner, inner)]
    return f"[{', '.join(rows)}]"
