"""Which known mistake explains what was seen, by plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from grader.course.parts.part import AnyPart, Belief, Mistake
from grader.course.parts.script import ScriptPart
from grader.judging.alike import alike, differs, run_distance
from grader.judging.diagnose import believed, diagnose_answers, diagnose_runs
from grader.judging.keys import Model
from grader.model import (
    Certainty,
    Diagnosis,
    Ended,
    Fact,
    Fault,
    Inputs,
    Items,
    Nothing,
    Number,
    Other,
    Parsed,
    Run,
    Text,
)
from tests.samples_part import Fields, close, code, key, mistake, predict, stopped
from tests.samples_seen import Told, run_of, seen, step, tensor

OPEN, HIDDEN = "shown", "far.1"
RIGHT = {OPEN: run_of(w=1.0), HIDDEN: run_of(w=4.0)}
HALF = {OPEN: run_of(w=0.5), HIDDEN: run_of(w=2.0)}
SQUARE = {OPEN: run_of(w=1.0), HIDDEN: run_of(w=16.0)}
ZERO_CALLED = Parsed(facts=(Fact("call", "w.grad.zero_", "fit", "ex4.py", 7),))
DETACH_NAMED = Parsed(facts=(Fact("bare", "w.detach", "fit", "ex4.py", 7),))
ZERO_NAMED = Parsed(facts=(Fact("bare", "w.grad.zero_", "fit", "ex4.py", 7),))


def told(
    ours: Model,
    models: Mapping[str, Sequence[Model]],
    *,
    wanted: Model = RIGHT,
    parsed: Parsed | None = None,
    **known: Mistake,
) -> Diagnosis | None:
    """The diagnosis where these mistakes are known, and have these runs."""
    mistakes = {name: known.get(name, mistake(f"It is {name}.")) for name in models}
    part = code(close("w", "w"), mistakes=mistakes)
    return diagnose_runs(part, key(wanted), ours, models, parsed or Parsed())


# --- what is named -------------------------------------------------------------------------------


def test_a_mistake_is_named_where_every_case_shows_it() -> None:
    got = told(HALF, {"square": [SQUARE], "half": [HALF]})

    assert got == Diagnosis("fit", "half", Certainty.MATCH, "It is half.")


def test_a_case_that_shows_something_else_names_nobody() -> None:
    assert told({**HALF, HIDDEN: run_of(w=1.9)}, {"half": [HALF]}) is None


def test_noise_is_no_difference() -> None:
    noisy = {OPEN: run_of(w=0.50001), HIDDEN: run_of(w=2.00001)}

    assert told(noisy, {"half": [HALF]}) is not None


def test_any_style_of_a_mistake_counts() -> None:
    assert told(HALF, {"half": [SQUARE, HALF]}) is not None


def test_mistakes_that_no_run_tells_apart_are_told_as_one_of() -> None:
    got = told(HALF, {"half": [HALF], "mean": [HALF], "square": [SQUARE]})

    assert got is not None
    assert (got.id, got.certainty) == ("half", Certainty.ONE_OF)
    assert got.among == ("half", "mean")
    assert got.message == "It is half.\n\nOr: It is mean."


def test_right_work_has_no_mistake() -> None:
    assert told(RIGHT, {"unseen": [RIGHT]}) is None


def test_the_lines_of_a_paragraph_flow_together() -> None:
    say = "The factor\nis lost.\n\nLook at\nthe slope.\n"

    got = told(HALF, {"half": [HALF]}, half=mistake(say))

    assert got is not None
    assert got.message == "The factor is lost.\n\nLook at the slope."


def test_alike_are_all_mistakes_with_such_runs() -> None:
    models = {"half": [HALF], "square": [SQUARE], "mean": [SQUARE, HALF]}

    assert alike(code(close("w", "w")), key(RIGHT), HALF, models) == ["half", "mean"]


# --- what stands in the source -------------------------------------------------------------------

NAMED_ONLY = mistake("It is not called.", tell={"fact": "bare", "what": "*.zero_"})


def test_the_source_splits_what_no_run_tells_apart() -> None:
    got = told(
        HALF,
        {"half": [HALF], "unnamed": [HALF], "named": [HALF]},
        parsed=ZERO_NAMED,
        named=NAMED_ONLY,
    )

    assert got is not None
    assert (got.id, got.certainty, got.among) == ("named", Certainty.MATCH, ())


@pytest.mark.parametrize("parsed", [Parsed(), ZERO_CALLED, DETACH_NAMED])
def test_a_mistake_whose_sign_is_not_there_is_out(parsed: Parsed) -> None:
    models = {"half": [HALF], "named": [HALF]}

    got = told(HALF, models, parsed=parsed, named=NAMED_ONLY)

    assert got is not None
    assert (got.id, got.certainty) == ("half", Certainty.MATCH)


def test_of_work_that_looks_right_the_source_alone_can_tell() -> None:
    models = {"unseen": [RIGHT], "named": [RIGHT]}

    got = told(RIGHT, models, parsed=ZERO_NAMED, named=NAMED_ONLY)

    assert got is not None
    assert (got.id, got.certainty) == ("named", Certainty.MATCH)


# --- errors --------------------------------------------------------------------------------------

STOPPED = {OPEN: stopped("no_graph"), HIDDEN: stopped("no_graph")}


def test_an_error_alone_is_a_hint() -> None:
    got = told(STOPPED, {"detached": [STOPPED]})

    assert got is not None
    assert (got.id, got.certainty) == ("detached", Certainty.HINT)


def test_another_kind_of_error_is_another_mistake() -> None:
    twice = {OPEN: stopped("backward_twice"), HIDDEN: stopped("backward_twice")}

    assert told(STOPPED, {"twice": [twice]}) is None


def test_an_error_and_its_sign_in_the_source_are_a_match() -> None:
    got = told(STOPPED, {"named": [STOPPED]}, parsed=ZERO_NAMED, named=NAMED_ONLY)

    assert got is not None
    assert got.certainty is Certainty.MATCH


FIRST, SECOND = step(4.0, w=(1.0, None, 2.0)), step(1.0, w=(0.5, None, 1.0))
LOOP = {OPEN: replace(run_of(w=1.0), steps=(FIRST, SECOND))}


@pytest.mark.parametrize(
    ("slope", "certainty"),
    [(2.0, Certainty.HINT), (7.0, Certainty.MATCH)],
    ids=["right until then", "wrong before"],
)
def test_what_was_seen_before_an_error_counts(slope: float, certainty: Certainty) -> None:
    ours = {OPEN: replace(stopped("no_graph"), steps=(step(4.0, w=(1.0, None, slope)),))}

    got = told(ours, {"detached": [ours]}, wanted=LOOP)

    assert got is not None
    assert got.certainty is certainty


def test_an_error_in_one_case_only_is_a_match() -> None:
    ours = {**HALF, HIDDEN: stopped("no_graph")}

    got = told(ours, {"half": [ours]})

    assert got is not None
    assert got.certainty is Certainty.MATCH


def test_values_that_an_error_left_behind_are_more_than_the_error() -> None:
    ours = {
        case: replace(stopped("no_graph"), observations=RIGHT[case].observations) for case in RIGHT
    }

    got = told(ours, {"late": [ours]})

    assert got is not None
    assert got.certainty is Certainty.MATCH


def test_a_run_that_finished_and_left_nothing_is_no_error() -> None:
    nothing = {case: run_of() for case in RIGHT}

    got = told(nothing, {"forgotten": [nothing]})

    assert got is not None
    assert got.certainty is Certainty.MATCH


# --- numbers that are fixed ----------------------------------------------------------------------

WANTED = {OPEN: run_of(w=1.0), HIDDEN: run_of(w=4.0), "far.2": run_of(w=9.0)}


@pytest.mark.parametrize(
    ("values", "is_told"),
    [
        ((1.0, 1.0, 1.0), True),
        ((1.0, 4.0, 1.0), False),  # right with other numbers too
        ((5.0, 5.0, 5.0), False),
        ((1.0, 4.0, 9.0), False),
    ],
)
def test_right_in_the_open_case_alone_is_a_number_that_is_fixed(
    values: tuple[float, ...], *, is_told: bool
) -> None:
    ours = {case: run_of(w=value) for case, value in zip(WANTED, values, strict=True)}

    got = told(ours, {}, wanted=WANTED)

    assert (got is not None) is is_told
    assert got is None or (got.part, got.id, got.certainty) == (
        "fit",
        "fixed-numbers",
        Certainty.HINT,
    )
    assert got is None or "right in the open case and wrong with other numbers" in got.message


def test_an_error_elsewhere_is_no_number_that_is_fixed() -> None:
    assert told({**RIGHT, HIDDEN: stopped("no_graph")}, {}) is None


@pytest.mark.parametrize("case", [OPEN, HIDDEN])
def test_a_number_is_fixed_only_where_both_kinds_of_cases_are(case: str) -> None:
    ours = {OPEN: run_of(w=1.0), HIDDEN: run_of(w=1.0)}

    assert told({case: ours[case]}, {}, wanted={case: RIGHT[case]}) is None


# --- evidence ------------------------------------------------------------------------------------


def test_the_first_step_of_the_open_case_that_departs_is_the_evidence() -> None:
    kept = step(1.0, w=(0.5, 2.0, 3.0))
    loop = replace(run_of(w=7.0), steps=(FIRST, kept))
    ours, wanted = (
        {HIDDEN: replace(loop, steps=(kept, FIRST)), OPEN: loop},
        {HIDDEN: LOOP[OPEN], **LOOP},
    )

    got = told(ours, {"kept": [ours]}, wanted=wanted)

    assert got is not None
    assert (got.case, got.evidence) == (
        OPEN,
        "step 2: w.grad before backward() was not cleared",
    )


@pytest.mark.parametrize("whose", ["ours", "the reference's"])
def test_where_steps_are_not_known_there_is_no_evidence(whose: str) -> None:
    bare, loop = {OPEN: run_of(w=7.0)}, {OPEN: replace(run_of(w=7.0), steps=(FIRST,))}
    ours, wanted = (bare, LOOP) if whose == "ours" else (loop, {OPEN: run_of(w=1.0)})

    got = told(ours, {"kept": [ours]}, wanted=wanted)

    assert got is not None
    assert (got.case, got.evidence) == ("", "")


# --- how far apart two runs are ------------------------------------------------------------------


def test_equal_runs_are_not_apart() -> None:
    run = replace(run_of(w=tensor([1.0], grad=[2.0]), loss=0.5), steps=(FIRST, SECOND))

    assert run_distance(run, run) == 0
    assert run_distance(Run(Ended.FINISHED), Run(Ended.FINISHED)) == 0


def test_a_distance_is_relative_to_what_the_model_shows() -> None:
    assert run_distance(run_of(w=3.0, b=1.0), run_of(w=2.0, b=1.0)) == 0.5


W = tensor([1.0], grad=[2.0])


@pytest.mark.parametrize(
    ("ours", "model"),
    [
        (run_of(), run_of(w=1.0)),
        (stopped("no_graph"), stopped("no_graph", ended=Ended.TIMEOUT)),
        (stopped("no_graph"), stopped("backward_twice")),
        (stopped("no_graph"), Run(Ended.ERROR)),
        (replace(run_of(), steps=()), run_of()),
        (run_of(), replace(run_of(), steps=())),
        (replace(run_of(), steps=(FIRST,)), replace(run_of(), steps=(FIRST, SECOND))),
        (run_of(w=W), run_of(w=replace(W, grad=None))),
        (run_of(w=W), run_of(w=replace(W, requires_grad=False))),
    ],
)
def test_what_is_not_alike_is_infinitely_far_apart(ours: Run, model: Run) -> None:
    assert run_distance(ours, model) == float("inf")


def test_gradients_of_returned_tensors_count() -> None:
    assert run_distance(run_of(w=W), run_of(w=tensor([1.0], grad=[1.0]))) == 1.0


def test_a_number_in_place_of_a_tensor_has_no_gradient_to_compare() -> None:
    assert run_distance(run_of(w=1.0), run_of(w=tensor(1.0))) == 0
    assert run_distance(run_of(w=tensor(1.0)), run_of(w=1.0)) == 0


def test_a_loss_in_two_parts_is_the_same_trace() -> None:
    halves = (step(1.0, w=(1.0, None, 0.5)), step(3.0, w=(1.0, 0.5, 2.0)))

    assert run_distance(replace(run_of(), steps=halves), replace(run_of(), steps=(FIRST,))) == 0


@pytest.mark.parametrize("kind", ["other", "name_missing", "wrong_return"])
@pytest.mark.parametrize(
    ("type_name", "message", "same"),
    [("KeyError", "'w'", True), ("KeyError", "'b'", False), ("IndexError", "'w'", False)],
)
def test_errors_without_a_kind_are_told_apart_by_their_words(
    kind: str, type_name: str, message: str, *, same: bool
) -> None:
    model = Run(Ended.ERROR, fault=Fault(kind, "KeyError", "'w'"))
    ours = Run(Ended.ERROR, fault=Fault(kind, type_name, message))

    assert (run_distance(ours, model) == 0) is same


def test_errors_of_a_kind_are_alike_whatever_their_words() -> None:
    """They may carry the numbers of a case, or a version of torch."""
    ours = Run(Ended.ERROR, fault=Fault("shape_mismatch", "RuntimeError", "size (3)"))
    model = Run(Ended.ERROR, fault=Fault("shape_mismatch", "ValueError", "size (5)"))

    assert run_distance(ours, model) == 0


# --- what a check tells apart --------------------------------------------------------------------


def apart(part: AnyPart, ours: Run, model: Run, wanted: Run, inputs: Inputs | None = None) -> bool:
    against = key({OPEN: wanted}, inputs)
    return differs(part, against, against.cases[0], ours, model)


def test_what_a_check_judges_otherwise_differs() -> None:
    """A hair is noise between values, and one too many for a bound."""
    count = {"id": "few", "kind": "bounded", "of": "n", "most": "top", "say": "Few enough."}
    small, large = run_of(n=1.0), run_of(n=1.00001)

    assert apart(code(count), large, small, small, {"top": 1.0})
    assert not apart(code(count), large, small, small, {"top": 2.0})


def test_a_check_of_the_source_tells_no_runs_apart() -> None:
    rule = {"id": "r", "kind": "source", "require": ("*.zero_",), "say": "It is cleared."}

    assert not apart(code(rule, close("w", "w")), RIGHT[OPEN], RIGHT[OPEN], RIGHT[OPEN])


def test_runs_that_ended_early_are_not_put_before_a_check() -> None:
    count = {"id": "few", "kind": "bounded", "of": "n", "most": 1, "say": "Few enough."}
    small, large = (
        replace(stopped("no_graph"), observations=run_of(n=n).observations) for n in (1.0, 1.00001)
    )

    assert not apart(code(count), large, small, run_of(n=1.0))


def test_cells_that_fail_count_in_a_script_alone() -> None:
    failed = replace(RIGHT[OPEN], cell_faults=(Fault("syntax", place="cell 2"),))
    otherwise = replace(RIGHT[OPEN], cell_faults=(Fault("no_graph", place="cell 2"),))

    assert apart(script(), failed, RIGHT[OPEN], RIGHT[OPEN])
    assert apart(script(), failed, otherwise, RIGHT[OPEN])
    assert not apart(script(), failed, failed, RIGHT[OPEN])
    assert not apart(code(close("w", "w")), failed, RIGHT[OPEN], RIGHT[OPEN])


def script() -> ScriptPart:
    fields = code(close("w", "w")).model_dump(exclude={"kind", "drive"})
    return ScriptPart.model_validate({**fields, "kind": "script", "observe": ("w",)})


# --- predictions ---------------------------------------------------------------------------------

ANSWERS = run_of(value=4.0, slope=12.0, again=24.0)
SLOPE_IS_VALUE: Fields = {"say": "That is the value.", "expects": {"slope": "x0**2"}}
NEVER_ADDED: Fields = {"say": "Gradients add up.", "expects": {"again": "slope"}}


def believes(
    answers: Mapping[str, Told], beliefs: Mapping[str, Fields], names: Inputs | None = None
) -> list[tuple[str, Certainty, tuple[str, ...]]]:
    """What explains these answers; of those that are left out, all are right."""
    told = {name: seen(answer) for name, answer in answers.items()}
    parsed = Parsed(answers={**ANSWERS.observations, **told})
    found = diagnose_answers(predict(**beliefs), ANSWERS, parsed, names or {"x0": 2.0})
    return [(one.id, one.certainty, one.among) for one in found]


def test_a_belief_is_named_by_the_wrong_answer_that_it_expects() -> None:
    beliefs = {"value": SLOPE_IS_VALUE, "once": NEVER_ADDED}

    assert believes({"slope": 4.0}, beliefs) == [("value", Certainty.MATCH, ())]
    assert believes({"again": 12.0}, beliefs) == [("once", Certainty.MATCH, ())]


def test_its_words_are_told_with_the_part() -> None:
    part = predict(value=SLOPE_IS_VALUE)
    parsed = Parsed(answers={"slope": seen(4.0)})

    (found,) = diagnose_answers(part, ANSWERS, parsed, {"x0": 2.0})

    assert (found.part, found.message) == ("look", "That is the value.")


def test_answers_wrong_for_two_reasons_have_two_diagnoses_as_the_program_goes() -> None:
    beliefs = {"once": NEVER_ADDED, "value": SLOPE_IS_VALUE}

    told = believes({"slope": 4.0, "again": 12.0}, beliefs)

    assert [id_ for id_, _, _ in told] == ["value", "once"]


def test_right_answers_and_others_need_no_belief() -> None:
    assert believes({}, {"value": SLOPE_IS_VALUE}) == []
    assert believes({"slope": 5.0}, {"value": SLOPE_IS_VALUE}) == []


def test_a_belief_holds_only_with_all_that_it_expects() -> None:
    both = {"say": "Both.", "expects": {"slope": "4.0", "again": "8.0"}}

    assert believes({"slope": 4.0}, {"both": both}) == []
    assert believes({"slope": 4.0, "again": 8.0}, {"both": both}) == [("both", Certainty.MATCH, ())]


def test_the_belief_that_explains_most_is_told() -> None:
    both = {"say": "Both.", "expects": {"slope": "4.0", "again": "8.0"}}

    told = believes({"slope": 4.0, "again": 8.0}, {"value": SLOPE_IS_VALUE, "both": both})

    assert told == [("both", Certainty.MATCH, ())]


def test_a_belief_that_explains_more_elsewhere_leaves_room_for_another() -> None:
    both = {"say": "Both.", "expects": {"value": "2.0", "slope": "2.0"}}

    told = believes(
        {"value": 2.0, "slope": 2.0, "again": 12.0}, {"both": both, "once": NEVER_ADDED}
    )

    assert [id_ for id_, _, _ in told] == ["both", "once"]


def test_what_a_right_answer_has_in_common_with_a_belief_explains_nothing() -> None:
    """It expects the right value too; that is one answer explained, as it is for the other."""
    also = {"say": "Also.", "expects": {"slope": "4.0", "value": "4.0"}}

    told = believes({"slope": 4.0}, {"value": SLOPE_IS_VALUE, "also": also})

    assert told == [("value", Certainty.ONE_OF, ("value", "also"))]


def test_beliefs_with_the_same_answers_are_told_as_one_of() -> None:
    part = predict(value=SLOPE_IS_VALUE, square={"say": "Squared.", "expects": {"slope": "4.0"}})
    parsed = Parsed(answers={"slope": seen(4.0)})

    (found,) = diagnose_answers(part, ANSWERS, parsed, {"x0": 2.0})

    assert (found.certainty, found.among) == (Certainty.ONE_OF, ("value", "square"))
    assert found.message == "That is the value.\n\nOr: Squared."


def test_what_was_not_answered_is_not_wrong() -> None:
    belief = {"say": "Both.", "expects": {"slope": "4.0", "again": "8.0"}}
    parsed = Parsed(answers={"slope": seen(4.0)})

    assert diagnose_answers(predict(both=belief), ANSWERS, parsed, {}) == ()


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("x0 * value", Number(8.0)),
        ("None", Nothing()),
        ("nothing", Nothing()),
        ("word", Text("mean")),
        ("'sum'", Text("sum")),
        ("row[1]", Number(2.0)),
        ("row * 2", Items((Number(2.0), Number(4.0)))),
        ("[value, 1]", Items((Number(4.0), Number(1.0)))),
    ],
)
def test_a_belief_is_written_over_the_right_answers_and_the_variant(
    expression: str, answer: object
) -> None:
    wanted = replace(
        run_of(value=4.0, row=tensor([1.0, 2.0]), nothing=None),
        observations={
            **run_of(value=4.0, nothing=None).observations,
            "word": Text("mean"),
            "odd": Other("set"),
        },
    )
    belief = Belief.model_validate({"say": "So.", "expects": {"slope": expression}})

    got = believed(belief, wanted, {"x0": 2.0, "row": tensor([1.0, 2.0]).value})

    assert got == {"slope": answer}
