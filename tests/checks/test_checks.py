from dataclasses import replace

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from grader.checks import AnyCheck
from grader.checks.check import Check, find
from grader.model import (
    Ended,
    Fact,
    Fault,
    Inputs,
    Nothing,
    Number,
    Outcome,
    Parsed,
    Raised,
    Run,
    Tensor,
    Text,
)
from tests.samples_seen import Told, run_of, seen, step, tensor, view

NOTHING_SEEN = run_of()


def check(kind: str, **fields: object) -> Check:
    entry = {"id": "c", "kind": kind, "say": "It is right.", **fields}
    return TypeAdapter[Check](AnyCheck).validate_python(entry)


def outcome(rule: Check, got: Run, want: Run) -> Outcome:
    return rule.judge(view(got, want)).outcome


# --- every kind ----------------------------------------------------------------------------------

W = tensor([1.0, 2.0], grad=[3.0, 4.0])
RIGHT = replace(
    run_of(w=W, copy=tensor([1.0], storage=1), flag=True, error=Raised("no_graph"), count=3),
    inputs_after={"x": tensor([1.0, 2.0])},
    steps=(step(1.0, w=(1.0, None, 2.0)),),
)
WRONG = replace(
    run_of(w=replace(W, grad=None), copy=tensor([1.0]), flag=False, error=1.0, count=7),
    inputs_after={"x": tensor([1.0, 3.0])},
    steps=(),
)
KINDS: list[dict[str, object]] = [
    {"kind": "close", "of": ("w", "w.grad", "count")},
    {"kind": "state", "of": ("w.grad", "flag")},
    {"kind": "raises", "of": ("error",)},
    {"kind": "shares", "pairs": (("w", "copy"),)},
    {"kind": "unchanged", "of": ("x",)},
    {"kind": "bounded", "of": "count", "most": "n + 1"},
    {"kind": "bounded", "of": "steps", "least": 1},
    {"kind": "source", "forbid": ("*.backward",)},
]


@pytest.mark.parametrize("fields", KINDS)
def test_every_kind_passes_the_reference_and_fails_a_wrong_one(fields: dict[str, object]) -> None:
    rule = check(**fields)  # type: ignore[arg-type]
    inputs: Inputs = {"x": np.array([1.0, 2.0]), "n": 2}
    used = Parsed(facts=(Fact("call", "loss.backward", "f", "ex.py", 3),))

    right = rule.judge(view(RIGHT, RIGHT, inputs=inputs))
    wrong = rule.judge(view(WRONG, RIGHT, inputs=inputs, parsed=used))

    assert right.outcome is Outcome.PASS
    assert wrong.outcome is Outcome.FAIL
    assert wrong.message


@pytest.mark.parametrize("fields", KINDS[:-1])
def test_every_kind_fails_where_nothing_was_seen(fields: dict[str, object]) -> None:
    rule = check(**fields)  # type: ignore[arg-type]
    inputs: Inputs = {"x": np.array([1.0, 2.0]), "n": 2}

    assert rule.judge(view(NOTHING_SEEN, RIGHT, inputs=inputs)).outcome is Outcome.FAIL


def test_points_are_exact() -> None:
    assert check("close", of=("w",), points=0.1).worth * 10 == 1


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("w", W),
        ("w.requires_grad", Number(True)),
        ("w.is_leaf", Number(True)),
        ("w.grad_fn", Nothing()),
        ("w.dtype", Text("float32")),
        ("w.shape", Text("(2,)")),
        ("w.version", Number(0)),
        ("w.nothing", None),
        ("w.value", None),
        ("w.storage", None),
        ("flag.grad", None),
        ("unknown", None),
    ],
)
def test_a_path_leads_to_an_observation(path: str, there: object) -> None:
    assert find(RIGHT, path) == there


# --- close ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (None, "`w.grad` is None"),
        ([3.0, 5.0], "`w.grad` is 5 at [1], should be 4"),
        ([6.0, 8.0], "`w.grad` is twice what it should be (is 6 at [0], should be 3)"),
    ],
)
def test_a_gradient_is_judged_by_value(got: object, words: str) -> None:
    run = run_of(w=tensor([1.0, 2.0], grad=got))

    assert check("close", of=("w.grad",)).judge(view(run, RIGHT)).message == words


def test_the_data_tells_n_times_from_any_factor() -> None:
    inputs: Inputs = {"X": np.arange(17.0), "y": np.arange(17.0)}

    found = check("close", of=("b",)).judge(view(run_of(b=34.0), run_of(b=2.0), inputs=inputs))

    assert found.hint == "`b` is 17 times what it should be (one for each data point)"


@pytest.mark.parametrize(("exact", "right"), [(False, Outcome.PASS), (True, Outcome.FAIL)])
def test_the_dtype_counts_where_it_is_asked_for(exact: bool, right: Outcome) -> None:  # noqa: FBT001
    double = run_of(w=tensor([1.0, 2.0], dtype="float64"))

    assert outcome(check("close", of=("w",), exact=exact), double, RIGHT) is right


def test_exact_leaves_numbers_alone() -> None:
    rule = check("close", of=("count",), exact=True)

    assert outcome(rule, run_of(count=tensor(3.0)), RIGHT) is Outcome.PASS


# --- state ---------------------------------------------------------------------------------------


def judged(kind: str, got: Told, want: Told) -> str:
    return check(kind, of=("y",)).judge(view(run_of(y=got), run_of(y=want))).message


@pytest.mark.parametrize(
    ("got", "want", "words"),
    [
        (None, tensor([0.0]), "`y` is None, should be zeros"),
        (tensor([0.0]), tensor([2.0]), "`y` is zeros, should be a value"),
        (tensor([5.0]), tensor([2.0]), ""),
        (0.5, 0.25, ""),
        (0.0, 0.25, "`y` is zero, should be a value"),
        (1, True, "`y` is 1, should be True"),
        (2, 3, "`y` is 2, should be 3"),
        (Text("Mul"), Text("Add"), "`y` is Mul, should be Add"),
        ([True, False], [True, True], "`y[1]` is False, should be True"),
        ([[1, None]], [[1, tensor([1.0])]], "`y[0][1]` is None, should be a value"),
        ([True], [True, True], "`y` is a list of 1, should be a list of 2"),
        (True, [True], "`y` is True, should be a list of 1"),
    ],
)
def test_a_state_is_compared_without_values(got: Told, want: Told, words: str) -> None:
    assert judged("state", got, want) == words


# --- the others ----------------------------------------------------------------------------------


def test_the_kind_of_an_error_counts() -> None:
    assert judged("raises", Raised("other"), Raised("no_graph")) == (
        "`y` raised other, should raise no_graph"
    )
    assert judged("raises", Raised("other"), 3.0) == "`y` raised other, should raise no error"
    assert judged("raises", 4.0, 3.0) == ""


def test_what_is_no_tensor_shares_nothing() -> None:
    rule = check("shares", pairs=(("w", "copy"),))
    apart = run_of(w=W, copy=1.0)

    assert rule.judge(view(apart, RIGHT)).message == "`w` and `copy` should not share memory"


@pytest.mark.parametrize(
    ("before", "after", "right"),
    [
        (np.array([0.1, 0.2]), tensor(np.array([0.1, 0.2], np.float32).astype(float)), True),
        (np.array([0.1, 0.2]), tensor([0.1, 0.2001]), False),
        (np.array([0.1, 0.2]), tensor([[0.1, 0.2]]), False),
        (np.array([1, 2]), tensor([1, 2]), True),
        ([np.ones(2), np.ones(3)], [tensor([1.0] * 2), tensor([1.0] * 3)], True),
        ([np.ones(2), np.ones(3)], [tensor([1.0] * 2), tensor([1.0, 1.0, 2.0])], False),
        ([np.ones(2), np.ones(3)], [tensor([1.0] * 2)], False),
        ([0.5, 1.5], [0.5, 1.5], True),
        ([0.5, 1.5], [0.5, None], False),
        (0.5, 0.5, True),
        ("text", Text("text"), True),
    ],
)
def test_inputs_stay_as_they_are(before: object, after: Told, right: bool) -> None:  # noqa: FBT001
    run = Run(Ended.FINISHED, inputs_after={"x": seen(after)})
    inputs: Inputs = {"x": before}  # type: ignore[dict-item]

    found = check("unchanged", of=("x",)).judge(view(run, run, inputs=inputs))

    assert (found.outcome is Outcome.PASS) == right


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "`count` is 1, should be at least 2"),
        (2, ""),
        (6, ""),
        (7, "`count` is 7, should be at most 6"),
        (tensor([1.0, 2.0]), "`count` is not a number"),
    ],
)
def test_a_count_has_bounds(count: Told, words: str) -> None:
    rule = check("bounded", of="count", least="n", most="3 * n")

    assert rule.judge(view(run_of(count=count), RIGHT, inputs={"n": 2})).message == words


def test_steps_are_counted() -> None:
    rule = check("bounded", of="steps", most=1)
    three = replace(RIGHT, steps=RIGHT.steps * 3 if RIGHT.steps else ())

    assert outcome(rule, three, RIGHT) is Outcome.FAIL
    assert outcome(rule, replace(RIGHT, steps=None), RIGHT) is Outcome.FAIL


@pytest.mark.parametrize("fields", [{"kind": "bounded", "of": "n"}, {"kind": "source"}])
def test_a_rule_that_asks_for_nothing_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="needs"):
        check(**fields)  # type: ignore[arg-type]


# --- by hand or by autograd ----------------------------------------------------------------------

BY_HAND = check("derived", by="hand", within=("f",))
BY_AUTOGRAD = check("derived", by="autograd", of=("w",), within=("f",))
ASKS = Fact("call", "loss.backward", "f", "ex.py", 3)
OTHER = Fact("call", "torch.tensor", "f", "ex.py", 2)


def derived(rule: Check, *facts: Fact, at_work: bool) -> str:
    """What is said of a run in which autograd was, or was not, seen at work."""
    run = run_of(**{"autograd.used": at_work, "w.from_autograd": at_work})
    return rule.judge(view(run, run, parsed=Parsed(facts=facts))).message


def test_by_hand_run_and_source_must_agree() -> None:
    assert derived(BY_HAND, OTHER, at_work=False) == ""
    assert "line 3: `loss.backward` may not be used here" in derived(
        BY_HAND, OTHER, ASKS, at_work=False
    )
    assert "autograd was at work" in derived(BY_HAND, OTHER, at_work=True)


def test_by_autograd_run_and_source_must_agree() -> None:
    assert derived(BY_AUTOGRAD, OTHER, ASKS, at_work=True) == ""
    assert "nothing in your code asks autograd" in derived(BY_AUTOGRAD, OTHER, at_work=True)
    assert "`w.grad` holds does not come from autograd" in derived(BY_AUTOGRAD, ASKS, at_work=False)


@pytest.mark.parametrize(
    "door",
    ["eval", "getattr(…)", "sys._getframe", "torch._make_dual", "torch.fx.symbolic_trace"],
)
def test_by_hand_nobody_needs_a_back_door(door: str) -> None:
    assert derived(BY_HAND, Fact("call", door, "f", "ex.py", 3), at_work=False) != ""


def test_a_method_of_the_file_s_own_is_not_pytorch_s() -> None:
    """Who writes an engine of their own calls it `backward`."""
    own = Fact("def", "backward", "Value", "ex.py", 1)

    assert derived(BY_HAND, ASKS, own, at_work=False) == ""
    assert derived(BY_HAND, own, replace(ASKS, what="torch.autograd.backward"), at_work=False) != ""


def test_what_nobody_saw_counts_as_seen() -> None:
    empty = run_of(y=1.0)

    for rule in (BY_HAND, BY_AUTOGRAD):
        assert outcome(rule, empty, empty) is Outcome.FAIL


@pytest.mark.parametrize(
    "parsed",
    [
        Parsed(fault=Fault("syntax")),
        Parsed(facts=(Fact("cut", "", "", "", 0), Fact("call", "loss.backward", "f", "ex.py", 3))),
    ],
)
def test_what_could_not_be_looked_through_breaks_a_rule_of_the_source(parsed: Parsed) -> None:
    rules = [BY_HAND, check("source", forbid=("*.data",)), check("source", require=("*.backward",))]
    run = run_of(**{"autograd.used": False})

    assert {rule.judge(view(run, run, parsed=parsed)).outcome for rule in rules} == {Outcome.FAIL}


@pytest.mark.parametrize("fields", [{"by": "hand", "of": ("w",)}, {"by": "autograd"}])
def test_only_autograd_fills_something(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="needs `of`"):
        check("derived", within=("f",), **fields)


FACTS = (
    Fact("leads", "helper", "f", "ex.py", 2),
    Fact("call", "torch.autograd.grad", "helper", "ex.py", 7),
    Fact("bare", "w.grad.zero_", "f", "ex.py", 3),
    Fact("name", "w.data", "other", "ex.py", 9),
)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"forbid": ("torch.autograd.*",)}, "ex.py, line 7: `torch.autograd.grad` may not be used"),
        ({"forbid": ("torch.autograd.*",), "within": ("f",)}, "line 7: `torch.autograd.grad`"),
        ({"forbid": ("torch.autograd.*",), "within": ("other",)}, ""),
        ({"forbid": ("*.data",)}, "ex.py, line 9: `w.data` may not be used here"),
        ({"forbid": ("*.zero_",)}, ""),
        ({"require": ("*.backward",)}, "the task asks for `backward`, which is not used"),
        ({"require": ("torch.autograd.grad",), "within": ("f",)}, ""),
    ],
)
def test_a_rule_about_the_source(fields: dict[str, object], words: str) -> None:
    rule = check("source", **fields)

    message = rule.judge(view(RIGHT, RIGHT, parsed=Parsed(facts=FACTS))).message

    assert words in message
    assert bool(words) == bool(message)


@pytest.mark.parametrize(
    ("got", "want", "right"),
    [
        (6.0, 6.0, True),
        (6, tensor(6.0), True),
        (0.33, 1 / 3, True),
        (0.34, 1 / 3, False),
        (12345.6, 12345.67, True),
        ([1.0, 2.0], tensor([1.0, 2.0]), True),
        (6.0, tensor([6.0]), True),
        ([1.0, 2.0], tensor([1.0, 3.0]), False),
        ([1.0, 2.0], 1.0, False),
        (True, True, True),
        (1, True, False),
        (True, 1.0, False),
        (None, None, True),
        (0.0, None, False),
        (None, 0.0, False),
        (Text("no_graph"), Text("no_graph"), True),
        (Text("6"), 6.0, False),
        (3.0, float("inf"), False),
        (3.0, float("nan"), False),
        (3.0, tensor([float("inf")]), False),
    ],
)
def test_an_answer_is_right_to_two_decimals(got: Told, want: Told, right: bool) -> None:  # noqa: FBT001
    parsed = Parsed(answers={"y": seen(got)})

    found = check("answers").judge(view(NOTHING_SEEN, run_of(y=want), parsed=parsed))

    assert found.outcome is (Outcome.PASS if right else Outcome.FAIL)


def test_a_wrong_answer_is_not_put_right() -> None:
    wrong = check("answers").judge(
        view(NOTHING_SEEN, run_of(y=1234.5), parsed=Parsed(answers={"y": Number(1.0)}))
    )
    none = check("answers").judge(view(NOTHING_SEEN, run_of(y=1234.5)))

    assert (wrong.message, wrong.hint) == ("`y` is not what happens",) * 2
    assert none.message.startswith("`y` holds no answer")


def test_the_gradient_of_a_tensor_is_a_tensor() -> None:
    grad = find(RIGHT, "w.grad")

    assert isinstance(grad, Tensor)
    assert grad.value.tolist() == [3.0, 4.0]
