"""Every command as a person types it: what it prints where, and how it ends."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from grader.cli.commands import COMMANDS, main
from grader.errors import GraderError
from grader.judging import incidents
from grader.sandbox.client import Sandbox
from tests import shops

ROOT = shops.ROOT
GRADE = (sys.executable, "-m", "grader")
RIGHT = "return 3 * a * x**2"
WRONG = "return a * x**3"  # the template's mistake `value`

Grade = Callable[..., Result]


@pytest.fixture
def places(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    shared = shops.environment(tmp_path_factory)
    return {**shared, "GRADE_STATE": str(tmp_path / "state"), "COLUMNS": "80"}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the student works: an empty folder outside of any course."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def grade(
    course: Path,
    places: Mapping[str, str],
    desk: Path,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> Grade:
    """Run one command on the fresh course, which the environment names, in a warm sandbox."""
    assert desk.is_dir()
    monkeypatch.setattr("grader.sandbox.client.Sandbox", lambda **_: nullcontext(sandbox))

    def run(*arguments: str, **extra: str | None) -> Result:
        env = {**places, "GRADE_COURSE": str(course), **extra}
        return CliRunner().invoke(main, arguments, env=env, prog_name="grade")

    return run


def solved(folder: Path, code: str, name: str = "ex1.py") -> Path:
    """The starter with the hole filled."""
    starter = folder / "starter.py"
    done = CliRunner().invoke(main, ["start", "ex1", "--output", str(starter)])
    assert done.exit_code == 0, done.output
    path = folder / name
    path.write_text(starter.read_text().replace("    ...", f"    {code}"))
    starter.unlink()
    return path


@pytest.fixture
def answer(desk: Path, course: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    monkeypatch.setenv("GRADE_COURSE", str(course))
    return lambda code, name="ex1.py": solved(desk, code, name)


# --- which course --------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("--course", "{}", "list"), ("list", "--course", "{}")])
def test_the_course_is_named_before_or_after_the_command(
    arguments: tuple[str, ...], course: Path, grade: Grade
) -> None:
    done = grade(*(word.format(course) for word in arguments), GRADE_COURSE=None)

    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "A fresh course")


def test_an_option_goes_before_the_environment(grade: Grade) -> None:
    done = grade("list", "--course", str(ROOT))

    assert "A training loop by hand" in done.stdout


def test_else_the_course_is_looked_for_upwards(
    course: Path, grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = course / "work" / "deep"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)

    done = grade("list", GRADE_COURSE=None)

    assert "New exercise" in done.stdout
    said, *_ = done.stderr.splitlines()
    assert said == f"grade: the course is the one found in {course}; `--course DIR` names one"


def test_of_a_course_that_was_named_nothing_is_said(grade: Grade) -> None:
    assert "the course is" not in grade("list").stderr


def test_no_course_at_all(desk: Path, grade: Grade) -> None:
    done = grade("list", GRADE_COURSE=None)

    assert done.exit_code == 2
    assert f"grade: there is no course in {desk} or above" in done.stderr
    assert "--course DIR" in done.stderr


def test_a_named_course_must_be_one(desk: Path, grade: Grade) -> None:
    done = grade("list", "--course", str(desk))

    assert (done.exit_code, done.stdout) == (2, "")
    assert "is no course" in done.stderr


# --- list, show, start ---------------------------------------------------------------------------


def test_the_list_shows_the_best_attempt(grade: Grade, answer: Callable[..., Path]) -> None:
    before = grade("list")
    answer(RIGHT)
    grade("submit", "ex1.py")
    answer(WRONG)
    grade("submit", "ex1.py")

    after = grade("list")

    assert re.search(r"ex1 +New exercise +-$", before.stdout, re.MULTILINE)
    assert "Begin with: grade start ex1" in before.stderr
    assert re.search(r"ex1 +New exercise +10 of 10  passed$", after.stdout, re.MULTILINE)


def test_words_are_shown_with_the_students_numbers(grade: Grade) -> None:
    shown = {grade("show", "ex1", "--as", f"student{n}").stdout for n in range(12)}

    assert len(shown) > 1
    assert all("[[" not in words and "# New exercise" in words for words in shown)


def test_a_near_name_is_suggested(grade: Grade) -> None:
    done = grade("show", "exx1")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "no exercise 'exx1' in this course" in done.stderr
    assert "did you mean ex1?" in done.stderr


@pytest.mark.parametrize(("flag", "name"), [((), "ex1.py"), (("--notebook",), "ex1.ipynb")])
def test_a_starter_is_written_once(
    flag: tuple[str, ...], name: str, desk: Path, grade: Grade
) -> None:
    first = grade("start", "ex1", *flag)
    (desk / name).write_text("my work")
    second = grade("start", "ex1", *flag)

    assert (first.exit_code, first.stdout) == (0, f"{name}\n")
    assert (second.exit_code, second.stdout) == (2, "")
    assert f"{name} is there already, and may hold your work" in second.stderr
    assert (desk / name).read_text() == "my work"


def test_a_starter_goes_where_it_is_told_to(desk: Path, grade: Grade) -> None:
    (desk / "week1").mkdir()

    inside = grade("start", "ex1", "--output", "week1")
    named = grade("start", "ex1", "--output", "mine.py")
    nowhere = grade("start", "ex1", "--output", "missing/mine.py")

    assert (inside.stdout, named.stdout) == ("week1/ex1.py\n", "mine.py\n")
    assert (desk / "mine.py").read_text() == (desk / "week1" / "ex1.py").read_text()
    assert (nowhere.exit_code, "cannot be written" in nowhere.stderr) == (2, True)


# --- submit --------------------------------------------------------------------------------------


def test_a_right_answer_passes(grade: Grade, answer: Callable[..., Path]) -> None:
    answer(RIGHT)

    done = grade("submit", "ex1.py")

    assert done.exit_code == 0
    assert "10 of 10 points" in done.stdout


def test_a_wrong_answer_is_told_why(grade: Grade, answer: Callable[..., Path]) -> None:
    answer(WRONG)

    done = grade("submit", "ex1.py")

    assert done.exit_code == 1
    assert "That is the value of" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_starter_is_nothing_to_grade(grade: Grade) -> None:
    grade("start", "ex1")

    done = grade("submit", "ex1.py")

    assert done.exit_code == 4
    assert "0 of 10 points" in done.stdout


def test_json_is_one_object_on_stdout(grade: Grade, answer: Callable[..., Path]) -> None:
    answer(WRONG)

    done = grade("submit", "ex1.py", "--format", "json")

    found = json.loads(done.stdout)
    schema = json.loads((ROOT / "grader/reporting/exporters/report.schema.json").read_text())
    jsonschema.validate(found, schema)
    assert [told["id"] for told in found["diagnosis"]] == ["value"]


def test_a_report_can_go_into_a_file(desk: Path, grade: Grade, answer: Callable[..., Path]) -> None:
    answer(RIGHT)

    done = grade("submit", "ex1.py", "--format", "html", "--output", "report.html")

    assert (done.exit_code, done.stdout) == (0, "")
    assert (desk / "report.html").read_text().startswith("<!doctype html>")


def test_the_exercise_of_the_header_must_be_that_of_the_name(
    desk: Path, grade: Grade, course: Path, answer: Callable[..., Path]
) -> None:
    """ex2.py that holds ex1 is a mix-up; any other name is as good as ex1.py."""
    second = course / "exercises" / "ex02_other.yaml"
    text = (course / "exercises" / "ex01_new.yaml").read_text()
    second.write_text(text.replace("id: ex1\n", "id: ex2\n"))
    try:
        answer(RIGHT, "ex2.py")
        done = grade("submit", "ex2.py")
    finally:
        second.unlink()

    assert done.exit_code == 2
    assert "ex2.py holds ex1, not ex2" in done.stderr
    assert "--exercise ex1" in done.stderr
    assert (desk / "ex2.py").exists()


def test_a_header_that_is_gone(desk: Path, grade: Grade, answer: Callable[..., Path]) -> None:
    """The file's name helps; else the exercise must be named."""
    path = answer(RIGHT)
    path.write_text(path.read_text().split("\n", 1)[1])
    (desk / "mine.py").write_text(path.read_text())

    known = grade("submit", "ex1.py")
    unknown = grade("submit", "mine.py")
    named = grade("submit", "mine.py", "--exercise", "ex1")

    assert (known.exit_code, unknown.exit_code, named.exit_code) == (0, 2, 0)
    assert "mine.py does not say which exercise it is for" in unknown.stderr


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("# grade: ex9 format=1 variant=0", "no exercise 'ex9' in this course"),
        ("# grade: ex1 format=7 variant=0", "has format 7; this grader reads format 1"),
        ("# grade: ex1 format=1 variant=99", "names variant 99, ex1 has 20"),
    ],
)
def test_a_header_that_cannot_be(header: str, says: str, desk: Path, grade: Grade) -> None:
    (desk / "mine.py").write_text(f"{header}\nx = 1\n")

    done = grade("submit", "mine.py")

    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.py", "there is no file missing.py"),
        ("folder", "folder is a folder"),
        ("empty.py", "empty.py is empty"),
        ("notes.txt", "notes.txt is neither .py nor .ipynb"),
    ],
)
def test_what_cannot_be_read(name: str, says: str, desk: Path, grade: Grade) -> None:
    (desk / "folder").mkdir()
    (desk / "empty.py").touch()
    (desk / "notes.txt").write_text("dear teacher")

    done = grade("submit", name)

    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr


def test_isolation_that_this_machine_may_not_give(
    grade: Grade, answer: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below what is required nothing is run."""
    answer(RIGHT)
    weak = shops.WeakSandbox
    monkeypatch.setattr("grader.sandbox.client.Sandbox", weak)

    done = grade("submit", "ex1.py", "--isolation", "strong")

    assert (done.exit_code, done.stdout) == (5, "")
    assert "isolation 'strong' is required, this machine gives 'none'" in done.stderr
    assert "grade doctor" in done.stderr


# --- hint ----------------------------------------------------------------------------------------


def test_hints_climb(grade: Grade) -> None:
    hints = [grade("hint", "ex1") for _ in range(4)]

    assert [hint.exit_code for hint in hints] == [0, 0, 0, 0]
    assert hints[0].stdout.startswith("`backward()` fills `.grad` of a leaf")
    assert hints[0].stderr == "hint 1 of 3 for TODO 1 `derivative`\n"
    assert hints[2].stderr == "hint 3 of 3 for TODO 1 `derivative`, the last one\n"
    assert hints[3].stdout == hints[2].stdout


def test_a_hint_for_an_exercise_is_about_its_file_here(
    grade: Grade, answer: Callable[..., Path]
) -> None:
    answer(WRONG)

    by_id, by_file = grade("hint", "ex1"), grade("hint", "ex1.py")

    assert by_id.stdout == by_file.stdout
    assert by_id.stdout.startswith("What does `backward()` compute")
    about = "what was found in `The slope of a cubic`"
    assert by_id.stderr == f"hint 1 of 1 for {about}, the last one\n"


def test_all_hints_at_once(grade: Grade) -> None:
    done = grade("hint", "ex1", "--all")

    assert len(done.stdout.splitlines()) == len(done.stderr.splitlines()) == 3


def test_nothing_left_to_hint_at(grade: Grade, answer: Callable[..., Path]) -> None:
    answer(RIGHT)

    done = grade("hint", "ex1.py")

    assert (done.exit_code, done.stdout.startswith("Nothing wrong")) == (0, True)


@pytest.mark.parametrize(
    ("target", "says"), [("ex7", "no exercise 'ex7'"), ("ex7.py", "there is no file ex7.py")]
)
def test_hints_for_what_is_not_there(target: str, says: str, grade: Grade) -> None:
    done = grade("hint", target)

    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr


# --- new, schema, check --------------------------------------------------------------------------


def begun(folder: Path) -> Path:
    (folder / "exercises").mkdir()
    about = "format: 1\nid: mine\ntitle: My course\n"
    (folder / "exercises" / "course.yaml").write_text(about)
    return folder


def test_a_new_exercise_has_a_title_and_a_canary_of_its_own(desk: Path, grade: Grade) -> None:
    begun(desk)

    first = grade("new", "ex31", "--title", 'Dot products: "first" steps', GRADE_COURSE=None)
    grade("new", "ex32", GRADE_COURSE=None)

    texts = [path.read_text() for path in sorted((desk / "solutions").iterdir())]
    canaries = {line for line in "\n".join(texts).splitlines() if line.startswith("canary: ")}
    assert first.stdout.splitlines() == [
        "solutions/ex31_dot_products_first_steps.py",
        "exercises/ex31_dot_products_first_steps.yaml",
    ]
    assert "grade check ex31" in first.stderr
    assert len(canaries) == 2
    assert all(re.fullmatch("canary: [0-9a-f]{32}", canary) for canary in canaries)
    assert 'Dot products: "first" steps' in grade("list", GRADE_COURSE=None).stdout


def test_a_new_exercise_overwrites_nothing(desk: Path, grade: Grade) -> None:
    begun(desk)
    grade("new", "ex3", GRADE_COURSE=None)
    (desk / "solutions" / "ex03_new.py").write_text("mine")

    again = grade("new", "ex3", GRADE_COURSE=None)
    other = grade("new", "ex3", "--title", "Other", GRADE_COURSE=None)

    assert (again.exit_code, other.exit_code) == (2, 2)
    assert "exercises/ex03_new.yaml is there already" in again.stderr
    assert "the next number that is free: ex4" in other.stderr
    assert (desk / "solutions" / "ex03_new.py").read_text() == "mine"
    assert len(list((desk / "exercises").glob("*.yaml"))) == 2


def test_a_new_exercise_needs_a_course(desk: Path, grade: Grade) -> None:
    done = grade("new", "ex1", GRADE_COURSE=None)

    assert done.exit_code == 2
    assert "exercises/course.yaml; these three lines will do:\n       format: 1" in done.stderr
    assert list(desk.iterdir()) == []


def test_a_template_of_a_course_runs_no_python(desk: Path, grade: Grade) -> None:
    begun(desk)
    (desk / "templates").mkdir()
    reaches_out = "{{ id.__class__.__base__.__subclasses__() }}"
    (desk / "templates" / "solution.py.j2").write_text(reaches_out)

    done = grade("new", "ex1", GRADE_COURSE=None)

    assert done.exit_code == 2
    assert "templates/solution.py.j2: access to attribute '__class__' of 'str'" in done.stderr
    assert not list(desk.rglob("ex01_new.*"))


@pytest.mark.parametrize("id_", ["31", "exam", "ex0", "ex1/../../x", "ex-1"])
def test_an_id_that_no_exercise_can_have(id_: str, grade: Grade) -> None:
    done = grade("new", "--", id_)

    assert (done.exit_code, done.stdout) == (2, "")
    assert "cannot be the id of an exercise" in done.stderr


def test_a_new_exercise_holds_as_it_is(grade: Grade) -> None:
    done = grade("check", "ex1", "-v")

    assert done.exit_code == 0, done.output
    assert re.match(r"ex1: 10 claims, all hold \(\d+\.\d s\)\n", done.stdout)
    assert "\nok    slope mistake factor_lost  caught by value, told\n" in done.stdout
    assert re.search(r"\n      slope: margin [\d.]+e\+\d+\n", done.stdout)


def test_what_does_not_hold_is_said(desk: Path, grade: Grade, course: Path) -> None:
    broken = begun(desk)
    for name in ("exercises/ex01_new.yaml", "solutions/ex01_new.py"):
        (broken / name).parent.mkdir(exist_ok=True)
        text = (course / name).read_text()
        (broken / name).write_text(text.replace("return 3 * a * x**2", "return 4 * a * x**2"))

    told = grade("check", "--course", str(broken))
    plain = grade("check", "--format", "json", "--course", str(broken))

    (proof,) = json.loads(plain.stdout)
    bad = [claim for claim in proof["claims"] if not claim["holds"]]
    assert (told.exit_code, plain.exit_code) == (2, 2)
    assert "ex1: 10 claims, 3 do not hold" in told.stdout
    assert "\nFAIL  slope accept by_hand  fails check `value`: `slope` " in told.stdout
    assert [(claim["kind"], claim["name"]) for claim in bad] == [
        ("accept", "by_hand"),
        ("inputs", ""),  # no draw makes it agree
        ("margin", ""),
    ]
    assert proof["parts"]["slope"]["kills"] == {"value": ["value"], "factor_lost": ["value"]}


def test_an_authors_error_has_its_place(desk: Path, grade: Grade, course: Path) -> None:
    """All of them at once, and nothing is run."""
    folder = begun(desk)
    text = (course / "exercises" / "ex01_new.yaml").read_text()
    text = text.replace("points: 10", "points: ten").replace("kind: close", "kind: near")
    path = folder / "exercises" / "ex01_new.yaml"
    path.write_text(text)

    done = grade("check", "--course", str(folder))

    assert (done.exit_code, done.stdout) == (2, "")
    assert re.search(rf"{re.escape(str(path))}:\d+:\d+: parts\[0\]\.checks\[0\]", done.stderr)
    assert "solutions/ex01_new.py: is missing" in done.stderr


def test_a_course_without_exercises_has_nothing_to_check(desk: Path, grade: Grade) -> None:
    done = grade("check", "--course", str(begun(desk)))

    assert done.exit_code == 4
    assert "grade new" in done.stderr


def test_the_schema_is_that_of_the_repository(grade: Grade) -> None:
    done = grade("schema")

    jsonschema.Draft202012Validator.check_schema(json.loads(done.stdout))
    assert done.stdout == (ROOT / "exercises" / "schema.json").read_text()


# --- when something goes wrong -------------------------------------------------------------------


FAULTS = [
    (RuntimeError("a bug"), 3, "the grader itself failed; recorded in"),
    (GraderError("no box", hint="free some memory"), 3, "grade: no box\n       free some memory"),
    (KeyboardInterrupt(), 130, "grade: interrupted"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault[0]).__name__)
def test_our_own_faults_are_not_the_students(
    fault: tuple[BaseException, int, str],
    grade: Grade,
    answer: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer(RIGHT)
    error, code, says = fault

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(incidents, "grade", fail)

    done = grade("submit", "ex1.py")

    assert done.exit_code == code
    assert ("no points given, none taken" in done.stdout) == isinstance(error, RuntimeError)
    assert says in done.stderr
    assert "Traceback" not in done.output


def test_usage_errors_exit_with_2(grade: Grade) -> None:
    codes = [grade(*words).exit_code for words in (["nonsense"], ["submit"], ["show", "--what"])]

    assert codes == [2, 2, 2]


def test_each_command_says_what_it_does(grade: Grade) -> None:
    done = grade("--help")

    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)
    assert all(grade(name, "--help").exit_code == 0 for name in COMMANDS)


def test_a_process_of_its_own(
    course: Path, places: Mapping[str, str], desk: Path, answer: Callable[..., Path]
) -> None:
    """Stdout is data, stderr is talk, and the exit code tells."""
    answer(WRONG)

    done = subprocess.run(
        [*GRADE, "submit", "ex1.py", "--format", "json", "--course", course],
        cwd=desk,
        env={**os.environ, **places},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["outcome"] == "failed"


def test_a_reader_that_left_is_no_error(course: Path) -> None:
    """`grade schema | head -1`"""
    with subprocess.Popen(
        [*GRADE, "schema"],
        cwd=course,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()

    assert (process.returncode, told) == (0, b"")
