"""What stands in .grad after several backward passes.

canary: 6c9940aefd0ebc238ecec3ac19f2adab
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor


# <add_up>
def add_up(losses: Sequence[Callable[[Tensor], Tensor]], x: Tensor) -> None:
    """Add the gradient of every loss to what x.grad holds already."""
    # <every>
    for loss in losses:
        loss(x).backward()
    # </every>


# </add_up>


# <fresh>
def only_latest(loss: Callable[[Tensor], Tensor], x: Tensor) -> None:
    """Leave the gradient of this loss, and nothing else, in x.grad."""
    # <latest>
    x.grad = None
    loss(x).backward()
    # </latest>


# </fresh>


# <one_of_two>
def sum_and_latest(
    losses: Sequence[Callable[[Tensor, Tensor], Tensor]], w: Tensor, b: Tensor
) -> None:
    """Let gradients pile up in w.grad; leave only those of the last loss in b.grad."""
    # <mixed>
    for loss in losses:
        b.grad = None
        loss(w, b).backward()
    # </mixed>


# </one_of_two>


# <drive>
def drive_leaf(start: float | Tensor) -> Tensor:
    return torch.as_tensor(start).clone().requires_grad_()


def drive_power(scale: float, power: int) -> Callable[[Tensor], Tensor]:
    return lambda x: scale * (x**power).sum()


def drive_error(x: float, target: float) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda w, b: ((w * x + b - target) ** 2).sum()


def drive_add_up(x0: float | Tensor, x_used: int, scales: Sequence[float]) -> dict[str, object]:
    x = drive_leaf(x0)
    if x_used:
        drive_power(1.7, 1)(x).backward()
    add_up([drive_power(scale, power) for power, scale in enumerate(scales, start=2)], x)
    return {"x": x}


def drive_fresh(x0: float | Tensor, scales: Sequence[float]) -> dict[str, object]:
    new, used = drive_leaf(x0), drive_leaf(x0)
    drive_power(scales[0], 4)(used).backward()
    only_latest(drive_power(scales[1], 2), new)
    only_latest(drive_power(scales[2], 3), used)
    return {"new": new, "used": used}


def drive_one_of_two(
    w0: float | Tensor,
    b0: float | Tensor,
    w_used: int,
    b_used: int,
    points: Sequence[float],
    targets: Sequence[float],
) -> dict[str, object]:
    w, b = drive_leaf(w0), drive_leaf(b0)
    (3 * (w if w_used else w.detach()) * (b if b_used else b.detach())).sum().backward()
    pairs = zip(points, targets, strict=True)
    sum_and_latest([drive_error(point, target) for point, target in pairs], w, b)
    return {"w": w, "b": b}


# </drive>
