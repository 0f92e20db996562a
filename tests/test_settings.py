import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.settings import (
    CoursePlace,
    Secret,
    cache_folder,
    find_course,
    fingerprint,
    secret,
    state_folder,
)

HEX = "00112233445566778899aabbccddeeff"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return make(tmp_path / "course")


def make(folder: Path) -> Path:
    (folder / "exercises").mkdir(parents=True)
    (folder / "exercises" / "course.yaml").touch()
    return folder


def named(course: Path) -> CoursePlace:
    return CoursePlace(course, trusted=True)


def test_the_option_comes_first(course: Path, tmp_path: Path) -> None:
    other = make(tmp_path / "other")

    assert find_course(other, {"GRADE_COURSE": str(course)}, course) == named(other)


def test_the_environment_comes_second(course: Path, tmp_path: Path) -> None:
    other = make(tmp_path / "other")

    assert find_course(None, {"GRADE_COURSE": str(other)}, course) == named(other)


def test_then_the_nearest_folder_upwards(course: Path) -> None:
    inner = course / "a" / "b"
    inner.mkdir(parents=True)

    found = find_course(None, {"GRADE_COURSE": ""}, inner)
    assert found == CoursePlace(course, trusted=False)


def test_a_course_that_was_handed_in_hides_none(course: Path, tmp_path: Path) -> None:
    student = tmp_path / "checkout"
    shutil.copytree(course / "exercises", student / "exercises")

    place = find_course(None, {}, student, installed=course, handed_in=student)
    assert place == named(course)


def test_then_the_installed_course(course: Path, tmp_path: Path) -> None:
    assert find_course(None, {}, tmp_path, installed=course) == named(course)


def test_without_a_course_the_hint_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no course") as error:
        find_course(None, {}, tmp_path, installed=tmp_path)

    assert "--course DIR" in error.value.hint


def test_a_course_that_is_named_must_be_there(course: Path) -> None:
    with pytest.raises(UsageError, match="nowhere is no course"):
        find_course(Path("nowhere"), {}, course)


def test_folders_can_be_named_by_the_environment() -> None:
    assert cache_folder({"GRADE_CACHE": "/a"}) == Path("/a")
    assert state_folder({"GRADE_STATE": "/b"}) == Path("/b")
    assert cache_folder({}) != state_folder({})


def test_a_secret_is_made_once(course: Path) -> None:
    first = secret(course, {}, may_make=True)
    second = secret(course, {}, may_make=True)

    assert (first.made, second.made) == (True, False)
    assert first.key == second.key
    assert len(first.key) == 32


def test_only_the_owner_may_read_it(course: Path) -> None:
    secret(course, {}, may_make=True)

    mode = (course / "exercises" / ".secret").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_graders_that_start_at_once_agree(course: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: secret(course, {}, may_make=True), range(8)))

    assert len({each.key for each in found}) == 1
    assert [each.made for each in found].count(True) == 1
    assert {path.name for path in (course / "exercises").iterdir()} == {"course.yaml", ".secret"}


def test_where_none_may_be_made_none_is(course: Path) -> None:
    with pytest.raises(UsageError, match="has no secret") as error:
        secret(course, {}, may_make=False)

    assert error.value.exit_code == 2
    assert not (course / "exercises" / ".secret").exists()


def test_the_environment_overrides_the_file(course: Path) -> None:
    assert secret(course, {"GRADE_SECRET": HEX}, may_make=True) == Secret(bytes.fromhex(HEX))


@pytest.mark.parametrize("text", ["short", "00" * 15, "xyz" * 20, ""])
def test_a_secret_that_is_none_is_refused(course: Path, text: str) -> None:
    (course / "exercises" / ".secret").write_text(text)

    with pytest.raises(UsageError, match="holds no secret"):
        secret(course, {}, may_make=True)


def test_a_fingerprint_tells_secrets_apart_and_nothing_more() -> None:
    key = bytes.fromhex(HEX)

    assert fingerprint(key) == fingerprint(key) != fingerprint(key + b"x")
    assert len(fingerprint(key)) == 12
    assert HEX not in repr(Secret(key))
