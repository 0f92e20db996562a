"""Whatever stands in a report, every format can show it, and nothing in it acts."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.model import Array, Curve, Exhibit, Graded, GradRow
from grader.reporting.exporters import EXPORTERS
from grader.reporting.report import Audience, report
from tests.page_tags import Tags
from tests.samples_report import NASTY, matched, printing

PIECES = [*NASTY, "::", "\n::", "##[", "```", "`", "|", "- ", "1. ", "<b>", "&lt;", "]]>", " " * 90]
TEXTS = st.randoms(use_true_random=False).map(
    lambda chance: "".join(
        chance.choices([*PIECES, chr(chance.randrange(0x3000))], k=chance.randrange(1, 9))
    )
)
FLOATS = st.floats(width=64) | st.sampled_from([0.0, 5e-324, 1e-310, 1e99, 1e100, 1.8e308])
CURVES = st.lists(st.lists(FLOATS, max_size=20), min_size=1, max_size=3)
ARRAYS = st.lists(FLOATS, min_size=1, max_size=8).map(np.array) | st.none()


def told(text: str) -> Graded:
    """A report in which this stands wherever a student's words may stand."""
    whole = printing(matched(), text)
    part = replace(whole.verdict.parts[0], notes=(text, text))
    return replace(
        whole,
        submission=replace(whole.submission, student=text),
        notes=(text,),
        verdict=replace(whole.verdict, parts=(part,)),
        diagnoses=(replace(whole.diagnoses[0], evidence=text, message=text),),
        evidence=replace(whole.evidence, file_name=text),
    )


def assert_inert(page: Tags) -> None:
    assert not page.tags & {"script", "img", "a", "b", "base", "link", "form", "iframe"}
    assert not {name for name in page.attributes if name.startswith("on")}


@given(TEXTS, st.sampled_from(Audience), st.sampled_from([*EXPORTERS]))
def test_any_text(text: str, audience: Audience, form: str) -> None:
    page = EXPORTERS[form](report(told(text), audience)).decode()

    assert all(line.isprintable() for line in re.split(r"[\n\t]", page))
    assert not re.search(r"^\s*::|##[A-Za-z]*\[", page, re.MULTILINE)
    match form:
        case "json":
            assert json.loads(page)["outcome"] == "failed"
        case "junit":
            assert ET.fromstring(page).tag == "testsuites"  # noqa: S314  (we wrote it)
        case "html":
            assert_inert(Tags(page))
        case "markdown":
            assert_inert(Tags(MarkdownIt("gfm-like", {"linkify": False}).render(page)))


@given(CURVES, ARRAYS, ARRAYS, st.sampled_from([*EXPORTERS]))
def test_any_numbers(
    losses: list[list[float]], got: Array | None, want: Array | None, form: str
) -> None:
    labels = ("yours", "reference", "this mistake")
    curves = tuple(Curve(label, tuple(each)) for label, each in zip(labels, losses, strict=False))
    row = GradRow("w", 1, got, want, right=False)
    graded = replace(matched(), exhibits=(Exhibit("fit", "small", (row,), curves),))

    page = EXPORTERS[form](report(graded, Audience.STUDENT)).decode()

    assert 100 < len(page) < 100_000
