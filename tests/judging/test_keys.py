"""What a part's runs are held against: cases that follow from a secret, and mistakes' runs."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from grader.checks.check import View
from grader.course.format import Exercise
from grader.course.parts.part import AnyPart
from grader.errors import AuthorError
from grader.judging.keys import Drawn, Key, Keys, Recorded, caught, computed
from grader.judging.keys.computed import base_styles, other_styles
from grader.judging.keys.page import Page, Style, as_bytes
from grader.judging.keys.recorded import member
from grader.model import Ended, Fact, Inputs, Parsed, Run, Tensor
from grader.sandbox.cache import RunCache
from grader.sandbox.client import Sandbox
from tests import samples
from tests.samples_part import Fields, close, code, stopped
from tests.samples_seen import run_of

SECRET, OTHER_SECRET = b"\x01" * 32, b"\x02" * 32


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    return samples.load(tmp_path)


def part_of(exercise: Exercise, id_: str = "by-hand") -> AnyPart:
    (part,) = (each for each in exercise.parts if each.id == id_)
    assert isinstance(part, AnyPart)
    return part


def inputs_of(key: Key) -> dict[str, Mapping[str, object]]:
    """Id → the inputs of a case, as plain lists."""
    return {case.id: plain(case.inputs) for case in key.cases}


def plain(inputs: Inputs) -> dict[str, object]:
    return {name: np.asarray(value).tolist() for name, value in inputs.items()}


# --- mistakes that are caught, and not by a hair -------------------------------------------------


def is_caught(ours: Run, wanted: Run, **about: object) -> bool:
    (check,) = code(close("w", "w", **about)).checks
    return caught(check, {"far.1": View(ours, wanted, {}, Parsed())})


@pytest.mark.parametrize(
    ("got", "is_far"), [(1.0, False), (1.00001, False), (1.005, False), (1.02, True), (2.0, True)]
)
def test_a_mistake_must_be_wrong_by_a_hundredth(got: float, *, is_far: bool) -> None:
    """What is wrong by less is caught by the tolerance, but hangs on the last digits of a draw."""
    assert is_caught(run_of(w=got), run_of(w=1.0)) is is_far


def test_one_case_in_which_it_shows_is_enough() -> None:
    (check,) = code(close("w", "w")).checks
    right, wrong = (View(run_of(w=w), run_of(w=1.0), {}, Parsed()) for w in (1.0, 2.0))

    assert caught(check, {"far.1": right, "far.2": wrong})
    assert not caught(check, {"far.1": right, "far.2": right})


def test_only_the_cases_of_a_check_count() -> None:
    assert not is_caught(run_of(w=2.0), run_of(w=1.0), cases=("shown",))
    assert is_caught(run_of(w=2.0), run_of(w=1.0), cases=("far",))


def test_what_does_not_finish_is_caught() -> None:
    assert is_caught(stopped("no_graph"), run_of(w=1.0))


def test_what_is_missing_is_far_off() -> None:
    assert is_caught(run_of(), run_of(w=1.0))


def test_what_is_no_matter_of_numbers_has_no_margin() -> None:
    rule: Fields = {"id": "few", "kind": "bounded", "of": "n", "most": 1, "say": "Few enough."}
    (check,) = code(rule).checks
    view = View(run_of(n=1.001), run_of(n=1.0), {}, Parsed())

    assert caught(check, {"far.1": view})


def test_a_rule_for_the_source_is_judged_where_the_run_did_not_finish() -> None:
    rule: Fields = {"id": "r", "kind": "source", "require": ("*.zero_",), "say": "It is cleared."}
    (check,) = code(rule).checks
    cleared = Parsed(facts=(Fact("call", "w.grad.zero_", "fit", "ex4.py", 7),))

    assert caught(check, {"far.1": View(stopped("no_graph"), run_of(), {}, Parsed())})
    assert not caught(check, {"far.1": View(stopped("no_graph"), run_of(), {}, cleared)})


# --- styles of a mistake -------------------------------------------------------------------------

NESTED = """\
    # <formula>
    # <factor>
    factor = 2 * a
    # </factor>
    # <times>
    return factor * x
    # </times>
    # </formula>
"""
STYLES = (
    ("    # <formula>\n    return 2 * a * x\n    # </formula>\n", NESTED),
    ('sum: {formula: "return a * x + a * x"}', "turned: {times: return x * factor}"),
    (
        'code: {formula: {replace: ["2 * a", "a"]}}}',
        """code: {factor: factor = a}}
      none: {say: Nothing is multiplied., code: {times: return x}}
      all: {say: All is lost., code: {formula: return x}}""",
    ),
)


def styled(folder: Path) -> Exercise:
    """With regions in regions, one accepted variant and three mistakes."""
    yaml, solution = samples.YAML, samples.SOLUTION
    for old, new in STYLES:
        yaml, solution = yaml.replace(old, new), solution.replace(old, new)
    return samples.load(folder, yaml, solution)


def test_a_mistake_is_also_made_over_a_variant_whose_regions_it_leaves_alone(
    tmp_path: Path,
) -> None:
    """`none` changes the same region, and `all` one around it."""
    exercise = styled(tmp_path)
    part = part_of(exercise)

    assert [name for name, _ in base_styles(part)] == ["half", "none", "all"]
    assert other_styles(exercise, part) == [
        ("half", {"times": "return x * factor", "factor": "factor = a"})
    ]


# --- what was recorded ---------------------------------------------------------------------------

WANTED, HALF, ZERO = run_of(slope=2.0), run_of(slope=1.0), run_of(slope=0.0)


def recorded(exercise: Exercise, *styles: Style) -> Recorded:
    """A release of this one exercise, with these runs of mistakes."""
    text, numbers = as_bytes(Page({"shown": WANTED}, styles))
    with zipfile.ZipFile(exercise.path.with_suffix(".runs"), "w") as archive:
        archive.writestr(member("by-hand", 3, "json"), text)
        archive.writestr(member("by-hand", 3, "safetensors"), numbers)
    return Recorded("small")


def is_like(run: Run) -> Callable[[Drawn, Run], bool]:
    return lambda _, other: other.observations == run.observations


def test_a_release_knows_the_open_cases_and_the_names_of_the_hidden(exercise: Exercise) -> None:
    key = recorded(exercise).key(exercise, part_of(exercise), 3)

    assert [(case.id, case.hidden) for case in key.cases] == [("shown", False)]
    assert key.wanted["shown"].observations == WANTED.observations
    assert (key.variant, key.pending) == (3, ("other.1", "other.2"))


def test_a_release_has_the_same_open_cases_as_the_course(
    exercise: Exercise, sandbox: Sandbox, folder: Path
) -> None:
    part = part_of(exercise)
    here = keys(sandbox, folder).key(exercise, part, 3)

    released = recorded(exercise).key(exercise, part, 3)

    assert inputs_of(released)["shown"] == inputs_of(here)["shown"]


def test_a_mistake_is_recognised_by_what_was_recorded_of_it(exercise: Exercise) -> None:
    half, zero = (Style(n, own=True, runs={"shown": r}) for n, r in (("half", HALF), ("no", ZERO)))
    maker, part = recorded(exercise, half, zero), part_of(exercise)
    key = maker.key(exercise, part, 3)

    assert list(maker.matching(exercise, part, key, is_like(HALF))) == ["half"]
    assert maker.matching(exercise, part, key, is_like(WANTED)) == {}


def test_other_styles_are_asked_only_where_no_authors_own_is_alike(exercise: Exercise) -> None:
    mine, theirs = (Style(n, own=n == "half", runs={"shown": HALF}) for n in ("half", "no"))
    both = Style("half", own=False, runs={"shown": ZERO})
    maker, part = recorded(exercise, mine, theirs, both), part_of(exercise)
    key = maker.key(exercise, part, 3)

    assert list(maker.matching(exercise, part, key, is_like(HALF))) == ["half"]
    assert list(maker.matching(exercise, part, key, is_like(ZERO))) == ["half"]


def test_all_styles_of_a_mistake_that_are_alike_are_its_models(exercise: Exercise) -> None:
    twice = [Style("half", own=True, runs={"shown": HALF})] * 2
    maker, part = recorded(exercise, *twice), part_of(exercise)

    found = maker.matching(exercise, part, maker.key(exercise, part, 3), is_like(HALF))

    assert [len(models) for models in found.values()] == [2]


def test_a_page_is_read_once(exercise: Exercise) -> None:
    maker, part = recorded(exercise), part_of(exercise)
    before = maker.key(exercise, part, 3)
    exercise.path.with_suffix(".runs").unlink()

    assert maker.key(exercise, part, 3).wanted is before.wanted


@pytest.mark.parametrize("damage", ["gone", "no archive", "another variant"])
def test_a_release_that_is_damaged_is_told_with_its_file(exercise: Exercise, damage: str) -> None:
    maker, path = recorded(exercise), exercise.path.with_suffix(".runs")
    if damage == "gone":
        path.unlink()
    elif damage == "no archive":
        path.write_bytes(b"no archive")

    with pytest.raises(AuthorError, match="what was recorded of by-hand cannot be read") as error:
        maker.key(exercise, part_of(exercise), 4 if damage == "another variant" else 3)

    assert str(path) in str(error.value)
    assert "get it again" in str(error.value.hint)


def test_a_release_of_another_version_is_refused_and_says_so(exercise: Exercise) -> None:
    maker, path = recorded(exercise), exercise.path.with_suffix(".runs")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member("by-hand", 3, "json"), '{"wanted": {}, "runs": []}')
        archive.writestr(member("by-hand", 3, "safetensors"), save({}))

    with pytest.raises(AuthorError, match="recorded by another version of the grader") as error:
        maker.key(exercise, part_of(exercise), 3)

    assert "get the release anew" in str(error.value.hint)


# --- what is computed ----------------------------------------------------------------------------


def keys(sandbox: Sandbox, folder: Path, secret: bytes = SECRET, course: str = "small") -> Keys:
    return Keys(course, secret, RunCache(folder, sandbox), folder)


def test_what_a_solution_defines_in_whatever_way_is_there_for_its_drive(
    tmp_path: Path, sandbox: Sandbox, folder: Path
) -> None:
    solution = samples.SOLUTION.replace("# <by_hand>\n", "# <by_hand>\nTWO: int = 2\nA, B = 3, 3\n")
    solution = solution.replace("slope(x, a)}", "slope(x, a) * TWO / 2 * A / B}")
    exercise = samples.load(tmp_path, solution=solution)

    key = keys(sandbox, folder).key(exercise, part_of(exercise), 0)

    assert [run.ended for run in key.wanted.values()] == [Ended.FINISHED] * 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that the tests of this file share: trusted runs are the same in all of them."""
    return tmp_path_factory.mktemp("keys")


def test_a_key_has_the_open_cases_first_and_what_the_reference_does(
    exercise: Exercise, sandbox: Sandbox, folder: Path
) -> None:
    key = keys(sandbox, folder).key(exercise, part_of(exercise), 3)

    assert [(case.id, case.hidden) for case in key.cases] == [
        ("shown", False),
        ("other.1", True),
        ("other.2", True),
    ]
    assert (key.unmet, key.variant, key.pending) == ((), 3, ())
    for case in key.cases:
        x, a = np.asarray(case.inputs["x"]), np.asarray(case.inputs["a"])
        slope = key.wanted[case.id].observations["slope"]
        assert isinstance(slope, Tensor)
        np.testing.assert_allclose(slope.value, 2 * a * x, rtol=1e-5)


def test_hidden_cases_follow_from_the_secret_and_open_ones_do_not(
    exercise: Exercise, sandbox: Sandbox, folder: Path
) -> None:
    part = part_of(exercise)

    one = inputs_of(keys(sandbox, folder).key(exercise, part, 3))
    again = inputs_of(keys(sandbox, folder).key(exercise, part, 3))
    other = inputs_of(keys(sandbox, folder, OTHER_SECRET).key(exercise, part, 3))

    assert one == again
    assert one["shown"] == other["shown"]
    assert one["other.1"] != one["other.2"]
    assert all(one[case] != other[case] for case in ("other.1", "other.2"))


def test_open_cases_follow_from_the_variant_and_hidden_ones_are_everybodys(
    exercise: Exercise, sandbox: Sandbox, folder: Path
) -> None:
    maker, part = keys(sandbox, folder), part_of(exercise)

    three, four = (inputs_of(maker.key(exercise, part, variant)) for variant in (3, 4))

    assert three["shown"] != four["shown"]
    assert three["other.1"] == four["other.1"]


def test_in_another_course_all_cases_are_others(
    exercise: Exercise, sandbox: Sandbox, folder: Path
) -> None:
    part = part_of(exercise)

    here = inputs_of(keys(sandbox, folder).key(exercise, part, 3))
    there = inputs_of(keys(sandbox, folder / "there", course="there").key(exercise, part, 3))

    assert all(here[case] != there[case] for case in here)


def test_a_key_is_made_once(exercise: Exercise, sandbox: Sandbox, folder: Path) -> None:
    maker, part = keys(sandbox, folder), part_of(exercise)

    assert maker.key(exercise, part, 3) is maker.key(exercise, part, 3)


def test_what_was_computed_is_remembered_without_a_box(
    exercise: Exercise, sandbox: Sandbox, tmp_path: Path
) -> None:
    """And what was torn, when the machine went down, is found out again."""
    part = part_of(exercise)
    first = keys(sandbox, tmp_path).key(exercise, part, 3)
    with Sandbox(slots=1, mode="plain") as closed:
        pass

    later = keys(closed, tmp_path).key(exercise, part, 3)
    assert inputs_of(later) == inputs_of(first)

    for path in (tmp_path / "draws").iterdir():
        path.write_text('{"attempt": 7')
    assert inputs_of(keys(closed, tmp_path).key(exercise, part, 3)) == inputs_of(first)


@pytest.mark.parametrize("secret", [bytes([n]) * 32 for n in range(4)])
def test_a_draw_that_makes_a_wrong_answer_right_is_not_taken(
    tmp_path: Path, sandbox: Sandbox, folder: Path, secret: bytes
) -> None:
    """With a = 0.5 who hands in `x` itself would be right."""
    yaml = samples.YAML.replace('inputs: {x: "randn(2, 2)"}}', 'inputs: {a: "choice(0.5, 2.5)"}}')
    exercise = samples.load(tmp_path, yaml)

    key = keys(sandbox, folder, secret).key(exercise, part_of(exercise), 0)

    assert [case.inputs["a"] for case in key.cases if case.hidden] == [2.5, 2.5]
    assert key.unmet == ()


def test_a_mistake_that_no_draw_tells_from_the_reference_is_named(
    tmp_path: Path, sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computed, "_MOST_ATTEMPTS", 2)  # as good as forty, here
    same = '      same: {say: Not wrong., code: {formula: "return x * a * 2"}}\n  - id: plain\n'
    exercise = samples.load(tmp_path, samples.YAML.replace("  - id: plain\n", same))

    key = keys(sandbox, folder).key(exercise, part_of(exercise), 3)

    assert [str(each) for each in key.unmet] == ["mistake `same` passes every check"]


def test_the_mistakes_that_are_alike_are_found_with_their_runs(
    exercise: Exercise, sandbox: Sandbox, folder: Path
) -> None:
    maker, part = keys(sandbox, folder), part_of(exercise)
    key = maker.key(exercise, part, 3)
    (half,) = maker.models(exercise, part, key.cases)["half"]

    def alike(case: Drawn, run: Run) -> bool:
        return repr(run.observations) == repr(half[case.id].observations)

    assert list(maker.matching(exercise, part, key, alike)) == ["half"]
    ((found,),) = maker.matching(exercise, part, key, alike).values()
    assert {id_: repr(run.observations) for id_, run in found.items()} == {
        id_: repr(run.observations) for id_, run in half.items()
    }
    assert maker.matching(exercise, part, key, lambda case, _: case.hidden) == {}


def test_each_mistake_that_is_alike_has_runs_of_its_own(
    tmp_path: Path, sandbox: Sandbox, folder: Path
) -> None:
    exercise = styled(tmp_path)
    maker, part = keys(sandbox, folder), part_of(exercise)

    found = maker.matching(exercise, part, maker.key(exercise, part, 3), lambda *_: True)

    assert {name: len(models) for name, models in found.items()} == {"half": 1, "none": 1, "all": 1}


def test_a_reference_that_raises_is_told(
    tmp_path: Path, sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computed, "_MOST_ATTEMPTS", 2)
    exercise = samples.load(
        tmp_path, solution=samples.SOLUTION.replace("    return 2 * a * x", "    return 2 * a * y")
    )

    key = keys(sandbox, folder).key(exercise, part_of(exercise), 3)

    assert [str(each) for each in key.unmet] == ["the reference does not finish"]


def test_a_mistake_is_found_in_another_style(
    tmp_path: Path, sandbox: Sandbox, folder: Path
) -> None:
    """Over the accepted variant, `half` multiplies in another order."""
    exercise = styled(tmp_path)
    maker, part = keys(sandbox, folder), part_of(exercise)
    key = maker.key(exercise, part, 3)
    asked: list[str] = []

    def alike(case: Drawn, _: Run) -> bool:
        asked.append(case.id)
        return len(asked) > 3  # none of the three as their authors wrote them

    assert list(maker.matching(exercise, part, key, alike)) == ["half"]
    assert asked == ["shown"] * 3 + ["shown", "other.1", "other.2"]
