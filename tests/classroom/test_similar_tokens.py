"""What is compared of a text, and that any text is read, and soon."""

import time

import pytest

from grader.classroom.similar import fingerprints
from grader.classroom.similar.fingerprints import RUN, SURE, hashes, winnowed
from grader.classroom.similar.tokens import MOST_TOKENS, tokens

PLAIN = "def fit(X):\n    loss = ((X - 1) ** 2).mean()\n    loss.backward()\n    return loss\n"


def senses(text: str) -> list[str]:
    return [token.sense for token in tokens(text).code]


@pytest.mark.parametrize(
    "same",
    [
        "def fit(data):\n    L = ((data - 1) ** 2).mean()\n    L.backward()\n    return L\n",
        "def fit( X ) :\n\n\n  loss=((X-1)**2) \\\n     .mean() ; loss.backward()\n  return loss",
        '# mine\ndef fit(X):  # ok\n    """Fit."""\n' + PLAIN.split("\n", 1)[1],
    ],
    ids=["renamed", "laid out", "commented"],
)
def test_names_layout_and_comments_are_seen_through(same: str) -> None:
    assert senses(same) == senses(PLAIN)


@pytest.mark.parametrize(
    "other",
    [
        PLAIN.replace("backward", "forward"),
        PLAIN.replace("mean", "sum"),
        PLAIN.replace("** 2", "** 3"),
        PLAIN.replace("return", "yield"),
    ],
)
def test_what_torch_is_asked_for_is_not(other: str) -> None:
    assert senses(other) != senses(PLAIN)


def test_arguments_keep_their_names() -> None:
    assert "requires_grad" in senses("t = torch.tensor(w0, requires_grad=True)")
    assert "mine" not in senses("mine = 3")


def test_comments_and_docstrings_are_kept_aside() -> None:
    read = tokens('"""Says it."""\nx = f("""not this""")  # says more\n')

    assert read.asides == ('"""Says it."""', "# says more")


@pytest.mark.parametrize("torn", ["x = (1,\n", "def :\n", '"""never closed\n', "x = 'open\n", "\\"])
def test_broken_code_is_compared_by_what_can_be_read(torn: str) -> None:
    assert senses(torn + PLAIN)[-6:] == senses(PLAIN)[-6:]


@pytest.mark.parametrize(
    "unit",
    ["(", '"', '"""\\', "\"\"\"'''", "\\", "1e+", ".", "rb", "a", "'\\", "#", "\n", "é", "\ud800"],
)
def test_a_text_made_to_be_slow_is_not(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()

    read = tokens(text)

    assert time.process_time() - started < 10  # of processor time; what is slow takes minutes
    assert len(read.code) <= MOST_TOKENS
    assert read.cut


def test_what_is_shared_for_sure_is_found_and_what_is_short_never() -> None:
    """The guarantee of winnowing, at every place of a run in other code."""
    run = [f"shared{n}" for n in range(SURE)]
    for before in range(12):
        one = [*(f"one{n}" for n in range(before)), *run, *(f"after{n}" for n in range(9))]
        other = [*(f"other{n}" for n in range(11 - before)), *run]
        assert set(winnowed(hashes(one)).tolist()) & set(winnowed(hashes(other)).tolist())

    noise = [f"left{n}" for n in range(30)], [f"right{n}" for n in range(30)]
    for text in noise:
        text[10 : 10 + RUN - 1] = run[: RUN - 1]
    found = [set(winnowed(hashes(text)).tolist()) for text in noise]
    assert not found[0] & found[1]


def test_fingerprints_are_the_same_on_any_machine() -> None:
    assert winnowed(hashes(list("abcdefgh"))).tolist() == FINGERPRINTS
    assert fingerprints.hashes(["a"]).tolist() == []


FINGERPRINTS = [-6527089623448759611]
