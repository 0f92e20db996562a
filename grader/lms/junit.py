"""Trouble → JUnit XML, for platforms that read a report even where there is no grade.

The report of a grade is `grader.exporters.junit`; points stand in its properties, unrounded.
GitLab reads the file whatever the job's exit code; Codegrade names the file in
CG_JUNIT_XML_LOCATION and takes the share of the tests that pass; Artemis weighs tests by name.
"""

from xml.etree import ElementTree as ET

from grader.exporters.text import brief, inert
from grader.lms.trouble import Trouble


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
