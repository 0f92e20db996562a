"""Report → JUnit XML, in the subset that GitLab, Codegrade, Artemis and Jenkins agree on.

A wrong answer is a failure, a fault of ours is an error.  The format knows no points, so they stand
in properties.  Names are ids, as platforms weigh a test by its name from one run to the next.
"""

from xml.etree import ElementTree as ET

from grader.model import Outcome
from grader.reporting.exporters import words
from grader.reporting.exporters.text import brief, clean, inert, points
from grader.reporting.shown import Report, ShownCheck

_SKIPPED = frozenset({Outcome.SKIP, Outcome.PENDING})  # nothing is known of them here


def export(report: Report) -> bytes:
    report = clean(report)
    root = ET.Element("testsuites", _counts(report))
    root.append(_suite(report))
    ET.indent(root)
    # GitLab attaches the file that `[[ATTACHMENT|path]]` names.
    text = ET.tostring(root, encoding="unicode").replace("[[ATTACHMENT", "[\\[ATTACHMENT")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{inert(text)}\n'.encode()


def _counts(report: Report) -> dict[str, str]:
    outcomes = [check.outcome for check in report.checks]
    return {
        "name": report.exercise,
        "tests": str(len(outcomes)),
        "failures": str(sum(_is_wrong(outcome) for outcome in outcomes)),
        "errors": str(outcomes.count(Outcome.BROKEN)),
        "skipped": str(sum(outcome in _SKIPPED for outcome in outcomes)),
        "time": f"{report.usage.wall_seconds:.3f}",
    }


def _is_wrong(outcome: Outcome) -> bool:
    """An answer that was not given is a failure too: as a skip it would leave the denominator."""
    return outcome in {Outcome.FAIL, Outcome.NOT_ATTEMPTED}


def _suite(report: Report) -> ET.Element:
    suite = ET.Element("testsuite", _counts(report))
    suite.append(
        _properties(
            {
                "title": report.title,
                "outcome": report.outcome,
                "points": points(report.points),
                "max_points": points(report.max_points),
            }
        )
    )
    for check in report.checks:
        suite.append(_test(check, report))
    said = _log(report)
    if said:
        ET.SubElement(suite, "system-out").text = said
    return suite


def _test(check: ShownCheck, report: Report) -> ET.Element:
    # GitLab keeps only the first of two equal names; Artemis reads the name alone.
    name = f"{check.part}.{check.id}"
    test = ET.Element("testcase", classname=report.exercise, name=name)
    earned = {"points": points(check.points), "max_points": points(check.max_points)}
    test.append(_properties({"title": check.title, **earned}))
    said = words.said(check, report)
    if check.outcome in _SKIPPED:
        ET.SubElement(test, "skipped", message=brief(said, 200))
    elif check.outcome is not Outcome.PASS:
        tag = "failure" if _is_wrong(check.outcome) else "error"
        shown = {"message": brief(said, 200) or check.outcome, "type": check.outcome}
        ET.SubElement(test, tag, shown).text = _reasons(check, said)
    return test


def _reasons(check: ShownCheck, said: str) -> str:
    cases = [
        f"case {case.id}{' (hidden)' if case.hidden else ''}: {reason}"
        for case in check.cases
        if (reason := words.case_said(case))
    ]
    return "\n".join([check.title, *(cases or [said])])


def _log(report: Report) -> str:
    told = [f"{words.heading(found)}: {found.message}" for found in report.diagnosis]
    notes = [note for part in report.parts for note in part.notes]
    printed = [f"printed:\n{report.output}"] if report.output else []
    return "\n\n".join([*told, *report.notes, *notes, *printed])


def _properties(values: dict[str, str]) -> ET.Element:
    properties = ET.Element("properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=value)
    return properties
