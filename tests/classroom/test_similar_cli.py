"""`grade similar`, by its front door."""

import csv
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.classroom import gradebook
from grader.classroom.cohort import Attempt, Grading, Student
from grader.cli.commands import main
from tests.samples import write
from tests.samples_similar_copies import as_cells

HEAD = "# grade: ex7 format=1 variant=0\nimport torch\n\n\n"
SLOPES = {  # of six people; `ann` and `bob` have one mind
    "ann": "def slope(x, a):\n    parts = [torch.tensor(2.0), a]\n    for twice in parts[::-1]:\n"
    "        x = torch.mul(x, twice).reshape(x.shape)\n    return x.clone()  # wiht love\n",
    "bob": "def slope(u, k):\n    both = [torch.tensor(2.0), k]\n    for f in both[::-1]:\n"
    "        u = torch.mul(u, f).reshape(u.shape)\n    return u.clone()  # wiht love\n",
    "cem": "def slope(x, a):\n    return 2 * a * x\n",
    "dee": "def slope(x, a):\n    return a * x + a * x\n",
    "eva": "def slope(x, a):\n    y = x ** 2 - (x - 1) ** 2 + 1\n    return a * y\n",
    "fay": "def slope(x, a):\n    h = 0.1\n    return a * ((x + h) ** 2 - (x - h) ** 2) / h / 2\n",
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    folder.mkdir()
    write(folder)
    return folder


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """One folder a student; one hands in a notebook."""
    for student, code in SLOPES.items():
        (tmp_path / "in" / student).mkdir(parents=True)
        if student == "bob":
            cells = as_cells(HEAD + code.replace("def ", "def fit(): ...\ndef "), random.Random())  # noqa: S311  (draws nothing)
            (tmp_path / "in" / student / "ex7.ipynb").write_text(cells)
        else:
            (tmp_path / "in" / student / "ex7.py").write_text(HEAD + code)
    return tmp_path / "in"


def run(course: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--course", str(course), "similar", *words])


def pairs(text: str) -> list[set[str]]:
    (exercise,) = json.loads(text)["exercises"]
    return [{*pair["left"]["students"], *pair["right"]["students"]} for pair in exercise["pairs"]]


def test_two_of_one_mind_come_first(course: Path, handed_in: Path) -> None:
    done = run(course, str(handed_in), "--format", "json", "--least", "5")

    assert done.exit_code == 0, done.output
    assert pairs(done.stdout)[0] == {"ann", "bob"}


def test_a_short_list_goes_to_the_terminal(course: Path, handed_in: Path) -> None:
    done = run(course, str(handed_in), "--least", "5")

    assert "ex7: 6 students, 6 files" in done.stdout
    assert "no proof of copying" in done.stdout


@pytest.mark.parametrize(
    ("name", "begins"), [("a.html", "<!doctype"), ("a.csv", '"exercise"'), ("a.json", "{")]
)
def test_the_ending_of_the_output_says_the_format(
    course: Path, handed_in: Path, tmp_path: Path, name: str, begins: str
) -> None:
    done = run(course, str(handed_in), "--output", str(tmp_path / name))

    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert (tmp_path / name).read_text().startswith(begins)


def test_a_page_is_never_written_over_work(course: Path, handed_in: Path) -> None:
    done = run(course, str(handed_in), "--output", str(handed_in / "ann" / "ex7.py"))

    assert done.exit_code == 2
    assert (handed_in / "ann" / "ex7.py").read_text().startswith("# grade")


def test_what_cannot_be_compared_is_said(course: Path, handed_in: Path) -> None:
    (handed_in / "gus").mkdir()
    (handed_in / "gus" / "ex7.py").write_bytes(b"\xff\xfe\x00")
    (handed_in / "hal").mkdir()
    (handed_in / "hal" / "ex9.py").write_text("# grade: ex9 format=1\nx = 1\n")

    done = run(course, str(handed_in))

    assert done.exit_code == 0
    assert "gus/ex7.py" in done.stderr
    assert "'ex9', which the course has not" in done.stderr


@pytest.mark.parametrize("shape", ["terminal", "json", "html"])
def test_what_is_too_long_to_be_compared_whole_is_named(
    course: Path, handed_in: Path, shape: str
) -> None:
    """Else enough of nothing in front of a copy would hide it."""
    copy = handed_in / "ann" / "ex7.py"
    copy.write_text(f"_ = ({'1, ' * 5000})\n{copy.read_text()}")

    done = run(course, str(handed_in), "--format", shape)

    assert "ann/ex7.py" in done.stdout


def test_a_group_of_the_roster_is_no_pair(course: Path, handed_in: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    with roster.open("w", newline="") as file:
        csv.writer(file).writerows(
            [["id", "group"], *([who, "red" if who in "ann bob" else ""] for who in SLOPES)]
        )

    done = run(course, str(handed_in), "--roster", str(roster), "--format", "json", "--least", "0")

    assert {"ann", "bob"} not in pairs(done.stdout)


@pytest.mark.parametrize("shape", ["terminal", "csv", "html"])
def test_students_of_a_group_are_counted_and_named(
    course: Path, tmp_path: Path, shape: str
) -> None:
    """Six people in three groups, whose first has the file of all."""
    people = sorted(SLOPES)
    groups = ("red", "red", "blue", "blue", "lime", "lime")
    rows = [f"{who},{group}" for who, group in zip(people, groups, strict=True)]
    (tmp_path / "roster.csv").write_text("\n".join(["id,group", *rows]))
    for group, who in (("red", "ann"), ("blue", "bob"), ("lime", "eva")):
        (tmp_path / "in" / group).mkdir(parents=True)
        (tmp_path / "in" / group / "ex7.py").write_text(HEAD + SLOPES[who])

    words = ("--roster", str(tmp_path / "roster.csv"), "--least", "0", "--format", shape)
    done = run(course, str(tmp_path / "in"), *words)

    assert done.exit_code == 0, done.output
    assert "ann, bob (group red)" in done.stdout
    assert "cem, dee (group blue)" in done.stdout
    if shape == "terminal":
        assert "ex7: 6 students, 3 files" in done.stdout
    if shape == "html":
        assert "3 files of 6 students, of whom 6 wrote something" in done.stdout


@pytest.mark.parametrize("name", ["same.xyz", "same"])
def test_an_ending_that_says_no_format_is_refused(
    course: Path, handed_in: Path, tmp_path: Path, name: str
) -> None:
    done = run(course, str(handed_in), "--output", str(tmp_path / name))
    assert done.exit_code == 2
    assert "says no format" in done.stderr
    assert ".html" in done.stderr
    assert not (tmp_path / name).exists()

    done = run(course, str(handed_in), "--output", str(tmp_path / name), "--format", "json")
    assert done.exit_code == 0, done.output


def test_a_platform_s_own_name_of_an_assignment_is_no_exercise(
    course: Path, tmp_path: Path
) -> None:
    for who, code in SLOPES.items():
        place = tmp_path / "submitted" / who / "homework-3"
        place.mkdir(parents=True)
        (place / "ex7.py").write_text(HEAD + code)

    done = run(course, str(tmp_path / "submitted"))

    assert "ex7: 6 students, 6 files" in done.stdout, done.output


def test_an_exercise_that_is_not_there_is_told(course: Path, handed_in: Path) -> None:
    done = run(course, str(handed_in), "--exercise", "ex8")

    assert done.exit_code == 2
    assert "no exercise 'ex8'" in done.stderr


def test_an_empty_folder_is_nothing_to_compare(course: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert run(course, str(tmp_path / "empty")).exit_code == 4


def test_without_a_path_the_gradebook_is_compared(course: Path, tmp_path: Path) -> None:
    """All attempts of it: one that was handed in before the last counts, too."""
    book = str(tmp_path / "book.db")
    now = datetime(2026, 11, 1, tzinfo=UTC)
    with gradebook.opened(book, "small") as kept:
        kept.enrol([Student(who) for who in SLOPES])
        for who, code in [*SLOPES.items(), ("ann", SLOPES["cem"])]:
            raw = (HEAD + code).encode()
            attempt = Attempt((who,), "ex7", "ex7.py", f"{who}/ex7.py", raw, now, told=False)
            kept.keep(attempt, Grading("key", now, "passed", 1.0, 1.0))

    done = run(course, "--book", book, "--format", "json", "--least", "5")

    assert done.exit_code == 0, done.output
    assert pairs(done.stdout)[0] == {"ann", "bob"}


def test_a_gradebook_that_is_not_there_is_not_made(course: Path, tmp_path: Path) -> None:
    done = run(course, "--book", str(tmp_path / "none.db"))

    assert done.exit_code == 2
    assert not (tmp_path / "none.db").exists()
