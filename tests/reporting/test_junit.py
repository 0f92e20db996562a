"""JUnit XML, as junitparser reads it."""

from xml.etree import ElementTree as ET

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from grader.model import Outcome
from grader.reporting.exporters import EXPORTERS
from tests.samples_report import shown


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [("matched", Failure, 1), ("matched", Skipped, 1), ("broken", Error, 3), ("passed", Error, 0)],
)
def test_junit_knows_wrong_skipped_and_our_fault(name: str, kind: type, count: int) -> None:
    root = JUnitXml.fromstring(EXPORTERS["junit"](shown(name)))

    (suite,) = root
    results = [result for case in suite for result in case.result]
    assert sum(isinstance(result, kind) for result in results) == count
    assert suite.tests == 3


def test_an_exercise_not_attempted_fails_in_junit() -> None:
    """Skipped tests do not count in a platform's denominator; a blank file would get full marks."""
    root = JUnitXml.fromstring(EXPORTERS["junit"](shown("not_attempted")))

    assert (root.failures, root.skipped, root.errors) == (3, 0, 0)


def test_what_is_judged_later_is_skipped_in_junit() -> None:
    report = shown("passed")
    later = report.checks[0].model_copy(update={"outcome": Outcome.PENDING})
    partly = report.model_copy(update={"outcome": "pending", "checks": (later, report.checks[1])})

    root = JUnitXml.fromstring(EXPORTERS["junit"](partly))

    assert (root.tests, root.skipped, root.errors) == (2, 1, 0)


def test_junit_carries_points_as_properties() -> None:
    (suite,) = JUnitXml.fromstring(EXPORTERS["junit"](shown("matched")))

    told = {(entry.name, entry.value) for entry in suite.properties()}  # type: ignore[no-untyped-call]
    assert told >= {("points", "3.33"), ("max_points", "10")}


def test_junit_names_are_unique_and_stable() -> None:
    names = [[case.name for case in suite] for suite in JUnitXml.fromstring(_junit("matched"))]

    assert names == [["fit.loss", "fit.leaves", "fit.reset"]]


def test_hostile_text_leaves_junit_well_formed_and_attaches_nothing() -> None:
    page = _junit("hostile")

    assert ET.fromstring(page).tag == "testsuites"  # noqa: S314  (we wrote it)
    assert b"[[ATTACHMENT" not in page


def _junit(name: str) -> bytes:
    return EXPORTERS["junit"](shown(name))
