"""A `predict` part: its program runs, and each belief is wrong in a way of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.checks.answers import right
from grader.course import variants
from grader.course.format import Exercise
from grader.course.parts.part import AnswerPart
from grader.judging.diagnose import believed, diagnose_answers
from grader.judging.judge import judge_answers
from grader.judging.workshop import Workshop
from grader.model import Ended, Inputs, Outcome, Parsed, Run
from grader.proving.claims import Claim, Subject, of_part


@dataclass(frozen=True, slots=True)
class _Program:
    """The program of a part, run in every open variant."""

    part: AnswerPart
    values: Sequence[Inputs]
    keys: Sequence[Run]


def claims(exercise: Exercise, part: AnswerPart, shop: Workshop) -> Iterator[Claim]:
    numbers = range(exercise.file.variants)
    every = [variants.variant_values(exercise, number, shop.course.id) for number in numbers]
    jobs = [part.job(values) for values in every]
    program = _Program(part, every, shop.runs.run(jobs))
    bad = [n for n, key in enumerate(program.keys) if key.ended is not Ended.FINISHED]
    wrong = f"the program does not run for variant {bad[0]}" if bad else ""
    for subject in of_part(part):
        if wrong or subject.kind == "reference":
            yield subject.claim(wrong, f"runs for {len(every)} variants")
        elif subject.kind == "belief":
            yield subject.claim(_belief(program, subject), f"told by name in {len(every)} variants")
        else:
            yield subject.claim(_unmissed(part, subject), "every ask is missed by a belief")


def _belief(program: _Program, subject: Subject) -> str:
    """What is wrong with a belief: it is right, passes, or is taken for another one."""
    for number in range(len(program.keys)):
        wrong = _belief_in(program, subject.name, number)
        if wrong:
            return f"variant {number}: {wrong}"
    return ""


def _belief_in(program: _Program, name: str, number: int) -> str:
    part, values, key = program.part, program.values[number], program.keys[number]
    answers = believed(part.mistakes[name], key, values)
    same = [ask for ask, got in answers.items() if right(got, key.observations[ask])]
    if same:
        return f"{same[0]!r} is right by accident"
    held = {ask: answers.get(ask, want) for ask, want in key.observations.items()}
    parsed = Parsed(answers=held)
    if all(found.outcome is Outcome.PASS for found in judge_answers(part, key, parsed)):
        return "it passes every check"
    told = diagnose_answers(part, key, parsed, values)
    ids = [id_ for diagnosis in told for id_ in diagnosis.among or (diagnosis.id,)]
    return "" if ids == [name] else f"it is told as {', '.join(ids) or 'nothing'}"


def _unmissed(part: AnswerPart, subject: Subject) -> str:
    """An ask that no belief gets wrong is asked for nothing."""
    (check,) = (check for check in part.checks if check.id == subject.name)
    missed = {ask for belief in part.mistakes.values() for ask in belief.expects}
    alone = [ask for ask in check.asked(part.asks) if ask not in missed]
    return f"no belief is wrong about {alone[0]!r}" if alone else ""
