"""A folder or an archive as platforms and people make it → who handed in what, and what is left."""

import hashlib
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.classroom import intake
from grader.classroom.cohort import Student
from grader.classroom.intake import Intake, roster
from grader.errors import StudentError, UsageError
from tests import made_class
from tests.made_class import LAYOUTS, MadeClass

CLASS = made_class.made(7, seed=3)
NAMES = {
    "gradescope": "Gradescope export",
    "nbgrader": "nbgrader",
    "moodle": "Moodle download",
    "moodle-old": "Moodle download",
    "moodle-flat": "Moodle download",
    "canvas": "Canvas download",
    "kept": "attempts kept by grade submit",
    "folders": "one folder a student",
    "files": "one file a student",
}
TIMED = ("gradescope", "nbgrader", "kept")


def counted(found: Intake) -> list[tuple[tuple[str, ...], str]]:
    return sorted((one.students, hashlib.sha256(one.read()).hexdigest()) for one in found.handed_in)


def folder(tmp_path: Path, members: dict[str, bytes | str], name: str = "class") -> Path:
    raw = {
        inside: text.encode() if isinstance(text, str) else text for inside, text in members.items()
    }
    return made_class.write_folder(raw, tmp_path / name)


def left(found: Intake) -> dict[str, str]:
    return {one.where: one.why for one in found.left}


@pytest.fixture
def listed(tmp_path: Path) -> roster.Roster:
    return roster.read(made_class.write_roster(CLASS, tmp_path / "roster.csv"))


@pytest.mark.parametrize("shape", ["folder", "zip"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_brings_back_what_each_student_handed_in(
    tmp_path: Path, listed: roster.Roster, layout: str, shape: str
) -> None:
    write = made_class.write_zip if shape == "zip" else made_class.write_folder
    path = write(LAYOUTS[layout](CLASS), tmp_path / f"class.{shape}")

    found = intake.find(path, listed)

    assert found.layout == NAMES[layout]
    assert counted(found) == CLASS.counted()
    assert found.left == ()
    assert found.students == listed.students


@pytest.mark.parametrize("layout", TIMED)
def test_a_time_is_told_where_the_platform_tells_it(tmp_path: Path, layout: str) -> None:
    found = intake.find(made_class.write_folder(LAYOUTS[layout](CLASS), tmp_path / "class"))

    told = {one.students: one.at for one in found.handed_in}
    assert told == {work.students: work.at for work in CLASS.works}


def test_a_zip_s_own_times_are_nobody_s_word(tmp_path: Path) -> None:
    path = made_class.write_zip(LAYOUTS["moodle"](CLASS), tmp_path / "class.zip")

    found = intake.find(path)

    assert {one.at for one in found.handed_in} == {None}


@pytest.mark.parametrize("layout", ["moodle", "moodle-flat", "canvas", "gradescope"])
def test_a_group_hands_in_for_all_its_members(
    tmp_path: Path, listed: roster.Roster, layout: str
) -> None:
    groups = made_class.grouped(CLASS)
    path = made_class.write_folder(LAYOUTS[layout](groups), tmp_path / "class")

    assert counted(intake.find(path, listed)) == groups.counted()


def test_moodle_s_number_of_a_group_is_no_student_s(tmp_path: Path) -> None:
    """A worksheet has no groups: the work of all would be that of whom the number means."""
    path = made_class.write_folder(LAYOUTS["moodle"](made_class.grouped(CLASS)), tmp_path / "class")
    listed = roster.Roster(
        tuple(
            replace(s, group="", aliases=(f"Participant {CLASS.number(s.id)}",))
            for s in CLASS.students
        )
    )

    found = intake.find(path, listed)

    first = CLASS.students[0].name
    assert [h.students for h in found.handed_in] == [("s00006",)]  # alone, under his own name
    assert left(found)["team 0_1001_assignsubmission_file/ex4.py"] == (
        f"Participant 1001 is {first} on the roster, the folder says team 0: a group? "
        "give a roster with a `group` column"
    )


@pytest.mark.parametrize("called", ["OBrien Ana", "Ana OBrien", "team 0-Ana OBrien", "Participant"])
def test_moodle_may_write_the_name_of_its_number_otherwise(tmp_path: Path, called: str) -> None:
    one = folder(tmp_path, {f"{called}_17_assignsubmission_file/ex4.py": "1"})
    ana = Student("a1", "Ana O'Brien", aliases=("Participant 17",))

    [handed_in] = intake.find(one, roster.Roster((ana,))).handed_in

    assert handed_in.students == ("a1",)


def test_without_a_roster_the_layout_s_own_keys_are_the_ids(tmp_path: Path) -> None:
    path = made_class.write_folder(LAYOUTS["moodle"](CLASS), tmp_path / "class")

    found = intake.find(path)

    assert found.handed_in[0].students[0].startswith("Participant 100")
    assert len(found.students) == 7


def test_gradescope_tells_ids_names_and_addresses(tmp_path: Path) -> None:
    path = made_class.write_folder(LAYOUTS["gradescope"](CLASS), tmp_path / "class")

    found = intake.find(path)

    told = {(student.id, student.name, student.email) for student in found.students}
    assert told == {(student.id, student.name, student.email) for student in CLASS.students}


def test_gradescope_is_not_believed_blindly(tmp_path: Path) -> None:
    yml = """\
submission_1:
  :submitters:
  - &1
    :name: Ann
    :sid: 0012
    :email: ann@made.example
submission_2:
  :submitters:
  - :name: Bob
    :sid:
    :email: bob@made.example
  - *1
  :history: null
submission_3:
  :submitters: []
submission_5:
  :submitters:
  - :sid: ../admin
submission_6:
  :submitters:
  - :sid: eve
"""
    one = folder(
        tmp_path,
        {
            "submission_metadata.yml": yml,
            "submission_1/ex4.py": "1",
            "submission_2/ex5.py": "2",
            "submission_3/ex4.py": "3",
            "submission_4/ex4.py": "4",
            "submission_5/ex4.py": "5",
        },
    )

    found = intake.find(one)

    twice = "submission_1, submission_2 each claim to be by 0012: take out what does not count"
    assert left(found) == {
        "submission_1/ex4.py": f"{twice}, and grade again",
        "submission_2/ex5.py": f"{twice}, and grade again",
        "submission_3/ex4.py": "does not tell whose it is",
        "submission_4/ex4.py": "submission_metadata.yml does not tell whose it is",
        "submission_5/ex4.py": "the student id '../admin' looks like a path",
        "submission_6": "is in submission_metadata.yml, but has no file",
    }


def test_rails_may_write_a_time_as_an_object(tmp_path: Path) -> None:
    yml = """\
submission_1:
  :submitters:
  - :sid: 1e5
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-10-01 08:00:00.123456789 Z
    zone: {}
"""
    one = folder(tmp_path, {"submission_metadata.yml": yml, "submission_1/ex4.py": "1"})

    [handed_in] = intake.find(one).handed_in

    assert handed_in.students == ("1e5",)
    assert handed_in.at == datetime(2026, 10, 1, 8, 0, 0, 123456, UTC)


@pytest.mark.parametrize(
    "yml",
    [
        *("", "[]", "a: [", "\0", "!!python/object:os.x"),
        pytest.param("a: {submitters: " + "[" * 50_000 + "]" * 50_000 + "}", id="deep"),
    ],
)
def test_metadata_that_cannot_be_read_stop_the_intake(tmp_path: Path, yml: str) -> None:
    one = folder(tmp_path, {"submission_metadata.yml": yml, "submission_1/ex4.py": "1"})

    with pytest.raises(UsageError, match="submission_metadata"):
        intake.find(one)


def test_nbgrader_tells_the_exercise_and_its_other_steps_are_counted(tmp_path: Path) -> None:
    one = folder(
        tmp_path,
        {
            "submitted/ann/ex4/ex4.ipynb": "{}",
            "submitted/ann/ex4/timestamp.txt": "yesterday",
            "autograded/ann/ex4/ex4.ipynb": "{}",
            "source/ex4/ex4.ipynb": "{}",
        },
    )

    found = intake.find(one)

    assert [(h.students, h.exercise, h.at) for h in found.handed_in] == [(("ann",), "ex4", None)]
    assert left(found) == {
        "autograded": "is not submitted by a student: 1 files",
        "source": "is not submitted by a student: 1 files",
        "submitted/ann/ex4/timestamp.txt": "tells no time that can be read",
    }


def test_the_submitted_folder_itself_will_do(tmp_path: Path) -> None:
    path = made_class.write_folder(LAYOUTS["nbgrader"](CLASS), tmp_path / "class") / "submitted"

    found = intake.find(path)

    assert (found.layout, counted(found)) == ("nbgrader", CLASS.counted())


def test_moodle_s_online_texts_are_left_aside(tmp_path: Path) -> None:
    one = folder(
        tmp_path,
        {
            "Ann Lee_7_assignsubmission_file/sub/ex4.py": "1",
            "Ann Lee_7_assignsubmission_onlinetext/onlinetext.html": "<p>",
            "notes.txt": "",
        },
    )

    found = intake.find(one)

    assert [h.name for h in found.handed_in] == ["ex4.py"]
    assert left(found) == {
        "Ann Lee_7_assignsubmission_onlinetext/onlinetext.html": "is an online text, no file",
        "notes.txt": "is not named as Moodle names a submission",
    }


def test_a_flat_moodle_file_keeps_the_name_its_student_gave_it(tmp_path: Path) -> None:
    name = "Ann Lee_7_assignsubmission_file_Bob_8_assignsubmission_file_ex4.py"

    [handed_in] = intake.find(folder(tmp_path, {name: "1"})).handed_in

    assert handed_in.students == ("Participant 7",)
    assert handed_in.name == "Bob_8_assignsubmission_file_ex4.py"


def test_canvas_marks_are_no_part_of_a_name(tmp_path: Path) -> None:
    one = folder(
        tmp_path,
        {
            "leeann_LATE_17_900_ex4-2.py": "1",
            "LATE_anon_aB3x_901_ex4.py": "2",
            "smithbob_19_text.html": "<p>",
            "roster.csv": "id",
        },
    )

    found = intake.find(one)

    assert [(h.students, h.name) for h in found.handed_in] == [
        (("anon_aB3x",), "ex4.py"),
        (("17",), "ex4.py"),
    ]
    assert left(found)["smithbob_19_text.html"] == "is a text or a link, no file"
    assert found.left[0].where == "roster.csv"


def test_names_with_numbers_are_not_taken_for_canvas(tmp_path: Path) -> None:
    found = intake.find(folder(tmp_path, {"ann_2026_11_ex4.py": "1", "bob.py": "2"}))

    assert found.layout == "one file a student"


def test_a_kept_attempt_that_was_changed_later_says_so(tmp_path: Path) -> None:
    path = made_class.write_folder(LAYOUTS["kept"](CLASS), tmp_path / "class")
    next(path.rglob("submission.py")).write_text("another\n")

    found = intake.find(path)

    with pytest.raises(StudentError, match="is not what was handed in"):
        counted(found)


def test_the_state_folder_of_one_student_is_called_after_them(tmp_path: Path) -> None:
    path = made_class.write_folder(LAYOUTS["kept"](CLASS), tmp_path / "class") / "s00001"

    found = intake.find(path)

    assert {one.students for one in found.handed_in} == {("s00001",)}
    assert {one.exercise for one in found.handed_in} == {"ex4"}
    with pytest.raises(UsageError, match="whose"):
        intake.find(path / "attempts")


def test_exercises_alone_are_nobody_s_whatever_their_folder_is_called(tmp_path: Path) -> None:
    one = folder(tmp_path, {"ex1.py": "1", "Exercise_2.ipynb": "{}"}, "Downloads")

    for path in (one, one / "ex1.py"):
        found = intake.find(path)

        assert (found.handed_in, found.students) == ((), ())
        assert all("does not tell whose it is: call it" in why for why in left(found).values())


def test_exercises_alone_are_nobody_s_in_the_folder_an_archive_is_called_after(
    tmp_path: Path,
) -> None:
    for number, names in enumerate((["ex1.py"], ["ex1.py", "ex2.py"])):
        members = {f"week{number}/{name}": name.encode() for name in names}

        found = intake.find(made_class.write_zip(members, tmp_path / f"week{number}.zip"))

        assert (len(found.handed_in), len(found.left)) == (0, len(names))


def test_a_folder_in_what_was_named_is_its_student_s(tmp_path: Path) -> None:
    one = folder(tmp_path, {"ann/ex1.py": "1", "ann/ex2.ipynb": "{}", "ann/notes.md": ""})

    found = intake.find(one)

    assert found.layout == "one person's files"
    assert found.students == (Student("ann"),)
    assert [(h.students, h.exercise) for h in found.handed_in] == [
        (("ann",), "ex1"),
        (("ann",), "ex2"),
    ]
    assert left(found) == {"ann/notes.md": "is neither .py nor .ipynb"}


def test_a_roster_may_know_the_folder_that_was_named(tmp_path: Path) -> None:
    one = folder(tmp_path, {"ex1.py": "1", "ex2.py": "2"}, "ann")
    (tmp_path / "roster.csv").write_text("id,name\nann,Ann Lee\n")
    listed = roster.read(tmp_path / "roster.csv")

    for path in (one, one / "ex1.py"):
        assert {h.students for h in intake.find(path, listed).handed_in} == {("ann",)}


@pytest.mark.parametrize(
    ("name", "exercise"),
    [
        ("ex4_bob.py", "ex4"),
        ("bob_EX6.ipynb", "ex6"),
        ("Exercise 12-bob.py", "ex12"),
        ("bob.py", ""),
        ("alex4_bob.py", ""),
    ],
)
def test_a_name_may_tell_the_exercise(tmp_path: Path, name: str, exercise: str) -> None:
    found = intake.find(folder(tmp_path, {name: "1", "eve.py": "2"}))

    assert {h.name: h.exercise for h in found.handed_in} == {name: exercise, "eve.py": ""}


@pytest.mark.parametrize("layout", ["gradescope", "nbgrader", "moodle", "moodle-flat", "canvas"])
def test_downloads_side_by_side_are_no_students(tmp_path: Path, layout: str) -> None:
    for name in ("week 1", "week 2"):
        made_class.write_folder(LAYOUTS[layout](CLASS), tmp_path / "all" / name)

    with pytest.raises(UsageError, match="several downloads: week 1, week 2"):
        intake.find(tmp_path / "all")


def test_a_download_beside_other_files_is_no_student(tmp_path: Path) -> None:
    made_class.write_folder(LAYOUTS["moodle"](CLASS), tmp_path / "all" / "week 1")
    made_class.write_folder({"notes/todo.py": b"1"}, tmp_path / "all")

    with pytest.raises(UsageError, match="a download beside other files: week 1"):
        intake.find(tmp_path / "all")


def test_no_student_stops_the_others_by_what_looks_like_a_download(tmp_path: Path) -> None:
    one = folder(
        tmp_path,
        {
            "ann/ex4.py": "1",
            "ann/submission_metadata.yml": "a: [",
            "bob/ex4.py": "2",
            "eve/ex4.py": "3",
        },
    )

    found = intake.find(one)

    assert [h.students for h in found.handed_in] == [("ann",), ("bob",), ("eve",)]
    assert left(found) == {"ann/submission_metadata.yml": "is neither .py nor .ipynb"}


def test_a_student_s_own_names_make_no_download(tmp_path: Path) -> None:
    """Canvas could have called a file so."""
    one = folder(tmp_path, {"ann/ex4_2026_11_final.py": "1", "bob/ex4.py": "2"})

    assert [h.students for h in intake.find(one).handed_in] == [("ann",), ("bob",)]


def test_a_single_file_is_a_class_of_one(tmp_path: Path) -> None:
    one = folder(tmp_path, {"ann_ex4.py": "1", "bob_ex4.py": "2"})

    [handed_in] = intake.find(one / "ann_ex4.py").handed_in

    assert handed_in.students == ("ann",)


def test_the_only_folder_there_is_a_student_s_if_the_roster_says_so(tmp_path: Path) -> None:
    one = folder(tmp_path, {"ann/main.py": "1", "ann/other.py": "2"})
    (tmp_path / "roster.csv").write_text("id,name\nann,Ann Lee\n")

    found = intake.find(one, roster.read(tmp_path / "roster.csv"))

    assert found.layout == "one folder a student"
    assert {h.students for h in found.handed_in} == {("ann",)}


def test_with_a_roster_any_word_may_stand_around_an_id(tmp_path: Path) -> None:
    one = folder(tmp_path, {"slopes_ann.py": "1", "bob_slopes.py": "2", "eve.py": "3"})
    (tmp_path / "roster.csv").write_text("id,name\nann,Ann Lee\nbob,Bob Lee\n")

    found = intake.find(one, roster.read(tmp_path / "roster.csv"))

    assert sorted(h.students for h in found.handed_in) == [("ann",), ("bob",)]
    assert left(found) == {"eve.py": "no student on the roster matches eve"}


PATTERN = r"(?P<time>[^_]+)_(?P<exercise>ex\d+)_(?P<last_name>\w+?)_(?P<student>.+)\.py"


def test_a_pattern_reads_any_other_layout(tmp_path: Path) -> None:
    one = folder(
        tmp_path,
        {
            "20261001T080000+0200_ex4_lee_ann.py": "1",
            "soon_ex4_lee_bob.py": "2",
            "20261001T080000Z_ex4_lee_eve.pyc": "3",
        },
    )

    found = intake.find(one, pattern=PATTERN)

    [handed_in] = found.handed_in
    assert (handed_in.students, handed_in.exercise) == (("ann",), "ex4")
    assert handed_in.at == datetime(2026, 10, 1, 6, tzinfo=UTC)
    assert left(found) == {
        "soon_ex4_lee_bob.py": "soon is no time",
        "20261001T080000Z_ex4_lee_eve.pyc": "does not match the pattern",
    }


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("(", "no regular expression"),
        ("x", "no group called student"),
        ("(?P<student>.)(?P<x>.)", "x"),
    ],
)
def test_a_pattern_is_refused_before_anything_is_read(
    tmp_path: Path, pattern: str, says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        intake.find(tmp_path, pattern=pattern)


def test_the_same_class_is_made_again_from_the_same_seed() -> None:
    assert made_class.made(5, seed=1, hostile=0.5) == made_class.made(5, seed=1, hostile=0.5)
    assert made_class.made(5, seed=1) != made_class.made(5, seed=2)


def test_bytes_are_read_when_they_are_asked_for(tmp_path: Path) -> None:
    path = made_class.write_folder(LAYOUTS["folders"](CLASS), tmp_path / "class")
    found = intake.find(path)
    shutil.rmtree(path)

    with pytest.raises(StudentError, match="cannot be read"):
        found.handed_in[0].read()


def several(size: int) -> MadeClass:
    return made_class.made(size, exercises=("ex1", "ex4"))


@pytest.mark.parametrize("layout", ["nbgrader", "kept", "folders", "files"])
def test_a_student_may_hand_in_several_exercises(tmp_path: Path, layout: str) -> None:
    one = several(3)

    found = intake.find(made_class.write_folder(LAYOUTS[layout](one), tmp_path / "class"))

    assert counted(found) == one.counted()
