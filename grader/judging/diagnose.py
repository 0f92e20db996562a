"""Runs + mistakes' runs → Diagnosis: which known mistake would have been seen just so.

A mistake is named only if everything that was seen equals what the mistake shows, in every case,
and only if no other mistake does too.  An error alone is shared by many causes: then it is a hint.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from grader.checks.answers import right
from grader.checks.noise import NOISELESS, Noise
from grader.checks.trace import SAME, aligned, first_departure, steps_distance
from grader.course import variants
from grader.course.format import Exercise
from grader.course.parts.part import AnyPart, Belief, Mistake
from grader.inputs import expressions
from grader.judging.alike import alike, differs, same
from grader.judging.judge import Answer, blank
from grader.judging.keys import Drawn, Key, Model
from grader.judging.workshop import Workshop
from grader.model import (
    Certainty,
    Diagnosis,
    Ended,
    Inputs,
    Items,
    Nothing,
    Number,
    Observation,
    Parsed,
    Run,
    Step,
    Text,
    Value,
    as_array,
)


@dataclass(frozen=True, slots=True)
class Explained:
    """What explains an answer; `mistake` has the runs of the mistake, if it is a single one."""

    diagnoses: tuple[Diagnosis, ...] = ()
    mistake: Model | None = None


NOTHING = Explained()


def diagnose(exercise: Exercise, answer: Answer, shop: Workshop) -> Explained:
    """Which listed mistakes explain an answer that is not right.

    What is still blank explains more than any mistake; a run that was stopped says too little.
    """
    part, key, seen, parsed = answer.part, answer.key, answer.seen, answer.parsed
    if key is None:
        return NOTHING
    if part.predicts:
        values = variants.variant_values(exercise, key.variant, shop.course.id)
        return Explained(diagnose_answers(part, key.wanted[part.id], parsed, values))
    told_all = {run.ended for run in seen.values()} <= {Ended.FINISHED, Ended.ERROR}
    if not seen or not told_all or blank(part, parsed):
        return NOTHING

    def is_alike(case: Drawn, run: Run) -> bool:
        return not differs(part, key, case, seen[case.id], run)

    models = shop.maker.matching(exercise, part, key, is_alike)
    told = diagnose_runs(part, key, seen, models, parsed)
    if told is None:
        return NOTHING
    styles = [] if told.among else models.get(told.id, [])
    return Explained((told,), styles[0] if styles else None)


def diagnose_runs(
    part: AnyPart,
    key: Key,
    seen: Model,
    models: Mapping[str, Sequence[Model]],
    parsed: Parsed,
) -> Diagnosis | None:
    """Name the mistake, the class of mistakes, or nothing."""
    names = alike(part, key, seen, models)
    if same(part, key, seen, key.wanted):  # right in all that was seen: only the source can tell
        told = [name for name in names if _stands(part.mistakes[name], parsed)]
    else:
        told = _told(part, names, parsed)
    if not told:
        return _fixed_numbers(part, key, seen)
    evidence = _evidence(key, seen)
    if len(told) > 1:
        return _diagnosis(part, told, Certainty.ONE_OF, evidence)
    confirmed = part.mistakes[told[0]].tell is not None or not _only_errors(key, seen)
    return _diagnosis(part, told, Certainty.MATCH if confirmed else Certainty.HINT, evidence)


def _fixed_numbers(part: AnyPart, key: Key, seen: Model) -> Diagnosis | None:
    """Right in every open case and nowhere else: something is fixed that should be an input."""
    right_in = {
        case.id: not differs(part, key, case, seen[case.id], key.wanted[case.id])
        for case in key.cases
    }
    opened = [right_in[case.id] for case in key.cases if not case.hidden]
    hidden = [right_in[case.id] for case in key.cases if case.hidden]
    finished = all(run.ended is Ended.FINISHED for run in seen.values())
    if not opened or not hidden or not all(opened) or any(hidden) or not finished:
        return None
    message = (
        "Your code is right in the open case and wrong with other numbers. Does it hold a number "
        "that should come from what it is given?"
    )
    return Diagnosis(part.id, "fixed-numbers", Certainty.HINT, message)


def diagnose_answers(
    part: AnyPart, wanted: Run, parsed: Parsed, names: Inputs
) -> tuple[Diagnosis, ...]:
    """Name what explains each wrong answer: the beliefs that explain most of the wrong ones.

    Two beliefs that explain the same answers are told as one of two; answers that are wrong for
    different reasons get a diagnosis each.
    """
    wrong = {
        name
        for name, want in wanted.observations.items()
        if name in parsed.answers and not right(parsed.answers[name], want)
    }
    explains = {
        name: wrong & set(belief.expects)
        for name, belief in part.mistakes.items()
        if _holds(belief, wanted, parsed, names)
    }
    groups: dict[tuple[str, ...], None] = {}
    for ask in (ask for ask in part.asks if ask in wrong):
        most = max((len(asks) for asks in explains.values() if ask in asks), default=0)
        held = tuple(n for n, asks in explains.items() if ask in asks and len(asks) == most)
        if held:
            groups[held] = None
    return tuple(_belief(part, held) for held in groups)


def _holds(belief: Mistake | Belief, wanted: Run, parsed: Parsed, names: Inputs) -> bool:
    """Whether all that is expected was answered."""
    expected = believed(belief, wanted, names)
    return all(n in parsed.answers and right(parsed.answers[n], o) for n, o in expected.items())


def _belief(part: AnyPart, held: tuple[str, ...]) -> Diagnosis:
    message = _message([part.mistakes[name].say for name in held])
    if len(held) == 1:
        return Diagnosis(part.id, held[0], Certainty.MATCH, message)
    return Diagnosis(part.id, held[0], Certainty.ONE_OF, message, held)


def believed(belief: Mistake | Belief, wanted: Run, names: Inputs) -> dict[str, Observation]:
    """What somebody who holds the belief would answer."""
    key = {name: _plain(seen) for name, seen in wanted.observations.items()}
    values: dict[str, Value] = {**names, **key}
    return {ask: _observed(expressions.evaluate(e, values)) for ask, e in belief.expects.items()}


def _plain(observation: Observation) -> Value:
    """An answer as the input language takes it."""
    if isinstance(observation, Nothing):
        return None
    if isinstance(observation, Text):
        return observation.value
    value = as_array(observation)
    return None if value is None else value.tolist()


def _observed(value: Value) -> Observation:
    if value is None:
        return Nothing()
    if isinstance(value, str):
        return Text(value)
    if isinstance(value, list | np.ndarray):
        return Items(tuple(Number(float(part)) for part in np.asarray(value, dtype=float)))
    return Number(value)


def _diagnosis(
    part: AnyPart, names: Sequence[str], certainty: Certainty, evidence: tuple[str, str]
) -> Diagnosis:
    message = _message([part.mistakes[name].say for name in names])
    case, words = evidence
    among = tuple(names) if len(names) > 1 else ()
    return Diagnosis(part.id, names[0], certainty, message, among, case, words)


def _message(says: Sequence[str]) -> str:
    """Lines of a paragraph flow together; whoever shows them wraps them anew."""
    return "\n\nOr: ".join(re.sub(r"(?<!\n)\n(?!\n)", " ", say.strip()) for say in says)


def _told(part: AnyPart, names: Sequence[str], parsed: Parsed) -> list[str]:
    """Split a class by what stands in the source; one whose tell is absent is out."""
    tells = {name: part.mistakes[name].tell for name in names}
    shown = [
        name for name in names if tells[name] is not None and _stands(part.mistakes[name], parsed)
    ]
    if shown:
        return shown
    return [name for name in names if tells[name] is None]


def _stands(mistake: Mistake | Belief, parsed: Parsed) -> bool:
    tell = mistake.tell
    return tell is not None and any(
        f.kind == tell.fact and fnmatchcase(f.what, tell.what) for f in parsed.facts
    )


def _only_errors(key: Key, seen: Model) -> bool:
    """Nothing was seen but an error, and all was right before it: it may have many causes."""
    return all(
        run.ended is not Ended.FINISHED
        and not run.observations
        and _right_so_far(run.steps or (), key.wanted[case].steps or (), key.noise.get(case))
        for case, run in seen.items()
    )


def _right_so_far(rows: Sequence[Step], wanted: Sequence[Step], noise: Noise | None) -> bool:
    return steps_distance(rows, wanted[: len(rows)], noise or NOISELESS) <= SAME


# --- evidence ------------------------------------------------------------------------------------


def _evidence(key: Key, seen: Mapping[str, Run]) -> tuple[str, str]:
    """The first open case, and in it the first row and channel that leaves the reference."""
    for case in key.cases:
        if not case.hidden and case.id in seen:
            ours, theirs = seen[case.id].steps, key.wanted[case.id].steps
            if ours is not None and theirs is not None:
                noise = key.noise.get(case.id, NOISELESS)
                return case.id, first_departure(*aligned(ours, theirs), noise)
    return "", ""
