"""What the pytest plugin collects: a file for each exercise, an item for each of its claims."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from grader.course.format import Exercise
from grader.course.loading import load_course, load_file
from grader.errors import GraderError
from grader.judging import workshop
from grader.judging.workshop import Workshop
from grader.proving.claims import Claim, Subject, subjects
from grader.proving.prove import prove

_SHOPS = pytest.StashKey[dict[Path, Workshop]]()


class DoesNotHoldError(Exception):
    """A claim that does not hold; its text says why."""


class ExerciseFile(pytest.File):
    """One `exNN_name.yaml`.  It is proved once, when the first of its claims is asked for."""

    _exercise: Exercise
    _claims: dict[Subject, Claim] | None = None

    def collect(self) -> Iterator[pytest.Item]:
        try:
            self._exercise = load_file(self.path)
        except GraderError as error:
            raise self.CollectError(_told(error)) from None
        for subject in subjects(self._exercise):
            yield ClaimItem.from_parent(self, name=":".join(subject.words), subject=subject)

    def claim(self, subject: Subject) -> Claim:
        if self._claims is None:
            shop = _shop(self.config, self.path.parents[1])
            self._claims = {claim.subject: claim for claim in prove(self._exercise, shop).claims}
        return self._claims[subject]


class ClaimItem(pytest.Item):
    """One claim."""

    parent: ExerciseFile

    # The base class takes what only pytest knows.
    def __init__(self, *, subject: Subject, **known: Any) -> None:  # noqa: ANN401
        super().__init__(**known)
        self.subject = subject

    def runtest(self) -> None:
        claim = self.parent.claim(self.subject)
        if not claim.holds:
            raise DoesNotHoldError(claim.detail)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401
        match excinfo.value:
            case DoesNotHoldError() as error:
                return str(error)
            case GraderError() as error:
                return _told(error)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, " ".join(self.subject.words)


def _told(error: GraderError) -> str:
    return f"{error}\n{error.hint}".rstrip()


def _shop(config: pytest.Config, folder: Path) -> Workshop:
    """One workshop a course, for as long as pytest runs."""
    shops = config.stash.setdefault(_SHOPS, {})
    if folder not in shops:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        shops[folder] = stack.enter_context(workshop.opened(load_course(folder), isolation="none"))
        if shops[folder].new_secret:
            _say(config, workshop.TOLD_ONCE)
    return shops[folder]


def _say(config: pytest.Config, words: str) -> None:
    """Past pytest's capturing, if this process talks to anybody."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    capture = config.pluginmanager.get_plugin("capturemanager")
    if reporter is not None and capture is not None:
        with capture.global_and_fixture_disabled():
            reporter.write_line(words)
