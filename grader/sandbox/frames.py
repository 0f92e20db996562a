"""Bytes from a box → JSON and arrays, as `box/encode` packs them.  Nothing is unpickled.

The caps stand before the parsers: safetensors accepts shapes such as [0, 2**62] and 100 000 names.
"""

import json
import math
import struct
from typing import Any, NoReturn

from safetensors import SafetensorError
from safetensors.numpy import load

from grader.model import Array

HEADER = struct.Struct("<4sIQ")
MAGIC = b"GRD1"
MOST_BYTES = 64 << 20
_MOST_JSON = 2 << 20
_MOST_PARTS = 100_000  # as Python objects they take many times their size
_MOST_BLOB_HEADER = 1 << 20
_MOST_ARRAYS = 4096
_DTYPES = ("F64", "I64", "BOOL")
_MOST_DIMS = 16
_LENGTH_FIELD = 8  # bytes, before a blob's header


class BadMessage(ValueError):
    """What came out of a box is not a message of ours."""


def message(frame: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """Split a frame into its JSON object and its arrays.  Raises BadMessage."""
    if len(frame) < HEADER.size:
        _refuse("the frame is cut short")
    magic, text_size, blob_size = HEADER.unpack_from(frame)
    if magic != MAGIC or text_size > _MOST_JSON or blob_size > MOST_BYTES:
        _refuse("the frame has no valid header")
    if len(frame) != HEADER.size + text_size + blob_size:
        _refuse("the frame has another length than it says")
    end = HEADER.size + text_size
    return _json(frame[HEADER.size : end]), _arrays(frame[end:])


def _json(text: bytes) -> dict[str, Any]:
    if sum(map(text.count, (b"{", b"[", b","))) > _MOST_PARTS:
        _refuse("the message has too many parts")
    try:
        value = json.loads(
            text, parse_constant=_refuse_constant, object_pairs_hook=_without_repeats
        )
    except BadMessage:
        raise
    except (ValueError, RecursionError):
        _refuse("the message is not JSON")
    if not isinstance(value, dict):
        _refuse("the message is not an object")
    return value


def _refuse_constant(_: str) -> NoReturn:
    _refuse("NaN and Infinity are not JSON")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two entries of one name, we would check one and safetensors might take the other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        _refuse("a name stands twice in an object")
    return found


def _arrays(blob: bytes) -> dict[str, Array]:
    if not blob:
        return {}
    size = int.from_bytes(blob[:_LENGTH_FIELD], "little")
    if size > min(_MOST_BLOB_HEADER, len(blob)):
        _refuse("the blob has no valid header")
    header = _json(blob[_LENGTH_FIELD : _LENGTH_FIELD + size])
    if len(header) > _MOST_ARRAYS:
        _refuse("the blob holds too many arrays")
    for name, entry in header.items():
        _check_entry(name, entry, len(blob))
    try:
        return dict(load(blob))
    except (SafetensorError, ValueError, KeyError, TypeError):
        _refuse("the blob is not safetensors")


def _check_entry(name: str, entry: object, most: int) -> None:
    if not isinstance(entry, dict) or not name.startswith("t") or not name[1:].isdecimal():
        _refuse("the blob has an entry that is not ours")
    dims = entry.get("shape")
    if entry.get("dtype") not in _DTYPES or not isinstance(dims, list) or len(dims) > _MOST_DIMS:
        _refuse("the blob has an array of another type")
    if not all(type(dim) is int and 0 <= dim <= most for dim in dims) or math.prod(dims) > most:
        _refuse("the blob has an array of impossible size")


def _refuse(why: str) -> NoReturn:
    raise BadMessage(why)
