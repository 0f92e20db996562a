"""The nouns of a comparison: what was handed in, what is known to all, who is near to whom."""

from collections.abc import Callable
from dataclasses import dataclass

from grader.classroom.similar.marks import Given
from grader.classroom.similar.rarity import Rarity

# Gives the text of a file's code, however often it is asked; raises StudentError.
Read = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Work:
    """One file.  `people` are its students and their group: nobody is compared with oneself."""

    students: tuple[str, ...]
    name: str
    origin: str
    read: Read
    group: str = ""

    @property
    def people(self) -> frozenset[str]:
        return frozenset(self.students) | ({f"group {self.group}"} if self.group else frozenset())

    @property
    def who(self) -> str:
        """Whose this is, whatever the attempt; a file of nobody is its own."""
        return f"group {self.group}" if self.group else self.authors

    @property
    def authors(self) -> str:
        return ", ".join(self.students) or self.origin

    @property
    def told(self) -> str:
        """Its students, for people to read."""
        return f"{self.authors} (group {self.group})" if self.group else self.authors


@dataclass(frozen=True, slots=True)
class Handed:
    """What an exercise gives to everybody (`starters`), and answers that are known (`known`)."""

    exercise: str
    title: str = ""
    starters: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two works of different people.

    `surprise` is in bits: how much less often this would come about by chance, as chances are in
    this class, than by copying.  `left_share` and `right_share` say how much of what is one's own
    the other has, too.
    """

    left: Work
    right: Work
    surprise: float
    left_share: float
    right_share: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of one exercise.

    `pairs` are those of at least `least` bits, the most surprising first; `more` were left off.
    `nearest` holds the surprise of each student's best pair: what is normal in this class.
    """

    handed: Handed
    works: int
    students: int
    compared: int  # students who wrote something of their own
    cut: tuple[Work, ...]  # of which only the beginning was read
    unread: tuple[tuple[Work, str], ...]
    least: float
    nearest: tuple[float, ...]
    pairs: tuple[Pair, ...]
    more: int
    rarity: Rarity
    given: Given
