"""A graph as a backward pass walks through it."""

from collections.abc import Iterable
from typing import Any

import torch


def walked(roots: Iterable[torch.Tensor]) -> tuple[list[torch.Tensor], int]:
    """The leaves that a backward pass from here would fill, in graph order, and how many nodes."""
    leaves: list[torch.Tensor] = []
    seen = set[Any]()  # Any: torch's nodes
    for root in roots:
        if root.grad_fn is None:
            leaves += [root] if root.requires_grad else []
            continue
        todo = [root.grad_fn]
        while todo:
            node = todo.pop()
            if node in seen:
                continue
            seen.add(node)
            if hasattr(node, "variable"):
                leaves.append(node.variable)
            todo.extend(parent for parent, _ in reversed(node.next_functions) if parent is not None)
    return leaves, len(seen)
