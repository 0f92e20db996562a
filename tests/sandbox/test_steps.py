"""The trace through a box: what is the same loop gives the same rows."""

from dataclasses import replace

import pytest

from grader.checks.trace import SAME, merged, steps_distance
from grader.model import Inputs, Run
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Harness
from grader.sandbox.runs import run_all
from tests.samples_box import HARNESS, job

LOOP = """
def f(x):
    w = torch.tensor(0.5, requires_grad=True)
    b = torch.tensor(-1.25, requires_grad=True)
    {start}
    for _ in range(3):
        {first}
        loss = ((w * X + b - y) ** 2).mean()
        {backward}
        {update}
        {last}
    return w
"""
SETUP = """import torch
X = torch.tensor([0.5, 1.5, 2.5])
y = torch.tensor([1.0, 2.5, 3.0])
"""
PLAIN = {
    "start": "pass",
    "first": "pass",
    "backward": "loss.backward()",
    "update": "with torch.no_grad(): w -= 0.1 * w.grad; b -= 0.1 * b.grad",
    "last": "w.grad.zero_(); b.grad.zero_()",
}
FIRST = "if w.grad is not None: w.grad.zero_(); b.grad.zero_()"
WATCHED: Harness = replace(HARNESS, watch={"w": "w0", "b": "b0"})
STARTS: Inputs = {"x": 0.0, "w0": 0.5, "b0": -1.25}


def loop(**changes: str) -> str:
    return SETUP + LOOP.format(**{**PLAIN, **changes})


def traced(sandbox: Sandbox, *sources: str, inputs: Inputs = STARTS) -> list[Run]:
    done = run_all(sandbox, [job(source, harness=WATCHED, inputs=inputs) for source in sources])
    assert all(run.fault is None for run in done), [run.fault for run in done]
    return done


@pytest.mark.parametrize(
    "changes",
    [
        {"first": FIRST, "last": "pass"},
        {"first": "w.grad = b.grad = None", "last": "pass"},
        {"last": "w.grad = None; b.grad = None"},
        {"update": "w.data -= 0.1 * w.grad; b.data -= 0.1 * b.grad"},
        {"update": "w.detach().sub_(0.1 * w.grad); b.detach().sub_(0.1 * b.grad)"},
        {
            "update": "w = (w - 0.1 * w.grad).detach().requires_grad_(); "
            "b = (b - 0.1 * b.grad).detach().requires_grad_()",
            "last": "pass",
        },
        {
            "start": "opt = torch.optim.SGD([w, b], lr=0.1)",
            "update": "opt.step()",
            "last": "opt.zero_grad()",
        },
        {
            "backward": "dw, db = torch.autograd.grad(loss, [w, b])",
            "update": "with torch.no_grad(): w -= 0.1 * dw; b -= 0.1 * db",
            "last": "pass",
        },
        {
            "start": "from torch.autograd import grad",
            "backward": "db, dw = grad(outputs=loss, inputs=(b, w))",
            "update": "with torch.no_grad(): w -= 0.1 * dw; b -= 0.1 * db",
            "last": "pass",
        },
        {"backward": "(0.25 * loss).backward(retain_graph=True); (0.75 * loss).backward()"},
        {"backward": "torch.autograd.backward([loss])"},
        {"start": "other = torch.zeros(3, requires_grad=True)"},
    ],
)
def test_every_way_to_write_the_loop_gives_the_same_rows(
    sandbox: Sandbox, changes: dict[str, str]
) -> None:
    plain, other = traced(sandbox, loop(), loop(**changes))

    assert plain.steps is not None
    assert other.steps is not None
    assert len(plain.steps) == 3
    assert steps_distance(merged(other.steps), merged(plain.steps)) < SAME


@pytest.mark.parametrize(
    "changes",
    [
        {"last": "pass"},
        {"last": "w.grad.zero_()"},
        {"update": "with torch.no_grad(): w += 0.1 * w.grad; b -= 0.1 * b.grad"},
        {"update": "pass"},
        {"backward": "(2 * loss).backward()"},
        {"backward": "loss.backward(retain_graph=True); loss.backward()"},
    ],
)
def test_another_loop_gives_other_rows(sandbox: Sandbox, changes: dict[str, str]) -> None:
    plain, other = traced(sandbox, loop(), loop(**changes))

    assert plain.steps is not None
    assert other.steps is not None
    assert steps_distance(merged(other.steps), merged(plain.steps)) > 0.01


def test_a_row_holds_value_gradient_before_and_after(sandbox: Sandbox) -> None:
    (run,) = traced(sandbox, loop(last="pass"))

    assert run.steps is not None
    first, second, _ = run.steps
    assert first.loss == pytest.approx(22 / 3)
    assert first.leaves["w"].value == 0.5
    assert first.leaves["w"].before is None
    assert second.leaves["w"].before == first.leaves["w"].after


def test_a_detached_leaf_is_seen_though_the_loss_does_not_reach_it(sandbox: Sandbox) -> None:
    source = loop(
        first="w0, w = w, w.detach()",
        backward="loss.backward(); w = w0",
        update="with torch.no_grad(): b -= 0.1 * b.grad",
        last="b.grad.zero_()",
    )

    (run,) = traced(sandbox, source)

    assert run.steps is not None
    assert [step.leaves["w"].after for step in run.steps] == [None, None, None]
    assert all(step.leaves["b"].after is not None for step in run.steps)


def test_leaves_that_start_alike_are_not_told_apart(sandbox: Sandbox) -> None:
    alike = loop().replace("-1.25", "0.5")

    (run,) = traced(sandbox, alike, inputs={"x": 0.0, "w0": 0.5, "b0": 0.5})

    assert run.steps is None


def test_leaves_that_start_elsewhere_are_not_named(sandbox: Sandbox) -> None:
    (run,) = traced(sandbox, loop(), inputs={**STARTS, "w0": 0.75})

    assert run.steps is None


def test_what_is_not_watched_has_no_rows(sandbox: Sandbox) -> None:
    (run,) = run_all(sandbox, [job(loop())])

    assert run.steps is None


def test_watching_changes_no_result(sandbox: Sandbox) -> None:
    watched, alone = (
        run_all(sandbox, [job(loop(), harness=harness, inputs=STARTS)])[0]
        for harness in (WATCHED, HARNESS)
    )

    assert repr(watched.observations) == repr(alone.observations)
