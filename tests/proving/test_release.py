"""What students may have of a small course, and what grading says there."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest

from grader.classroom.collect import read
from grader.course import variants
from grader.course.loading import load_course, load_exercise
from grader.errors import AuthorError, UsageError
from grader.handout.render import handout
from grader.judging.keys import Recorded
from grader.judging.pipeline import grade
from grader.judging.workshop import Workshop
from grader.proving.prove import prove
from grader.proving.release import release
from grader.reporting.exporters import EXPORTERS
from grader.reporting.report import Audience, Report, report
from grader.sandbox.client import Sandbox
from tests import releases, samples, shops
from tests.releases import YAML

SCHEMA = json.loads((shops.ROOT / "grader/reporting/exporters/report.schema.json").read_text())
RIGHT = {"    ...": "    return 2 * a * x", "...": "total = t.sum()"}
WRONG = {**RIGHT, "    ...": "    return a * x"}  # the mistake `half`


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    samples.write(folder, YAML)
    return folder


@pytest.fixture(scope="module")
def author(small: Path, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return shops.shop(small, sandbox, tmp_path_factory)


@pytest.fixture(scope="module")
def made(author: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "public"
    releases.made(author, folder)
    return folder


@pytest.fixture(scope="module")
def student(made: Path, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return releases.opened(made, sandbox, tmp_path_factory)


def graded(shop: Workshop, path: Path, code: Mapping[str, str], variant: int = 0) -> Report:
    """Fill in the starter of a variant and grade it."""
    exercise = load_exercise(shop.course, "ex7")
    text = handout(exercise, variant, shop.course.id).python
    for old, new in code.items():
        text = text.replace(f"\n{old}\n", f"\n{new}\n", 1)
    path.write_text(text)
    return report(grade(read(path), exercise, shop), Audience.STUDENT)


# --- what it says --------------------------------------------------------------------------------


def test_right_work_is_right_so_far(student: Workshop, tmp_path: Path) -> None:
    found = graded(student, tmp_path / "ex7.py", right_in(student, 0))

    outcomes = {check.id: check.outcome.value for check in found.checks}
    assert found.outcome == "pending"
    assert outcomes == {"first": "pass", "value": "pending", "total": "pass"}
    assert (found.points, found.max_points) == (2.67, 4)  # one of three cases of `value` is open


def right_in(shop: Workshop, variant: int, code: Mapping[str, str] = RIGHT) -> dict[str, str]:
    """The prediction, too, is that of the variant."""
    exercise = load_exercise(shop.course, "ex7")
    values = variants.variant_values(exercise, variant, shop.course.id)
    return {**code, "first = ...": f"first = 2 * {values['a']} * {values['x0']}"}


@pytest.mark.parametrize("variant", [0, 1, 2])
def test_a_mistake_is_named_as_in_the_course(
    author: Workshop, student: Workshop, tmp_path: Path, variant: int
) -> None:
    code = right_in(student, variant, WRONG)

    here = graded(student, tmp_path / "ex7.py", code, variant)
    there = graded(author, tmp_path / "ex7.py", code, variant)

    assert here.outcome == there.outcome == "failed"
    assert [found.id for found in here.diagnosis] == ["half"]
    assert here.diagnosis == there.diagnosis


def test_a_prediction_is_judged_by_running_the_program(student: Workshop, tmp_path: Path) -> None:
    found = graded(student, tmp_path / "ex7.py", {"first = ...": "first = -1"})

    assert found.checks[0].outcome == "fail"


def test_the_starter_is_not_attempted(student: Workshop, tmp_path: Path) -> None:
    assert graded(student, tmp_path / "ex7.py", {}).outcome == "not_attempted"


def test_a_hidden_case_is_left_to_the_hand_in(student: Workshop, tmp_path: Path) -> None:
    found = graded(student, tmp_path / "ex7.py", right_in(student, 0))

    hidden = [case for case in found.checks[1].cases if case.hidden]
    assert [(case.id, case.outcome, case.message) for case in hidden] == [
        ("other.1", "pending", "judged when you hand in"),
        ("other.2", "pending", "judged when you hand in"),
    ]


def test_every_format_can_say_it(student: Workshop, tmp_path: Path) -> None:
    found = graded(student, tmp_path / "ex7.py", right_in(student, 0))

    pages = {name: export(found).decode() for name, export in EXPORTERS.items()}

    jsonschema.validate(json.loads(pages["json"]), SCHEMA)
    assert "2.67 of 4 points  right so far" in pages["terminal"]
    assert "Hidden cases, 1.33 points, are judged when you hand in." in pages["html"]
    assert "**right so far**, 2.67 of 4 points" in pages["markdown"]


def test_wrong_work_too_has_its_points_so_far(student: Workshop, tmp_path: Path) -> None:
    found = graded(student, tmp_path / "ex7.py", right_in(student, 0, WRONG))

    page = EXPORTERS["terminal"](found).decode()

    assert "2 of 4 points so far  not yet" in page
    assert "2 of 3 checks pass so far." in page


def test_the_evidence_names_the_original_exercise(
    author: Workshop, student: Workshop, tmp_path: Path
) -> None:
    here, there = (graded(shop, tmp_path / "ex7.py", {}) for shop in (student, author))

    assert here.evidence.exercise == there.evidence.exercise
    assert here.evidence.secret_fingerprint == ""


def test_another_pytorch_is_told(
    made: Path, tmp_path: Path, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shutil.copytree(made, tmp_path / "old")
    about = tmp_path / "old" / "exercises" / "course.yaml"
    about.write_text(about.read_text().replace("torch: 2.", "torch: 1."))
    shop = releases.opened(tmp_path / "old", sandbox, tmp_path_factory)

    (note,) = graded(shop, tmp_path / "ex7.py", right_in(shop, 0)).notes

    assert note.startswith("the right answers were recorded with PyTorch 1.")


def test_last_digits_of_another_machine_change_nothing(
    student: Workshop,
    made: Path,
    tmp_path: Path,
    sandbox: Sandbox,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Between processors a float32 differs by about 1e-7 of its size."""
    shutil.copytree(made, tmp_path / "other")
    releases.rounded_otherwise(tmp_path / "other" / "exercises" / "ex07_slopes.runs", 3e-5)
    other = releases.opened(tmp_path / "other", sandbox, tmp_path_factory)

    for code in (right_in(student, 0), right_in(student, 0, WRONG)):
        here, there = (graded(shop, tmp_path / "ex7.py", code) for shop in (student, other))

        assert here.outcome == there.outcome
        assert here.diagnosis == there.diagnosis


HIDDEN_ONLY = YAML.replace("      - {id: shown, open: true, inputs: {a: a}}\n", "")
FIRST_HIDDEN = YAML.replace(
    "points: 2, say: The slope", "points: 1, cases: [other], say: The slope"
)
FIRST_HIDDEN = FIRST_HIDDEN.replace(
    "    accept:",
    "      - {id: again, kind: close, of: [slope], cases: [shown], needs: value, say: Again.}\n"
    "    accept:",
)


@pytest.mark.parametrize("yaml", [HIDDEN_ONLY, FIRST_HIDDEN])
def test_what_rests_on_hidden_cases_alone_waits(
    yaml: str, tmp_path: Path, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nothing is said of it, right or wrong."""
    samples.write(tmp_path, yaml)
    releases.made(shops.shop(tmp_path, sandbox, tmp_path_factory), tmp_path / "public")
    shop = releases.opened(tmp_path / "public", sandbox, tmp_path_factory)

    found = graded(shop, tmp_path / "ex7.py", right_in(shop, 0, WRONG))

    waiting = {check.outcome.value for check in found.checks if check.part == "by-hand"}
    assert waiting == {"pending"}
    assert (found.outcome, found.points) == ("pending", 2)


# --- what it is ----------------------------------------------------------------------------------


def test_the_handouts_are_what_they_were(author: Workshop, student: Workshop) -> None:
    ours, theirs = (load_exercise(shop.course, "ex7") for shop in (author, student))

    pages = [[handout(each, v, "small").python for v in range(3)] for each in (ours, theirs)]

    assert pages[0] == pages[1]


def test_the_same_course_gives_the_same_bytes(author: Workshop, made: Path, tmp_path: Path) -> None:
    releases.made(author, tmp_path / "again")

    files = sorted(made.rglob("*.*"))
    assert len(files) == 4
    assert all(
        path.read_bytes() == (tmp_path / "again" / path.relative_to(made)).read_bytes()
        for path in files
    )


def test_only_a_release_asks_for_no_fences(small: Path, made: Path) -> None:
    assert load_course(made, trusted=True).isolation == "none"
    assert load_course(small, trusted=True).isolation == "strong"


def test_nothing_can_be_proved_or_released_there(student: Workshop, tmp_path: Path) -> None:
    exercise = load_exercise(student.course, "ex7")
    orders = (
        lambda: prove(exercise, student),
        lambda: release(student, b"", tmp_path / "again", print),
    )

    for order in orders:
        with pytest.raises(UsageError, match="is a release: what students may have"):
            order()


def test_a_damaged_recording_is_told(
    made: Path, tmp_path: Path, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shutil.copytree(made, tmp_path / "torn")
    path = tmp_path / "torn" / "exercises" / "ex07_slopes.runs"
    path.write_bytes(path.read_bytes()[:1000])
    shop = releases.opened(tmp_path / "torn", sandbox, tmp_path_factory)

    with pytest.raises(AuthorError, match=r"ex07_slopes\.runs: what was recorded of by-hand"):
        graded(shop, tmp_path / "ex7.py", right_in(shop, 0))


def test_pages_are_made_once(student: Workshop) -> None:
    exercise = load_exercise(student.course, "ex7")
    part = exercise.parts[1]
    assert part.kind == "code"
    keys = Recorded(student.course.id)

    first, second = (keys.key(exercise, part, 1).wanted["shown"] for _ in range(2))

    assert first is second
