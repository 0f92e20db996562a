"""The nodes of graphs: whether one is asked for what it has saved, by whatever way.

Only where nothing should be derived at all.  For others it would be a change: torch does not notice
that a saved tensor was written into where somebody looks after it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.autograd import graph


class Nodes:
    """Calls `asked` at each request while it is entered."""

    def __init__(self, asked: Callable[[], None]) -> None:
        def unpack(saved: torch.Tensor) -> torch.Tensor:
            asked()
            return saved

        self._hooks = graph.saved_tensors_hooks(lambda saved: saved, unpack)
        self._on = False

    def __enter__(self) -> None:
        self._refusing: Any = graph.disable_saved_tensors_hooks  # Any: a context manager's maker
        graph.disable_saved_tensors_hooks = self._paused
        self._switch(on=True)

    def __exit__(self, *_: object) -> None:
        self._switch(on=False)
        graph.disable_saved_tensors_hooks = self._refusing

    @contextmanager
    def _paused(self, error_message: str) -> Iterator[None]:
        """torch.func refuses to work beside hooks; what it derives is seen at the engine."""
        was_on = self._on
        self._switch(on=False)
        try:
            with self._refusing(error_message):
                yield
        finally:
            self._switch(on=was_on)

    def _switch(self, *, on: bool) -> None:
        if on and not self._on:
            self._hooks.__enter__()
        elif self._on and not on:
            self._hooks.__exit__()
        self._on = on
