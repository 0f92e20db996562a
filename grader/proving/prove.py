"""Exercise → Proof: that right answers pass, wrong ones do not, and each is told what it is."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from grader.course.format import Exercise
from grader.course.parts.part import AnswerPart
from grader.judging.settled import settled
from grader.judging.workshop import Workshop
from grader.proving import predictions, right, room, sharp, whole, wrong
from grader.proving.bench import Bench, bench
from grader.proving.claims import Claim, Kind, Proof, Strength, Subject, of_part

_SHOWN: Mapping[Kind, Callable[[Bench, Subject], Claim]] = MappingProxyType(
    {
        "reference": right.reference,
        "accept": right.accepted,
        "mistake": wrong.mistake,
        "check": sharp.check,
        "inputs": sharp.inputs,
        "margin": room.wide,
        "time": room.time,
    }
)


def prove(exercise: Exercise, shop: Workshop) -> Proof:
    """Run everything that the exercise claims.

    Where an open case needs another draw, it is recorded.  Raises AuthorError if it cannot be.
    """
    ready = settled(exercise, shop)
    exercise = ready.exercise
    claims = list(whole.claims(exercise, shop))
    strengths = {}
    for part in exercise.parts:
        if isinstance(part, AnswerPart):
            claims += predictions.claims(exercise, part, shop)
            continue
        its = bench(part, ready, shop)
        claims += [_SHOWN[subject.kind](its, subject) for subject in of_part(part)]
        strengths[part.id] = Strength(its.kills, wrong.classes(its), room.margin(its))
    return Proof(exercise.id, tuple(claims), strengths)
