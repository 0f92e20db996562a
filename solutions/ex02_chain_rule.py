"""Six derivatives of a two-layer network: by hand, along two paths, and read from autograd.

canary: b5dccddff958c219a3e4ba7fbdb078e5
"""

import torch


# <by_hand>
def six_slopes(x: float, w1: float, b: float, w2: float) -> dict[str, float]:
    """Return dy/d(name) for every value below y, where y = h_act * w2."""
    h = x * w1
    h_act = h + b
    # <last>
    d_w2 = h_act
    d_h_act = w2
    # </last>
    # <middle>
    d_h = d_h_act * 1.0
    d_b = d_h_act * 1.0
    # </middle>
    # <first>
    d_w1 = d_h * x
    d_x = d_h * w1
    # </first>
    return {"w2": d_w2, "h_act": d_h_act, "h": d_h, "b": d_b, "w1": d_w1, "x": d_x}


# </by_hand>


# <two_paths>
def shared_weight(x: float, w: float, b: float) -> dict[str, float]:
    """Return dy/dw, dy/db and dy/dx of y = (x * w + b) * w."""
    h_act = x * w + b
    # <paths>
    d_w = h_act + w * x
    # </paths>
    # <others>
    d_b = w
    d_x = w * w
    # </others>
    return {"w": d_w, "b": d_b, "x": d_x}


# </two_paths>


# <retained>
def all_grads(
    x: torch.Tensor, w1: torch.Tensor, b: torch.Tensor, w2: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Fill .grad of all six tensors below y; return h, h_act and y."""
    # <network>
    h = x * w1
    h_act = h + b
    y = h_act * w2
    # </network>
    # <retain>
    h.retain_grad()
    h_act.retain_grad()
    y.backward()
    # </retain>
    return h, h_act, y


# </retained>


# <drive>
def drive_by_hand(x: float, w1: float, b: float, w2: float) -> dict[str, object]:
    found = six_slopes(x, w1, b, w2)
    return {f"d_{name}": found[name] for name in ("w2", "h_act", "h", "b", "w1", "x")}


def drive_two_paths(x: float, w: float, b: float) -> dict[str, object]:
    found = shared_weight(x, w, b)
    return {f"d_{name}": found[name] for name in ("w", "b", "x")}


def drive_retained(x: float, w1: float, b: float, w2: float) -> dict[str, object]:
    names = ("x", "w1", "b", "w2")
    leaves = [torch.tensor(start, requires_grad=True) for start in (x, w1, b, w2)]
    h, h_act, y = all_grads(*leaves)
    return {**dict(zip(names, leaves, strict=True)), "h": h, "h_act": h_act, "y": y}


# </drive>
