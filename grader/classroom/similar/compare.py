"""Works → Comparison: which pairs of different people share more than chance explains."""

import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from grader.classroom.similar.marks import Given, Marks, given, marks
from grader.classroom.similar.near import near
from grader.classroom.similar.rarity import Rarity, rarity
from grader.classroom.similar.work import Comparison, Handed, Pair, Work
from grader.errors import StudentError

MOST_PAIRS = 1_000
# Least bits by chance's reach: in a class twice as large, there are four times as many pairs.
_FEWEST, _PER_DOUBLING = 30.0, 4.5
_CLOSE_ATTEMPTS = 30


@dataclass(frozen=True, slots=True)
class _Group:
    """What one student, or one group of them, handed in: works that differ, and their marks."""

    works: Sequence[Work]
    marks: Sequence[Marks]


def compared(works: Iterable[Work], handed: Handed, least: float | None = None) -> Comparison:
    """Compare the works of one exercise; what cannot be read is left aside, and said.

    Without `least`, pairs are listed from where chance hardly reaches in a class of this size.
    """
    starter, unread = given(handed.starters), list[tuple[Work, str]]()
    read = list(_read(works, starter, unread))
    groups = _groups(read)
    known = [[marks(text, starter)] for text in handed.known]
    seen = rarity([*(group.marks for group in groups), *known])
    floor = threshold(len(groups)) if least is None else least
    pairs = list(_pairs(groups, seen))
    kept = [pair for pair in pairs if pair.surprise >= floor]
    return Comparison(
        handed=handed,
        works=len(read),
        students=_count(work for work, _ in read),
        compared=_count(work for work, its in read if len(its.runs)),
        cut=tuple(work for work, found in read if found.cut),
        unread=tuple(unread),
        least=floor,
        nearest=_nearest(groups, pairs),
        pairs=tuple(heapq.nlargest(MOST_PAIRS, kept, key=lambda pair: pair.surprise)),
        more=max(0, len(kept) - MOST_PAIRS),
        rarity=seen,
        given=starter,
    )


def _count(works: Iterable[Work]) -> int:
    """Of students; a file of nobody has one of its own."""
    return len({person for work in works for person in work.students or (work.origin,)})


def threshold(students: int) -> float:
    """Bits that chance hardly reaches among so many."""
    return max(_FEWEST, _PER_DOUBLING * math.log2(max(2, students)))


def _read(
    works: Iterable[Work], starter: Given, unread: list[tuple[Work, str]]
) -> Iterator[tuple[Work, Marks]]:
    for work in works:
        try:
            yield work, marks(work.read(), starter)
        except StudentError as error:
            unread.append((work, str(error)))


def _groups(read: Sequence[tuple[Work, Marks]]) -> list[_Group]:
    """By who they are of; an attempt that says nothing of its own, or nothing new, is left out."""
    found: dict[str, dict[bytes, tuple[Work, Marks]]] = {}
    for work, its in read:
        if len(its.runs):
            found.setdefault(work.who, {})[its.runs.tobytes() + its.words.tobytes()] = (work, its)
    latest = [list(own.values())[-_CLOSE_ATTEMPTS:] for own in found.values()]
    return [_Group([work for work, _ in own], [its for _, its in own]) for own in latest]


def _pairs(groups: Sequence[_Group], seen: Rarity) -> Iterator[Pair]:
    """Of each two students who are near the two attempts that are nearest."""
    for left, right in near([group.marks for group in groups], seen):
        one, other = groups[left], groups[right]
        if not one.works[0].people & other.works[0].people:
            yield _pair(one, other, seen)


def _pair(one: _Group, other: _Group, seen: Rarity) -> Pair:
    def surprise(places: tuple[int, int]) -> float:
        return seen.surprise(one.marks[places[0]], other.marks[places[1]])

    both = product(range(len(one.works)), range(len(other.works)))
    bits, left, right = max((surprise(places), *places) for places in both)
    mine, its = one.marks[left].runs, other.marks[right].runs
    common = len(np.intersect1d(mine, its, assume_unique=True))
    works = one.works[left], other.works[right]
    return Pair(*works, bits, common / len(mine), common / len(its))


def _nearest(groups: Sequence[_Group], pairs: Iterable[Pair]) -> tuple[float, ...]:
    best = {group.works[0].who: 0.0 for group in groups}
    for pair in pairs:
        for work in (pair.left, pair.right):
            best[work.who] = max(best[work.who], pair.surprise)
    return tuple(best.values())
