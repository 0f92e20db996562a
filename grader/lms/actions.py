"""Report → what GitHub Actions shows: annotations in the log, a summary of the job.

What a student wrote can give the runner no command: it is escaped in annotations, and broken where
it would begin a line.  Nothing is rounded; there is no score, only the job's exit code.

Source: docs.github.com, workflow commands.
"""

import re
from collections.abc import Iterator

from grader.exporters import words
from grader.exporters.markdown import fenced
from grader.exporters.text import brief, clean, inert, visible
from grader.lms import feedback
from grader.lms.trouble import Trouble
from grader.model import Outcome
from grader.shown import Report

MOST_SUMMARY = 1024 * 1024  # bytes a step; above it GitHub takes nothing
MOST_ANNOTATIONS = 10  # GitHub shows no more of one step
_LINE = re.compile(r"(?:in a hidden case, )?line (\d{1,6}): ")
_CUT = "\n\n(the rest did not fit)\n"


def annotations(report: Report, path: str) -> str:
    """`path` is the file's, relative to the checkout: GitHub shows an error beside its line."""
    return "".join(list(_annotations(clean(report), visible(path)))[:MOST_ANNOTATIONS])


def trouble(found: Trouble) -> str:
    """Only what the student may read: the log is theirs, too."""
    return _error("not graded", found.said)


def page(found: Trouble) -> bytes:
    """The same as Markdown."""
    return f"## Not graded\n\n{fenced(found.said)}\n".encode()


def log(report: Report) -> str:
    """The whole report, for who opens the log."""
    return f"{feedback.plain(report)}\n"


def fitted(summary: bytes, room: int) -> bytes:
    """As much of a summary as there is room for, cut between characters."""
    if len(summary) <= room:
        return summary
    kept = summary[: max(0, room - len(_CUT.encode()))]
    return kept.decode(errors="ignore").encode() + _CUT.encode() if kept else b""


def _annotations(report: Report, path: str) -> Iterator[str]:
    notes = [*report.notes, *(note for part in report.parts for note in part.notes)]
    for note in notes:
        line = _LINE.match(note)
        if line:
            yield _error("stopped here", note, file=path, line=line[1])
    for check in report.checks:
        if check.outcome in {Outcome.FAIL, Outcome.BROKEN}:
            said = words.said(check, report) or words.OUTCOME[check.outcome]
            yield _error(brief(check.title, 120), said, file=path)


def _error(title: str, said: str, **place: str) -> str:
    fields = ",".join(f"{name}={_property(value)}" for name, value in place.items())
    return f"::error {fields}{',' if fields else ''}title={_property(title)}::{_message(said)}\n"


def _message(said: str) -> str:
    return inert(said).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(said: str) -> str:
    return _message(said).replace(":", "%3A").replace(",", "%2C")
