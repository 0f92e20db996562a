"""What a teacher sees of pairs, and that nothing in a student's text gets out of it."""

import csv
import json
import re
from collections.abc import Callable

import pytest

from grader.classroom.similar.blocks import blocks
from grader.classroom.similar.compare import compared
from grader.classroom.similar.evidence import Piece, evidence
from grader.classroom.similar.page import page
from grader.classroom.similar.plain import as_csv, as_json, as_lines
from grader.classroom.similar.tokens import tokens
from grader.classroom.similar.work import Comparison, Handed, Work
from tests.page_tags import Tags
from tests.samples_similar import STARTER, author, works

ONE = """\
seen = []  # teh trick from the corridor
for row in zip(X, y, strict=True):
    seen.append(torch.func.grad(lambda v: (v * row[0] - row[1]) ** 2)(w))
print('half way', len(seen), sum(seen) / max(1, len(seen)))
"""
OTHER = "import math\n" + ONE.replace("seen", "kept").replace("row", "pair")
Made = Callable[[list[Comparison]], bytes]
HOSTILE = "</pre><script>alert(1)</script>\n{{ 7 * 7 }}\n::error::no\n\u202ereversed\n" + ONE


@pytest.fixture(scope="module")
def found() -> Comparison:
    own = {f"s{n}": author(f"page {n}").file() for n in range(40)}
    hostile = Work(("=1+1",), "ex4.py", "<b>bold</b>/ex4.py", lambda: STARTER + HOSTILE)
    files = works({**own, "one": STARTER + ONE, "other": STARTER + OTHER})
    return compared([*files, hostile], Handed("ex4", "A loop", (STARTER,)))


def test_a_page_has_no_script_and_asks_for_nothing(found: Comparison) -> None:
    drawn = Tags(page([found]).decode())

    assert not drawn.tags & {"script", "img", "link", "iframe", "object", "form", "base", "b"}
    assert not {name for name in drawn.attributes if name.startswith("on")}
    assert not drawn.attributes & {"src", "srcdoc"}
    assert "default-src 'none'; style-src 'unsafe-inline'" in page([found]).decode()


def test_links_lead_to_places_of_the_page_only(found: Comparison) -> None:
    drawn = page([found]).decode()
    targets = re.findall(r'href="([^"]*)"', drawn)
    places = re.findall(r' id="([^"]*)"', drawn)

    assert targets
    assert {target.removeprefix("#") for target in targets} <= set(places)
    assert len(places) == len(set(places))


def test_hostile_text_is_literal(found: Comparison) -> None:
    drawn = page([found]).decode()

    assert "<script" not in drawn
    assert "\u202e" not in drawn
    assert not re.search(r"^::", drawn, re.MULTILINE)
    text = Tags(drawn).text
    assert "</pre><script>alert(1)</script>" in text
    assert "{{ 7 * 7 }}" in text


def test_every_character_of_both_is_shown_once(found: Comparison) -> None:
    for pair in found.pairs:
        seen = evidence(pair, found)
        assert "".join(piece.text for piece in seen.left) == pair.left.read()
        assert "".join(piece.text for piece in seen.right) == pair.right.read()


def test_the_same_number_marks_the_same_code(found: Comparison) -> None:
    (pair,) = (pair for pair in found.pairs if {pair.left.who, pair.right.who} == {"one", "other"})

    seen = evidence(pair, found)

    marked = [
        {piece.block: senses(piece) for piece in side if piece.block}
        for side in (seen.left, seen.right)
    ]
    assert marked[0] == marked[1] != {}
    given = "".join(piece.text for piece in seen.left if piece.given)
    assert "requires_grad=True" in given
    assert "half way" not in given


def senses(piece: Piece) -> list[str]:
    return [token.sense for token in tokens(f"({piece.text}").code]


def test_rare_words_are_told(found: Comparison) -> None:
    (pair,) = (pair for pair in found.pairs if {pair.left.who, pair.right.who} == {"one", "other"})

    told = {(word.kind, word.text, word.among) for word in evidence(pair, found).shared}

    assert ("comment", "teh trick from the corridor", 3) in told
    assert ("text", "'half way'", 3) in told


def test_blocks_are_found_in_any_order(found: Comparison) -> None:
    first, second = list("abcdefgh"), list("ijklmnop")

    both = blocks([*first, "x", *second], [*second, *first], frozenset(), found.rarity)

    assert [(block.left, block.right) for block in both] == [((0, 8), (8, 16)), ((9, 17), (0, 8))]


def test_json_holds_every_pair(found: Comparison) -> None:
    read = json.loads(as_json([found]))

    assert read["schema"] == "grader/similar/v1"
    (exercise,) = read["exercises"]
    assert len(exercise["pairs"]) == len(found.pairs) >= 3
    bits = [pair["surprise"] for pair in exercise["pairs"]]
    assert bits == sorted(bits, reverse=True)
    assert min(bits) >= exercise["least"]


def test_no_cell_of_the_csv_is_a_formula(found: Comparison) -> None:
    rows = list(csv.DictReader(as_csv([found]).decode().splitlines()))

    names = {row[side] for row in rows for side in ("left", "right")}
    assert "'=1+1" in names
    assert "=1+1" not in names
    assert all(float(row["surprise_bits"]) > 0 for row in rows)


@pytest.mark.parametrize("made", [as_lines, as_json, page])
def test_it_is_said_that_this_is_no_proof(made: Made, found: Comparison) -> None:
    assert "no proof of copying" in made([found]).decode()
