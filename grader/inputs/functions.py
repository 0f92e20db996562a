"""The functions that an expression may call."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.model import Array, Value

MAX_ELEMENTS = 1_000_000
_MAX_RANK = 8

Rng = np.random.RandomState
Scalar = int | float


@dataclass(frozen=True, slots=True)
class Function:
    """`call` takes the arguments, after the random state if it `draws`."""

    call: Callable[..., Value]
    least: int
    most: int | None
    draws: bool = False

    def takes(self, count: int) -> bool:
        return self.least <= count and (self.most is None or count <= self.most)

    @property
    def arity(self) -> str:
        if self.most is None:
            return f"{self.least} or more"
        return str(self.least) if self.least == self.most else f"{self.least} to {self.most}"


# --- draws: without a shape, a Python number -----------------------------------------------------


def _randn(rng: Rng, *shape: Value) -> Value:
    return rng.randn(*_shape(shape))


def _uniform(rng: Rng, low: Value, high: Value, *shape: Value) -> Value:
    return rng.uniform(_scalar(low), _scalar(high), _shape(shape) or None)


def _integers(rng: Rng, low: Value, high: Value, *shape: Value) -> Value:
    """From `low` to below `high`, as in torch.randint."""
    bounds = _integer_of(low), _integer_of(high)
    drawn = np.asarray(rng.randint(*bounds, size=_shape(shape), dtype=np.int64))
    return drawn if shape else int(drawn)


def _choice(rng: Rng, *options: Value) -> Value:
    first = options[0]
    among = first if len(options) == 1 and isinstance(first, list) else list(options)
    return among[int(rng.randint(0, len(among), dtype=np.int64))]


# --- tensors -------------------------------------------------------------------------------------


def _linspace(start: Value, stop: Value, count: Value) -> Value:
    (size,) = _shape((count,))
    return np.linspace(_scalar(start), _scalar(stop), size)


def _arange(*bounds: Value) -> Value:
    """As `range`; integers give an integer tensor."""
    numbers = [_scalar(bound) for bound in bounds]
    start, stop = (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
    step = numbers[2] if len(numbers) > 2 else 1
    _bounded(math.ceil((stop - start) / step))
    whole = all(isinstance(number, int) for number in (start, stop, step))
    return np.arange(start, stop, step, dtype=np.int64 if whole else np.float64)


def _tensor(values: Value) -> Value:
    array = np.array(values)
    if array.dtype.kind not in "if":
        raise ValueError("tensor() takes a number or a list of numbers")
    _bounded(array.size)
    return array.astype(np.int64 if array.dtype.kind == "i" else np.float64)


def _zeros(*shape: Value) -> Value:
    return np.zeros(_shape(shape)) if shape else 0.0


def _ones(*shape: Value) -> Value:
    return np.ones(_shape(shape)) if shape else 1.0


def _away_from(x: Value, point: Value, distance: Value) -> Value:
    """Push what is nearer to `point` than `distance` outwards by `distance`, keeping its side."""
    middle, room = _scalar(point), _scalar(distance)
    offset = _numbers(x) - middle
    side = np.where(offset < 0, -1.0, 1.0)
    moved = np.where(abs(offset) < room, middle + offset + side * room, _numbers(x))
    return moved if isinstance(x, np.ndarray) else float(moved)


def _transpose(x: Value) -> Value:
    return _array(x).T.copy()


def _reshape(x: Value, *shape: Value) -> Value:
    return _array(x).reshape(_shape(shape)).copy()


def _concat(*parts: Value) -> Value:
    arrays = [_array(part) for part in parts]
    _bounded(sum(array.size for array in arrays))
    return np.concatenate(arrays)


def _integer(x: Value) -> Value:
    return x.astype(np.int64) if isinstance(x, np.ndarray) else int(_scalar(x))


def _double(x: Value) -> Value:
    return x.astype(np.float64) if isinstance(x, np.ndarray) else float(_scalar(x))


# --- numbers -------------------------------------------------------------------------------------


def _elementwise(function: Callable[[Array], Array]) -> Callable[[Value], Value]:
    def call(x: Value) -> Value:
        result = np.asarray(function(_numbers(x)))
        return result if isinstance(x, np.ndarray) else _plain(result)

    return call


def _reduced(function: Callable[[Array], Any]) -> Callable[[Value], Value]:
    return lambda x: _plain(np.asarray(function(_numbers(x))))


def _len(x: Value) -> Value:
    if isinstance(x, list) or (isinstance(x, np.ndarray) and x.ndim):
        return len(x)
    raise TypeError("len() takes a list or a tensor")


# --- what arguments may be -----------------------------------------------------------------------


def _scalar(value: Value) -> Scalar:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a plain number is needed here")
    return value


def _integer_of(value: Value) -> int:
    number = _scalar(value)
    if not isinstance(number, int):
        raise TypeError(f"a whole number is needed here, found {number}")
    return number


def _array(value: Value) -> Array:
    if not isinstance(value, np.ndarray):
        raise TypeError("a tensor is needed here")
    return value


def _numbers(value: Value) -> Array:
    array = np.asarray(value)
    if array.dtype.kind not in "if":
        raise TypeError("a number, or a tensor or list of numbers, is needed here")
    if not array.size:
        raise ValueError("an empty list holds no number")
    return array


def _plain(array: Array) -> Scalar:
    number: Scalar = array.item()
    return number


def _shape(sizes: tuple[Value, ...]) -> tuple[int, ...]:
    shape = tuple(_integer_of(size) for size in sizes)
    if len(shape) > _MAX_RANK or any(size < 1 for size in shape):
        raise ValueError(f"shape {shape} is not allowed: up to {_MAX_RANK} sizes, each at least 1")
    _bounded(math.prod(shape))
    return shape


def _bounded(size: int) -> None:
    if size > MAX_ELEMENTS:
        raise ValueError(f"{size} elements are too many: up to {MAX_ELEMENTS} are allowed")


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "linspace": Function(_linspace, 3, 3),
        "arange": Function(_arange, 1, 3),
        "randn": Function(_randn, 0, None, draws=True),
        "uniform": Function(_uniform, 2, None, draws=True),
        "integers": Function(_integers, 2, None, draws=True),
        "choice": Function(_choice, 1, None, draws=True),
        "away_from": Function(_away_from, 3, 3),
        "tensor": Function(_tensor, 1, 1),
        "zeros": Function(_zeros, 0, None),
        "ones": Function(_ones, 0, None),
        "sin": Function(_elementwise(np.sin), 1, 1),
        "cos": Function(_elementwise(np.cos), 1, 1),
        "exp": Function(_elementwise(np.exp), 1, 1),
        "sqrt": Function(_elementwise(np.sqrt), 1, 1),
        "abs": Function(_elementwise(np.abs), 1, 1),
        "sum": Function(_reduced(np.sum), 1, 1),
        "mean": Function(_reduced(np.mean), 1, 1),
        "len": Function(_len, 1, 1),
        "transpose": Function(_transpose, 1, 1),
        "reshape": Function(_reshape, 2, None),
        "concat": Function(_concat, 2, None),
        "integer": Function(_integer, 1, 1),
        "double": Function(_double, 1, 1),
    }
)
