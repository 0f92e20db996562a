"""Two programs → the blocks of tokens that both have, in whatever order: what a person looks at."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from grader.classroom.similar.fingerprints import RUN, hashes
from grader.classroom.similar.rarity import Rarity

MOST_TOKENS = 3_000  # of each program that are laid side by side
_MOST_PLACES = 8  # of one run; a text that says the same over and over has more
_USUAL = 0.1  # what a larger share of the class has is usual

Span = tuple[int, int]  # of tokens, the end not included


@dataclass(frozen=True, slots=True)
class Block:
    """`usual`: many have each part of it."""

    number: int
    left: Span
    right: Span
    usual: bool


def blocks(
    left: Sequence[str], right: Sequence[str], given: AbstractSet[int], seen: Rarity
) -> tuple[Block, ...]:
    """Blocks of RUN tokens and more: the longest are chosen first, and numbered as they stand left.

    The programs are the senses of their tokens; none is in two blocks, and none in what was given.
    """
    mine, its = hashes(left).tolist(), hashes(right).tolist()
    used, taken = _used(mine, given, len(left)), _used(its, given, len(right))
    found: list[tuple[Span, Span]] = []
    for length, at, there in sorted(_matches(left, right, mine, its), key=lambda one: -one[0]):
        for first, last in _free(used[at : at + length], taken[there : there + length]):
            spans = (at + first, at + last), (there + first, there + last)
            used[slice(*spans[0])] = taken[slice(*spans[1])] = [True] * (last - first)
            found.append(spans)
    return tuple(
        Block(number, one, other, _is_usual(mine, one, seen))
        for number, (one, other) in enumerate(sorted(found), start=1)
    )


def given_spans(program: Sequence[str], given: AbstractSet[int]) -> list[Span]:
    """What of a program stands in the starter."""
    mask = _used(hashes(program).tolist(), given, len(program))
    return list(_stretches(mask))


def _used(runs: Sequence[int], given: AbstractSet[int], length: int) -> list[bool]:
    mask = [False] * length
    for at, run in enumerate(runs):
        if run in given:
            mask[at : at + RUN] = [True] * RUN
    return mask


def _matches(
    left: Sequence[str], right: Sequence[str], mine: Sequence[int], its: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """Length and places of what cannot be made longer; each pair of places is looked at once."""
    places: dict[int, list[int]] = defaultdict(list)
    for there, run in enumerate(its):
        if len(places[run]) < _MOST_PLACES:
            places[run].append(there)
    for at, run in enumerate(mine):
        for there in places.get(run, ()):
            if not (at and there and left[at - 1] == right[there - 1]):
                yield _length(left[at:], right[there:]), at, there


def _length(left: Sequence[str], right: Sequence[str]) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    most = min(len(left), len(right))
    return next((at for at, (one, other) in pairs if one != other), most)


def _free(used: Sequence[bool], taken: Sequence[bool]) -> Iterator[Span]:
    """Stretches, long enough, that are in no block yet on either side."""
    busy = [one or other for one, other in zip(used, taken, strict=True)]
    return (span for span in _stretches([not one for one in busy]) if span[1] - span[0] >= RUN)


def _stretches(mask: Sequence[bool]) -> Iterator[Span]:
    start = None
    for at, is_in in enumerate([*mask, False]):
        if is_in and start is None:
            start = at
        elif not is_in and start is not None:
            yield start, at
            start = None


def _is_usual(runs: Sequence[int], span: Span, seen: Rarity) -> bool:
    counts = (seen.runs.having(run) for run in runs[span[0] : span[1] - RUN + 1])
    told = [count for count in counts if count]  # winnowing keeps some of all runs
    return not told or min(told) > max(3, _USUAL * seen.among)
