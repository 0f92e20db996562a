"""How a run ended → what a student reads of it."""

from dataclasses import replace

import pytest

from grader.model import Ended, Fault, Run
from grader.reporting import explain
from grader.sandbox.box import kinds
from tests.samples_part import stopped

FAULT = Fault(
    "no_graph",
    type_name="RuntimeError",
    message="element 0 of tensors does not require grad\nand more lines",
    place="ex4.py",
    line=12,
    text="    loss.backward()\n",
)
NO_GRAPH = explain.words("no_graph")
OURS = ("timeout", "broken", "exited", "refused", "memory", "disk", "unparsable")  # of no exception


def test_a_fault_is_told_with_its_line_its_code_and_torchs_own_words() -> None:
    assert explain.fault(FAULT).splitlines() == [
        f"line 12: {NO_GRAPH}",
        "    loss.backward()",
        "    RuntimeError: element 0 of tensors does not require grad",
    ]


def test_a_long_message_is_cut_after_300_characters() -> None:
    """A student's own exception may hold a whole data set."""
    told = explain.fault(replace(FAULT, message="x" * 1000))

    assert told.splitlines()[-1] == f"    RuntimeError: {'x' * 300}"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_line_that_is_not_known_is_not_shown(text: str) -> None:
    assert len(explain.fault(replace(FAULT, text=text)).splitlines()) == 2


def test_without_a_place_the_words_stand_alone() -> None:
    assert explain.fault(Fault("no_graph")) == NO_GRAPH


@pytest.mark.parametrize("kind", ["timeout", "broken", "exited", "refused"])
def test_the_text_of_an_exception_that_is_ours_is_not_for_students(kind: str) -> None:
    told = explain.fault(replace(FAULT, kind=kind, message="a frame of 7 bytes"))

    assert "7 bytes" not in told
    assert told.splitlines()[1:] == ["    loss.backward()"]


# --- syntax errors -------------------------------------------------------------------------------


def test_a_caret_stands_below_the_column_of_a_syntax_error() -> None:
    wrong = Fault("syntax", "SyntaxError", "", "ex4.py", 2, column=11, text="    y = 3 x\n")

    assert explain.fault(wrong).splitlines()[1:] == [
        "    y = 3 x",
        "          ^",
    ]


def test_only_a_syntax_error_has_a_caret() -> None:
    assert "^" not in explain.fault(replace(FAULT, column=5))
    assert "^" not in explain.fault(replace(FAULT, kind="syntax", column=None))
    assert "^" not in explain.fault(replace(FAULT, kind="syntax", text="", column=5))


# --- where ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "line", "told"),
    [
        ("ex4.py", 12, "line 12"),  # one file was handed in: which one is plain
        ("cell 3", 4, "cell 3, line 4"),
        ("ex4.py", None, ""),
        ("", 0, "line 0"),
    ],
)
def test_a_line_is_named_with_its_cell(place: str, line: int | None, told: str) -> None:
    assert explain.at(replace(FAULT, place=place, line=line)) == told


# --- how a case ended ----------------------------------------------------------------------------


def test_of_an_open_case_the_line_is_told_and_no_text_of_the_exception() -> None:
    assert explain.brief(stopped("no_graph", line=3)) == f"line 3: {NO_GRAPH}"


def test_of_a_hidden_case_how_it_ended_is_told_and_not_by_which_error() -> None:
    assert explain.ending(Ended.ERROR) == "the code raised an error."
    assert explain.ending(Ended.FINISHED) == ""


def test_without_a_line_the_kind_alone_is_told() -> None:
    assert explain.brief(stopped("no_graph", line=None)) == NO_GRAPH


@pytest.mark.parametrize("run", [Run(Ended.FINISHED), Run(Ended.CRASHED)])
def test_of_a_run_without_a_fault_nothing_is_told(run: Run) -> None:
    assert explain.brief(run) == ""


def test_a_run_that_finished_has_no_ending_to_tell() -> None:
    assert explain.brief(stopped("no_graph", ended=Ended.FINISHED)) == ""


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted({*kinds.KINDS, *OURS} - {"other"}))
def test_each_kind_of_error_has_words_of_its_own(kind: str) -> None:
    others = {explain.words(other) for other in {*kinds.KINDS, *OURS} - {kind}}

    said = explain.words(kind)

    assert said.endswith((".", "?", "`", '"'))
    assert len(said.split()) > 3
    assert said not in others


def test_a_crash_is_told_by_its_signal() -> None:
    assert explain.words("signal_11") == "the process crashed (signal 11)."


def test_an_error_of_no_kind_is_just_an_error() -> None:
    assert explain.words("other") == "the code raised an error."


EXPLAINED = ("nonleaf_grad_read", "size_mismatch_broadcast", "scalar_conversion", "copy_construct")


@pytest.mark.parametrize("kind", EXPLAINED)
def test_what_torch_warns_of_is_explained(kind: str) -> None:
    others = {explain.warning(other) for other in EXPLAINED if other != kind}

    said = explain.warning(kind)

    assert said is not None
    assert len(said.split()) > 5
    assert said not in others


def test_a_graph_that_was_asked_for_is_no_matter_of_warning() -> None:
    assert explain.warning("create_graph_cycle") is None
