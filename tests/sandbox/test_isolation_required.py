"""What must keep student code in before anything of it is run, and who may say so."""

import importlib
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli.commands import main
from grader.course.loading import load_course
from grader.errors import IsolationError
from grader.judging import workshop
from grader.sandbox import client, remedies
from grader.sandbox.box import isolation
from grader.sandbox.box.isolation.lacks import Lack, Refusal
from grader.sandbox.forkserver import Ahead
from tests import samples, shops

USERNS = "user/max_user_namespaces"
RELEASED = "released: {versions: {}, digests: {}}\n"


class Weak(shops.WeakSandbox):
    """A machine where one thing is to be mended."""

    def __init__(self, *, slots: int | None = None, ahead: Ahead | None = None) -> None:
        super().__init__(slots=slots, ahead=ahead)
        words = "this system makes no namespaces for us: unshare: No space left"
        self.refused = {"b": Refusal(words, Lack.NAMESPACES)}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    samples.write(tmp_path)
    return tmp_path


@pytest.fixture
def _weak(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = remedies.Machine(settings={USERNS: "0"})
    monkeypatch.setattr(client, "Sandbox", Weak)
    monkeypatch.setattr(remedies.Machine, "here", lambda: machine)
    monkeypatch.setenv("GRADE_SECRET", shops.SECRET)


def required(course: Path, words: str = "", *, trusted: bool = True) -> str:
    with (course / "exercises" / "course.yaml").open("a") as file:
        file.write(words)
    return load_course(course, trusted=trusted).isolation


def test_a_course_with_solutions_requires_fences(course: Path) -> None:
    assert required(course) == "strong"


def test_a_release_holds_nothing_that_needs_them(course: Path) -> None:
    assert required(course, RELEASED) == "none"


def test_a_course_whose_solutions_are_elsewhere_is_no_release(course: Path) -> None:
    shutil.rmtree(course / "solutions")

    assert required(course) == "strong"


@pytest.mark.parametrize("level", ["none", "basic", "strong", "full"])
def test_a_course_may_say_otherwise(course: Path, level: str) -> None:
    assert required(course, f"isolation: {level}\n") == level


@pytest.mark.parametrize("words", ["isolation: none\n", "isolation: basic\n", RELEASED])
def test_one_that_was_only_found_lowers_nothing(course: Path, words: str) -> None:
    assert required(course, words, trusted=False) == "strong"


def test_one_that_was_only_found_may_raise_it(course: Path) -> None:
    assert required(course, "isolation: full\n", trusted=False) == "full"


@pytest.mark.usefixtures("_weak")
def test_below_it_nothing_opens_and_the_remedy_is_told(course: Path) -> None:
    with pytest.raises(IsolationError) as caught, workshop.opened(load_course(course)):
        pass

    assert "isolation 'strong' is required, this machine gives 'none'" in str(caught.value)
    assert caught.value.hint.startswith("sysctl -w user.max_user_namespaces=15000")
    assert "grade doctor" in caught.value.hint


@pytest.mark.usefixtures("_weak")
def test_below_it_there_is_no_grade(course: Path, tmp_path: Path) -> None:
    (tmp_path / "ex7.py").write_text("# grade: ex7 variant=0 format=1\nx = 1\n")

    done = CliRunner().invoke(main, ["--course", str(course), "submit", str(tmp_path / "ex7.py")])

    assert (done.exit_code, done.stdout) == (5, "")


@pytest.fixture
def desk(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a student who has put a course there that asks for nothing."""
    required(course, "isolation: none\n")
    monkeypatch.delenv("GRADE_COURSE", raising=False)
    monkeypatch.setenv("GRADE_BACKGROUND", "0")
    (tmp_path / "ex7.py").write_text("# grade: ex7 variant=0 format=1\nx = 1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "words", [["submit", "ex7.py"], ["hint", "ex7.py"], ["watch", "ex7.py"]], ids=lambda w: w[0]
)
@pytest.mark.usefixtures("_weak")
def test_in_a_students_folder_their_own_course_lets_nothing_run(
    desk: Path, words: list[str]
) -> None:
    done = CliRunner().invoke(main, words)

    assert (done.exit_code, done.stdout) == (5, "")
    said, *_ = done.stderr.splitlines()
    assert said == f"grade: the course is the one found in {desk}; `--course DIR` names one"
    assert f"so does `--course {desk}`" in done.stderr


@pytest.mark.parametrize("words", [["--isolation", "none"], ["--course", "."]])
@pytest.mark.usefixtures("_weak", "desk")
def test_who_says_so_takes_the_machine_as_it_is(words: list[str]) -> None:
    done = CliRunner().invoke(main, ["submit", "ex7.py", *words])

    assert done.exit_code == 1
    assert "ex7  " in done.stdout


@pytest.mark.usefixtures("_weak", "desk")
def test_the_environment_may_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADE_COURSE", ".")

    done = CliRunner().invoke(main, ["submit", "ex7.py"])

    assert (done.exit_code, done.stderr) == (1, "")


@pytest.mark.usefixtures("_weak")
def test_it_can_be_waived_in_words(course: Path) -> None:
    with workshop.opened(load_course(course), isolation="none") as shop:
        assert shop.course.id == "small"


@pytest.mark.parametrize("name", ["fork", "pidfd_open", "sched_getaffinity"])
def test_other_systems_than_linux_are_told_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.delattr(os, name)
        with pytest.raises(ImportError, match=f"Linux only: there is no os.{name} here"):
            importlib.reload(isolation)
    importlib.reload(isolation)
