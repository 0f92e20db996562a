"""Errors by who can fix them: the student, the author of a course, or us."""


class GraderError(Exception):
    """A failure that is told to a person.  `hint` says what to do next."""

    exit_code = 3

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class StudentError(GraderError):
    """The command, or the file that was handed to it, cannot be used as it is."""

    exit_code = 2


class NothingToGrade(GraderError):
    """There is no submission where one was expected."""

    exit_code = 4


class AuthorError(GraderError):
    """A course file is wrong.  One line a problem: file:line:column, what is there, what may be."""

    exit_code = 2


class IsolationError(GraderError):
    """This machine cannot confine student code as strictly as was required."""

    exit_code = 5
