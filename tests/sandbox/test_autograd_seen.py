"""Through a box: who took the derivative, by whatever way and under whatever name."""

from dataclasses import replace

import pytest

from grader.model import Ended, Number, Run
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Harness
from grader.sandbox.runs import run_all
from tests.samples_box import HARNESS, job

DRIVE = "def drive(x):\n    return {'y': f(x)}\n"
BY_HAND: Harness = replace(HARNESS, drive=DRIVE, autograd="nodes")
WATCHED: Harness = replace(BY_HAND, autograd="passes")
CUBE = "lambda t: t**3"
WAYS = {
    "backward": "def f(x):\n    t = leaf(x)\n    (t**3).backward()\n    return t.grad",
    "grad": "def f(x):\n    t = leaf(x)\n    return torch.autograd.grad(t**3, t)[0]",
    "bound before": "go = torch.Tensor.backward\ndef f(x):\n    t = leaf(x)\n    go(t**3)\n",
    "not a function of its own": f"f = torch.func.grad({CUBE})",
    "forward mode": f"def f(x):\n    return torch.func.jvp({CUBE}, (x,), (x,))[1]",
    "jacobian": f"def f(x):\n    return torch.autograd.functional.jacobian({CUBE}, x)",
    "hidden": "def f(x):\n    t = leaf(x)\n    exec('(t**3).back' + 'ward()', {'t': t})\n",
    "in a thread": (
        "import threading\ndef f(x):\n    t = leaf(x)\n"
        "    thread = threading.Thread(target=(t**3).backward)\n    thread.start()\n"
        "    thread.join()\n    return t"
    ),
    "when it is looked at": (
        "class Late(float):\n    def __float__(self):\n        (leaf(x0)**3).backward()\n"
        "        return 1.0\ndef f(x):\n    global x0\n    x0 = x\n    return Late(0.0)"
    ),
    "another engine": (
        "def f(x):\n    torch.autograd.Variable._execution_engine = torch._C._ImperativeEngine()\n"
        "    return x"
    ),
    "node by node": "def f(x):\n    return (leaf(x)**3).grad_fn(torch.ones(()))",
    "by the dispatcher": (
        "def f(x):\n    t = leaf(x)\n    torch.ops.aten._backward(t**3, [t])\n    return t.grad"
    ),
}
OTHERS = {
    "arithmetic": "def f(x):\n    return 3 * x**2",
    "a record that nobody reads": "def f(x):\n    return (3 * leaf(x)**2).detach()",
    "vmap": "def f(x):\n    return torch.func.vmap(lambda t: 3 * t**2)(x.reshape(1))",
    "before it is called": "t = torch.ones((), requires_grad=True)\n(t**3).backward()\n"
    "print(torch.func.grad(lambda t: t**3)(t))\ndef f(x):\n    return 3 * x**2",
}
LEAF = "import torch\ndef leaf(x):\n    return x.clone().requires_grad_()\n"


def seen(sandbox: Sandbox, harness: Harness, *sources: str, x: float = 0.5) -> list[Run]:
    """What was seen of `f`, called with a tensor."""
    drive = harness.drive.replace("f(x)", "f(torch.tensor(x))")
    framed = replace(harness, drive=drive)
    jobs = [job(LEAF + source, harness=framed, inputs={"x": x}) for source in sources]
    done = run_all(sandbox, jobs)
    assert [run.fault for run in done if run.ended is not Ended.FINISHED] == []
    return done


def test_every_way_to_a_derivative_is_seen(sandbox: Sandbox) -> None:
    runs = seen(sandbox, BY_HAND, *WAYS.values())

    used = {way: run.observations["autograd.used"] for way, run in zip(WAYS, runs, strict=True)}
    assert used == dict.fromkeys(WAYS, Number(value=True))


def test_what_is_no_derivative_is_not_taken_for_one(sandbox: Sandbox) -> None:
    runs = seen(sandbox, BY_HAND, *OTHERS.values())

    used = {way: run.observations["autograd.used"] for way, run in zip(OTHERS, runs, strict=True)}
    assert used == dict.fromkeys(OTHERS, Number(value=False))


def test_nothing_is_said_where_nobody_asks(sandbox: Sandbox) -> None:
    (run,) = seen(sandbox, HARNESS, OTHERS["arithmetic"])

    assert set(run.observations) == {"y"}


# --- what a `.grad` holds ------------------------------------------------------------------------

FILLED = [
    "(t**3).backward()",
    "torch.autograd.backward([t**3])",
    "t.grad = torch.autograd.grad(t**3, t)[0]",
    "t.grad = torch.tensor(torch.autograd.grad(t**3, t)[0].item())",
    "t.grad = sum(torch.autograd.grad(part, t)[0] for part in (t**3, t**2, 4 * t))",
    "(t**3 / 4).backward(); (3 * t**3 / 4).backward()",
    f"t.grad = torch.func.grad({CUBE})(t.detach())",
    f"t.grad = torch.func.jacfwd({CUBE})(t.detach())",
    f"t.grad = torch.func.jacrev({CUBE})(t.detach())",
    f"t.grad = torch.func.vjp({CUBE}, t.detach())[1](torch.ones(()))[0]",
    f"t.grad = torch.autograd.functional.jacobian({CUBE}, t.detach())",
    "t.grad = torch.ones(()); (t**3).backward()",
]
BY_FORMULA = [
    "t.grad = 3 * t.detach()**2",
    "(0 * t**3).backward(); t.grad = 3 * t.detach()**2",
    "torch.autograd.grad(t**2, t); t.grad = 3 * t.detach()**2",
    "(t**3).backward(); t.grad = t.grad * 2",
    "torch.func.grad(lambda t: t**2)(t.detach()); t.grad = 3 * t.detach()**2",
    "torch.func.jvp(lambda t: t**2, (t,), (t,)); t.grad = 3 * t.detach()**2",
    "(t**3).backward(); t.grad = None",
    "(t**3).backward(); t.grad.zero_()",
    "(t**3).backward",
]


@pytest.mark.parametrize(("lines", "filled"), [(FILLED, True), (BY_FORMULA, False)])
def test_a_grad_is_told_from_what_only_looks_like_one(
    sandbox: Sandbox, lines: list[str], *, filled: bool
) -> None:
    sources = [f"def f(x):\n    t = leaf(x)\n    {line}\n    return t" for line in lines]

    runs = seen(sandbox, WATCHED, *sources, x=0.7)

    found = {
        line: run.observations["y.from_autograd"] for line, run in zip(lines, runs, strict=True)
    }
    assert found == dict.fromkeys(lines, Number(value=filled))


# --- graphs that grow ----------------------------------------------------------------------------

LOOP = """def f(x):
    w = leaf(x)
    for turn in range(3):
        loss = (w * 2.0 - 1.0) ** 2
        {turn}
    return w
"""
STEADY = [
    "loss.backward(); w.data -= 0.1 * w.grad; w.grad = None",
    "w = (w - 0.1 * torch.autograd.grad(loss, w)[0]).detach().requires_grad_()",
    "(loss / 4).backward(retain_graph=True); (loss.sqrt() * 0 + loss).backward()",
    "loss.backward() if turn else (loss.exp() + loss).backward()",
    "pass",
]
GROWING = [
    "w.retain_grad(); loss.backward(retain_graph=True); w = w - 0.1 * w.grad",
    "w = w - 0.1 * torch.autograd.grad(loss, w, retain_graph=True)[0]",
]


@pytest.mark.parametrize(("turns", "grows"), [(STEADY, False), (GROWING, True)])
def test_a_graph_grows_only_where_each_turn_is_recorded_on_top_of_the_last(
    sandbox: Sandbox, turns: list[str], *, grows: bool
) -> None:
    runs = seen(sandbox, WATCHED, *(LOOP.format(turn=turn) for turn in turns))

    found = {
        turn: run.observations["autograd.grows"] for turn, run in zip(turns, runs, strict=True)
    }
    assert found == dict.fromkeys(turns, Number(value=grows))


def test_to_watch_passes_changes_no_error(sandbox: Sandbox) -> None:
    """Torch still notices that what a node has saved was written into."""
    source = LEAF + (
        "def f(x):\n    t = leaf(torch.tensor(x))\n    y = t.exp()\n    y.add_(1.0)\n"
        "    y.backward()\n"
    )

    (run,) = run_all(sandbox, [job(source, harness=WATCHED)])

    assert run.fault is not None
    assert run.fault.kind == "inplace_modified"
