"""Observations → bytes: a JSON text for structure, a safetensors blob for numbers.

Frame: 4-byte magic, JSON length (4 bytes, little endian), blob length (8 bytes), JSON, blob.
"""

import json
import math
import struct
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from safetensors.numpy import save

from . import kinds

MAGIC = b"GRD1"
_LARGEST = 1 << 20  # elements of one tensor
_DEEPEST = 4
_MOST_ITEMS = 10_000


class Encoder:
    """Collects the arrays of one message while its JSON is built."""

    def __init__(self) -> None:
        self.arrays: dict[str, Any] = {}
        self._storages: dict[int, int] = {}

    def observation(self, value: object, depth: int = 0) -> dict[str, Any]:
        """One value as plain JSON; arrays go to the blob under a running name."""
        if value is None:
            return {"t": "none"}
        if isinstance(value, bool | np.bool_):
            return {"t": "number", "v": bool(value)}
        if isinstance(value, int | float | np.number):
            return _number(value)
        if isinstance(value, str):
            return {"t": "text", "v": value[:2000]}
        if isinstance(value, BaseException):
            return {"t": "raised", "kind": kinds.error_kind(value, str(value))}
        if type(value) is list and len(value) <= _MOST_ITEMS and all(map(_plain, value)):
            return {"t": "numbers", "v": value}  # a curve, as a rule: a tenth of the work
        if isinstance(value, list | tuple) and depth < _DEEPEST and len(value) <= _MOST_ITEMS:
            return {"t": "items", "v": [self.observation(item, depth + 1) for item in value]}
        if isinstance(value, np.ndarray):
            return {"t": "other", "type": "numpy.ndarray"}
        return self._tensor_or_other(value)

    def _tensor_or_other(self, value: Any) -> dict[str, Any]:  # Any: whatever a student returns
        import torch  # a parse box has none

        if not isinstance(value, torch.Tensor):
            return {"t": "other", "type": type(value).__name__[:100]}
        # A subclass may lie in every method; its bytes may not.
        with torch._C.DisableTorchFunctionSubclass():
            if (
                value.is_complex()
                or value.is_meta
                or value.is_quantized
                or value.numel() > _LARGEST
            ):
                return {"t": "other", "type": f"{value.dtype} tensor of {value.numel()} numbers"}
            return self._tensor(value)

    def _tensor(self, tensor: Any) -> dict[str, Any]:  # Any: torch types would be imported
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            grad = tensor.grad
        return {
            "t": "tensor",
            "value": self.array(tensor),
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "requires_grad": bool(tensor.requires_grad),
            "is_leaf": bool(tensor.is_leaf),
            "grad": None if grad is None else self.array(grad),
            "grad_fn": _grad_fn(tensor),
            "storage": self._storage(tensor),
            "version": 0 if tensor.is_inference() else int(tensor._version),
        }

    def step(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row of the trace."""
        loss = None if row["loss"] is None else self.observation(row["loss"])["v"]
        leaves = {
            name: [None if tensor is None else self.array(tensor) for tensor in leaf]
            for name, leaf in row["leaves"].items()
        }
        return {"loss": loss, "leaves": leaves}

    def array(self, tensor: Any) -> str:  # Any: see _tensor
        """Put a tensor's numbers into the blob, as float64, int64 or bool; return their name."""
        import torch

        dense = tensor.detach().to_dense() if tensor.is_sparse else tensor.detach()
        if dense.is_floating_point():
            dense = dense.to(torch.float64)
        elif dense.dtype != torch.bool:
            dense = dense.to(torch.int64)
        name = f"t{len(self.arrays)}"
        self.arrays[name] = np.array(dense.resolve_neg().cpu().numpy(), order="C")
        return name

    def _storage(self, tensor: Any) -> int:  # Any: see _tensor
        if tensor.is_sparse or not tensor.numel():
            return -1 - len(self.arrays)
        pointer = tensor.untyped_storage().data_ptr()
        return self._storages.setdefault(pointer, len(self._storages))

    def frame(self, message: Mapping[str, Any]) -> bytes:
        text = json.dumps(message, allow_nan=False).encode()
        blob = save(self.arrays) if self.arrays else b""
        return MAGIC + struct.pack("<IQ", len(text), len(blob)) + text + blob


def _plain(value: object) -> bool:
    return type(value) is float and math.isfinite(value)


def _number(value: Any) -> dict[str, Any]:  # Any: int, float or any numpy number
    if isinstance(value, int | np.integer):
        whole = int(value)
        return (
            {"t": "number", "v": whole} if abs(whole) < 1 << 63 else {"t": "other", "type": "int"}
        )
    try:
        number = float(value)
    except (TypeError, ValueError):
        return {"t": "other", "type": type(value).__name__[:100]}
    return {"t": "number", "v": number if math.isfinite(number) else repr(number)}


def _grad_fn(tensor: Any) -> str | None:  # Any: see Encoder._tensor
    if tensor.grad_fn is None:
        return None
    name = str(tensor.grad_fn.name()).rsplit("::", 1)[-1]
    return name.rstrip("0123456789").removesuffix("Backward")[:100]
