"""Loss curves as geometry."""

import pytest

from grader.reporting.exporters import chart
from grader.reporting.shown import ShownCurve


def curve(*values: float, label: str = "yours") -> ShownCurve:
    return ShownCurve(label=label, values=values)


def test_a_curve_breaks_where_the_loss_is_no_number() -> None:
    drawn = chart.chart([curve(1, 2, float("nan"), 3, 4)])

    assert drawn is not None
    (line,) = drawn.lines
    assert len(line.paths) == 2
    assert line.lost == 3


@pytest.mark.parametrize(
    "values",
    [(5.0,), (5.0, 5.0), (0.0, 0.0), (1e-320, 2e-320), (-1e308, 1e308, 1.0), (1e-300, 1e99)],
)
def test_any_numbers_can_be_drawn(values: tuple[float, ...]) -> None:
    drawn, axis = chart.chart([curve(*values)]), chart.scale([curve(*values)])

    assert drawn is not None
    assert axis is not None
    assert all(0 <= tick.at <= chart.HEIGHT for tick in drawn.y_ticks)
    assert len(drawn.y_ticks) <= 8
    assert len(chart.sparkline(curve(*values), axis, chart.BLOCKS)) == len(values)


def test_nothing_is_drawn_of_nothing() -> None:
    assert chart.chart([curve(), curve(float("inf"))]) is None


def test_a_long_curve_keeps_its_ends_in_a_sparkline() -> None:
    long = curve(*range(1000))
    axis = chart.scale([long])

    assert axis is not None
    line = chart.sparkline(long, axis, chart.BLOCKS, most=20)
    assert (len(line), line[0], line[-1]) == (20, "▁", "█")


def test_ticks_are_round_numbers() -> None:
    drawn = chart.chart([curve(0.3, 1.9)])

    assert drawn is not None
    assert [tick.label for tick in drawn.y_ticks] == ["0.5", "1", "1.5"]
