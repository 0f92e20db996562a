"""Switches of PyTorch that hold for all that follows, where a file leaves one on."""

from typing import Any

import torch

Told = dict[str, Any]


class Switches:
    """Sees which statement turned one last; each is called as the kind of fault that it is."""

    def __init__(self) -> None:
        self._first = self._last = _settings()
        self._turned: dict[str, tuple[str, int]] = {}

    def see(self, place: str, line: int) -> None:
        """A statement has been run."""
        now = _settings()
        if now != self._last:
            kinds = (kind for kind in now if now[kind] != self._last[kind])
            self._turned |= dict.fromkeys(kinds, (place, line))
            self._last = now

    def put_back(self) -> list[Told]:
        """Turn all to what they were; tell where each was turned that was left otherwise."""
        left = [kind for kind, now in _settings().items() if now != self._first[kind]]
        torch.set_grad_enabled(self._first["grad_mode"])
        torch.set_default_dtype(self._first["default_dtype"])
        if "default_device" in left:
            torch.set_default_device(self._first["default_device"])
        turned = (self._turned.get(kind, ("", 0)) for kind in left)
        return [
            {"kind": kind, "place": place, "line": line}
            for kind, (place, line) in zip(left, turned, strict=True)
        ]


def _settings() -> dict[str, Any]:  # Any: what torch's own functions take back
    # `torch.get_default_device` makes a tensor there, and there may be no such device.
    mode = getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None)
    device = getattr(mode, "device", None)
    return {
        "grad_mode": torch.is_grad_enabled(),
        "default_dtype": torch.get_default_dtype(),
        "default_device": device if device and device.type != "cpu" else None,
    }
