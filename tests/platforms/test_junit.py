"""JUnit XML where a platform looks for it, whatever comes of the file."""

from dataclasses import replace
from pathlib import Path

from junitparser import JUnitXml

from tests.handing_in import Desk


def test_junit_is_written_where_codegrade_says(desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "report.xml"
    told = {**desk.environment, "CG_JUNIT_XML_LOCATION": str(place)}

    done = replace(desk, environment=told).run("platform", "junit", "--root", str(tmp_path / "no"))

    (suite,) = JUnitXml.fromstring(place.read_bytes())
    assert done.exit_code == 0
    assert (suite.tests, suite.failures, suite.errors) == (1, 1, 0)


def test_junit_is_written_below_the_root(desk: Desk, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()

    desk.run("platform", "junit", "--root", str(root), "--exercise", "ex1")

    assert JUnitXml.fromstring((root / "grade.xml").read_bytes())
    assert not Path("grade.xml").exists()


def test_junit_ends_with_3_if_the_grader_failed(
    desk: Desk, broken_course: Path, tmp_path: Path
) -> None:
    place = tmp_path / "report.xml"

    done = desk.run("platform", "junit", "--course", str(broken_course), "--output", str(place))

    (suite,) = JUnitXml.fromstring(place.read_bytes())
    assert (done.exit_code, suite.errors) == (3, 1)
