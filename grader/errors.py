"""Errors by who can fix them: the student, the author of a course, who calls us, or us."""

from enum import IntEnum


class Exit(IntEnum):
    """How `grade` ends."""

    PASSED = 0
    MISSING = 1  # points
    USAGE = 2
    OURS = 3
    NOTHING = 4
    ISOLATION = 5
    INTERRUPTED = 130


class GraderError(Exception):
    """A failure that is told to a person.  `hint` says what to do next."""

    exit_code = Exit.OURS

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class StudentError(GraderError):
    """What was handed in cannot be used as it is."""

    exit_code = Exit.USAGE


class UsageError(GraderError):
    """A command, a file that is named in it, or an account cannot be used as it is."""

    exit_code = Exit.USAGE


class NothingToGrade(GraderError):
    """There is no submission where one was expected."""

    exit_code = Exit.NOTHING


class AuthorError(GraderError):
    """A course file is wrong.  One line a problem: file:line:column, what is there, what may be."""

    exit_code = Exit.USAGE


class IsolationError(GraderError):
    """This machine cannot confine student code as strictly as was required."""

    exit_code = Exit.ISOLATION
