"""Where a submission is found and a result is left, whatever a student has put there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.platforms.files import write
from tests.handing_in import Desk
from tests.platforms.stage import machine_of, points


def folder(place: Path) -> None:
    place.mkdir()
    (place / "kept").touch()


def link(place: Path) -> None:
    place.symlink_to(place.with_name("elsewhere"))


def link_to_a_folder(place: Path) -> None:
    place.with_name("elsewhere").mkdir()
    link(place)


def read_only(place: Path) -> None:
    place.touch(mode=0o400)


IN_THE_WAY = {put.__name__: put for put in (folder, link, link_to_a_folder, os.mkfifo, read_only)}


@pytest.mark.parametrize("put", IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_nothing_that_a_student_put_there_is_in_the_way(
    put: Callable[[Path], None], desk: Desk, right: str, tmp_path: Path
) -> None:
    """Classroom 50 has both results in the student's own checkout."""
    machine = machine_of("classroom50", desk, tmp_path)
    machine.hand_in(ex1=right)
    for name in ("result.json", "release-body.md"):
        put(machine.root / name)
        for left in machine.root.glob("elsewhere"):
            left.rmdir()

    done = machine.run("--exercise", "ex1")

    assert (done.exit_code, points(machine.result)) == (0, 1), done.output
    assert "10 of 10" in (machine.root / "release-body.md").read_text()
    assert not (machine.root / "elsewhere").is_file()
    assert list(machine.root.glob(".grade-*")) == []


def test_a_folder_in_the_way_is_moved_aside_whole(tmp_path: Path) -> None:
    folder(tmp_path / "result.json")

    write(Path("result.json"), b"{}", tmp_path)

    assert (tmp_path / "result.json").read_bytes() == b"{}"
    assert len(list(tmp_path.glob("result.json.*/result.json/kept"))) == 1


@pytest.mark.parametrize("put", [link, os.mkfifo, read_only])
def test_nor_is_anything_above_a_result(put: Callable[[Path], None], tmp_path: Path) -> None:
    put(tmp_path / "reports")

    write(Path("reports", "deep", "grade.xml"), b"<xml/>", tmp_path)

    assert (tmp_path / "reports" / "deep" / "grade.xml").read_bytes() == b"<xml/>"


def test_where_nothing_can_be_written_it_is_told_without_a_path(tmp_path: Path) -> None:
    """Students can read some of these logs."""
    nowhere = tmp_path / "nowhere"
    nowhere.symlink_to("/proc/self")

    with pytest.raises(
        GraderError, match=r"^the result results/r.json cannot be written: "
    ) as told:
        write(Path("results", "r.json"), b"{}", nowhere)

    assert str(tmp_path) not in f"{told.value} {told.value.hint}"


def test_folders_in_folders_without_end_are_told_kindly(
    desk: Desk, right: str, tmp_path: Path
) -> None:
    machine = machine_of("prairielearn", desk, tmp_path)
    folder = machine.root.joinpath("grade", "student", *["d"] * 150)
    folder.mkdir(parents=True)
    (folder / "ex1.py").write_text(right)

    machine.run("--exercise", "ex1")

    assert "folders are nested more than 100 deep" in machine.result["format_errors"][0]
