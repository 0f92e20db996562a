"""Functions with a backward rule of their own: a ReLU and a product.

canary: 764c0c76d154dde738e724d3ab393bbe
"""

from typing import Any

import torch

# <relu>


class MyReLU(torch.autograd.Function):
    """max(x, 0); the gradient passes where x is positive."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        # <relu_forward>
        ctx.save_for_backward(x)
        return x.clamp(min=0)
        # </relu_forward>

    @staticmethod
    def backward(ctx: Any, v: torch.Tensor) -> torch.Tensor:
        # <relu_backward>
        (x,) = ctx.saved_tensors
        return v * (x > 0)
        # </relu_backward>


# </relu>

# <product>


class MyMul(torch.autograd.Function):
    """a * b, element by element; computes only the gradients that are asked for."""

    @staticmethod
    def forward(ctx: Any, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        # <product_forward>
        ctx.save_for_backward(a, b)
        return a * b
        # </product_forward>

    @staticmethod
    def backward(ctx: Any, v: torch.Tensor) -> tuple[torch.Tensor | None, torch.Tensor | None]:
        # <product_backward>
        a, b = ctx.saved_tensors
        grad_a = v * b if ctx.needs_input_grad[0] else None
        grad_b = v * a if ctx.needs_input_grad[1] else None
        return grad_a, grad_b
        # </product_backward>


# </product>


# <drive>
def drive_relu(x: torch.Tensor, v: torch.Tensor) -> dict[str, object]:
    first, second = x.detach().requires_grad_(), x.detach().requires_grad_()
    y = MyReLU.apply(first)
    y.backward(v)
    (MyReLU.apply(second).sin() * 3).sum().backward()
    return {"y": y, "first": first, "second": second}


def drive_product(a: torch.Tensor, b: torch.Tensor, v: torch.Tensor) -> dict[str, object]:
    both_a, both_b = a.clone().requires_grad_(), b.clone().requires_grad_()
    only_a, only_b = a.clone().requires_grad_(), b.clone().requires_grad_()
    y = MyMul.apply(both_a, both_b)
    left, right = MyMul.apply(only_a, b), MyMul.apply(a, only_b)
    observed = {"y": y, "a": both_a, "b": both_b, "only_a": only_a, "only_b": only_b}
    try:
        for product in (y, left, right):
            product.backward(v.clone())
    except RuntimeError as error:
        return {**observed, "backward": error}
    left, right = MyMul.apply(only_a, b), MyMul.apply(a, only_b)
    observed |= {"for_b": returned(left, v)[1], "for_a": returned(right, v)[0]}
    return {**observed, "backward": None}


def returned(y: torch.Tensor, v: torch.Tensor) -> Any:
    """Return what the backward rule itself returns; autograd drops what nobody asked for."""
    return y.grad_fn.apply(v) if hasattr(y.grad_fn, "apply") else (v, v)


# </drive>
