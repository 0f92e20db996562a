"""An error → what the student reads of it, and what only staff may."""

import traceback
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from grader.errors import GraderError
from grader.reporting.exporters.text import inert, visible

_OURS = (
    "Your work could not be graded. This is not your fault: something failed on our side. "
    "Please tell your teacher; there is nothing that you need to change."
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no grade.  `details` are for staff: they may quote paths and settings."""

    said: str
    details: str
    ours: bool = True

    @property
    def html(self) -> str:
        lines = Markup("<br/>").join(self.said.splitlines())
        return str(Markup("<div><p>{}</p></div>").format(lines))


def unfinished() -> Trouble:
    """What stands there from the start, for whoever is killed before the end."""
    return Trouble(_OURS, "grading began and did not end: out of time or memory?")


def ours(error: BaseException) -> Trouble:
    """Whatever went wrong outside of the student's file."""
    hint = f"\n{error.hint}" if isinstance(error, GraderError) and error.hint else ""
    whole = f"{type(error).__name__}: {error}{hint}\n\n{''.join(traceback.format_exception(error))}"
    return Trouble(_OURS, inert(visible(whole)))


def theirs(error: GraderError, folder: Path) -> Trouble:
    """What the student can mend: no file, two of them, the wrong one, one that cannot be read."""
    words = "\n".join(line for line in (str(error), error.hint) if line)
    why = inert(visible(words.replace(f"{folder}/", "")))
    return Trouble(f"Nothing was graded yet.\n{why}", why, ours=False)


def broken(details: str) -> Trouble:
    """The report itself says that our side failed."""
    return Trouble(_OURS, details)
