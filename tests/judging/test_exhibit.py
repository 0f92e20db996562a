"""Runs of open cases → the table of gradients and the curves that a report shows."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from grader.judging.exhibit import exhibits
from grader.judging.judge import Answer
from grader.model import Curve, Exhibit, GradRow, Parsed, Run, Step
from tests.samples_part import close, code, key, stopped
from tests.samples_seen import run_of, step, tensor

LOSSES = (8.0, 4.0, 2.0, 1.0, 0.5, 0.25, 0.125)


def loop(losses: Sequence[float | None], slope: float = 2.0) -> Run:
    """A loop with these losses; `w.grad` is `slope` after each backward()."""
    rows = [step(loss, w=(float(at), None, slope)) for at, loss in enumerate(losses)]
    return replace(run_of(), steps=tuple(rows))


def shown(
    ours: Run, reference: Run, mistake: Run | None = None, watched: Sequence[str] = ("w",)
) -> tuple[Exhibit, ...]:
    """What is shown of one case."""
    part = code(close("some", *watched), close("last", watched[-1]))
    answer = Answer(part, Parsed(), key({"shown": reference}), {"shown": ours})
    return tuple(exhibits(answer, None if mistake is None else {"shown": mistake}))


def told(row: GradRow) -> tuple[str, int | None, float | None, float | None, bool]:
    got, want = (None if each is None else float(each) for each in (row.got, row.want))
    return row.name, row.step, got, want, row.right


def test_every_case_is_shown_as_it_is_the_report_that_hides() -> None:
    runs = dict.fromkeys(("shown", "far.1"), loop(LOSSES))
    answer = Answer(code(close("some", "w")), Parsed(), key(runs), runs)

    found = exhibits(answer, None)

    assert [(exhibit.part, exhibit.case) for exhibit in found] == [
        ("fit", "shown"),
        ("fit", "far.1"),
    ]


# --- curves --------------------------------------------------------------------------------------


def test_your_losses_stand_beside_the_references() -> None:
    (exhibit,) = shown(loop((8.0, 9.0, 10.0)), loop((8.0, 4.0, 2.0)))

    assert exhibit.curves == (
        Curve("yours", (8.0, 9.0, 10.0)),
        Curve("reference", (8.0, 4.0, 2.0)),
    )


def test_a_mistake_that_was_recognised_has_its_curve_too() -> None:
    (exhibit,) = shown(loop((8.0, 9.0, 10.0)), loop((8.0, 4.0, 2.0)), loop((8.0, 9.0, 10.0)))

    assert [curve.label for curve in exhibit.curves] == ["yours", "reference", "this mistake"]
    assert exhibit.curves[2].values == (8.0, 9.0, 10.0)


def test_two_losses_are_two_calls_and_no_curve() -> None:
    (exhibit,) = shown(loop((8.0, 4.0)), loop((8.0, 4.0)))

    assert exhibit.curves == ()
    assert len(exhibit.grads) == 2


def test_three_losses_are_a_curve() -> None:
    (exhibit,) = shown(loop(LOSSES[:3]), loop(LOSSES[:3]))

    assert len(exhibit.curves) == 2


def test_a_step_whose_loss_is_not_known_is_left_out() -> None:
    (exhibit,) = shown(loop((8.0, None, 4.0, 2.0)), loop((8.0, 4.0)))

    assert exhibit.curves == (Curve("yours", (8.0, 4.0, 2.0)),)


def test_two_curves_are_shown_without_gradients() -> None:
    bare = replace(run_of(), steps=tuple(Step(loss, {}) for loss in LOSSES))

    (exhibit,) = shown(bare, bare)

    assert (len(exhibit.curves), exhibit.grads) == (2, ())


def test_a_curve_alone_is_nothing_to_compare() -> None:
    rows = tuple(Step(loss, {}) for loss in LOSSES)

    assert shown(replace(run_of(), steps=rows), run_of()) == ()


def test_without_loops_and_gradients_nothing_is_shown() -> None:
    assert shown(stopped("no_graph"), run_of(w=1.0)) == ()


# --- gradients -----------------------------------------------------------------------------------


def test_the_gradients_of_the_first_five_steps_are_shown() -> None:
    (exhibit,) = shown(loop(LOSSES), loop(LOSSES))

    assert [(row.name, row.step) for row in exhibit.grads] == [("w", n) for n in (1, 2, 3, 4, 5)]


@pytest.mark.parametrize(
    ("slope", "right"), [(2.0, True), (2.0001, True), (2.001, False), (4.0, False)]
)
def test_a_gradient_is_right_if_a_check_would_take_it(slope: float, *, right: bool) -> None:
    (exhibit,) = shown(loop((8.0,), slope), loop((8.0,)))

    assert [told(row) for row in exhibit.grads] == [("w", 1, slope, 2.0, right)]


def test_a_leaf_that_was_not_found_has_no_gradient() -> None:
    other = replace(run_of(), steps=(step(8.0, b=(0.0, None, 2.0)),))

    (exhibit,) = shown(other, loop((8.0,)))

    assert [told(row) for row in exhibit.grads] == [("w", 1, None, 2.0, False)]


def test_a_loss_in_two_parts_is_one_step() -> None:
    halves = (step(3.0, w=(0.0, None, 1.0)), step(5.0, w=(0.0, 1.0, 2.0)))

    (exhibit,) = shown(replace(run_of(), steps=halves), loop((8.0,)))

    assert [told(row) for row in exhibit.grads] == [("w", 1, 2.0, 2.0, True)]


def test_gradients_that_a_check_watches_are_shown_once_each() -> None:
    ours = run_of(w=tensor(1.5, grad=3.0))
    reference = run_of(w=tensor(1.5, grad=2.0), b=tensor(0.5, grad=1.0))

    (exhibit,) = shown(ours, reference, watched=("w", "w.grad", "b.grad"))

    assert [told(row) for row in exhibit.grads] == [
        ("w", None, 3.0, 2.0, False),
        ("b", None, None, 1.0, False),
    ]


def test_after_an_error_no_gradient_is_called_missing() -> None:
    reference = run_of(w=tensor(1.5, grad=2.0), b=tensor(0.5, grad=1.0))

    assert shown(stopped("no_graph"), reference, watched=("w.grad", "b.grad")) == ()
