"""Report → Gradescope's `results.json`, and what its `submission_metadata.json` says.

Rounding: none of our own.  Points are written as the report has them, to 0.01; the score on top is
the report's, as the sum of rounded checks may be 0.01 off.

Sources: gradescope-autograders.readthedocs.io (specs, submission_metadata).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import click
from pydantic import AwareDatetime, BaseModel, ConfigDict, FiniteFloat, ValidationError

from grader.classroom.intake import gradescope as intake
from grader.course.format import Course
from grader.course.loading import load_exercise
from grader.errors import AuthorError, Exit
from grader.model import Outcome
from grader.platforms import feedback, packages
from grader.platforms import trouble as troubles
from grader.platforms.files import write
from grader.platforms.platform import Grading, Package, Platform
from grader.platforms.submission import Judged, Order, Result, line_for_staff, serve
from grader.platforms.trouble import Trouble
from grader.reporting.exporters import EXPORTERS
from grader.reporting.shown import Report, ShownCheck

SUBMISSION = Path("autograder/submission")
METADATA = Path("autograder/submission_metadata.json")
RESULTS = Path("autograder/results/results.json")
Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]
_LATER = "What the checks found is shown later: ask your teacher when."
_FORGIVEN = "grader_forgiven"  # in `extra_data`: attempts that could not be graded


class _Read(BaseModel):
    """Fields come and go on a platform: what is not known is left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Earlier(_Read):
    """A submission before this one; only the latest has its results."""

    submission_time: AwareDatetime
    score: FiniteFloat | None = None
    autograder_error: bool | None = False
    results: Any = None  # JSON


class Metadata(_Read):
    """What Gradescope says of the submission at hand.  Of a group, all members' attempts count."""

    created_at: AwareDatetime
    previous_submissions: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempts:
    """What counts of the attempts before this one, and what the last of them earned."""

    used: int
    limit: int
    score: float
    forgiven: tuple[str, ...]  # times of attempts that could not be graded
    now: str

    @property
    def none_left(self) -> bool:
        return self.used >= self.limit

    @property
    def forgiving(self) -> tuple[str, ...]:
        """What does not count if this one cannot be graded, either."""
        return (*self.forgiven, self.now)


def attempts_before(root: Path, limit: int) -> Attempts:
    """Count by the times of the submissions, never by the clock: a re-run must say the same.

    Raises AuthorError if the metadata cannot be read: the student is not at fault.
    """
    try:
        about = Metadata.model_validate_json((root / METADATA).read_bytes())
    except (OSError, ValidationError) as error:
        raise AuthorError(f"{root / METADATA} cannot be read: {error}") from error
    earlier = sorted(about.previous_submissions, key=lambda each: each.submission_time)
    before = [each for each in earlier if each.submission_time < about.created_at]
    forgiven = _forgiven(before)
    counted = [
        each
        for each in before
        if not each.autograder_error and each.submission_time.isoformat() not in forgiven
    ]
    last = counted[:limit][-1:]
    score = next((each.score or 0.0 for each in last), 0.0)
    return Attempts(len(counted), limit, score, forgiven, about.created_at.isoformat())


def _forgiven(before: Sequence[Earlier]) -> tuple[str, ...]:
    match before[-1].results if before else None:
        case {"extra_data": {"grader_forgiven": [*times]}}:
            return tuple(map(str, times))
    return ()


def results(
    report: Report, *, later: Visibility = "visible", forgiven: Sequence[str] = ()
) -> bytes:
    """What the student sees.  `later` is when checks with hidden cases are shown.

    Gradescope shows no total while a test is hidden, so this has no test for staff: what they may
    read goes to standard output, which only instructors see.
    """
    held = later != "visible" and any(_has_hidden(check) for check in report.checks)
    page = f"<div><p>{_LATER}</p></div>" if held else feedback.html(report, checks=False)
    return _page(
        {
            "score": report.points,
            "execution_time": round(report.usage.wall_seconds, 3),
            "output": page,
            "output_format": "html",
            "test_output_format": "text",
            "test_name_format": "text",
            "tests": [_test(check, at, report, later) for at, check in _numbered(report)],
            "extra_data": {**_evidence(report), _FORGIVEN: list(forgiven)},
        }
    )


def trouble(found: Trouble, forgiven: Sequence[str] = ()) -> bytes:
    """No grade: a visible test says so kindly; of a fault of ours a hidden one tells staff more."""
    tests = [_message("Not graded", found.said, "visible")]
    if found.ours:
        tests.append(_message("For staff: what went wrong", found.details, "hidden"))
    return _page({"score": 0, "tests": tests, "extra_data": {_FORGIVEN: list(forgiven)}})


def refusal(spent: Attempts) -> bytes:
    """Beyond the limit nothing is graded, and the last attempt within it stands."""
    said = (
        f"You have used all {spent.limit} attempts. This one was not graded; "
        "the score of your last attempt within the limit stands."
    )
    tests = [_message("No attempts left", said, "visible")]
    extra = {_FORGIVEN: list(spent.forgiven)}
    return _page({"score": spent.score, "tests": tests, "extra_data": extra})


def _numbered(report: Report) -> list[tuple[str, ShownCheck]]:
    parts = {part.id: at for at, part in enumerate(report.parts, start=1)}
    counts = dict.fromkeys(parts, 0)
    numbered = []
    for check in report.checks:
        counts[check.part] = counts.get(check.part, 0) + 1
        numbered.append((f"{parts.get(check.part, 0)}.{counts[check.part]}", check))
    return numbered


def _test(check: ShownCheck, number: str, report: Report, later: Visibility) -> dict[str, Any]:
    said = feedback.reason(check, report)
    return {
        "name": feedback.safe_line(check.title),
        "number": number,
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if check.outcome is Outcome.PASS else "failed",
        "output": f"{said}\n" if said else "",
        "visibility": later if _has_hidden(check) else "visible",
    }


def _has_hidden(check: ShownCheck) -> bool:
    return any(case.hidden for case in check.cases)


def _message(name: str, said: str, visibility: Visibility) -> dict[str, Any]:
    test: dict[str, Any] = {"name": name, "output": f"{said}\n", "status": "failed"}
    return {**test, "output_format": "text", "visibility": visibility}


def _evidence(report: Report) -> dict[str, Any]:
    return {
        "outcome": report.outcome,
        "submission_sha256": report.evidence.submission,
        "isolation": report.isolation.level,
    }


def _page(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, indent=2, allow_nan=False).encode() + b"\n"


def grade(order: Order, attempts: int | None, later: Visibility) -> Exit:
    """Read /autograder/submission, write /autograder/results/results.json.

    Standard output, which only instructors see there, has the report for staff.
    """
    write(RESULTS, trouble(troubles.unfinished()), order.root)
    try:
        spent = attempts_before(order.root, attempts) if attempts else None
    except AuthorError as error:
        ours = troubles.ours(error)
        write(RESULTS, trouble(ours), order.root)
        click.echo(line_for_staff(ours))
        return Exit.PASSED
    if spent is not None and spent.none_left:
        write(RESULTS, refusal(spent), order.root)
        return Exit.PASSED
    found = serve(order, SUBMISSION, _result(spent, later))
    click.echo(line_for_staff(found))
    if isinstance(found, Judged):
        click.echo(EXPORTERS["terminal"](found.staff), nl=False)
    return Exit.PASSED


def _result(spent: Attempts | None, later: Visibility) -> Result:
    """Who is killed from here on keeps what was forgiven."""
    forgiven, forgiving = (spent.forgiven, spent.forgiving) if spent else ((), ())
    return Result(
        RESULTS,
        lambda found: results(found.student, later=later, forgiven=forgiven),
        lambda found: trouble(found, forgiving),
    )


def autograder_zip(
    course: Course,
    isolation: str,
    exercise: str,
    *,
    attempts: int | None = None,
    later: Visibility = "visible",
) -> bytes:
    """The autograder zip for an exercise.

    It holds solutions and the secret: upload it, and give it to nobody.
    """
    # Its root lies in /autograder/source at run time.
    if exercise:  # else the file names it
        load_exercise(course, exercise)
    options = {"exercise": exercise, "isolation": isolation, "attempts": attempts, "later": later}
    programs = {
        "setup.sh": packages.render("gradescope_setup.sh.j2"),
        "run_autograder": packages.render("gradescope_run.sh.j2", options=options),
    }
    return packages.package({**programs, **packages.course_files(course)}, programs)


PLATFORM = Platform(
    "gradescope",
    layout=intake.read,
    grading=Grading(
        grade,
        (
            click.option(
                "--attempts", type=click.IntRange(min=1), help="How many attempts are graded."
            ),
            click.option(
                "--later",
                type=click.Choice(get_args(Visibility)),
                default="visible",
                show_default=True,
                help="When checks with hidden cases are shown.",
            ),
        ),
        root="/",
    ),
    packages=(Package("gradescope", autograder_zip, takes_draws=True),),
)
