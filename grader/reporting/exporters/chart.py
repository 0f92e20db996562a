"""Loss curves → geometry: a chart for a page, a sparkline for a terminal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from grader.reporting.exporters.text import number
from grader.reporting.shown import ShownCurve

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 14, 12, 40
_WIDE = 50.0  # from this ratio of largest to smallest on, a linear axis shows one curve only
_MOST_TICKS = 6
_HUGE, _TINY = 1e100, 1e-100  # beyond these, differences overflow or vanish
_MARKED = 16  # up to so many steps, each is marked by a dot
BLOCKS, ASCII = "▁▂▃▄▅▆▇█", "_.-:=+*#"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """Loss → share of the axis, 0 at the bottom.  Logarithmic when the values ask for it."""

    low: float
    high: float
    log: bool

    def share(self, value: float) -> float:
        low, high, at = (math.log10(v) if self.log else v for v in (self.low, self.high, value))
        return (at - low) / (high - low) if high > low else 0.5

    @property
    def ticks(self) -> tuple[float, ...]:
        return _powers(self.low, self.high) if self.log else _round_numbers(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """One curve; it has a gap where the loss was not a number."""

    label: str
    role: str  # yours, reference, mistake
    paths: tuple[str, ...]  # the points of a polyline each
    dots: tuple[Point, ...]
    lost: int | None  # the first step whose loss was not finite


@dataclass(frozen=True, slots=True)
class Chart:
    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    log: bool


def scale(curves: Sequence[ShownCurve]) -> Scale | None:
    """The axis all curves share, or None when there is not one finite loss."""
    finite = [value for curve in curves for value in curve.values if _drawn(value)]
    if not finite:
        return None
    low, high = min(finite), max(finite)
    return Scale(low, high, log=low > 0 and high / low > _WIDE)


def chart(curves: Sequence[ShownCurve]) -> Chart | None:
    axis = scale(curves)
    if axis is None:
        return None
    steps = max(len(curve.values) for curve in curves)
    return Chart(
        lines=tuple(_line(curve, axis, steps) for curve in _widest_first(curves)),
        x_ticks=tuple(Tick(_x(step, steps), str(step)) for step in _step_ticks(steps)),
        y_ticks=tuple(Tick(_y(axis.share(value)), number(value)) for value in axis.ticks),
        log=axis.log,
    )


def sparkline(curve: ShownCurve, axis: Scale, levels: str, most: int = 48) -> str:
    """One character a step, `!` where the loss was not finite; long curves are thinned out."""
    top = len(levels) - 1
    return "".join(
        levels[round(axis.share(value) * top)] if _drawn(value) else "!"
        for value in _thinned(curve.values, most)
    )


def role(label: str) -> str:
    return label if label in {"yours", "reference"} else "mistake"


def lost(curve: ShownCurve) -> int | None:
    """The first step, from 1, whose loss was not finite."""
    return next((at for at, v in enumerate(curve.values, 1) if not _drawn(v)), None)


def _drawn(value: float) -> bool:
    return abs(value) < _HUGE


def _widest_first(curves: Sequence[ShownCurve]) -> list[ShownCurve]:
    """Where curves are equal each must stay seen: a broad band, a line on it, dashes on top."""
    order = ("mistake", "yours", "reference")
    return sorted(curves, key=lambda curve: order.index(role(curve.label)))


def _line(curve: ShownCurve, axis: Scale, steps: int) -> Line:
    runs: list[list[Point]] = [[]]
    for step, value in enumerate(curve.values, 1):
        if _drawn(value):
            runs[-1].append((_x(step, steps), _y(axis.share(value))))
        else:
            runs.append([])
    dots = [run[0] for run in runs if len(run) == 1]
    if steps <= _MARKED and role(curve.label) == "yours":
        dots = [point for run in runs for point in run]
    paths = tuple(" ".join(f"{x:.1f},{y:.1f}" for x, y in run) for run in runs if len(run) > 1)
    return Line(curve.label, role(curve.label), paths, tuple(dots), lost(curve))


def _x(step: int, steps: int) -> float:
    share = (step - 1) / (steps - 1) if steps > 1 else 0.5
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _y(share: float) -> float:
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)


def _step_ticks(steps: int) -> tuple[int, ...]:
    stride = max(1, math.ceil(_stride(float(steps))))
    rest = (step for step in range(stride, steps + 1, stride) if step > 1)
    return (1, *rest)


def _round_numbers(low: float, high: float) -> tuple[float, ...]:
    stride = _stride(high - low)
    if not stride > 0:
        return (low,)
    first, last = math.ceil(low / stride), math.floor(high / stride)
    return tuple(at * stride for at in range(first, last + 1))


def _stride(span: float) -> float:
    """1, 2 or 5 times a power of ten, such that few fit into the span."""
    if span < _TINY:
        return 0.0
    power = 10.0 ** math.floor(math.log10(span / _MOST_TICKS))
    return next(power * k for k in (1, 2, 5, 10) if span / (power * k) <= _MOST_TICKS)


def _powers(low: float, high: float) -> tuple[float, ...]:
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    every = max(1, math.ceil((last - first) / (_MOST_TICKS - 1)))
    return tuple(10.0**at for at in range(first, last + 1, every))


def _thinned(values: Sequence[float], most: int) -> list[float]:
    """First and last stay, what lies between is taken evenly."""
    if len(values) <= most:
        return list(values)
    return [values[round(at * (len(values) - 1) / (most - 1))] for at in range(most)]
