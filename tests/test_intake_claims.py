"""What students may put into their own folders, names and times decides nothing for others."""

import hashlib
from pathlib import Path

import pytest

from grader import intake
from grader.cohort import Student
from grader.intake.roster import Roster
from grader.intake.times import moment

WORK = b"# grade: ex1\n"


def test_a_students_own_folder_does_not_decide_the_layout(tmp_path: Path) -> None:
    """One has put attempts that look as if `grade submit` had kept them into his folder."""
    for student in ("ann", "bob", "cyd"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "ex1.py").write_bytes(WORK)
    stamp = f"20200101T000000Z-{hashlib.sha256(WORK).hexdigest()[:12]}"
    kept = tmp_path / "cyd" / "attempts" / "autograd" / "ex1" / stamp
    kept.mkdir(parents=True)
    (kept / "submission.py").write_bytes(WORK)

    found = intake.found(tmp_path)

    assert found.layout == "one folder a student"
    assert {each.students for each in found.handed_in} == {("ann",), ("bob",), ("cyd",)}
    assert all(each.at is None for each in found.handed_in)


@pytest.mark.parametrize("text", ["9999-12-31 23:59:59 UTC", "0001-01-01 00:00:00 UTC", "1999"])
def test_a_time_in_which_there_is_no_course_is_none(text: str) -> None:
    assert moment(text) is None
    assert moment("2026-10-01 08:00:00 UTC") is not None


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

    found = intake.found(tmp_path, listed)

    assert [each.students for each in found.handed_in] == [("s1",)]
    assert "team 3 is a group: whose is it?" in found.left[0].why
