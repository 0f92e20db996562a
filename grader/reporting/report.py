"""Graded → Report, for one audience: the only place where anything is hidden.

A student reads of a hidden case how it ended and how good it was, and of all hidden cases of a part
one hint, from a closed list; messages would carry the cases' inputs.  Exporters show all that a
Report holds and hide nothing.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from grader.errors import Exit
from grader.model import (
    Array,
    CaseVerdict,
    Curve,
    Diagnosis,
    Ended,
    Evidence,
    Exhibit,
    Graded,
    GradRow,
    Incident,
    Isolation,
    Outcome,
    PartVerdict,
    Tried,
    Verdict,
)
from grader.reporting.notes import notes
from grader.reporting.shown import (
    Audience,
    Numbers,
    Report,
    ShownCase,
    ShownCheck,
    ShownCurve,
    ShownDiagnosis,
    ShownEvidence,
    ShownExhibit,
    ShownGrad,
    ShownIsolation,
    ShownPart,
    ShownUsage,
    Whole,
)
from grader.rounding import hundredths

__all__ = ["Audience", "Report", "exit_code", "report"]

_EXIT: Mapping[Whole, Exit] = {
    "passed": Exit.PASSED,
    "pending": Exit.PASSED,
    "failed": Exit.MISSING,
    "broken": Exit.OURS,
    "not_attempted": Exit.NOTHING,
}
WRONG = "is wrong in a hidden case"
MOST_NUMBERS = 24  # of one array; the rest is told by its shape
MOST_ROWS = 100
MOST_STEPS = 1000
MOST_NOTES = 50  # of one part; a notebook may have more cells that fail
_FINE = frozenset({Outcome.PASS, Outcome.SKIP, Outcome.PENDING})

OpenCases = frozenset[tuple[str, str]]  # part and case


def report(graded: Graded, audience: Audience) -> Report:
    verdict = graded.verdict
    closed = audience is Audience.STUDENT
    opened = _open_cases(verdict)
    seen = [tried for tried in graded.tried if not closed or _at(tried) in opened]
    return Report(
        audience=audience,
        exercise=verdict.exercise,
        title=graded.title,
        student=graded.submission.student,
        outcome=_whole(verdict.outcome),
        points=hundredths(verdict.points),
        max_points=hundredths(verdict.max_points),
        parts=tuple(_part(part, graded, opened, closed=closed) for part in verdict.parts),
        checks=tuple(shown for part in verdict.parts for shown in _checks(part, closed=closed)),
        diagnosis=tuple(
            _diagnosis(found, closed=closed and bool(found.case) and _at(found) not in opened)
            for found in graded.diagnoses
        ),
        exhibits=tuple(
            _exhibit(exhibit) for exhibit in graded.exhibits if not closed or _at(exhibit) in opened
        ),
        output=_output(seen, opened),
        notes=graded.notes if closed else (*graded.notes, *_incident(graded.incident)),
        usage=_usage(seen),
        isolation=_isolation(graded.isolation),
        evidence=_evidence(graded.evidence),
        unread=graded.parsed.unread and verdict.outcome is not Outcome.BROKEN,
    )


def exit_code(shown: Report) -> Exit:
    """How a command ends that has graded one submission."""
    return _EXIT[shown.outcome]


def _incident(incident: Incident | None) -> tuple[str, ...]:
    return () if incident is None else (f"{incident.where}\n{incident.details}",)


def _whole(outcome: Outcome) -> Whole:
    match outcome:
        case Outcome.PASS:
            return "passed"
        case Outcome.PENDING:
            return "pending"
        case Outcome.NOT_ATTEMPTED:
            return "not_attempted"
        case Outcome.BROKEN:
            return "broken"
    return "failed"


def _open_cases(verdict: Verdict) -> OpenCases:
    """Part and id of the cases a student may look into: none but those that a check names."""
    return frozenset(
        (part.id, case.id)
        for part in verdict.parts
        for check in part.checks
        for case in check.cases
        if not case.hidden
    )


def _at(about: Diagnosis | Exhibit | Tried) -> tuple[str, str]:
    return about.part, about.case


def _part(part: PartVerdict, graded: Graded, opened: OpenCases, *, closed: bool) -> ShownPart:
    tried = [one for one in graded.tried if one.part == part.id]
    told = notes(
        [one for one in tried if _at(one) in opened],
        [one for one in tried if _at(one) not in opened],
        graded.submission.cells,
        closed=closed,
        said=graded.parsed.fault,
    )
    said = (*part.notes, *told)
    left = len(said) - MOST_NOTES
    if left > 0:
        said = (*said[:MOST_NOTES], f"… and {left} more")
    return ShownPart(id=part.id, title=part.title, outcome=part.outcome, notes=said)


def _output(seen: Sequence[Tried], opened: OpenCases) -> str:
    """What was printed first in an open case, and what else in hidden ones, if those are told."""
    first = next((one.run.output for one in seen if _at(one) in opened and one.run.output), "")
    others = {
        one.run.output: f"in hidden case {one.case}:\n{one.run.output}"
        for one in reversed(seen)
        if _at(one) not in opened and one.run.output not in {"", first}
    }
    return "\n".join(filter(None, (first, *reversed(others.values()))))


def _checks(part: PartVerdict, *, closed: bool) -> Iterator[ShownCheck]:
    hinted = _hinted(part)
    for check in part.checks:
        cases = tuple(
            _closed(case, hint=(check.id, case.id) == hinted)
            if closed and case.hidden
            else _case(case, case.finding.message or case.finding.hint)
            for case in check.cases
        )
        yield ShownCheck(
            id=check.id,
            part=check.part,
            title=check.title,
            outcome=check.outcome,
            points=hundredths(check.points),
            max_points=hundredths(check.max_points),
            needs=check.needs,
            message=_message(cases),
            cases=cases,
        )


def _hinted(part: PartVerdict) -> tuple[str, str] | None:
    """The check and the hidden case whose hint is told: the first that no open case tells of.

    One for a part, because code that knows what it was handed could choose another for each.
    """
    for check in part.checks:
        wrong = [case for case in check.cases if case.finding.outcome is Outcome.FAIL]
        finished = [case for case in wrong if case.ended is Ended.FINISHED]
        if finished and all(case.hidden for case in wrong):
            return check.id, finished[0].id
    return None


def _closed(case: CaseVerdict, *, hint: bool) -> ShownCase:
    """A hidden case, for a student."""
    wrong = case.finding.outcome is Outcome.FAIL and case.ended is Ended.FINISHED
    return _case(case, WRONG if wrong and not hint else case.finding.hint)


def _case(case: CaseVerdict, told: str) -> ShownCase:
    return ShownCase(
        id=case.id,
        hidden=case.hidden,
        ended=case.ended,
        outcome=case.finding.outcome,
        message=told,
    )


def _message(cases: tuple[ShownCase, ...]) -> str:
    wrong = [case for case in cases if case.outcome not in _FINE]
    told = [case.message for case in sorted(wrong, key=lambda case: case.hidden) if case.message]
    return told[0] if told else ""


def _diagnosis(found: Diagnosis, *, closed: bool) -> ShownDiagnosis:
    return ShownDiagnosis(
        id=found.id,
        part=found.part,
        certainty=found.certainty,
        among=found.among,
        message=found.message,
        case=found.case,
        evidence="" if closed else found.evidence,
    )


def _exhibit(exhibit: Exhibit) -> ShownExhibit:
    return ShownExhibit(
        part=exhibit.part,
        case=exhibit.case,
        grads=tuple(_grad(row) for row in exhibit.grads[:MOST_ROWS]),
        curves=tuple(_curve(curve) for curve in exhibit.curves),
    )


def _grad(row: GradRow) -> ShownGrad:
    got, want = _numbers(row.got), _numbers(row.want)
    return ShownGrad(name=row.name, step=row.step, got=got, want=want, right=row.right)


def _numbers(array: Array | None) -> Numbers | None:
    if array is None:
        return None
    first = np.asarray(array).reshape(-1)[:MOST_NUMBERS]
    return Numbers(shape=np.shape(array), values=tuple(float(value) for value in first))


def _curve(curve: Curve) -> ShownCurve:
    return ShownCurve(label=curve.label, values=curve.values[:MOST_STEPS])


def _usage(seen: Sequence[Tried]) -> ShownUsage:
    """How long a hidden case takes may tell its inputs, so it counts for who may look into it."""
    used = [tried.run.usage for tried in seen]
    return ShownUsage(
        wall_seconds=sum(usage.wall_seconds for usage in used),
        cpu_seconds=sum(usage.cpu_seconds for usage in used),
        memory_bytes=max((usage.memory_bytes for usage in used), default=0),
    )


def _isolation(isolation: Isolation) -> ShownIsolation:
    return ShownIsolation(mode=isolation.mode, level=isolation.level, missing=isolation.missing)


def _evidence(evidence: Evidence) -> ShownEvidence:
    return ShownEvidence(
        submission=evidence.submission,
        file_name=evidence.file_name,
        exercise=evidence.exercise,
        variant=evidence.variant,
        secret_fingerprint=evidence.secret,
        versions=dict(evidence.versions),
        threads=evidence.threads,
    )
