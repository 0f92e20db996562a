"""Coursera's feedback.json, which is printed as well."""

import json
from pathlib import Path

import pytest

from grader.platforms import coursera
from tests.handing_in import Desk
from tests.platforms.stage import machine_of
from tests.samples_report import shown


@pytest.mark.parametrize(("points", "most", "share"), [(12.5, 10, 1), (0, 0, 0), (1, 3, 0.333333)])
def test_a_share_is_never_outside_0_and_1(points: float, most: float, share: float) -> None:
    """Platforms multiply it by the points possible and do not look: to edX 15 is 300 of 20."""
    report = shown("matched").model_copy(update={"points": points, "max_points": most})

    assert json.loads(coursera.results(report))["fractionalScore"] == share


def test_coursera_reads_the_same_on_standard_output(desk: Desk, tmp_path: Path) -> None:
    machine = machine_of("coursera", desk, tmp_path)

    done = machine.run("--exercise", "ex1")

    assert json.loads(done.stdout) == machine.result
