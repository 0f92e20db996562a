"""Attempts of one student at one exercise → the Grade that counts.

Pure, and exact until the end, where points are rounded to 0.01, halves up.

What counts as an attempt: what was judged.  A file that could not be read, or that is still the
starter, uses none up, and neither does what broke by our fault.  With a cut-off, what came later is
as good as not handed in.  Of what counts, within the limit of attempts, `best` takes the one with
most points after the penalty, and of equals the first.  What came at one time, as all of a batch
does whose time is not told, stands in the order of its names, never in that of grading.

Lateness is counted from the due date, or the student's own extension of it, on the clock of its
zone: where that goes an hour back in the night, the next day still ends at the same time.  Within
the grace nothing is lost; after it each begun day (24 hours of that clock) since the due date costs
its percent of what was earned.  An attempt whose time was not told by the platform is never late.

If nothing was judged, what broke stands before what could not be read: it costs nobody anything.
A teacher's word is above all of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from grader.classroom.cohort import Grade, Standing, natural
from grader.classroom.gradebook.rows import Kept, Override
from grader.course.format import BookRules, CutOff, Late, NoPenalty
from grader.rounding import exact, hundredths

_DAY = timedelta(days=1)
_JUDGED = ("passed", "failed")


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one student in one exercise."""

    rules: BookRules
    due: datetime | None
    word: Override | None
    max_points: float  # if nothing was handed in that says it


@dataclass(frozen=True, slots=True)
class Priced:
    """An attempt and what it is worth, late policy applied."""

    kept: Kept
    points: Fraction
    lost: Fraction

    @property
    def share(self) -> Fraction:
        return self.points / whole if (whole := exact(self.kept.max_points)) else Fraction(0)


def grade(student: str, exercise: str, tries: Iterable[Kept], terms: Terms) -> Grade | None:
    """What counts; None if nothing was handed in and nothing said."""
    ordered = sorted(tries, key=lambda kept: (kept.at, natural(kept.origin), kept.id))
    counted = _counted(ordered, terms)
    chosen = _chosen(counted, terms.rules) or _instead(ordered, terms)
    attempts = len(counted)
    if terms.word is not None:
        return _by_word(terms.word, chosen, attempts, terms.max_points)
    if chosen is None:
        return None
    kept, points = chosen.kept, hundredths(chosen.points)
    lost = hundredths(exact(kept.points) - exact(points)) if chosen.lost else 0.0
    return Grade(
        student=student,
        exercise=exercise,
        points=points,
        max_points=kept.max_points or terms.max_points,
        standing="failed" if lost and not points else kept.standing,
        attempts=attempts,
        attempt=kept.id,
        at=kept.at,
        penalty=lost,
        told=kept.told,
    )


def late_share(by: timedelta, late: Late) -> Fraction:
    """The share of what was earned that is lost for being late by so much."""
    if isinstance(late, NoPenalty) or by <= late.grace:
        return Fraction(0)
    if isinstance(late, CutOff):
        return Fraction(1)
    begun_days = -(-by // _DAY)
    return min(begun_days * exact(late.percent), exact(late.most)) / 100


def _counted(ordered: Sequence[Kept], terms: Terms) -> list[Priced]:
    judged = (kept for kept in ordered if kept.standing in _JUDGED)
    in_time = [kept for kept in judged if not _too_late(kept, terms)]
    return [_priced(kept, terms) for kept in in_time[: terms.rules.attempts]]


def _chosen(counted: Sequence[Priced], rules: BookRules) -> Priced | None:
    match rules.keep:
        case "first":
            return counted[0] if counted else None
        case "last":
            return counted[-1] if counted else None
    return max(counted, key=lambda priced: priced.share, default=None)  # of equals the first


def _instead(ordered: Sequence[Kept], terms: Terms) -> Priced | None:
    """What stands for a student who has nothing that counts."""
    in_time = [kept for kept in ordered if not _too_late(kept, terms)]
    broken = [kept for kept in in_time if kept.standing == "broken"]
    choice = broken or in_time or ordered
    return _priced(choice[-1], terms) if choice else None


def _too_late(kept: Kept, terms: Terms) -> bool:
    late = terms.rules.late
    return isinstance(late, CutOff) and late_share(_late_by(kept, terms), late) > 0


def _priced(kept: Kept, terms: Terms) -> Priced:
    earned = exact(kept.points)
    lost = earned * late_share(_late_by(kept, terms), terms.rules.late)
    return Priced(kept, earned - lost, lost)


def _late_by(kept: Kept, terms: Terms) -> timedelta:
    if terms.due is None or not kept.told:
        return timedelta()
    at = kept.at.astimezone(terms.due.tzinfo)
    return max(at.replace(tzinfo=None) - terms.due.replace(tzinfo=None), timedelta())


def _by_word(word: Override, chosen: Priced | None, attempts: int, max_points: float) -> Grade:
    assert word.points is not None  # a word that was taken back is none
    whole = max_points or (chosen.kept.max_points if chosen else 0.0)
    standing: Standing = "passed" if word.points >= whole else "failed"
    return Grade(
        student=word.student,
        exercise=word.exercise,
        points=hundredths(exact(word.points)),
        max_points=whole,
        standing=standing,
        attempts=attempts,
        attempt=chosen.kept.id if chosen else None,
        at=chosen.kept.at if chosen else word.at,
        overridden=True,
        reason=word.reason,
        told=chosen is not None and chosen.kept.told,
    )
