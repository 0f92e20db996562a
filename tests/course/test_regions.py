import pytest

from grader.course.regions import Swap, is_mark, parse, region_of, replaced, strip_marks
from grader.errors import AuthorError

TEXT = """\
def f(x):
    # <outer>
    y = x
    # <inner>
    z = 2 * y
    # </inner>
    # </outer>
    return z
"""


def test_a_region_is_what_stands_between_its_marks() -> None:
    assert parse(TEXT, "f.py").code("inner") == "z = 2 * y"


def test_code_has_no_inner_marks() -> None:
    assert parse(TEXT, "f.py").code("outer") == "y = x\nz = 2 * y"


def test_regions_nest() -> None:
    solution = parse(TEXT, "f.py")

    assert solution.regions["inner"].parent == "outer"
    assert solution.holds("outer", "inner")
    assert solution.holds("outer", "outer")
    assert not solution.holds("inner", "outer")
    assert not solution.holds("outer", "nowhere")


def test_new_code_is_indented_like_its_region() -> None:
    text = replaced(parse(TEXT, "f.py"), {"inner": "if y:\n    z = 1"})

    assert "    # <inner>\n    if y:\n        z = 1\n    # </inner>\n" in text


def test_empty_code_becomes_pass() -> None:
    assert "    pass\n" in replaced(parse(TEXT, "f.py"), {"inner": ""})


def test_a_swap_changes_one_place() -> None:
    assert "z = 3 * y" in replaced(parse(TEXT, "f.py"), {"inner": Swap("2", "3")})


@pytest.mark.parametrize("old", ["y", "nothing"])
def test_a_swap_must_match_once(old: str) -> None:
    with pytest.raises(AuthorError, match="times, not once"):
        replaced(parse(TEXT, "f.py"), {"outer": Swap(old, "q")})


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(AuthorError, match="no region <nowhere>"):
        replaced(parse(TEXT, "f.py"), {"nowhere": ""})


def test_a_region_and_one_inside_it_cannot_both_be_changed() -> None:
    with pytest.raises(AuthorError, match="<inner> lies inside <outer>"):
        replaced(parse(TEXT, "f.py"), {"inner": "", "outer": ""})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# <a>\n", "f.py:1:1: <a> is never closed"),
        ("# </a>\n", "f.py:1:1: </a> closes no open <a>"),
        ("# <a>\n# <b>\n# </a>\n# </b>\n", "f.py:3:1: </a> closes no open <a>"),
        ("# <a>\n# </a>\n# <a>\n# </a>\n", "f.py:3:1: region <a> stands twice"),
        ("# <a>\n# <a>\n# </a>\n# </a>\n", "f.py:2:1: region <a> stands twice"),
    ],
)
def test_marks_pair_up(text: str, says: str) -> None:
    with pytest.raises(AuthorError) as error:
        parse(text, "f.py")

    assert says in str(error.value)


def test_marks_are_comments_of_their_own() -> None:
    assert is_mark("    # </loss>")
    assert not is_mark("x = 1  # <loss>")
    assert strip_marks("a\n# <b>\nc") == "a\nc"


def test_a_part_id_becomes_a_name() -> None:
    assert region_of("by-hand.2") == "by_hand_2"
