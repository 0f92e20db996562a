"""Text → Marks: what of a work can be shared, as hashes.

`runs` are fingerprints of the structure; `words` are what stands there letter by letter: names,
comments, strings, numbers, and lines with their spaces.
"""

import keyword
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grader.classroom.similar import fingerprints
from grader.classroom.similar.fingerprints import Hashes
from grader.classroom.similar.tokens import MOST_TEXT, Tokens, tokens

MOST_LINES = 5_000
LONGEST = 300  # of a word that is remembered; the rest of it is not looked at
_QUOTES = "#\"' \t"


@dataclass(frozen=True, slots=True)
class Marks:
    runs: Hashes
    words: Hashes
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in the starter, in any of its variants, is nobody's own."""

    runs: frozenset[int]
    words: frozenset[tuple[str, str]]


def given(starters: tuple[str, ...]) -> Given:
    runs: set[int] = set()
    own: set[tuple[str, str]] = set()
    for text in starters:
        read = tokens(text)
        runs.update(run_hashes(read).tolist())
        own.update(words(text, read))
    return Given(frozenset(runs), frozenset(own))


def marks(text: str, handed: Given) -> Marks:
    """What is left of a text without what was handed out."""
    read = tokens(text)
    runs = fingerprints.winnowed(run_hashes(read))
    own = {hash(word) for word in words(text, read) if word not in handed.words}
    mine = [at for at, run in enumerate(runs.tolist()) if run not in handed.runs]
    return Marks(runs[mine], np.array(sorted(own), np.int64), read.cut)


def run_hashes(read: Tokens) -> Hashes:
    return fingerprints.hashes([token.sense for token in read.code])


def words(text: str, read: Tokens) -> Iterator[tuple[str, str]]:
    """Kind and text of all that may be shared letter by letter; what is very short says nothing."""
    for token in read.code:
        if token.kind in ("name", "number", "string") and _says_something(token.text):
            kind = "text" if token.kind == "string" else token.kind
            yield kind, token.text[:LONGEST]
    for aside in read.asides:
        for line in aside[: MOST_LINES * LONGEST].split("\n", MOST_LINES):
            if len(said := line.strip(_QUOTES)[:LONGEST]) > 3:
                yield "comment", said
    for line in text[:MOST_TEXT].split("\n", MOST_LINES)[:MOST_LINES]:
        if len(line.strip()) > 3:
            yield "line", line[:LONGEST]


def _says_something(text: str) -> bool:
    return len(text) > 1 and not keyword.iskeyword(text)
