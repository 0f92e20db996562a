"""Answers of every odd kind: what they deserve, in every format, and never a fault of ours."""

import json
import re
from pathlib import Path

import pytest

from grader.reporting.exporters import EXPORTERS
from tests.handing_in import RIGHT, Desk

ANSWERS = {
    "denormal": "torch.full_like(x, 1e-310, dtype=torch.float64)",
    "largest": "torch.full_like(x, 1.7e308, dtype=torch.float64)",
    "edges": "torch.tensor([1.7e308, -1.7e308, 5e-324, -0.0] * 9, dtype=torch.float64)[: len(x)]",
    "infinite": "x * math.inf",
    "not-a-number": "x * math.nan",
    "lowest-integer": "torch.full_like(x, -(2**63), dtype=torch.int64)",
    "unsigned": "torch.full_like(x, 2**63, dtype=torch.uint64)",
    "integer-beyond-floats": "10**400",
    "integers-beyond-floats": "[10**400] * len(x)",
    "flags": "x > 0",
    "complex": "x + 2j",
    "half": "x.to(torch.bfloat16)",
    "float8": "x.to(torch.float8_e4m3fn)",
    "quantized": "torch.quantize_per_tensor(x.detach(), 0.1, 0, torch.qint8)",
    "sparse": "x.detach().to_sparse()",
    "sparse-of-2**62": "torch.sparse_coo_tensor([[0]], [1.0], (2**62,))",
    "compressed": "torch.ones(3, 3).to_sparse_csr()",
    "nested": "torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])",
    "meta": "torch.empty(2**60, device='meta')",
    "no-strides": "torch.ones(1).expand(2**40)",
    "a-million": "torch.ones(1 << 20)",
    "sixteen-dims": "torch.ones([1] * 16)",
    "forty-dims": "torch.ones([1] * 40)",
    "no-elements": "torch.ones(2**20, 0, 2**20)",
    "text-of-a-megabyte": "'\\u202e' * (1 << 20)",
    "commands": "['\\x1b[2J', '\\n::error::x', '\\ud800', '##vso[a]'] * 2000",
    "a-hundred-thousand-names": "{str(n): n for n in range(10**5)}",
    "a-hundred-thousand-numbers": "[0.5] * 10**5",
    "ten-thousand-numbers": "[0.5] * 10**4",
    "lists-in-lists": "[[[[[[[[1.0]]]]]]], [], [[]]]",
    "of-all-kinds": "[1, True, None, 'a', 2.0, x, torch.ones(1), {}, E()]",
    "in-itself": "(lambda a: a.append(a) or a)([])",
    "raises-if-touched": "E()",
    "a-float-that-is-none": "F(1.0)",
    "a-tensor-that-lies": "T(x)",
    "numpy": "[np.longdouble('1e4000'), np.datetime64('NaT'), np.void(b'1'), np.float16(1)]",
}
MADE = """
import math
import numpy as np


class E:
    def __getattribute__(self, name):
        raise RuntimeError("E\\n::error::\\x1b[2J" * 9999)


class F(float):
    def __float__(self):
        raise ValueError

    def __repr__(self):
        return "1" * 10**6


class T(torch.Tensor):
    @classmethod
    def __torch_function__(cls, *_, **__):
        return 1.7e308
"""
WORST = 100_000  # bytes of a report on such an answer, whatever the format


def answered(desk: Desk, answer: str) -> Path:
    path = desk.solved(f"return {answer}")
    path.write_text(path.read_text() + MADE)
    return path


def test_a_class_of_them_is_graded(desk: Desk) -> None:
    """Everybody answers something else, and one is right."""
    for student, answer in {**ANSWERS, "right": RIGHT.removeprefix("return ")}.items():
        place = desk.folder / "class" / student.replace("*", "_")
        place.mkdir(parents=True)
        answered(desk, answer).rename(place / "ex1.py")

    done = desk.run("batch", "--json", str(desk.folder / "class"))

    told = {line["students"][0]: line for line in map(json.loads, done.stdout.splitlines())}
    graded = {who: line["report"]["outcome"] for who, line in told.items()}
    assert done.exit_code == 0
    assert graded == {**dict.fromkeys(told, "failed"), "right": "passed"}
    assert {line["report"]["points"] for who, line in told.items() if who != "right"} == {0.0}
    assert max(len(json.dumps(line)) for line in told.values()) < WORST
    assert not re.search("Warning|Traceback", done.stderr)
    assert not (desk.state / "incidents").exists()


@pytest.mark.parametrize("form", [*EXPORTERS])
def test_each_format_shows_them(form: str, desk: Desk) -> None:
    for answer in ("edges", "denormal", "commands", "sixteen-dims"):
        answered(desk, ANSWERS[answer])

        done = desk.run("submit", "--format", form, "ex1.py")

        assert done.exit_code == 1
        assert 100 < len(done.stdout) < WORST
        assert done.stderr == ""


@pytest.mark.parametrize(
    ("name", "place", "written"),
    [
        ("gradescope", "autograder/submission", "autograder/results/results.json"),
        ("prairielearn", "grade/student", "grade/results/results.json"),
        ("coursera", "shared/submission", "shared/feedback.json"),
        ("junit", ".", "grade.xml"),
    ],
)
def test_each_platform_gets_a_grade(name: str, place: str, written: str, desk: Desk) -> None:
    folder = desk.folder / "root" / place
    folder.mkdir(parents=True)
    answered(desk, ANSWERS["edges"]).rename(folder / "ex1.py")

    done = desk.run("platform", name, "--root", str(desk.folder / "root"), "--exercise", "ex1")

    page = (desk.folder / "root" / written).read_text()
    assert done.exit_code == 0
    assert "not your fault" not in page + done.output
    assert len(page) < WORST
