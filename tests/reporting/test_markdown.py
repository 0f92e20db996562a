"""Markdown, as markdown-it reads it: student text stays literal."""

import pytest
from markdown_it import MarkdownIt

from grader.reporting.exporters.markdown import fenced, literal
from tests.page_tags import Tags
from tests.samples_report import exported

OUR_TAGS = ("h2", "h3", "p", "strong", "blockquote", "ul", "li", "code", "pre")


def test_markdown_tells_outcome_diagnosis_and_checks() -> None:
    page = exported("markdown", "matched")

    assert page.startswith("## ex4: A training loop by hand\n\n**not yet**, 3.33 of 10 points.")
    assert "> **What went wrong.** The gradients are never set to zero." in page
    assert "- **FAIL** (0 / 3.33) `w` and `b` after 3 steps" in page
    assert "| 2 | w | [-6.2, 0.4] | [-3.1, 0.4] | **wrong** |" in page


def test_hostile_text_is_literal_in_markdown() -> None:
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(exported("markdown", "hostile"))

    page = Tags(rendered)
    assert page.tags <= {*OUR_TAGS, "table", "thead", "tbody", "tr", "th", "td"}
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize(
    "said",
    [
        "1. one",
        "- one",
        "+ one",
        "= one",
        "# one",
        "> one",
        "a *b* _c_ ~~d~~ **e**",
        "[a](b) ![c](d) <e@f.gh> <https://i.jk>",
        "&amp; \\ \\* $x$ :smile:",
        "@one ##[two]",
        "``a` b",
        "`a`@b`c``d`",
    ],
)
def test_one_line_stays_what_it_was(said: str) -> None:
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(literal(said))

    assert Tags(rendered).tags <= {"p", "code"}
    assert Tags(rendered).text.strip().replace("`", "") == said.replace("`", "")


def test_mentions_and_references_stand_in_code() -> None:
    assert literal("ask @ada about #7 in `w`@b") == "ask `@`ada about `#`7 in `w@`b"


def test_a_fence_is_longer_than_any_run_inside() -> None:
    assert fenced("a\n`````\nb").startswith("``````text\n")
