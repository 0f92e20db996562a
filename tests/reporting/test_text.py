"""Text made visible, numbers made short."""

import pytest

from grader.reporting.exporters import text
from grader.reporting.shown import Numbers
from tests.samples_report import NASTY


@pytest.mark.parametrize(
    ("hidden", "seen"),
    [
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("\u202eabc", "\\u202eabc"),
        ("a\u200bb", "a\\u200bb"),
        ("\ud800", "\\ud800"),
        ("a\rb\x00", "a\\rb\\x00"),
        ("a\n\tb", "a\n\tb"),
        ("größer, 字, π, 🙂", "größer, 字, π, 🙂"),
        ("\U000e0041\u3164", "\\U000e0041\\u3164"),
    ],
)
def test_what_cannot_be_seen_is_shown(hidden: str, seen: str) -> None:
    assert text.visible(hidden) == seen


def test_what_is_cut_says_so() -> None:
    assert text.visible("a" * 30, longest=10) == "a" * 10 + "… (20 more characters)"


def test_visible_twice_is_visible_once() -> None:
    assert text.visible(text.visible(NASTY)) == text.visible(NASTY)


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ((), "0.333333"),
        ((1,), "[0.333333]"),
        ((2, 2), "[[0.333333, 1], [2, 3]]"),
        ((2, 3), "[[0.333333, 1, 2], [3, 4, 5]]"),
        ((7,), "7: [0.333333, 1, 2, 3, 4, 5, …]"),
        ((20, 30), "20x30: [0.333333, 1, 2, 3, 4, 5, …]"),
        ((2, 0), "2x0: []"),
        ((1, 1, 1, 1), "1x1x1x1: [0.333333]"),
    ],
)
def test_arrays_are_short(shape: tuple[int, ...], told: str) -> None:
    array = Numbers(shape=shape, values=())
    values = tuple([1 / 3, *range(1, 24)][: min(array.size, 24)])

    assert text.numbers(Numbers(shape=shape, values=values)) == told


def test_no_gradient_is_none() -> None:
    assert text.numbers(None) == "None"
