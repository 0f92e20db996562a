"""The `autograd` observable: whether PyTorch took derivatives, and what it found.

Each way to one ends in the engine's `run_backward`, or begins with a dual number.  Both are watched
there, before student code is loaded: it does not matter by which name `backward`, `grad` or `vjp`
is called, or when that name was bound.  Where nothing should be derived at all, it is also seen
when a node of a graph, by whatever way, is asked for what it has saved.
"""

import warnings
from collections import deque
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from itertools import accumulate
from typing import Any, Self

import torch
from torch._C import _functorch as functorch
from torch.autograd import Variable, forward_ad

from .graph import walked
from .nodes import Nodes

_MOST_FOUND = 64
_SAME = 1e-5  # relative: it may have been a Python number in between
_Engine: type[Any] = type(Variable._execution_engine)


class Autograd:
    """Records passes while it is entered, from the last `begin` on; by hand, also single nodes."""

    def __init__(self, *, by_hand: bool) -> None:
        self._nodes = Nodes(self._use) if by_hand else nullcontext()
        self.begin()

    def begin(self) -> None:
        """Forget what was seen: from here on it counts."""
        self._used = False
        self._sizes: list[int] = []
        self._found = deque[torch.Tensor](maxlen=_MOST_FOUND)

    def __enter__(self) -> Self:
        self._engine = Variable._execution_engine
        self._make_dual: Any = forward_ad.make_dual  # Any: torch gives these no types
        self._unpack_dual: Any = forward_ad.unpack_dual
        Variable._execution_engine = self._ours = _watched_engine(self)
        forward_ad.make_dual = self._made_dual
        forward_ad.unpack_dual = self._unpacked_dual
        self._nodes.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._nodes.__exit__(None, None, None)
        Variable._execution_engine = self._engine
        forward_ad.make_dual, forward_ad.unpack_dual = self._make_dual, self._unpack_dual

    def observations(self, seen: Mapping[str, object]) -> dict[str, bool]:
        """What there is to say of the run, and of each tensor that it gave."""
        tensors = {name: each for name, each in seen.items() if isinstance(each, torch.Tensor)}
        return {
            "autograd.used": self.used,
            "autograd.grows": self.grows,
            **{f"{name}.from_autograd": self.filled(each) for name, each in tensors.items()},
        }

    @property
    def used(self) -> bool:
        """Also if somebody has put another engine in place of the one that is watched."""
        return self._used or Variable._execution_engine is not self._ours

    @property
    def grows(self) -> bool:
        """Whether the later passes walked through a larger graph than the earlier ones."""
        half = len(self._sizes) // 2
        return half > 0 and max(self._sizes[half:]) > max(self._sizes[:half])

    def filled(self, tensor: torch.Tensor) -> bool:
        """Whether a tensor's `.grad` is what was found, or a sum of what was found in a row."""
        # A subclass may lie in every method, or raise.
        with (
            suppress(Exception),
            warnings.catch_warnings(),
            torch._C.DisableTorchFunctionSubclass(),
        ):
            warnings.simplefilter("ignore")
            if tensor.grad is not None:
                return self._is_found(tensor.grad.detach().double().reshape(-1))
        return False

    def _is_found(self, grad: torch.Tensor) -> bool:
        same = [found.reshape(-1) for found in self._found if found.numel() == grad.numel()]
        room = _SAME * grad.abs().max() + 1e-12
        sums = (total for first in range(len(same)) for total in accumulate(same[first:]))
        return any(bool(((total - grad).abs() <= room).all()) for total in sums)

    def passed(self, run: Any, outputs: Any, *args: Any, **kwargs: Any) -> Any:  # Any: torch's own
        """Do one pass, and keep what it leaves in leaves or gives back."""
        self._used = True
        near: list[torch.Tensor] = []
        with suppress(Exception):  # watching must never be what breaks a student's run
            near, size = walked(outputs)
            self._sizes.append(size)
        result = run(outputs, *args, **kwargs)
        found = [leaf.grad for leaf in near] if kwargs.get("accumulate_grad") else result
        for each in found or ():
            self._keep(each)
        return result

    def _keep(self, found: torch.Tensor | None) -> None:
        with suppress(Exception):
            while found is not None and functorch.is_functorch_wrapped_tensor(found):
                found = functorch.get_unwrapped(found)  # of torch.func
            if found is not None:
                self._found.append(found.detach().double().clone())

    def _use(self) -> None:
        self._used = True

    def _made_dual(self, *args: Any, **kwargs: Any) -> Any:  # Any: see passed
        self._used = True
        return self._make_dual(*args, **kwargs)

    def _unpacked_dual(self, *args: Any, **kwargs: Any) -> Any:  # Any: see passed
        dual = self._unpack_dual(*args, **kwargs)
        self._keep(dual.tangent)
        return dual


def _watched_engine(watch: Autograd) -> Any:  # Any: torch's engine has no public type
    class Engine(_Engine):  # type: ignore[misc]
        def run_backward(self, outputs: Any, *args: Any, **kwargs: Any) -> Any:  # Any: see passed
            return watch.passed(super().run_backward, outputs, *args, **kwargs)

    return Engine()
