"""What must keep student code in before anything of it is run."""

import importlib
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader import workshop
from grader.cli import main
from grader.course import load_course
from grader.errors import IsolationError
from grader.sandbox import client, remedies
from grader.sandbox.box import isolation
from tests import samples, shops

USERNS = "user/max_user_namespaces"


class Weak(shops.WeakSandbox):
    """A machine where one thing is to be mended."""

    def __init__(self, *, slots: int | None = None) -> None:
        super().__init__(slots=slots)
        self.refused = {"b": "this system makes no namespaces for us: unshare: No space left"}


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


def required(course: Path, words: str = "") -> str:
    with (course / "exercises" / "course.yaml").open("a") as file:
        file.write(words)
    return load_course(course).isolation


def test_a_course_with_solutions_requires_fences(course: Path) -> None:
    assert required(course) == "strong"


def test_a_release_holds_nothing_that_needs_them(course: Path) -> None:
    assert required(course, "released: {versions: {}, digests: {}}\n") == "none"


def test_a_course_whose_solutions_are_elsewhere_is_no_release(course: Path) -> None:
    shutil.rmtree(course / "solutions")

    assert required(course) == "strong"


@pytest.mark.parametrize("level", ["none", "basic", "strong", "full"])
def test_a_course_may_say_otherwise(course: Path, level: str) -> None:
    assert required(course, f"isolation: {level}\n") == level


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
