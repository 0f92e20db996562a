"""What stands around the graded code is told by its own line, and costs nothing."""

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from grader.classroom.collect import read
from grader.course.loading import load_course, load_exercise
from grader.judging.keys import Keys
from grader.judging.pipeline import grade
from grader.judging.workshop import Workshop
from grader.model import Ended, Graded, Outcome
from grader.reporting.report import Audience, report
from grader.sandbox.cache import RunCache
from grader.sandbox.client import Sandbox

HEAD = "# grade: double format=1 variant=0\n"
FIT = "def double(x):\n    return 2 * x\n"
COURSE = {"format": 1, "id": "c", "title": "A course"}
EXERCISE = {
    "format": 1,
    "id": "double",
    "title": "Twice",
    "instructions": "Return twice the number.",
    "variants": 1,
    "parts": [
        {
            "id": "double",
            "kind": "code",
            "title": "Twice",
            "todo": {"answer": {"say": "Return twice the number."}},
            "inputs": {"x": "uniform(1, 2)"},
            "cases": [{"id": "seen", "open": True}, {"id": "unseen", "times": 3}],
            "checks": [
                {"id": "value", "kind": "close", "of": ["y"], "points": 4, "say": "it is twice x"}
            ],
            "mistakes": {"thrice": {"say": "Three times.", "code": {"answer": "return 3 * x"}}},
            # CPU time is counted: these hold on a busy machine, too.
            "limits": {"cpu_seconds": 0.4, "load_seconds": 0.9, "wall_seconds": 3},
        }
    ],
}
SOLUTION = """\"\"\"Twice.

canary: 0123456789abcdef0123456789abcdef
\"\"\"

# <double>
def double(x):
    # <answer>
    return 2 * x
    # </answer>
# </double>


# <drive>
def drive(x):
    return {"y": double(x)}
# </drive>
"""

Hand = Callable[[str], Graded]


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Hand:
    """Hands in a `.py`, or, where cells are parted by `---`, a notebook."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("exercises", "solutions"):
        (folder / name).mkdir()
    (folder / "exercises/course.yaml").write_text(yaml.safe_dump(COURSE))
    (folder / "exercises/ex01_double.yaml").write_text(yaml.safe_dump(EXERCISE))
    (folder / "solutions/ex01_double.py").write_text(SOLUTION)
    course, runs = load_course(folder), RunCache(folder / "cache", sandbox)
    keys = Keys(course.id, bytes(32), runs, folder / "cache")
    shop = Workshop(course, sandbox, runs, keys, "of the tests", new_secret=False)
    exercise = load_exercise(course, "double")

    def handed_in(text: str) -> Graded:
        return grade(read(written(folder, HEAD + text)), exercise, shop)

    return handed_in


def written(folder: Path, text: str) -> Path:
    cells = text.split("---\n")
    if len(cells) == 1:
        path = folder / "double.py"
        path.write_text(text)
        return path
    path = folder / "double.ipynb"
    common: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    book = {
        "cells": [{**common, "id": f"c{n}", "source": cell} for n, cell in enumerate(cells)],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(book))
    return path


def notes(graded: Graded) -> list[str]:
    shown = report(graded, Audience.STUDENT)
    return [" ".join(note.split()) for part in shown.parts for note in part.notes]


def output(graded: Graded) -> str:
    return report(graded, Audience.STUDENT).output


def ends(graded: Graded) -> set[Ended]:
    cases = graded.verdict.parts[0].checks[0].cases
    return {case.ended for case in cases}


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("while True:\n    pass\n", "line 4: this was still running"),
        ("while True:\n    try:\n        input()\n    except:\n        pass\n", "line 4: this was"),
        ("import time\ntime.sleep(1000)\n", "line 5: this was still waiting"),
        ("y = 10**10**8\n", "line 4: this was still running"),
        ("import re\nre.match('(a+)+$', 'a' * 40 + 'b')\n", "line 5: this was still running"),
        ("class A:\n    def __del__(self):\n        while True: pass\nA()\n", "line 7: this was"),
        ("import os\nos._exit(0)\n", "line 5: the code ends the program"),
        ("import ctypes\nctypes.string_at(0)\n", "line 5: the process crashed"),
        ("exit()\n", "line 4: the code ends the program"),
        ("1 / 0\n", "line 4: the code raised an error"),
        ("print(double(input()))\n", "line 4: input() was called"),
        ("from threading import Thread\nThread(target=lambda: max(iter(int, 1))).start()\n", ""),
        ("---\nwhile True:\n    pass\n", "cell 2, line 1: this was still running"),
        ("---\nimport os\nos.kill(os.getpid(), 9)\n---\n1 / 0\n", "cell 2, line 2: "),
    ],
)  # fmt: skip
def test_what_comes_after_the_answer_costs_nothing(hand: Hand, after: str, told: str) -> None:
    graded = hand(FIT + after)

    assert graded.verdict.points == graded.verdict.max_points
    assert told in "".join(notes(graded)[:1])
    assert all(note.startswith(("line", "cell")) for note in notes(graded))


def test_what_the_answer_needs_may_stand_below_what_never_ends(hand: Hand) -> None:
    text = """
    def double(x):
        return times(2, x)
    while True:
        pass
    print("not what it was meant to be")
    def times(a, b):
        return a * b
    """

    graded = hand(textwrap.dedent(text))

    assert graded.verdict.points == graded.verdict.max_points
    assert not output(graded)
    assert len(notes(graded)) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"while True:\n    pass\n{FIT}",
        f"{FIT}while True:\n    pass\ndef double(x):\n    return 2 * x\n",
        f"{FIT}while True:\n    pass\nif True:\n    double = lambda x: 2 * x\n",
        f"{FIT}---\nwhile True:\n    pass\ndef double(x):\n    return 2 * x\n",
    ],
)
def test_a_last_binding_that_was_not_reached_is_a_time_out(hand: Hand, text: str) -> None:
    graded = hand(text)

    assert ends(graded) == {Ended.TIMEOUT}
    assert graded.verdict.points == 0
    assert len(notes(graded)) == 1
    assert "what comes after it was not reached" in notes(graded)[0]


def test_the_last_binding_counts(hand: Hand) -> None:
    wrong = FIT.replace("2 *", "3 *")

    assert hand(FIT + wrong).verdict.points == 0
    assert hand(wrong + FIT).verdict.points == 4
    assert hand(f"{wrong}---\nwhile True: pass\n---\n{FIT}").verdict.points == 4


def test_a_notebook_goes_on_after_a_cell_that_never_ends(hand: Hand) -> None:
    graded = hand(f"import torch\n---\nscale = 2\nwhile True:\n    pass\n---\n{FIT}")

    assert graded.verdict.points == graded.verdict.max_points
    assert "cell 2, line 2: this was still running" in notes(graded)[0]


def test_an_answer_that_never_ends_is_blamed_itself(hand: Hand) -> None:
    graded = hand("def double(x):\n    while True:\n        pass\n")

    assert ends(graded) == {Ended.TIMEOUT}
    assert graded.verdict.outcome is Outcome.FAIL
    assert any("Does a loop never end?" in note and "line " in note for note in notes(graded))


def test_of_a_del_that_never_ends_only_its_line_is_told(hand: Hand) -> None:
    graded = hand(
        "class Loop:\n    def __del__(self):\n        while True:\n            pass\n"
        "def double(x):\n    Loop()\n    return 2 * x\n"
    )

    assert ends(graded) == {Ended.TIMEOUT}
    assert any("Does a loop never end?" in note and "line " in note for note in notes(graded))
    assert output(graded) == ""


def test_what_a_del_raises_by_itself_is_printed(hand: Hand) -> None:
    graded = hand(
        "class Loud:\n    def __del__(self):\n        raise ValueError('too loud')\n"
        "def double(x):\n    Loud()\n    return 2 * x\n"
    )

    assert graded.verdict.points == 4
    assert "too loud" in output(graded)


def test_after_one_case_without_end_the_others_cost_less_and_what_works_counts(hand: Hand) -> None:
    """Only where `x` is the open case's it never ends."""
    first = output(hand("def double(x):\n    print(x)\n    return 2 * x\n")).strip()

    graded = hand(f"def double(x):\n    while x == {first}:\n        pass\n    return 2 * x\n")
    endless = hand("def double(x):\n    while True:\n        pass\n")

    assert graded.verdict.points == 3
    assert sum(tried.run.usage.cpu_seconds for tried in endless.tried) < 2 * 0.6
