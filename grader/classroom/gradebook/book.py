"""The gradebook of one course."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.classroom.cohort import Attempt, Grading, Sheet, Student
from grader.classroom.gradebook import (
    changing,
    figures,
    forgetting,
    keeping,
    reading,
    recognising,
    versions,
)
from grader.classroom.gradebook.faults import place
from grader.classroom.gradebook.figures import ExerciseFigures, Found
from grader.classroom.gradebook.rows import Entry, Extension, Kept, Override, Verdict
from grader.classroom.gradebook.sheet import Sources, sheet
from grader.classroom.gradebook.store import Store, store
from grader.course.format import BookRules, Course
from grader.errors import StudentError, UsageError
from grader.reporting.shown import Audience


@contextmanager
def opened(url: str, course_id: str, *, must_exist: bool = False) -> Iterator["Gradebook"]:
    """The book at a path or URL; a file is made, unless it must exist.

    Raises GraderError, in words and without a password, for what cannot be reached, read or
    written, for what is no gradebook, and for one that a newer grader made.
    """
    found = store(url, must_exist=must_exist)
    try:
        versions.bring_up_to_date(found)
        yield Gradebook(found, course_id)
    finally:
        found.engine.dispose()


@dataclass(frozen=True, slots=True)
class Gradebook:
    """Every method is one transaction, and may raise the GraderErrors of `opened`."""

    store: Store
    course: str

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return place(self.store.url)

    # --- what a batch needs ----------------------------------------------------------------------

    def is_judged(self, attempt: Attempt, key: str) -> bool:
        """Whether the grading that counts has this key; one that broke is worth another try."""
        return self.store.surely(
            self.store.reading,
            lambda connection: keeping.is_judged(connection, self.course, attempt, key),
        )

    def keep(self, attempt: Attempt, grading: Grading) -> int:
        """Keep an attempt and its grading: when this returns they are on disk, both.

        What is kept already is the same attempt, see `keeping`; a grading of the same key replaces
        the one before.
        Returns the attempt's id.  Here and in `is_judged` a server that was lost is waited for.
        """
        return self.store.surely(
            self.store.writing,
            lambda connection: keeping.keep(connection, self.course, attempt, grading),
        )

    # --- what was kept ---------------------------------------------------------------------------

    def students(self) -> dict[str, Student]:
        """Who was enrolled, by id."""
        with self.store.reading() as connection:
            return reading.roster(connection, self.course)

    def attempts(self, exercise: str | None = None, student: str | None = None) -> Iterator[Kept]:
        """In the order in which they came, each with the grading that counts."""
        return reading.kept(self.store, self.course, exercise, student)

    def raw(self, digest: str) -> bytes:
        """The bytes that were handed in.  Raises StudentError if there are none of that digest."""
        with self.store.reading() as connection:
            found = reading.raw(connection, self.course, digest)
        if found is None:
            raise StudentError(f"the gradebook holds no file {digest}")
        return found

    def report(self, attempt: int, audience: Audience) -> bytes:
        """`grader/report/v1` in JSON; nothing for a file that could not be read."""
        with self.store.reading() as connection:
            return reading.report(connection, self.course, attempt, audience)

    def report_of(self, attempt: Attempt, audience: Audience) -> bytes:
        """Likewise of an attempt that may be kept; nothing for one that is not."""
        with self.store.reading() as connection:
            row = keeping.which(connection, self.course, attempt)
            return reading.report(connection, self.course, row.id, audience) if row else b""

    def recognised(self, students: Iterable[Student]) -> dict[str, Student]:
        """Given id → the student as the book knows him, else as he was given."""
        return recognising.recognised(self.students(), students)

    def unattributed(self, student: str) -> list[Kept]:
        """Files that belong to no exercise, unless their bytes were handed in again as one's."""
        tries = list(self.attempts(student=student))
        known = {kept.digest for kept in tries if kept.exercise}
        return [kept for kept in tries if not kept.exercise and kept.digest not in known]

    def people(self) -> dict[str, Student]:
        """Who was enrolled, handed something in, or was spoken of; by id."""
        with self.store.reading() as connection:
            return reading.people(connection, self.course)

    def overrides(self) -> Mapping[tuple[str, str], Override]:
        """Those in force, by student and exercise."""
        with self.store.reading() as connection:
            return reading.newest_overrides(connection, self.course)

    def extensions(self) -> Mapping[tuple[str, str], Extension]:
        """Those in force, by student and exercise."""
        with self.store.reading() as connection:
            return reading.newest_extensions(connection, self.course)

    def log(self) -> list[Entry]:
        """Who did what, oldest first."""
        with self.store.reading() as connection:
            return list(reading.entries(connection, self.course))

    # --- what it is worth ------------------------------------------------------------------------

    def sheet(
        self,
        course: Course,
        worth: Callable[[str], float] = lambda _: 0.0,
        instead: Mapping[int, Verdict] | None = None,
    ) -> Sheet:
        """Every grade and total by the course's rules.

        `worth` tells the points of an exercise that nobody has handed in yet, `instead` of attempts
        what is to count instead of what is kept of them.
        """
        verdicts = instead or {}

        def attempts(exercise: str) -> Iterator[Kept]:
            return (kept.under(verdicts.get(kept.id)) for kept in self.attempts(exercise))

        sources = Sources(self.students(), attempts, self.overrides(), self.extensions(), worth)
        return sheet(course, sources)

    def figures(self, sheet: Sheet) -> Iterator[ExerciseFigures]:
        """Statistics, one exercise after the other."""
        sums = figures.sums(sheet)
        for column in sheet.columns:
            students = {kept.id: kept.students for kept in self.attempts(column.exercise)}
            details = reading.details(self.store, self.course, column.exercise)
            yield figures.of_exercise(sheet, column, Found(students, details), sums)

    # --- what people change ----------------------------------------------------------------------

    def enrol(self, students: Iterable[Student], who: str = "") -> int:
        """Add students, or change what is known of them.  Returns how many were new or changed."""
        with self.store.writing() as connection:
            return changing.enrol(connection, self.course, students, who, _now())

    def override(self, word: Override) -> None:
        """Let these points count, whatever was handed in; None takes the last word back."""
        with self.store.writing() as connection:
            changing.override(connection, self.course, word)

    def extend(self, word: Extension) -> None:
        """Give one student another due date."""
        with self.store.writing() as connection:
            changing.extend(connection, self.course, word)

    def withdraw_extension(self, student: str, exercise: str, who: str = "") -> None:
        """Let the exercise's own due date hold again.  Raises UsageError if it does already."""
        entry = Entry(_now(), who, "extend", student, {"exercise": exercise, "due": "none"})
        with self.store.writing() as connection:
            gone = changing.withdraw_extension(connection, self.course, exercise, entry)
        if not gone:
            hint = "`grade book show --student ID` tells due dates of one's own"
            raise UsageError(f"{student} has no extension in {exercise}", hint=hint)

    def elsewhere(self, student: str) -> Sequence[tuple[str, str]]:
        """The other courses in the same book that know the student, and as whom."""
        with self.store.reading() as connection:
            return forgetting.elsewhere(connection, self.course, student)

    def forget(self, student: str, who: str = "") -> None:
        """Remove all that this course knows of a student, and overwrite it in the file.

        Raises UsageError if there is no such student, or others have the file open.
        """
        with self.store.alone() as store:
            with store.writing() as connection:
                entry = Entry(_now(), who, "forget", "", {})
                known = forgetting.forget(connection, self.course, student, entry)
            with store.plain() as connection:
                forgetting.purge(connection)
        if not known:
            raise UsageError(f"nobody in the gradebook is called {student}")

    def note_rules(self, rules: BookRules, who: str = "") -> None:
        """Write the course's rules into the log, if they are others than the last ones there."""
        with self.store.writing() as connection:
            changing.note_rules(connection, self.course, rules, who, _now())

    def note(self, who: str, what: str, details: Mapping[str, object], student: str = "") -> None:
        """Write a line of the log for what is no change of the book's own."""
        with self.store.writing() as connection:
            changing.note(connection, self.course, Entry(_now(), who, what, student, details))


def _now() -> datetime:
    return datetime.now(UTC)
