"""Pair → Evidence: the text of both with what they share marked, and rare words that both have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from grader.classroom.similar.blocks import MOST_TOKENS, Span, blocks, given_spans
from grader.classroom.similar.marks import words
from grader.classroom.similar.tokens import Token, tokens
from grader.classroom.similar.work import Comparison, Pair

LONGEST = 30_000  # of a text that is shown
_MOST_WORDS = 12
_RARE = 0.02  # of a class; or, in a small one, the two and one more
_ORDER = ("comment", "text", "name", "number", "line")


@dataclass(frozen=True, slots=True)
class Shared:
    """Something rare that stands in both, letter by letter; `among` counts who has it."""

    kind: str
    text: str
    among: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text.  `block` counts from 1; 0 is what only one has, or what was given."""

    text: str
    block: int = 0
    usual: bool = False
    given: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    pair: Pair
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    shared: tuple[Shared, ...]


def evidence(pair: Pair, found: Comparison) -> Evidence:
    """Read both again and hold them side by side."""
    left, right = (work.read()[:LONGEST] for work in (pair.left, pair.right))
    one, other = (tokens(text).code[:MOST_TOKENS] for text in (left, right))
    mine, its = [token.sense for token in one], [token.sense for token in other]
    common = blocks(mine, its, found.given.runs, found.rarity)
    marked = [Piece("", block.number, block.usual) for block in common]
    spans = [block.left for block in common], [block.right for block in common]
    was_given = [given_spans(program, found.given.runs) for program in (mine, its)]
    return Evidence(
        pair,
        tuple(_pieces(left, one, [*zip(spans[0], marked, strict=True)], was_given[0])),
        tuple(_pieces(right, other, [*zip(spans[1], marked, strict=True)], was_given[1])),
        shared(pair, found),
    )


def shared(pair: Pair, found: Comparison) -> tuple[Shared, ...]:
    """What is rare in both, the rarest first; a line is not told beside what stands in it."""
    left, right = (work.read() for work in (pair.left, pair.right))
    both = set(words(left, tokens(left))) & set(words(right, tokens(right))) - found.given.words
    most = max(3, int(_RARE * found.rarity.among))
    told = [
        Shared(kind, text, found.rarity.words.having(hash((kind, text)))) for kind, text in both
    ]
    rare = [word for word in told if word.among <= most and (len(word.text) > 3 or word.among == 2)]
    parts = [word.text for word in rare if word.kind in _ORDER[:2]]
    kept = [w for w in rare if w.kind != "line" or not any(part in w.text for part in parts)]
    kept.sort(key=lambda word: (_ORDER.index(word.kind), word.among, word.text))
    return tuple(replace(word, text=word.text.strip()) for word in kept[:_MOST_WORDS])


def _pieces(
    text: str, code: Sequence[Token], marked: Sequence[tuple[Span, Piece]], given: Sequence[Span]
) -> Iterator[Piece]:
    """The whole text, cut where something begins or ends."""
    cuts, at = [*marked, *((span, Piece("", given=True)) for span in given)], 0
    for span, kind in sorted(cuts, key=lambda cut: cut[0]):
        start, end = code[span[0]].start, code[span[1] - 1].end
        if at < start:
            yield Piece(text[at:start])
        yield replace(kind, text=text[start:end])
        at = end
    if at < len(text):
        yield Piece(text[at:])
