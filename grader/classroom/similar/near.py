"""Groups of marks → which students are worth a closer look.

By an inverted index: a mark leads to all who have it.  One that more than MOST_SHARED have leads
nowhere, and each student keeps PARTNERS at most, so the work grows with the class, not its square.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader.classroom.similar.fingerprints import Hashes
from grader.classroom.similar.rarity import (
    RUN_WEIGHT,
    WORD_WEIGHT,
    Bits,
    Group,
    Kind,
    Rarity,
    union,
)

PARTNERS = 12
MOST_SHARED = 200


def near(groups: Sequence[Group], rarity: Rarity) -> Iterator[tuple[int, int]]:
    """Pairs of places in `groups`, each once, the smaller first."""
    runs = _index([union([work.runs for work in group]) for group in groups], rarity.runs)
    words = _index([union([work.words for work in group]) for group in groups], rarity.words)
    seen: set[tuple[int, int]] = set()
    for place in range(len(groups)):
        found = [runs.partners(place, RUN_WEIGHT), words.partners(place, WORD_WEIGHT)]
        for other in _best(place, *map(np.concatenate, zip(*found, strict=True))):
            seen.add((min(place, other), max(place, other)))
    yield from sorted(seen)


@dataclass(frozen=True, slots=True)
class _Index:
    """Who has what: `owned[student]` are marks, `owners[starts[mark] : …]` are students."""

    owned: Sequence[Hashes]
    owners: Hashes
    starts: Hashes
    bits: Bits

    def partners(self, place: int, weight: float) -> tuple[Hashes, Bits]:
        """Everyone who shares a rare mark with this one, once for each, and what it is worth."""
        marks = self.owned[place]
        lists = [self.owners[self.starts[mark] : self.starts[mark + 1]] for mark in marks]
        lengths = [len(students) for students in lists]
        empty = np.empty(0, np.int64)
        return np.concatenate([empty, *lists]), np.repeat(weight * self.bits[marks], lengths)


def _index(owned: Sequence[Hashes], kind: Kind) -> _Index:
    rare = (kind.counts > 1) & (kind.counts <= MOST_SHARED) & (kind.bits > 0)
    places = [kind.places(marks) for marks in owned]
    kept = [marks[rare[marks]] for marks in places]
    students = np.repeat(np.arange(len(kept)), [len(marks) for marks in kept])
    marks = np.concatenate([np.empty(0, np.int64), *kept])
    order = np.argsort(marks, kind="stable")
    starts = np.searchsorted(marks[order], np.arange(len(kind.values) + 1))
    return _Index(kept, students[order], starts, kind.bits)


def _best(place: int, students: Hashes, bits: Bits) -> Iterator[int]:
    found, at = np.unique(students, return_inverse=True)
    total = np.bincount(at, bits, len(found))
    total[found == place] = 0
    kept = np.argsort(-total, kind="stable")[:PARTNERS]
    return (int(found[n]) for n in kept if total[n] > 0)
