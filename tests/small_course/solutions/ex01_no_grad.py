"""Compute without recording: a block that autograd does not see, and one that cleans up.

canary: 9293aa807d056531c4d26b3da8bc3c33
"""

from collections.abc import Callable

import torch

# <normed>


def normed(w: torch.Tensor, x: torch.Tensor, target: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Return how long w is, as a plain number, and the tracked error of w / length."""
    # <length>
    with torch.no_grad():
        length = w.norm()
    # </length>
    # <error>
    error = ((w / length * x).sum() - target) ** 2
    # </error>
    return length, error


# </normed>

# <quiet>


def quiet(model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Return model(x), computed without recording."""
    # <call>
    with torch.no_grad():
        return model(x)
    # </call>


# </quiet>


# <drive>
def mode() -> bool:
    """Say whether autograd records, and make sure that from here on it does."""
    records = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    return records


def drive_normed(w: torch.Tensor, x: torch.Tensor, target: float) -> dict[str, object]:
    leaf = w.clone().requires_grad_()
    length, error = normed(leaf, x, target)
    after = mode()
    observed = {"length": length, "error": error.detach().clone(), "w": leaf, "records": after}
    try:
        error.backward()
    except RuntimeError as no_graph:
        return {**observed, "backward": no_graph}
    return {**observed, "backward": None}


def drive_quiet(x: torch.Tensor, slope: torch.Tensor) -> dict[str, object]:
    weight = slope.clone().requires_grad_()
    inside: list[bool] = []

    def model(data: torch.Tensor) -> torch.Tensor:
        inside.append(torch.is_grad_enabled())
        return torch.sin(weight * data)

    def broken(data: torch.Tensor) -> torch.Tensor:
        raise RuntimeError(f"no use for {len(data)} numbers")

    y = quiet(model, x)
    after = mode()
    error: Exception | None = None
    try:
        quiet(broken, x)
    except RuntimeError as raised:
        error = raised
    after_error = mode()
    torch.set_grad_enabled(False)
    quiet(model, x)
    return {
        "y": y,
        "inside": inside[0] if inside else None,
        "after": after,
        "error": error,
        "after_error": after_error,
        "nested": mode(),
    }


# </drive>
