"""The page: what it shows, and that a browser finds nothing in it to run or to fetch."""

from pathlib import Path

import pytest

from grader.reporting.exporters import html
from tests.page_tags import Tags
from tests.samples_report import SAMPLES, exported, shown


@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_has_no_script_and_asks_for_nothing(name: str) -> None:
    page = Tags(exported("html", name))

    assert not page.tags & {"script", "img", "link", "iframe", "object", "form", "a", "base"}
    assert not {name for name in page.attributes if name.startswith("on")}
    assert not page.attributes & {"src", "href", "xlink:href", "srcdoc"}


def test_hostile_text_is_literal_in_a_page() -> None:
    raw = exported("html", "hostile")

    assert "<script" not in raw
    assert "<!-- -->" not in raw
    text_ = Tags(raw).text
    assert "<script>alert(1)</script>" in text_
    assert "{{ 7 * 7 }}" in text_


def test_a_page_forbids_what_it_does_not_need() -> None:
    assert "default-src 'none'; style-src 'unsafe-inline'" in exported("html", "matched")


def test_the_chart_shows_all_three_curves() -> None:
    page = exported("html", "matched")

    for role in ("yours", "reference", "mistake"):
        assert f'<polyline class="{role}"' in page
    assert "logarithmic" in page


def test_a_template_of_the_course_goes_first(tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text("{{ report.title }}: {{ report.points | points }}\n")

    page = html.export(shown("matched"), tmp_path).decode()

    assert page == "A training loop by hand: 3.33\n"


def test_prose_knows_code_and_paragraphs_only() -> None:
    assert html.prose("a `<b>` & **c**\n\n`d") == (
        "<p>a <code>&lt;b&gt;</code> &amp; **c**</p>\n<p>`d</p>"
    )
