"""What a student can read of hidden cases, whatever their code did there: a few closed choices."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import AnyCheck
from grader.checks.check import View
from grader.course.format import Exercise
from grader.course.loading import load_course, load_exercise
from grader.course.parts.code import CodePart
from grader.course.parts.part import AnyPart
from grader.course.parts.predict import PredictPart
from grader.judging import judge
from grader.judging.keys import Drawn, Key
from grader.model import (
    Cell,
    Ended,
    Fault,
    Items,
    Nothing,
    Number,
    Observation,
    Other,
    Outcome,
    Parsed,
    Raised,
    Run,
    Tensor,
    Text,
    Tried,
)
from grader.reporting import explain, notes
from grader.reporting.report import WRONG, Audience, Report, report
from grader.sandbox.box.kinds import KINDS
from tests.samples_report import matched
from tests.samples_seen import run_of, tensor
from tests.shops import ROOT

SECRET = "1.2345"
CELLS = (Cell("cell 1", "\n" * 700), Cell("cell 3", "\n" * 700))
FROM_OUTSIDE = {"refused", "exited", "disk", "crashed"}  # what the parent calls an ending
ENDINGS = frozenset(Ended) - {Ended.FINISHED, Ended.BROKEN}
LENGTHS = 3  # of the data of one case, at most, that a factor is recognised by

# --- the closed choices --------------------------------------------------------------------------

PREDICATES = {
    "has another dtype",
    "has another number of entries",
    "has another shape",
    "has the opposite sign",
    "is None",
    "is NaN",
    "is a running sum: row k is the sum of all rows up to k",
    "is another text",
    "is half of what it should be",
    "is infinite",
    "is missing",
    "is not None",
    "is not finite",
    "is of another kind than it should be",
    "is shifted by one step",
    "is transposed",
    "is twice what it should be",
    "is wrong",
    "is zero everywhere",
    "is zero",
    "raised another error",
    "raised no error",
}
FACTOR = re.compile(
    r"is (-?\d+ times|-?1/\d+ of) what it should be"
    r"( \((one for each data point|divided by the number of data points)\))?"
)
FACTORS = 2 * 2 * (3 + LENGTHS)  # signs, times or parts of, 2 to 4 and the sizes of the data
STATES = ("missing", "None", "True", "False", "zeros", "zero", "a value")
MOST_ITEMS = 20


def choices(check: AnyCheck) -> int:
    """How many hints there are for a check in one case."""
    match check.kind:
        case "close":
            return len(check.of) * (len(PREDICATES) + FACTORS)
        case "state":
            return len(check.of) * MOST_ITEMS * (len(STATES) + 1)
        case "raises":
            return len(check.of) * (len(KINDS) + 1)
        case "shares":
            return len(check.pairs)
        case "unchanged":
            return len(check.of)
        case "bounded":
            return 3
    return 0


def is_hint(words: str) -> bool:
    """Whether it is one of those that are counted."""
    name, _, predicate = words.partition("` ")
    name = name.removeprefix("`")
    known = {
        *PREDICATES,
        *(f"is {state}, should be {want}" for state in STATES for want in (*STATES, "a list of 2")),
        *(f"raised {kind}, should raise no error" for kind in KINDS),
        "is not as it should be",
        "is not a number",
        "is too small",
        "is too large",
        "was changed: work on a copy of what you are handed",
        "and `v` should share memory",
        "and `v` should not share memory",
    }
    closed = predicate in known or FACTOR.fullmatch(predicate)
    return name.split("[")[0] in NAMES and bool(closed)


def notes_of_hidden() -> Iterator[str]:
    words = {explain.words(kind) for kind in KINDS | FROM_OUTSIDE}
    for said in words:
        yield f"in a hidden case: {said}"
        for line in range(1, 702):
            yield f"in a hidden case, cell 1, line {line}: {said}"
            if 701 + line <= notes.MOST_LINES:
                yield f"in a hidden case, cell 3, line {line}: {said}"


# --- how many bits that are ----------------------------------------------------------------------


def bits(part: AnyPart) -> tuple[float, float]:
    """What one attempt can learn of one hidden case, and of all of a part's, at most."""
    cases = [case.id for case in part.cases if not case.open for _ in range(case.times)]
    hints = sum(choices(check) for check in part.checks if check.runs_code)
    words = len({explain.words(kind) for kind in KINDS | FROM_OUTSIDE})
    once = sum(
        math.log2(1 + ways) for ways in (hints, words * (notes.MOST_LINES + 1), diagnoses(part))
    )
    each = [math.log2(2 ** judged(part, case) + len(ENDINGS)) for case in cases]
    return once + max(each), once + sum(each)


def judged(part: AnyPart, case: str) -> int:
    """By how many checks."""
    return sum(check.runs_code and check.covers(case) for check in part.checks)


def diagnoses(part: AnyPart) -> int:
    """Each mistake or class of equal ones, for sure or as a frequent cause, and one hint."""
    return 2 * len(part.mistakes) + 1


def parts_of(exercise: Exercise) -> Iterator[AnyPart]:
    for part in exercise.parts:
        if not isinstance(part, PredictPart) and any(not case.open for case in part.cases):
            yield part


def test_the_readme_says_how_many_bits_an_attempt_can_learn() -> None:
    course = load_course(ROOT)
    exercises = [
        load_exercise(course, path.stem.split("_")[0].replace("x0", "x"))
        for path in sorted((ROOT / "exercises").glob("ex*.yaml"))
    ]
    found = [bits(part) for exercise in exercises for part in parts_of(exercise)]
    one, every = (math.ceil(max(sums)) for sums in zip(*found, strict=True))

    text = " ".join((ROOT / "README.md").read_text().split())
    said = re.search(r"at most (\d+) bits of one hidden case and (\d+) of all", text)

    assert said
    assert one <= int(said[1]) < one + 5
    assert every <= int(said[2]) < every + 5


# --- whatever was forged -------------------------------------------------------------------------

WATCHED = ("w", "w.grad", "losses")
PART = CodePart.model_validate(
    {
        "id": "fit",
        "kind": "code",
        "title": "Fit",
        "todo": {"all": {"say": "Write it."}},
        "cases": ({"id": "open", "open": True}, {"id": "far", "times": 3}),
        "checks": (
            {
                "id": "c",
                "kind": "close",
                "of": ("w", "w.grad", "losses"),
                "exact": True,
                "say": "c",
            },
            {"id": "s", "kind": "state", "of": ("w.grad", "flags"), "needs": "c", "say": "s"},
            {"id": "r", "kind": "raises", "of": ("error",), "say": "r"},
            {"id": "m", "kind": "shares", "pairs": (("w", "v"),), "say": "m"},
            {"id": "u", "kind": "unchanged", "of": ("X",), "say": "u"},
            {"id": "b", "kind": "bounded", "of": "count", "most": 3, "say": "b"},
        ),
    }
)
NAMES = {"w", "w.grad", "losses", "flags", "error", "X", "count"}
RIGHT = replace(
    run_of(
        w=tensor([1.0, 2.0, 4.0], grad=[1.0, 0.5, 3.0]),
        v=tensor([1.0, 2.0, 4.0], storage=1),
        losses=[3.0, 2.0, 0.5],
        flags=[True, None],
        error=Nothing(),
        count=2,
    ),
    inputs_after={"X": tensor([1.0, 2.0])},
)
IDS = ("open", "far.1", "far.2", "far.3")
KEY = Key(
    tuple(Drawn(id_, id_ != "open", "float32", {"X": np.array([1.0, 2.0])}) for id_ in IDS),
    dict.fromkeys(IDS, RIGHT),
)

NUMBERS = st.floats(width=64) | st.integers(-(2**63), 2**63) | st.booleans()
VALUES = st.lists(st.floats(width=32), max_size=4).map(np.array) | st.sampled_from(
    [np.array([2.0, 4.0, 8.0]), np.array([[1.0, 2.0]]), np.array(1.0), np.array([True])]
)
TENSORS = st.builds(
    Tensor,
    VALUES,
    st.sampled_from(["float32", "float64", SECRET]),
    requires_grad=st.booleans(),
    is_leaf=st.booleans(),
    grad=st.none() | VALUES,
    grad_fn=st.none() | st.just(SECRET),
    storage=st.integers(0, 2),
    version=st.integers(0, 3),
)
PLAIN = (
    NUMBERS.map(Number)
    | st.just(Text(SECRET))
    | st.just(Nothing())
    | st.sampled_from(sorted(KINDS)).map(Raised)
    | st.just(Other(SECRET))
    | TENSORS
)
OBSERVATIONS: st.SearchStrategy[Observation] = PLAIN | st.lists(PLAIN, max_size=4).map(
    lambda items: Items(tuple(items))
)
FAULTS = st.builds(
    Fault,
    st.sampled_from([*sorted(KINDS | FROM_OUTSIDE - {"crashed"}), "signal_11", "signal_33"]),
    type_name=st.just(SECRET),
    message=st.just(SECRET),
    place=st.sampled_from(["cell 1", "cell 3"]),
    line=st.none() | st.integers(1, 701),
    text=st.just(SECRET),
)
SEEN = st.dictionaries(st.sampled_from(sorted(NAMES - {"X", "w.grad"} | {"v"})), OBSERVATIONS)
RUNS = st.builds(
    Run,
    st.sampled_from(sorted(ENDINGS | {Ended.FINISHED})),
    SEEN.map(lambda some: {**RIGHT.observations, **some}) | SEEN,
    inputs_after=st.just(RIGHT.inputs_after) | st.dictionaries(st.just("X"), OBSERVATIONS),
    fault=FAULTS,
    cell_faults=st.lists(FAULTS, max_size=3).map(tuple),
    warnings=st.lists(st.sampled_from([SECRET, "copy_construct"])).map(tuple),
    output=st.just(SECRET),
)
HIDDEN = st.fixed_dictionaries(dict.fromkeys(IDS[1:], RUNS))


def read_by_a_student(seen: Mapping[str, Run]) -> Report:
    checks = judge.judge_runs(PART, KEY, seen, Parsed())
    part = judge.part_verdict(PART, checks)
    whole = matched()
    verdict = replace(whole.verdict, parts=(part,), outcome=Outcome.FAIL)
    tried = tuple(Tried(PART.id, case, run) for case, run in seen.items())
    graded = replace(
        whole,
        submission=replace(whole.submission, cells=CELLS),
        verdict=verdict,
        tried=tried,
        diagnoses=(),
        exhibits=(),
    )
    return report(graded, Audience.STUDENT)


def skeleton(shown: Report) -> str:
    """A report without what is counted: outcomes, endings, one hint, one note."""
    blank = {"outcome": Outcome.PASS, "message": "", "points": 0.0}
    checks = tuple(
        check.model_copy(
            update={
                **blank,
                "cases": tuple(
                    case.model_copy(
                        update={**blank, "ended": Ended.FINISHED} if case.hidden else {}
                    )
                    for case in check.cases
                ),
            }
        )
        for check in shown.checks
    )
    parts = tuple(
        part.model_copy(update={"notes": (), "outcome": Outcome.PASS}) for part in shown.parts
    )
    return shown.model_copy(update={"checks": checks, "parts": parts}).model_dump_json()


CONSTANT = {
    "",
    WRONG,
    "not looked at: it needs `c` first",
    *(explain.ending(ended) for ended in ENDINGS),
}
NOTES = frozenset(notes_of_hidden())


@given(HIDDEN)
def test_a_report_holds_of_hidden_cases_what_is_counted_and_nothing_else(
    hidden: dict[str, Run],
) -> None:
    shown = read_by_a_student({"open": RIGHT, **hidden})

    cases = [case for check in shown.checks for case in check.cases if case.hidden]
    hints = [case.message for case in cases if case.message not in CONSTANT]
    assert len(hints) <= 1
    assert all(map(is_hint, hints)), hints
    assert len(shown.parts[0].notes) <= 1
    assert NOTES.issuperset(shown.parts[0].notes)
    assert {check.message for check in shown.checks} <= {*CONSTANT, *hints}
    assert skeleton(shown) == skeleton(read_by_a_student(dict.fromkeys(IDS, RIGHT)))


@pytest.mark.parametrize("check", PART.checks, ids=lambda check: check.kind)
@given(run=RUNS)
def test_a_check_hints_at_what_is_counted_and_nothing_else(check: AnyCheck, run: Run) -> None:
    found = check.judge(View(run, RIGHT, KEY.cases[1].inputs, Parsed()))

    assert (found.hint == "") == (found.outcome is Outcome.PASS)
    assert not found.hint or is_hint(found.hint), found.hint


@pytest.mark.parametrize("line", [1, 701])
def test_a_line_that_is_far_down_is_not_told(line: int) -> None:
    fault = Fault("no_graph", place="cell 3", line=line)
    failed = replace(RIGHT, ended=Ended.ERROR, fault=fault)

    (note,) = read_by_a_student({**dict.fromkeys(IDS, RIGHT), "far.2": failed}).parts[0].notes

    assert ("line" in note) == (line == 1)
