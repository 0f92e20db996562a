"""Report or Trouble → JUnit XML, for platforms that read a report even where there is no grade.

The report of a grade is `reporting.exporters.junit`; points stand in its properties, unrounded.
GitLab reads the file whatever the job's exit code; Codegrade names the file in
CG_JUNIT_XML_LOCATION and takes the share of the tests that pass; Artemis weighs tests by name.
"""

from pathlib import Path
from xml.etree import ElementTree as ET

import click

from grader.errors import Exit
from grader.platforms.platform import Grading, Platform
from grader.platforms.submission import Order, Result, serve
from grader.platforms.trouble import Trouble
from grader.reporting.exporters import EXPORTERS
from grader.reporting.exporters.text import brief, inert


def trouble(found: Trouble) -> bytes:
    """One test: an error if it is our fault, a failure if it is the file's."""
    tag, other = ("error", "failure") if found.ours else ("failure", "error")
    counts = {"tests": "1", f"{tag}s": "1", f"{other}s": "0", "skipped": "0"}
    root = ET.Element("testsuites", counts)
    suite = ET.SubElement(root, "testsuite", {"name": "grade", **counts})
    test = ET.SubElement(suite, "testcase", classname="grade", name="graded")
    ET.SubElement(test, tag, message=brief(found.said, 200), type="trouble").text = found.said
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode").replace("[[ATTACHMENT", "[\\[ATTACHMENT")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{inert(text)}\n'.encode()


def grade(order: Order, output: Path) -> Exit:
    """Grade the file in the folder here, write JUnit XML: Codegrade, Artemis, GitLab.

    Ends with 0 for any grade, and for a file that cannot be graded; with 3 if the grader failed.
    """
    result = Result(output, lambda found: EXPORTERS["junit"](found.student), trouble)
    found = serve(order, Path(), result)
    if isinstance(found, Trouble):
        click.echo(f"grade: {found.said}", err=True)  # students may read the log
        return Exit.OURS if found.ours else Exit.PASSED
    return Exit.PASSED


_OUTPUT = click.option(
    "--output",
    type=click.Path(path_type=Path),
    envvar="CG_JUNIT_XML_LOCATION",
    default="grade.xml",
    show_default="$CG_JUNIT_XML_LOCATION, or grade.xml",
    help="The file to write, below the root.",
)
PLATFORM = Platform("junit", grading=Grading(grade, (_OUTPUT,)))
