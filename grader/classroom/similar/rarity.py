"""Marks of a class → how rare each is, and how surprising it is what two works share.

A mark that n of N students have is worth log2((N - 1) / (n - 1.5)) bits: about how surprised one
must be that a second student has it, seen from all the others.  What everybody writes is worth
nothing.  The numbers below are those that found most planted copies in a made class.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grader.classroom.similar.fingerprints import RUN, WINDOW, Hashes
from grader.classroom.similar.marks import Marks

# One odd token is in RUN runs, of which winnowing keeps 2 in WINDOW + 1: together they count once.
RUN_WEIGHT = (WINDOW + 1) / 2 / RUN
WORD_WEIGHT = 0.5  # words come in company: a comment is also a line
ABSENT = 8.0  # bits against, for each run that the other work lacks

Bits = npt.NDArray[np.float64]
Group = Sequence[Marks]  # all works of one student, or one known answer


@dataclass(frozen=True, slots=True)
class Kind:
    """All marks of one kind, sorted, with the number of students who have each."""

    values: Hashes
    counts: Hashes
    bits: Bits

    def places(self, marks: Hashes) -> Hashes:
        """Where each of the marks stands; all of them do."""
        return np.searchsorted(self.values, marks)

    def having(self, mark: int) -> int:
        """How many have it; 0 for what nobody has."""
        at = int(np.searchsorted(self.values, mark))
        return int(self.counts[at]) if at < len(self.values) and self.values[at] == mark else 0


@dataclass(frozen=True, slots=True)
class Rarity:
    """What is rare in a class of `among` students and known answers."""

    runs: Kind
    words: Kind
    among: int

    def surprise(self, one: Marks, other: Marks) -> float:
        """Bits for copying, less the bits against."""
        runs = np.intersect1d(one.runs, other.runs, assume_unique=True)
        words = np.intersect1d(one.words, other.words, assume_unique=True)
        told = RUN_WEIGHT * self.runs.bits[self.runs.places(runs)].sum()
        told += WORD_WEIGHT * self.words.bits[self.words.places(words)].sum()
        absent = min(len(one.runs), len(other.runs)) - len(runs)
        return float(told - RUN_WEIGHT * ABSENT * absent)


def rarity(groups: Sequence[Group]) -> Rarity:
    """Count over students, not works: who hands in ten times is one of them."""
    runs = [union([work.runs for work in group]) for group in groups]
    words = [union([work.words for work in group]) for group in groups]
    return Rarity(_kind(runs), _kind(words), len(groups))


def union(arrays: Sequence[Hashes]) -> Hashes:
    return arrays[0] if len(arrays) == 1 else np.unique(np.concatenate(arrays))


def _kind(owned: Sequence[Hashes]) -> Kind:
    values, counts = np.unique(np.concatenate([np.empty(0, np.int64), *owned]), return_counts=True)
    others = np.maximum(counts, 2) - 1.5
    return Kind(values, counts, np.maximum(0, np.log2(np.maximum(len(owned) - 1, 1) / others)))
