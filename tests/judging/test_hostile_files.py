"""Files that are handed in under odd names, or are no files at all."""

import hashlib
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from grader.classroom import collect
from grader.course.format import Exercise
from grader.errors import StudentError
from grader.judging import incidents
from grader.judging.pipeline import grade
from grader.judging.workshop import Workshop
from grader.model import Graded, Submission
from tests.handing_in import RIGHT, WRONG, Desk
from tests.page_tags import Tags

GRADE = (sys.executable, "-m", "grader")
NAMES = {
    "shell": "; rm -rf .py",
    "substitution": "$(touch pwned).py",
    "backticks": "`touch pwned`.py",
    "option": "-x.py",
    "template": "{{7*7}}{% raw %}.py",
    "yaml": "!!python object.py",
    "page": "<script>alert(1)<",
    "line": "a\n::error::b.py",
    "escape": "\x1b[2J\x1b]0;title\x07.py",
    "bidi": "\u202eyp.exe.py",
    "no-utf-8": "\udcff\udcfe.py",
    "long": "x" * 250 + ".py",
    "dots": "..py",
}


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", NAMES)
def test_a_name_is_a_name_and_nothing_else(kind: str, desk: Desk) -> None:
    """No shell, no template, no option, no markup; the attempt is kept under a name of ours."""
    name = NAMES[kind] if NAMES[kind].endswith(".py") else f"{NAMES[kind]}.py"
    desk.solved(RIGHT, name)

    done = desk.run("submit", "--", name)

    assert (done.exit_code, done.stderr) == (0, "")
    assert "10 of 10 points" in done.stdout
    assert [path.name for path in desk.folder.iterdir()] == [name]
    (kept,) = desk.kept()
    assert {path.name for path in kept.iterdir()} == {"submission.py", "report.json"}


@pytest.mark.parametrize("kind", ["page", "line", "escape", "bidi", "no-utf-8", "template"])
def test_a_name_is_shown_as_it_is_written(kind: str, desk: Desk) -> None:
    """In every format, to the one who reads most: the teacher."""
    name = NAMES[kind] if NAMES[kind].endswith(".py") else f"{NAMES[kind]}.py"
    desk.solved(WRONG, name)

    pages = {
        form: desk.run("submit", "--format", form, "--audience", "teacher", "--", name).stdout
        for form in ("terminal", "json", "html", "junit", "markdown")
    }

    assert all(page.isprintable() for text in pages.values() for page in text.split("\n"))
    assert not any(re.search(r"^\s*::", page, re.MULTILINE) for page in pages.values())
    assert not Tags(pages["html"]).tags & {"script", "img"}
    assert ET.fromstring(pages["junit"]).tag == "testsuites"  # noqa: S314  (we wrote it)
    shown = json.loads(pages["json"])["evidence"]["file_name"]
    assert shown == name or "\\" in shown


@pytest.mark.parametrize(
    "header",
    ["../../ex1", "{{7*7}}", "!!python/object:os.system", "$(id)", "EX1", "ex1;id", "e" * 500],
)
def test_a_header_that_names_no_exercise_is_no_header(header: str, desk: Desk) -> None:
    (desk.folder / "mine.py").write_text(f"# grade: {header} format=1 variant=0\nx = 1\n")

    done = desk.run("submit", "mine.py")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "mine.py does not say which exercise it is for" in done.stderr


@pytest.mark.parametrize(
    "name", ["a\n::error::b.py", "a\n::stop-commands::x.txt", "\x1b[2J\r\u202e.py"]
)
def test_a_complaint_about_a_file_is_no_place_to_act_either(name: str, desk: Desk) -> None:
    told = desk.run("submit", "--", name).stderr

    assert told.startswith("grade: ")
    assert all(line.isprintable() for line in told.split("\n"))
    assert not re.search(r"^\s*::", told, re.MULTILINE)


# --- what is no file -----------------------------------------------------------------------------


def test_a_pipe_is_refused_without_waiting_for_a_writer(desk: Desk) -> None:
    os.mkfifo(desk.folder / "ex1.py")

    done = subprocess.run(
        [*GRADE, "submit", "ex1.py"],
        cwd=desk.folder,
        env=desk.environment,
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"ex1.py is not a plain file" in done.stderr


def test_a_socket_is_refused(desk: Desk) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("ex1.py")

        done = desk.run("submit", "ex1.py")

    assert done.exit_code == 2
    assert "ex1.py cannot be read" in done.stderr


@pytest.mark.parametrize("target", ["/dev/zero", "/etc/passwd", "/proc/self/environ", "nowhere"])
def test_a_link_is_refused_wherever_it_leads(target: str, desk: Desk) -> None:
    (desk.folder / "ex1.py").symlink_to(target)

    done = desk.run("submit", "ex1.py")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "ex1.py is a link" in done.stderr


def test_a_folder_named_like_a_file_is_refused(desk: Desk) -> None:
    (desk.folder / "ex1.py").mkdir()

    assert "ex1.py is a folder" in desk.run("submit", "ex1.py").stderr


def test_a_name_that_no_file_can_have_is_the_students_error(tmp_path: Path) -> None:
    with pytest.raises(StudentError, match="cannot be read: File name too long"):
        collect.read(tmp_path / f"{'x' * 300}.py")


def test_a_way_that_is_closed_is_the_students_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may go anywhere, so the refusal is made up."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "stat", refuse)

    with pytest.raises(StudentError, match="cannot be read: Permission denied"):
        collect.read(tmp_path / "ex1.py")


# --- what is judged is what was handed in --------------------------------------------------------


def test_a_file_that_changes_meanwhile_is_judged_and_kept_as_it_was_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.solved(WRONG)
    first = path.read_bytes()

    def meanwhile(submission: Submission, exercise: Exercise, shop: Workshop) -> Graded:
        path.write_bytes(first.replace(WRONG.encode(), RIGHT.encode()))
        return grade(submission, exercise, shop)

    monkeypatch.setattr(incidents, "grade", meanwhile)

    done = desk.run("submit", "ex1.py")

    (kept,) = desk.kept()
    report = json.loads((kept / "report.json").read_bytes())
    assert done.exit_code == 1
    assert (kept / "submission.py").read_bytes() == first
    assert report["evidence"]["submission"] == hashlib.sha256(first).hexdigest()


def test_a_kept_report_says_what_it_is_about(desk: Desk) -> None:
    """An old good result cannot pass for one of other work, or of another machine's rules."""
    desk.solved(RIGHT)

    desk.run("submit", "ex1.py")

    (kept,) = desk.kept()
    report = json.loads((kept / "report.json").read_bytes())
    handed_in = (kept / "submission.py").read_bytes()
    evidence = report["evidence"]
    assert evidence["submission"] == hashlib.sha256(handed_in).hexdigest()
    assert kept.name.endswith(evidence["submission"][:12])
    assert re.fullmatch(r"[0-9a-f]{64}", evidence["exercise"])
    assert re.fullmatch(r"[0-9a-f]{12}", evidence["secret_fingerprint"])
    assert {"grader", "python", "torch"} <= evidence["versions"].keys()
    assert report["isolation"]["mode"]


def test_what_a_notebook_shows_is_not_read(desk: Desk) -> None:
    """Its outputs, its metadata and its words are the student's to write."""
    source = desk.solved(WRONG, "work.py").read_text()
    forged = {"output_type": "stream", "name": "stdout", "text": "FORGED 10 of 10 points"}
    page = {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<b>FORGED</b>"}}
    cell = {"cell_type": "code", "metadata": {"FORGED": "{{ 7 * 7 }}"}, "execution_count": 1}
    words = {"cell_type": "markdown", "metadata": {}, "source": "FORGED: full marks"}
    book = {
        "cells": [words, {**cell, "source": source, "outputs": [forged, page]}],
        "metadata": {"kernelspec": {"name": "FORGED", "display_name": "<script>"}},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    (desk.folder / "ex1.ipynb").write_text(json.dumps(book))

    done = desk.run("submit", "--format", "json", "ex1.ipynb")

    assert done.exit_code == 1
    assert "FORGED" not in done.stdout
    assert json.loads(done.stdout)["diagnosis"][0]["id"] == "value"
