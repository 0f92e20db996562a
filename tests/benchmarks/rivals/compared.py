"""What every rival does with one submission: run it here, compare it with the stored answer."""

import sys
from collections.abc import Callable  # noqa: TC003  (a script of its own)
from pathlib import Path

import torch

torch.manual_seed(0)
X = torch.linspace(-3, 3, 20)
Y = 2 * X + 1 + 0.3 * torch.randn(20)


Fitted = tuple[torch.Tensor, torch.Tensor, list[float]]


def run(path: Path) -> Fitted:
    space: dict[str, Callable[..., Fitted]] = {}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), space)  # noqa: S102
    return space["fit"](X, Y)


def right(found: Fitted, wanted: Fitted) -> bool:
    return (
        torch.allclose(found[0], wanted[0])
        and torch.allclose(found[1], wanted[1])
        and torch.allclose(torch.tensor(found[2]), torch.tensor(wanted[2]), rtol=1e-4)
    )


if __name__ == "__main__":  # the naive way: a new process for each submission
    raise SystemExit(not right(run(Path(sys.argv[1])), run(Path(sys.argv[2]))))
