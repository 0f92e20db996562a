"""Runs + reference runs → Verdict.  Points are exact fractions; rounding is the report's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from textwrap import shorten

from grader.checks.check import Check, View
from grader.course.format import Exercise
from grader.course.parts.part import AnyPart
from grader.judging.keys import Drawn, Key
from grader.model import (
    CaseVerdict,
    CheckVerdict,
    Ended,
    Finding,
    Outcome,
    Parsed,
    PartVerdict,
    Run,
    Verdict,
)
from grader.reporting import explain

Cases = tuple[CaseVerdict, ...]
PENDING = "judged when you hand in"
FINE = frozenset({Outcome.PASS, Outcome.PENDING})


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody wrote for a part, and what it is held against."""

    part: AnyPart
    parsed: Parsed
    key: Key | None  # None: nothing is held against it
    seen: Mapping[str, Run]  # case id → what the code did there


def judge(answer: Answer) -> PartVerdict:
    """Judge one part: all its checks in all its cases, or why there is nothing to judge."""
    part, parsed = answer.part, answer.parsed
    if parsed.unread:
        broken = parsed.ended is Ended.BROKEN
        outcome = Outcome.BROKEN if broken else Outcome.FAIL
        said = explain.words("broken") if broken else explain.UNREAD
        return part_verdict(part, untouched(part, outcome, said))
    if answer.key is None:
        return part_verdict(part, untouched(part, Outcome.NOT_ATTEMPTED))
    if part.predicts:
        checks = judge_answers(part, answer.key.wanted[part.id], parsed)
    else:
        checks = judge_runs(part, answer.key, answer.seen, parsed)
    return part_verdict(part, checks, [_still_blank(part, hole) for hole in blank(part, parsed)])


def is_begun(part: AnyPart, parsed: Parsed) -> bool:
    """Whether there is something to judge."""
    return not parsed.unread and len(blank(part, parsed)) < len(part.todo)


def blank(part: AnyPart, parsed: Parsed) -> list[str]:
    """The part's holes that are as they were handed out."""
    return [hole for hole in part.todo if parsed.blank.get(hole)]


def _still_blank(part: AnyPart, hole: str) -> str:
    words = " ".join(part.todo[hole].say.split())
    return f"`{hole}` ({shorten(words, 70, placeholder=' …')}) is still blank"


def judge_runs(
    part: AnyPart, key: Key, seen: Mapping[str, Run], parsed: Parsed
) -> tuple[CheckVerdict, ...]:
    """Judge each check of a part in each of its cases; what a release lacks stays pending."""
    done: dict[str, CheckVerdict] = {}
    for check in part.checks:
        if check.runs_code:
            tried = (
                _case(check, done, case, key.view(case, seen[case.id], parsed))
                for case in key.cases
                if check.covers(case.id)
            )
            cases = (*tried, *(_pending(id_) for id_ in key.pending if check.covers(id_)))
        else:
            view = View(Run(Ended.FINISHED), Run(Ended.FINISHED), {}, parsed)
            cases = (_open("source", _finding(check, done, "source", view)),)
        done[check.id] = _sum_up(part.id, check, cases)
    return tuple(done.values())


def judge_answers(part: AnyPart, wanted: Run, parsed: Parsed) -> tuple[CheckVerdict, ...]:
    """Judge each ask as a case of its own."""
    verdicts = []
    for check in part.checks:
        cases = tuple(
            _open(name, check.judge(_ask(name, wanted, parsed))) for name in check.asked(part.asks)
        )
        verdicts.append(_sum_up(part.id, check, cases))
    return tuple(verdicts)


def untouched(part: AnyPart, outcome: Outcome, message: str = "") -> tuple[CheckVerdict, ...]:
    """The checks of a part that was not run: left blank, or unreadable."""
    case = _open("all", Finding(outcome, message, message))
    return tuple(_sum_up(part.id, check, (case,)) for check in part.checks)


def part_verdict(
    part: AnyPart, checks: tuple[CheckVerdict, ...], notes: Iterable[str] = ()
) -> PartVerdict:
    return PartVerdict(
        part.id, part.title, _worst(check.outcome for check in checks), checks, tuple(notes)
    )


def verdict(exercise: Exercise, parts: tuple[PartVerdict, ...]) -> Verdict:
    """Sum up.  An exercise is not attempted if no part is; partly blank is wrong."""
    checks = [check for part in parts for check in part.checks]
    outcomes = {part.outcome for part in parts}
    if outcomes == {Outcome.NOT_ATTEMPTED}:
        outcome = Outcome.NOT_ATTEMPTED
    elif Outcome.BROKEN in outcomes:
        outcome = Outcome.BROKEN
    else:
        outcome = _whole(outcomes)
    return Verdict(
        exercise.id,
        outcome,
        sum((check.points for check in checks), Fraction()),
        sum((check.max_points for check in checks), Fraction()),
        parts,
    )


def _whole(parts: set[Outcome]) -> Outcome:
    if not parts <= FINE:
        return Outcome.FAIL
    return Outcome.PENDING if Outcome.PENDING in parts else Outcome.PASS


def _ask(name: str, wanted: Run, parsed: Parsed) -> View:
    only = replace(wanted, observations={name: wanted.observations[name]})
    return View(Run(Ended.FINISHED), only, {}, parsed)


def _case(check: Check, done: Mapping[str, CheckVerdict], case: Drawn, view: View) -> CaseVerdict:
    return CaseVerdict(case.id, case.hidden, view.seen.ended, _finding(check, done, case.id, view))


def _pending(id_: str) -> CaseVerdict:
    """A hidden case that is not to be had here."""
    finding = Finding(Outcome.PENDING, PENDING, PENDING)
    return CaseVerdict(id_, hidden=True, ended=Ended.FINISHED, finding=finding)


def _open(name: str, finding: Finding) -> CaseVerdict:
    """What is not a case of its own: the source, or one ask."""
    return CaseVerdict(name, hidden=False, ended=Ended.FINISHED, finding=finding)


def _finding(check: Check, done: Mapping[str, CheckVerdict], case: str, view: View) -> Finding:
    if view.seen.ended is Ended.BROKEN or view.wanted.ended is not Ended.FINISHED:
        words = explain.words("broken")
        return Finding(Outcome.BROKEN, words, words)
    if view.seen.ended is not Ended.FINISHED:
        return Finding(Outcome.FAIL, explain.brief(view.seen), explain.ending(view.seen.ended))
    needed = _needed(done[check.needs], case) if check.needs is not None else Outcome.PASS
    if needed is Outcome.PENDING:
        return Finding(Outcome.PENDING, PENDING, PENDING)
    if needed is not Outcome.PASS:
        words = f"not looked at: it needs `{check.needs}` first"
        return Finding(Outcome.SKIP, words, words)
    return check.judge(view)


def _needed(needed: CheckVerdict, case: str) -> Outcome:
    """How it went in the same case where both have it, else in all that were judged."""
    same = [each for each in needed.cases if each.id == case]
    found = {each.finding.outcome for each in same or needed.cases}
    if found == {Outcome.PENDING}:
        return Outcome.PENDING
    return Outcome.PASS if found <= FINE else Outcome.FAIL


def _sum_up(part: str, check: Check, cases: Cases) -> CheckVerdict:
    passed = sum(case.finding.outcome is Outcome.PASS for case in cases)
    points = check.worth * Fraction(passed, len(cases)) if cases else Fraction()
    outcome = _worst(case.finding.outcome for case in cases)
    return CheckVerdict(part, check.id, check.say, outcome, points, check.worth, check.needs, cases)


def _worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The one word for several outcomes."""
    found = set(outcomes)
    order = (Outcome.BROKEN, Outcome.FAIL, Outcome.SKIP, Outcome.PENDING, Outcome.PASS)
    if found == {Outcome.NOT_ATTEMPTED} or not found:
        return Outcome.NOT_ATTEMPTED
    if Outcome.NOT_ATTEMPTED in found and Outcome.BROKEN not in found:
        return Outcome.FAIL
    return next(outcome for outcome in order if outcome in found)
