"""The grader in the background: asked by real processes, as `grade submit` asks it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.cli import background
from tests import shops
from tests.samples_box import children, gone

ROOT = Path(__file__).parents[2]
RIGHT = ROOT / "tests/golden/ex1/right_plain.py"
GRADE = [sys.executable, "-m", "grader"]
ENDLESS = "# grade: ex1 format=1 variant=0\nwhile True:\n    pass\n"


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    """A folder for the socket; its name must be short."""
    folder = tempfile.mkdtemp()
    own = {"XDG_RUNTIME_DIR": folder, "GRADE_COURSE": str(ROOT), "GRADE_SECRET": shops.SECRET}
    yield {**os.environ, **own}
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def answering(environment: dict[str, str]) -> Iterator[int]:
    """The pid of one that answers."""
    command = [sys.executable, "-m", "grader.cli.answering"]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as process:
        while not any(p.is_socket() for p in Path(environment["XDG_RUNTIME_DIR"]).rglob("*")):
            assert process.poll() is None
            time.sleep(0.05)
        yield process.pid
        process.kill()


def graded(environment: dict[str, str], *more: str) -> subprocess.CompletedProcess[str]:
    command = [*GRADE, "submit", str(RIGHT), *more]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_it_answers_as_the_command_does(environment: dict[str, str], answering: int) -> None:
    there = graded({**environment, "COLUMNS": "80"})
    here = graded({**environment, "COLUMNS": "80", "XDG_RUNTIME_DIR": "/nowhere"})

    assert (there.returncode, there.stdout) == (here.returncode, here.stdout)
    assert there.returncode == 0
    assert children(answering)  # its fork server is still there


def test_it_has_no_idea_of_its_own_which_course_is_trusted(
    environment: dict[str, str], answering: int
) -> None:
    """For the one that answers the course was named; who asks has only found it."""
    assert answering

    named, found = graded(environment), graded({**environment, "GRADE_COURSE": ""})

    assert named.stderr == ""
    assert (
        found.stderr == f"grade: the course is the one found in {ROOT}; `--course DIR` names one\n"
    )
    assert named.stdout == found.stdout


def test_who_asks_is_told_of_errors_in_his_own_folder(
    environment: dict[str, str],
    answering: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", environment["XDG_RUNTIME_DIR"])
    monkeypatch.chdir(tmp_path)
    assert answering

    assert background.asked(["submit", "ex1.py"]) == 2
    assert "there is no file ex1.py" in capfd.readouterr().err


def test_who_leaves_is_not_worked_for(
    environment: dict[str, str], answering: int, tmp_path: Path
) -> None:
    (tmp_path / "ex1.py").write_text(ENDLESS)
    before = children(answering)
    command = [*GRADE, "submit", str(tmp_path / "ex1.py")]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as asker:
        while not (new := set(children(answering)) - set(before)):
            assert asker.poll() is None
            time.sleep(0.01)
        asker.send_signal(signal.SIGKILL)

    assert all(map(gone, new))


ORDER = {"arguments": ["submit", "ex1.py"], "folder": "/", "environment": {}, "umask": 0o22}


def framed(order: object) -> bytes:
    text = json.dumps(order).encode()
    return background.LENGTH.pack(len(text)) + text


NO_ORDERS = {
    "a byte": b"\0",
    "cut short": b"\x05\0\0\0",
    "a number": framed(5),
    "endless": b"\xff\xff\xff\xff{",
    "brackets": background.LENGTH.pack(200_000) + b"[" * 200_000,
    "a list": framed(list(ORDER)),
    "arguments are no list": framed({**ORDER, "arguments": 5}),
    "an argument is a number": framed({**ORDER, "arguments": ["submit", 5]}),
    "another command": framed({**ORDER, "arguments": ["batch", "."]}),
    "no command": framed({**ORDER, "arguments": []}),
    "a folder that is a list": framed({**ORDER, "folder": ["/"]}),
    "a variable that is a number": framed({**ORDER, "environment": {"PATH": 1}}),
    "a name with NUL": framed({**ORDER, "environment": {"A\0B": "x"}}),
    "half a character": framed({**ORDER, "folder": "\ud800"}),
    "a negative mask": framed({**ORDER, "umask": -1}),
    "something more": framed({**ORDER, "more": 1}),
}


@pytest.mark.parametrize("order", NO_ORDERS.values(), ids=NO_ORDERS)
def test_who_sends_no_order_is_refused_and_disturbs_nobody(
    environment: dict[str, str], answering: int, order: bytes
) -> None:
    (path,) = (p for p in Path(environment["XDG_RUNTIME_DIR"]).rglob("*") if p.is_socket())
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        socket.send_fds(connection, [order], list(background.STREAMS))
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(1)

    assert answer == b""
    assert children(answering)


def test_after_all_that_it_answers(environment: dict[str, str], answering: int) -> None:
    assert graded(environment).returncode == 0
    assert children(answering)


def test_a_second_one_ends_at_once(environment: dict[str, str], answering: int) -> None:
    command = [sys.executable, "-m", "grader.cli.answering"]

    assert (
        subprocess.run(command, env=environment, cwd=ROOT, timeout=60, check=False).returncode == 0
    )
    assert children(answering)


def test_who_wants_none_asks_none() -> None:
    assert background.may_ask(["submit", "ex1.py"], {})
    assert not background.may_ask(["submit", "ex1.py"], {"GRADE_BACKGROUND": "0"})
    assert not background.may_ask(["watch", "ex1.py"], {})


def test_a_folder_that_others_may_write_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"grader-{os.geteuid()}").mkdir(mode=0o700)
    (tmp_path / f"grader-{os.geteuid()}").chmod(0o770)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    assert background.asked(["submit", "ex1.py"]) is None


def test_after_an_upgrade_it_is_another_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(background, "__file__", str(tmp_path / "grader" / "background.py"))
    (tmp_path / "grader").mkdir()
    (tmp_path / "grader" / "judge.py").write_text("old")
    before = background.socket_path()

    (tmp_path / "grader" / "judge.py").write_text("newer")

    assert background.socket_path() != before


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [({}, False), ({"GRADE_BACKGROUND": "1"}, True), ({"GRADE_BACKGROUND": "0"}, False)],
)
def test_there_is_none_unless_a_person_is_there_or_it_is_asked_for(
    environ: dict[str, str], *, wanted: bool
) -> None:
    assert background.wanted(environ) is wanted
