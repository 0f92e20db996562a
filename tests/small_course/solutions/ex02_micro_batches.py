"""Gradient accumulation: many small batches that add up to one large one.

canary: 2379514f43daea478cb6a812ec716fcc
"""

import torch
from torch import nn

# <accumulate>


def accumulate(model: nn.Module, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    """Leave the gradient of the mean squared error over all rows in .grad; return that error."""
    # <clear>
    model.zero_grad()
    # </clear>
    # <count>
    rows = sum(len(x) for x, _ in batches)
    # </count>
    total = 0.0
    for x, y in batches:
        # <share>
        loss = ((model(x) - y) ** 2).sum() / rows
        # </share>
        # <backward>
        loss.backward()
        # </backward>
        # <log>
        total += loss.item()
        # </log>
    return total


# </accumulate>


# <drive>
def network(W: torch.Tensor, b: torch.Tensor, u: torch.Tensor) -> nn.Sequential:
    """Return a net with two hidden units and these weights."""
    hidden, out = nn.Linear(3, 2, dtype=W.dtype), nn.Linear(2, 1, bias=False, dtype=W.dtype)
    with torch.no_grad():
        hidden.weight.copy_(W)
        hidden.bias.copy_(b)
        out.weight.copy_(u)
    return nn.Sequential(hidden, nn.Tanh(), out)


def grads(model: nn.Module, when: str) -> dict[str, object]:
    """Return copies of the gradients as they are now: the next call will change them."""
    named = zip(("W", "b", "u"), model.parameters(), strict=True)
    return {f"{n}_{when}": None if p.grad is None else p.grad.clone() for n, p in named}


def drive(
    x: torch.Tensor,
    y: torch.Tensor,
    sizes: list[int],
    W: torch.Tensor,
    b: torch.Tensor,
    u: torch.Tensor,
) -> dict[str, object]:
    model = network(W, b, u)
    batches = list(zip(x.split(sizes), y.split(sizes), strict=True))
    seen: list[int] = []
    passes: list[torch.Tensor] = []
    model.register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0])))
    model[2].weight.register_hook(passes.append)

    first = accumulate(model, batches)
    observed = grads(model, "first") | {"backwards": len(passes)}
    second = accumulate(model, batches[1:])
    return {
        **observed,
        **grads(model, "second"),
        "loss": first,
        "second_loss": second,
        "tracked": isinstance(first, torch.Tensor) and first.requires_grad,
        "whole": any(rows > max(sizes) for rows in seen),
        "weight": model[0].weight,
    }


# </drive>
