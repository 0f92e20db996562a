import json
from pathlib import Path

import pytest

from grader.classroom.collect import read
from grader.course.format import Exercise
from grader.course.loading import load_course, load_exercise
from grader.course.parts.part import Mistake
from grader.judging import hints
from grader.judging.hints import Ladder
from grader.judging.workshop import Workshop
from grader.sandbox.client import Sandbox
from tests import shops

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def shop(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    shop = shops.shop(shops.ROOT, sandbox, tmp_path_factory)
    shops.exercise(shop, "ex4", tmp_path_factory)
    return shop


@pytest.fixture(scope="module")
def loop() -> Exercise:
    return load_exercise(load_course(shops.ROOT), "ex4")


def ladder(path: Path, shop: Workshop) -> Ladder:
    return hints.of_submission(read(path), load_exercise(shop.course, path.parent.name), shop)


def test_a_fresh_start_is_about_the_first_todo(loop: Exercise) -> None:
    found = hints.of_starter(loop, "", "autograd")

    assert (found.key, found.about) == ("todo forward", "TODO 1 `forward`")
    assert found.rungs == loop.parts[0].todo["forward"].hints


def test_the_first_blank_hole_goes_first(shop: Workshop, loop: Exercise) -> None:
    """Although what is filled in has failing checks."""
    found = ladder(GOLDEN / "ex4" / "partly_three_holes.py", shop)

    assert (found.key, found.about) == ("todo update", "TODO 4 `update`")
    assert found.rungs[0] == loop.parts[0].todo["update"].hints[0]


def mistake(exercise: Exercise, name: str) -> Mistake:
    found = exercise.parts[0].mistakes[name]
    assert isinstance(found, Mistake)
    return found


def test_a_matched_mistake_has_its_own_hints(shop: Workshop, loop: Exercise) -> None:
    found = ladder(GOLDEN / "ex4" / "wrong_zero_never.py", shop)

    assert (found.key, found.about) == ("mistake fit zero_never", "what was found in `Five steps`")
    assert found.rungs == mistake(loop, "zero_never").hints


def test_mistakes_that_look_alike_share_their_hints(shop: Workshop, loop: Exercise) -> None:
    found = ladder(GOLDEN / "ex4" / "wrong_zero_between.py", shop)

    both = mistake(loop, "zero_between").hints + mistake(loop, "no_update").hints
    assert (found.key, found.rungs) == ("mistake fit zero_between", both)


def test_a_mistake_without_hints_is_told_itself(shop: Workshop, loop: Exercise) -> None:
    (rung,) = ladder(GOLDEN / "ex4" / "wrong_zero_only_w.py", shop).rungs

    assert mistake(loop, "zero_only_w").hints == ()
    assert rung.split() == mistake(loop, "zero_only_w").say.split()


def test_else_the_first_failing_check_helps(shop: Workshop, loop: Exercise) -> None:
    found = ladder(GOLDEN / "ex4" / "error_nan.py", shop)

    assert found.key == "check fit first_step"
    assert found.about == 'the check "`w` and `b` are right after one step"'
    assert found.rungs == loop.parts[0].checks[0].hints


def test_an_error_is_told_before_the_hints_of_a_check(shop: Workshop, loop: Exercise) -> None:
    found = ladder(GOLDEN / "ex4" / "error_returns_none.py", shop)

    assert "TypeError: cannot unpack non-iterable NoneType object" in found.rungs[0]
    assert found.rungs[1:] == loop.parts[0].checks[0].hints


def test_a_file_that_is_not_python_is_told_where(shop: Workshop) -> None:
    found = ladder(GOLDEN / "ex4" / "error_syntax.py", shop)

    assert (found.key, found.about) == ("fault", "the first error")
    assert found.rungs[0].startswith("line ")


def test_who_has_everything_right_needs_none(shop: Workshop) -> None:
    assert ladder(GOLDEN / "ex4" / "right_sgd.py", shop) == Ladder()


def test_hints_hold_the_numbers_of_the_variant(shop: Workshop) -> None:
    """The first TODO of ex1 asks for a value at this student's own x."""
    exercise = load_exercise(shop.course, "ex1")

    every = [hints.of_starter(exercise, student, "autograd") for student in ("ada", "grace")]

    assert all(ladder.rungs for ladder in every)
    assert all("[[" not in rung for ladder in every for rung in ladder.rungs)


# --- climbing ------------------------------------------------------------------------------------

TWO = Ladder("todo a", "TODO 1 `a`", ("first", "second"))


def climb(folder: Path, ladder: Ladder = TWO, *, whole: bool = False) -> int:
    return hints.climbed(folder, "small", "ex1", ladder, whole=whole)


def test_each_call_climbs_and_the_last_rung_stays(tmp_path: Path) -> None:
    assert [climb(tmp_path) for _ in range(4)] == [1, 2, 2, 2]


def test_each_ladder_is_climbed_on_its_own(tmp_path: Path) -> None:
    other = Ladder("todo b", "TODO 2 `b`", ("first", "second"))

    assert [climb(tmp_path), climb(tmp_path, other), climb(tmp_path)] == [1, 1, 2]


def test_all_at_once_stands_on_the_last(tmp_path: Path) -> None:
    assert [climb(tmp_path, whole=True), climb(tmp_path)] == [2, 2]


def test_a_ladder_that_became_shorter(tmp_path: Path) -> None:
    climb(tmp_path, whole=True)

    assert climb(tmp_path, Ladder("todo a", "TODO 1 `a`", ("only",))) == 1


@pytest.mark.parametrize("kept", ["", "[1]", '{"todo a": "many"}', '{"todo a": -7}', "\0"])
def test_a_memory_that_cannot_be_read_begins_anew(kept: str, tmp_path: Path) -> None:
    climb(tmp_path)
    (path,) = tmp_path.rglob("ex1.json")
    path.write_text(kept)

    assert climb(tmp_path) == 1
    assert json.loads(path.read_text()) == {"todo a": 1}


def test_a_folder_that_cannot_be_written_still_gives_hints(tmp_path: Path) -> None:
    (tmp_path / "hints").write_text("not a folder")

    assert [climb(tmp_path), climb(tmp_path)] == [1, 1]
