"""What students may put into their own folders, names and times decides nothing for others."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.classroom import intake
from grader.classroom.cohort import Student
from grader.classroom.intake import Intake
from grader.classroom.intake.roster import Roster
from grader.classroom.intake.times import moment

WORK = b"# grade: ex1\n"


def handed_in(place: Path, *names: str) -> Path:
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(WORK)
    return place


def whose(found: Intake) -> dict[str, tuple[str, ...]]:
    return {one.origin: one.students for one in found.handed_in}


def why(found: Intake) -> dict[str, str]:
    return {one.where: one.why for one in found.left}


def test_a_students_own_folder_does_not_decide_the_layout(tmp_path: Path) -> None:
    """One has put attempts that look as if `grade submit` had kept them into his folder."""
    for student in ("ann", "bob", "cyd"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "ex1.py").write_bytes(WORK)
    stamp = f"20200101T000000Z-{hashlib.sha256(WORK).hexdigest()[:12]}"
    kept = tmp_path / "cyd" / "attempts" / "autograd" / "ex1" / stamp
    kept.mkdir(parents=True)
    (kept / "submission.py").write_bytes(WORK)

    found = intake.find(tmp_path)

    assert found.layout == "one folder a student"
    assert {each.students for each in found.handed_in} == {("ann",), ("bob",), ("cyd",)}
    assert all(each.at is None for each in found.handed_in)


@pytest.mark.parametrize("text", ["9999-12-31 23:59:59 UTC", "0001-01-01 00:00:00 UTC", "1999"])
def test_a_time_in_which_there_is_no_course_is_none(text: str) -> None:
    assert moment(text) is None
    assert moment("2026-10-01 08:00:00 UTC") is not None


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-24 21:30:00.948203 Europe/Berlin",
        "2026-10-24 12:30:00.948203 America/Los_Angeles",
        "2026-10-24 12:30:00.948203 PDT",
        "2026-10-24 21:30:00.948203 CEST",
        "2026-10-24 21:30:00.948203 +0200",
        "2026-10-24 21:30:00.948203 +02",
        "2026-10-24T21:30:00.948203+02:00",
        "2026-10-24 19:30:00.948203 UTC",
        "2026-10-24 19:30:00.948203",
    ],
)
def test_a_zone_is_an_offset_a_name_or_what_computers_write_for_it(text: str) -> None:
    assert moment(text) == datetime(2026, 10, 24, 19, 30, 0, 948203, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone", ["Europe/Nowhere", "../../etc/passwd", "/etc/passwd", "XYZ", "CST"]
)
def test_a_zone_that_nobody_knows_tells_no_time(zone: str) -> None:
    assert moment(f"2026-10-24 21:30:00 {zone}") is None


def test_an_abbreviation_of_several_zones_is_told_as_that(tmp_path: Path) -> None:
    folder = tmp_path / "submitted" / "ann" / "ex4"
    folder.mkdir(parents=True)
    (folder / "ex4.py").write_bytes(WORK)
    (folder / "timestamp.txt").write_text("2026-10-24 21:30:00 CST")

    found = intake.find(tmp_path)

    assert [each.at for each in found.handed_in] == [None]
    assert [left.why for left in found.left] == [
        "CST may be America/Chicago or Asia/Shanghai: write that"
    ]


def test_nobody_hands_in_for_a_group_by_taking_its_name(tmp_path: Path) -> None:
    """Where people may choose what they are called, and others do not hand in as groups."""
    listed = Roster(
        (
            Student("s1", "Ann A", group="team 3", aliases=("Participant 11",)),
            Student("s2", "Bob B", group="team 3", aliases=("Participant 12",)),
            Student("s3", "Eve E", group="team 4", aliases=("Participant 13",)),
        )
    )
    for folder in ("Ann A_11", "team 3_13"):
        (tmp_path / f"{folder}_assignsubmission_file").mkdir()
        (tmp_path / f"{folder}_assignsubmission_file" / "ex1.py").write_bytes(WORK)

    found = intake.find(tmp_path, listed)

    assert [each.students for each in found.handed_in] == [("s1",)]
    assert "team 3 is a group: whose is it?" in found.left[0].why


@pytest.mark.parametrize("of", [2, 5])
def test_a_group_s_name_with_a_stranger_s_number_is_left_aside(tmp_path: Path, of: int) -> None:
    """Even where groups are the majority, or somebody is alone in the download."""
    teams = [Student(f"s{n}", f"Ann {n}", group=f"team {n}") for n in range(1, of)]
    mallory = Student("m1", "Mallory", group="blue", aliases=("Participant 12",))
    names = [f"team {n}_{100 + n}_assignsubmission_file/ex1.py" for n in range(2, of)]
    forged = "team 1_12_assignsubmission_file/ex1.py"

    found = intake.find(handed_in(tmp_path, forged, *names), Roster((*teams, mallory)))

    assert len(found.handed_in) == of - 2
    assert (
        "Participant 12 is one student on the roster, and team 1 is a group" in why(found)[forged]
    )


# --- file names of Canvas ------------------------------------------------------------------------

CALLED = "aa_77_1001_5001_ex1.py"  # aa_77, who is 1001; or aa, who is 77
NAMED = "leeann_1002_5002_ex1_2026_11_last.py"  # and nobody is 2026
TWO_WAYS = {
    CALLED: "may be of 77 or of 1001: give Canvas's gradebook as roster, or rename the file",
    NAMED: "may be of 1002 or of 2026: give Canvas's gradebook as roster, or rename the file",
}
ANN = Student("1002", "Lee, Ann")


@pytest.mark.parametrize(
    ("people", "owners"),
    [
        ((), {}),
        ((ANN,), {NAMED: "1002"}),
        ((ANN, Student("77", "Eve"), Student("1001", "aa_77")), {CALLED: "1001", NAMED: "1002"}),
        ((ANN, Student("77", "aa"), Student("1001", "Eve")), {CALLED: "77", NAMED: "1002"}),
        ((ANN, Student("77", "aa"), Student("1001", "aa_77")), {NAMED: "1002"}),
        ((Student("77"), Student("1001"), Student("1002")), {NAMED: "1002"}),
    ],
    ids=["no roster", "stranger", "1001", "77", "both", "no names"],
)
def test_a_canvas_name_that_reads_two_ways_is_the_roster_s_to_tell(
    tmp_path: Path, people: tuple[Student, ...], owners: dict[str, str]
) -> None:
    """Students choose what they are called, and what they call a file."""
    found = intake.find(handed_in(tmp_path, CALLED, NAMED), Roster(people) if people else None)

    assert found.layout == "Canvas download"
    assert whose(found) == {file: (id_,) for file, id_ in owners.items()}
    assert why(found) == {file: TWO_WAYS[file] for file in (CALLED, NAMED) if file not in owners}


@pytest.mark.parametrize("first", [Student("1", "Gates, William"), Student("2"), Student("1")])
def test_what_a_student_calls_a_file_gives_it_to_nobody_else(
    tmp_path: Path, first: Student
) -> None:
    """Its prefix makes Bob's name the end of a longer one."""
    forged = "gatesbill_1_500_leebob_77_5_ex1.py"
    roster = Roster((first, Student("77", "Lee, Bob")))

    found = intake.find(handed_in(tmp_path, forged, "leebob_77_501_ex1.py"), roster)

    assert whose(found).get(forged, ("1",)) == ("1",)
    assert whose(found)["leebob_77_501_ex1.py"] == ("77",)


@pytest.mark.parametrize("name", ["शर्माप्रिया_1002_5012_ex1.py", "_1002_5012_ex1.py"])
def test_canvas_writes_any_name(tmp_path: Path, name: str) -> None:
    found = intake.find(handed_in(tmp_path, name, "leebob_1003_5013_ex1.py"))

    assert whose(found) == {name: ("1002",), "leebob_1003_5013_ex1.py": ("1003",)}


def test_who_has_no_name_is_no_group_without_one(tmp_path: Path) -> None:
    """Nameless, who is 77; or `_77`, who is 1001."""
    listed = Roster((Student("77", "Eve"), Student("1001", "77")))

    found = intake.find(handed_in(tmp_path, "_77_1001_5001_ex1.py"), listed)

    assert [one.students for one in found.handed_in] == [("1001",)]


PLATFORMS = [
    ("Canvas download", "{}_{}_50{}_ex1.py"),
    ("Moodle download", "{}_{}_assignsubmission_file_ex1.py"),
]


@pytest.mark.parametrize(("layout", "name"), PLATFORMS)
def test_one_file_does_not_decide_the_layout(tmp_path: Path, layout: str, name: str) -> None:
    """Neither an odd one in a download, nor one of a download's in a class of others."""
    named = [name.format(who, number, number) for number, who in enumerate(("ann", "bob"), 11)]

    download = intake.find(handed_in(tmp_path / "download", *named, "odd.py"))
    others = intake.find(handed_in(tmp_path / "others", "ex1_ann.py", "ex1_bob.py", named[0]))

    assert (download.layout, len(download.handed_in)) == (layout, 2)
    assert "is not named as" in why(download)["odd.py"]
    assert others.layout == "one file a student"
    assert {("ann",), ("bob",)} < set(whose(others).values())


def test_numbers_that_all_files_share_are_none_of_canvas(tmp_path: Path) -> None:
    found = intake.find(handed_in(tmp_path, "ex1_2026_11_ann.py", "ex1_2026_11_bob.py"))

    assert found.layout == "one file a student"


# --- folders and addresses -----------------------------------------------------------------------


def test_a_name_may_begin_with_a_dot(tmp_path: Path) -> None:
    net = ".Net Mary_7_assignsubmission_file/ex1.py"
    junk = ".Net Mary_7_assignsubmission_file/.ipynb_checkpoints/ex1-checkpoint.py"

    found = intake.find(handed_in(tmp_path, net, junk, ".git/hooks/a.py", "Desktop.ini"))

    assert (whose(found), found.junk) == ({net: ("Participant 7",)}, 3)


GRADESCOPE = """\
submission_1:
  :submitters: [{name: Bob, sid: b1, email: b@made.example}]
submission_2:
  :submitters: [{name: Eve, sid: e1, email: B@Made.example}]
submission_3:
  :submitters: [{name: Ann, sid: a1, email: a@made.example}]
"""


def test_two_ids_with_one_address_stop_nobody_else(tmp_path: Path) -> None:
    """The gradebook would take neither."""
    files = [f"submission_{number}/ex1.py" for number in (1, 2, 3)]
    (handed_in(tmp_path, *files) / "submission_metadata.yml").write_text(GRADESCOPE)

    found = intake.find(tmp_path)

    assert [student.id for student in found.students] == ["a1"]
    assert why(found).keys() == set(files[:2])
    assert "b1, e1 have one e-mail, b@made.example: one person twice?" in why(found)[files[0]]
