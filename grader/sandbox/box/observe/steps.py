"""The `steps` observable: leaves and loss around each backward pass.

One row a backward, so that every way to write a loop (zero first or last, `.grad = None`, `.data`,
fresh leaves, an optimizer, `autograd.grad`) gives the same rows.
"""

import gc
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Self

import torch

from .graph import walked

_MOST_ROWS = 400
Row = dict[str, Any]  # {"loss": float | None, "leaves": {name: (value, before, after)}}


class Steps:
    """Records rows while it is entered.  `starts` are the leaves' start values."""

    def __init__(self, starts: Mapping[str, object]) -> None:
        self._starts = {name: torch.as_tensor(start).detach() for name, start in starts.items()}
        self.restart()

    def restart(self) -> None:
        """Forget what was recorded."""
        self._leaves: dict[str, torch.Tensor] | None = None
        self._order: list[str] = []
        self.rows: list[Row] = []
        self.lost = False

    def __enter__(self) -> Self:
        self._backward, self._grad = torch.autograd.backward, torch.autograd.grad
        torch.autograd.backward = self._wrapped_backward
        torch.autograd.grad = self._wrapped_grad
        return self

    def __exit__(self, *_: object) -> None:
        torch.autograd.backward, torch.autograd.grad = self._backward, self._grad

    def _wrapped_backward(self, tensors: Any, *args: Any, **kwargs: Any) -> Any:  # Any: torch's own
        row = self._guarded(lambda: self._open(_first(tensors)))
        result = self._backward(tensors, *args, **kwargs)
        if row is not None:
            self._guarded(lambda: self._close(row, _grads))
        return result

    def _wrapped_grad(
        self, outputs: Any, inputs: Any, *args: Any, **kwargs: Any
    ) -> Any:  # Any: same
        row = self._guarded(lambda: self._open(_first(outputs)))
        result = self._grad(outputs, inputs, *args, **kwargs)
        if row is not None:
            given = [inputs] if isinstance(inputs, torch.Tensor) else list(inputs)
            by_id = {id(t): g for t, g in zip(given, result, strict=False)}
            self._guarded(lambda: self._close(row, lambda leaf: by_id.get(id(leaf)), fresh=True))
        return result

    def _guarded(self, act: Callable[[], Row | None]) -> Row | None:
        """Watching must never be what breaks a student's run."""
        if self.lost or len(self.rows) >= _MOST_ROWS:
            return None
        with suppress(Exception), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return act()
        self.lost = True
        return None

    def _open(self, loss: torch.Tensor) -> Row | None:
        leaves = self._match(walked([loss])[0])
        if leaves is None:
            self.lost = True
            return None
        value = float(loss.detach()) if loss.numel() == 1 else None
        before = {name: (_copy(leaf), _copy(leaf.grad)) for name, leaf in leaves.items()}
        return {"loss": value, "before": before, "leaves": leaves}

    def _close(
        self, row: Row, grad_of: Callable[[torch.Tensor], Any], *, fresh: bool = False
    ) -> None:
        leaves = {}
        for name, leaf in row["leaves"].items():
            value, before = row["before"][name]
            leaves[name] = (value, None if fresh else before, _copy(grad_of(leaf)))
        self.rows.append({"loss": row["loss"], "leaves": leaves})

    def _match(self, near: Sequence[torch.Tensor]) -> dict[str, torch.Tensor] | None:
        """Leaves by name: by identity; at the first row by start value; later by graph order."""
        if self._leaves is None:
            self._leaves = self._by_start(near)
            if self._leaves is not None:
                ids = {id(leaf): name for name, leaf in self._leaves.items()}
                self._order = [ids[id(leaf)] for leaf in near if id(leaf) in ids]
            return self._leaves
        known = {id(leaf) for leaf in self._leaves.values()}
        if near and not any(id(leaf) in known for leaf in near):
            if len(near) != len(self._order):
                return None
            self._leaves = {**self._leaves, **dict(zip(self._order, near, strict=True))}
        return self._leaves

    def _by_start(self, near: Sequence[torch.Tensor]) -> dict[str, torch.Tensor] | None:
        """Also leaves that the loss does not reach: a detached one is what we want to see."""
        found = {}
        everywhere = [*near, *_alive(near)]
        for name, start in self._starts.items():
            same = [leaf for leaf in everywhere if _equal(leaf, start)]
            if len(same) > 1:
                same = [leaf for leaf in near if _equal(leaf, start)]
            if len(same) != 1:
                return None
            found[name] = same[0]
        return found


def _alive(near: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    known = {id(leaf) for leaf in near}
    return [
        thing
        for thing in gc.get_objects()
        if isinstance(thing, torch.Tensor)
        and thing.requires_grad
        and thing.is_leaf
        and id(thing) not in known
    ]


def _equal(leaf: torch.Tensor, start: torch.Tensor) -> bool:
    same_size = leaf.shape == start.shape or (leaf.numel() == 1 and start.numel() == 1)
    if not same_size:
        return False
    gap = (leaf.detach().double().reshape(-1) - start.double().reshape(-1)).abs().max()
    return bool(gap <= 1e-6 * start.double().abs().max())


def _first(tensors: Any) -> torch.Tensor:  # Any: a tensor or a sequence of them
    tensor = tensors if isinstance(tensors, torch.Tensor) else next(iter(tensors))
    assert isinstance(tensor, torch.Tensor)
    return tensor


def _grads(leaf: torch.Tensor) -> torch.Tensor | None:
    return leaf.grad


def _copy(tensor: torch.Tensor | None) -> torch.Tensor | None:
    return None if tensor is None else tensor.detach().clone()
