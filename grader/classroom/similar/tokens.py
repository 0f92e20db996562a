"""Text → Tokens: what a program says, whatever its names, numbers, comments and layout.

The text is read as text: never parsed, never run.  One regular expression, whose every repeat is
possessive, goes over it once: any text takes linear time, and broken code is read like any other.
"""

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

MOST_TOKENS = 8_000  # of one submission; a starter has a few hundred
MOST_TEXT = 200_000

_STRING = r"""
    [rRbBuUfFtT]{0,2}(?:"(?:[^"\\\n]|\\.)*+"?+|'(?:[^'\\\n]|\\.)*+'?+)
"""
_TRIPLE = r'''
    [rRbBuUfFtT]{0,2}(?:
      """(?:[^"\\]|\\.|"(?!""))*+(?P<open1>"""|\Z)|\'\'\'(?:[^'\\]|\\.|'(?!''))*+(?P<open2>\'\'\'|\Z)
    )
'''
_REST = r"""
  | (?P<name>[^\W\d]\w*+)
  | (?P<number>\.?\d(?:[eE][+-]\d|[\w.])*+)
  | (?P<comment>\#[^\n]*+)
  | (?P<newline>\n)
  | (?P<space>[^\S\n]++|\\\n|;)
  | (?P<sign>\.\.\.|->|:=|(?:\*\*|//|<<|>>|[-+*/%@&|^=<>!])=?+|.)
"""
_WHOLE = re.compile(rf"(?P<string>{_TRIPLE}|{_STRING}){_REST}", re.VERBOSE | re.DOTALL)
# After a triple quote that nothing closes, quotes end with their line.
_TORN = re.compile(rf"(?P<string>{_STRING}){_REST}", re.VERBOSE | re.DOTALL)

_KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"torch", "nn", "optim", "np"}
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_Word = tuple[str, str, int]  # kind, text, start


@dataclass(frozen=True, slots=True)
class Token:
    """`sense` is what is compared; `text` is what stands at `start` to `end`."""

    kind: str
    sense: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """A program; `asides` are its comments and docstrings.  `cut`: there is more of it."""

    code: tuple[Token, ...]
    asides: tuple[str, ...]
    cut: bool


def tokens(text: str) -> Tokens:
    """Read the text of a program, whether it is one or not."""
    words = list(islice(_words(text[:MOST_TEXT]), MOST_TOKENS + 1))
    cut = len(words) > MOST_TOKENS or len(text) > MOST_TEXT
    code: list[Token] = []
    asides: list[str] = []
    depth = 0
    for at, (kind, word, start) in enumerate(words[:MOST_TOKENS]):
        if kind == "comment" or (kind == "string" and not depth and _stands_alone(words, at)):
            asides.append(word)
        elif kind != "newline":
            depth = max(0, depth + (word in _OPENING) - (word in _CLOSING))
            sense = _sense(kind, word, code, _at(words, at + 1)[1] if depth else "")
            code.append(Token(kind, sense, word, start, start + len(word)))
    return Tokens(tuple(code), tuple(asides), cut)


def _words(text: str) -> Iterator[_Word]:
    """The words of a text.  Once, at most, it goes back: to a triple quote that is not closed."""
    for found in _WHOLE.finditer(text):
        if found["open1"] == "" or found["open2"] == "":
            yield from _cut(_TORN.finditer(text, found.start()))
            return
        yield from _cut([found])


def _cut(found: Iterable[re.Match[str]]) -> Iterator[_Word]:
    for match in found:
        if match.lastgroup != "space":
            yield match.lastgroup or "", match[0], match.start()


def _at(words: Sequence[_Word], at: int) -> _Word:
    return words[at] if 0 <= at < len(words) else ("newline", "", 0)


def _stands_alone(words: Sequence[_Word], at: int) -> bool:
    """A docstring, or a string that is used as a comment."""
    return _at(words, at - 1)[0] == "newline" and _at(words, at + 1)[0] in ("newline", "comment")


def _sense(kind: str, word: str, before: Sequence[Token], after: str) -> str:
    """Names that a student chose are one class, and so are texts.

    What torch is asked for stays: attributes, and names of arguments (`after` is the word that
    follows inside brackets).  Numbers stay, too: who copies seldom has others to put there, and
    with them fewer answers are alike by chance.
    """
    if kind == "string":
        return "text"
    if kind != "name" or word in _KEPT or after == "=":
        return word
    return word if before and before[-1].text == "." else "name"
