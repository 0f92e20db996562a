"""Hand-ins as people make them, and what is told first of each: see `handins.yaml` beside this."""

import json
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.classroom.collect import parse
from grader.judging.pipeline import grade
from grader.reporting.report import Audience, Report, report
from grader.sandbox.client import Sandbox
from tests import shops

CASES: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("handins.yaml").read_text())
HEADER = "# grade: ex4 format=1 variant=0\n"
FIT = """\
def fit(X, y, w0, b0, lr, steps):
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = ((w * X + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return w, b, losses"""
SLIP = FIT.replace("        w.grad = b.grad = None\n", "")
Grade = Callable[[str, bytes], Report]


@pytest.fixture(scope="module")
def read_by_a_student(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Grade:
    shop = shops.shop(shops.ROOT, sandbox, tmp_path_factory)
    exercise = shops.exercise(shop, "ex4", tmp_path_factory)
    return lambda name, raw: report(grade(parse(Path(name), raw), exercise, shop), Audience.STUDENT)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_stands_around_the_answer_costs_nothing_and_the_cause_comes_first(
    case: Mapping[str, Any], read_by_a_student: Grade
) -> None:
    if sys.version_info >= tuple(case.get("older_than", (99,))):
        return  # this Python reads it

    found = read_by_a_student(*handed_in(case))

    assert found.points == case["points"], found.notes
    first, *more = case.get("reads", [""])
    told = [*(each.message for each in found.diagnosis), *found.notes, *notes(found)]
    assert squeezed(first) in squeezed(told[0] if told else "")
    assert [words for words in more if squeezed(words) not in squeezed("\n".join(told))] == []
    assert told if "reads" in case else not told
    assert len({*map(squeezed, told)}) == len(told)


def notes(found: Report) -> list[str]:
    return [note for part in found.parts for note in part.notes]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def handed_in(case: Mapping[str, Any]) -> tuple[str, bytes]:
    """Name and bytes of the file."""
    if "file" in case:
        return "ex4.py", (HEADER + filled(case, case["file"]) + "\n").encode()
    cells = [
        cell("raw", filled(case, each["raw"]))
        if isinstance(each, dict)
        else cell("code", HEADER * (n == 0) + filled(case, each))
        for n, each in enumerate(case["cells"])
    ]
    kernel = {"name": "kernel", "display_name": "Kernel", "language": case.get("kernel", "python")}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
    return "ex4.ipynb", json.dumps(book).encode()


def cell(kind: str, source: str) -> dict[str, Any]:
    extra: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **extra}


def filled(case: Mapping[str, Any], text: str) -> str:
    old, new = case.get("swap", ("", ""))
    assert old in FIT
    fit = FIT.replace(old, new) if old else FIT
    text = text.replace("    [[indented fit]]", textwrap.indent(fit, "    "))
    return text.replace("[[fit]]", fit).replace("[[slip]]", SLIP)
