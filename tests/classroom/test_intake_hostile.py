"""Archives and folders that were made to do harm, or came out of a bad night."""

import io
import os
import random
import stat
import struct
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.classroom import intake
from grader.classroom.collect import MAX_BYTES
from grader.classroom.intake import Intake, archive, tree
from grader.errors import StudentError, UsageError
from tests import made_class

NOISE = random.Random(0).randbytes(1024)  # noqa: S311  (nothing to guess)
GOOD = "ann/ex4.py"
Member = tuple[str | zipfile.ZipInfo, bytes]


def packed(path: Path, *members: Member) -> Path:
    """A zip with these members, and one that is as it should be."""
    with zipfile.ZipFile(path / "class.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in ((GOOD, b"print(1)\n"), *members):
            archive.writestr(name, raw)
    return path / "class.zip"


def info(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.external_attr = mode << 16
    return member


def why(found: Intake) -> dict[str, str]:
    return {one.where: one.why for one in found.left}


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (("../../evil/ex4.py", b""), "leads out"),
        (("bob/" + "x/" * 1000 + "ex4.py", b""), "more than 1024 characters"),
        (("bob/..\\..\\ex4.py", b""), "leads out"),
        (("/etc/cron.d/ex4.py", b""), "absolute"),
        (("C:\\bob\\ex4.py", b""), "absolute"),
        ((info("bob/ex4.py", stat.S_IFLNK | 0o777), b"/etc/passwd"), "is a link"),
        ((info("bob/ex4.py", stat.S_IFIFO), b""), "no plain file"),
        (("bob/ex4.py", b" " * 5_000_000), "100 times"),
        (("bob/all.zip", b"PK\5\6"), "is an archive"),
        (("bob/ex4.docx", b""), "neither .py nor .ipynb"),
        (("bo\u202eb/ex4.py", b""), "cannot be seen"),
        (("bo\nb/ex4.py", b""), "cannot be seen"),
        (("b" * 300 + "/ex4.py", b""), "more than 200 characters"),
        (("ANN/EX4.py", b""), "differs only in case"),
        (("ANN/ex5.py", b""), "each claim to be by"),
    ],
)
def test_a_hostile_member_is_left_aside(tmp_path: Path, member: Member, reason: str) -> None:
    found = intake.find(packed(tmp_path, member))

    assert any(reason in one.why for one in found.left), found.left
    assert list(tmp_path.iterdir()) == [tmp_path / "class.zip"]  # nothing was unpacked


def test_a_hostile_member_stops_no_other(tmp_path: Path) -> None:
    path = packed(tmp_path, ("../bob/ex4.py", b""), ("\u202e/ex4.py", b""), ("eve/ex4.py", b"2"))

    found = intake.find(path)

    assert [one.origin for one in found.handed_in] == [GOOD, "eve/ex4.py"]


def test_what_unpacks_to_more_than_a_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_TOTAL", 1_000_000)

    with pytest.raises(UsageError, match="would unpack to"):
        intake.find(packed(tmp_path, ("bob/ex4.py", NOISE * 1_000)))


def test_a_packer_may_write_utf8_and_not_say_so(tmp_path: Path) -> None:
    path = packed(tmp_path, ("zo\u00eb/ex4.py", b"1"))
    raw = path.read_bytes()
    for head, flag in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = raw.rindex(head) + flag
        raw = raw[:at] + b"\0\0" + raw[at + 2 :]
    path.write_bytes(raw)

    assert [one.students for one in intake.find(path).handed_in] == [("ann",), ("zo\u00eb",)]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_with_one_name_neither_counts(tmp_path: Path) -> None:
    composed, decomposed = "jos\u00e9/ex4.py", "jose\u0301/ex4.py"

    found = intake.find(packed(tmp_path, (GOOD, b"2"), (composed, b"1"), (decomposed, b"2")))

    assert found.handed_in == ()
    assert why(found) == {
        GOOD: "is there 2 times: which one counts?",
        composed: "is there 2 times: which one counts?",
    }


def test_an_encrypted_member_is_left_aside(tmp_path: Path) -> None:
    path = packed(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(raw)

    assert why(intake.find(path)) == {GOOD: "is encrypted"}


def test_lzma_could_ask_for_any_memory(tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(GOOD, "1")

    assert "packed in a way" in why(intake.find(path))[GOOD]


def test_members_that_overlap_make_a_bomb(tmp_path: Path) -> None:
    """The same compressed bytes under many names: each member looks innocent."""
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("s0/ex4.py", NOISE * 50)
        for number in range(1, 20):
            again = info(f"s{number}/ex4.py")
            first = archive.infolist()[0]
            again.compress_type, again.CRC = first.compress_type, first.CRC
            again.file_size, again.compress_size = first.file_size, first.compress_size
            again.header_offset = first.header_offset
            archive.filelist.append(again)

    with pytest.raises(UsageError, match="overlap"):
        intake.find(path)


def ends_with(path: Path, count: int, directory: int) -> Path:
    """An archive whose end record says these numbers."""
    raw = packed(path).read_bytes()
    at = raw.rindex(b"PK\5\6")
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, directory, 0, 0)
    (path / "class.zip").write_bytes(raw[:at] + end)
    return path / "class.zip"


def test_an_endless_directory_is_not_even_begun(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="more than 200000 files"):
        intake.find(ends_with(tmp_path, 0xFFFF, 0x7FFFFFFF))


def test_a_directory_that_holds_more_than_is_said_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`zipfile` reads on to the directory's end, whatever the end record counts."""
    monkeypatch.setattr(archive, "MAX_FILES", 3)
    raw = packed(tmp_path, *((f"s{number}/ex4.py", b"") for number in range(3))).read_bytes()
    counts = raw.rindex(b"PK\5\6") + 8
    path = tmp_path / "class.zip"
    path.write_bytes(raw[:counts] + struct.pack("<2H", 1, 1) + raw[counts + 4 :])

    with pytest.raises(UsageError, match="more than"):
        intake.find(path)


def test_of_two_end_records_the_one_that_counts_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older says that there is nothing; a long comment puts the other far from the end."""
    monkeypatch.setattr(archive, "MAX_FILES", 3)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    path = packed(tmp_path, *((f"s{number}/ex4.py", b"") for number in range(3)))
    raw = path.read_bytes()
    path.write_bytes(raw[:-14] + struct.pack("<2H2LH", 0, 0, 0, 0, 0xFFFF) + b" " * 0xFFFF)

    with pytest.raises(UsageError, match="more than"):
        intake.find(path)


def test_too_many_entries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_FILES", 3)
    members = {f"s{number}/ex4.py": b"" for number in range(4)}

    for path in (
        made_class.write_folder(members, tmp_path / "class"),
        made_class.write_zip(members, tmp_path / "class.zip"),
    ):
        with pytest.raises(UsageError, match="more than 3 files"):
            intake.find(path)


def test_what_a_member_really_holds_is_what_is_read(tmp_path: Path) -> None:
    """A directory that promises little does not bring more into memory."""
    path = packed(tmp_path, ("bob/ex4.py", b"x" * 3000))
    raw = path.read_bytes().replace(struct.pack("<L", 3000), struct.pack("<L", 30))
    path.write_bytes(raw)

    bob = intake.find(path).handed_in[1]

    with pytest.raises(StudentError, match="cannot be unpacked"):
        bob.read()


def test_a_file_is_read_up_to_a_byte_more_than_is_taken(tmp_path: Path) -> None:
    (tmp_path / "ann.py").write_bytes(NOISE * 11 * 1024)

    [handed_in] = intake.find(tmp_path / "ann.py").handed_in

    assert len(handed_in.read()) == MAX_BYTES[".py"] + 1


@pytest.mark.parametrize("raw", [b"", b"PK\5\6", b"not a zip at all", b"PK\5\6" + b"\xff" * 18])
def test_what_is_no_zip_says_so(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "class.zip").write_bytes(raw)

    with pytest.raises(UsageError):
        intake.find(tmp_path / "class.zip")


def test_a_damaged_zip_never_brings_more_than_a_student_error(tmp_path: Path) -> None:
    rng = random.Random(0)  # noqa: S311  (the same damage every time)
    path = made_class.write_zip(made_class.moodle(made_class.made(3)), tmp_path / "class.zip")
    whole = path.read_bytes()
    for _ in range(300):
        raw = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            raw[rng.choice([rng.randrange(len(raw)), -rng.randint(1, 400)])] = rng.randrange(256)
        path.write_bytes(raw)

        assert read_all(path) in (True, False)


def read_all(path: Path) -> bool:
    try:
        return all(one.read() is not None for one in intake.find(path).handed_in)
    except (StudentError, UsageError):
        return False


def test_a_zip_is_read_by_many_threads(tmp_path: Path) -> None:
    one = made_class.made(20)
    found = intake.find(made_class.write_zip(made_class.nbgrader(one), tmp_path / "class.zip"))
    gate = threading.Barrier(8)

    def read(start: int) -> list[bytes]:
        gate.wait()
        return [found.handed_in[(start + step) % 20].read() for step in range(20)]

    with ThreadPoolExecutor(8) as pool:
        rounds = list(pool.map(read, range(8)))

    assert {frozenset(raws) for raws in rounds} == {frozenset(work.raw for work in one.works)}


# --- folders -------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_class.write_folder({GOOD: b"1", "bob/ex4.py": b"2"}, tmp_path / "class")


def link(place: Path) -> None:
    place.symlink_to("/etc/passwd")


def socket(place: Path) -> None:
    os.mknod(place, stat.S_IFSOCK | 0o600)


@pytest.mark.parametrize(
    ("make", "reason"),
    [(link, "is a link"), (os.mkfifo, "is no plain file"), (socket, "is no plain file")],
)
def test_what_is_no_file_is_left_aside(
    folder: Path, make: Callable[[Path], None], reason: str
) -> None:
    make(folder / "bob" / "ex5.py")

    found = intake.find(folder)

    assert why(found) == {"bob/ex5.py": reason}
    assert len(found.handed_in) == 2


@pytest.mark.parametrize(("make", "reason"), [(link, "cannot be read"), (os.mkfifo, "no plain")])
def test_a_file_may_be_exchanged_before_it_is_read(
    folder: Path, make: Callable[[Path], None], reason: str
) -> None:
    ann, _ = intake.find(folder).handed_in
    (folder / GOOD).unlink()
    make(folder / GOOD)

    with pytest.raises(StudentError, match=reason):
        ann.read()


def test_a_link_to_a_folder_is_not_followed(folder: Path) -> None:
    (folder / "eve").symlink_to("/etc")

    assert why(intake.find(folder)) == {"eve": "is a link"}


def test_a_name_that_is_no_text_is_shown_by_its_bytes(folder: Path) -> None:
    (folder / os.fsdecode(b"ann\xff")).mkdir()
    (folder / os.fsdecode(b"ann\xff") / "ex4.py").write_text("")

    assert "looks like a path" in why(intake.find(folder))["ann\\udcff/ex4.py"]


@pytest.fixture
def seen_by_a_plain_user() -> Iterator[Path]:
    """A folder outside of pytest's own, which nobody else may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield made_class.write_folder({GOOD: b"1", "bob/ex4.py": b"2"}, Path(name) / "class")


@contextmanager
def as_plain_user() -> Iterator[None]:
    before = os.geteuid()
    os.seteuid(before or 65534)  # root may read everything
    try:
        yield
    finally:
        os.seteuid(before)


def test_what_may_not_be_read_stops_no_other(seen_by_a_plain_user: Path) -> None:
    place = seen_by_a_plain_user
    made_class.write_folder({"eve/ex4.py": b"3"}, place)
    (place / "eve").chmod(0)
    (place / GOOD).chmod(0)
    with as_plain_user():
        found = intake.find(place)

        ann, bob = found.handed_in
        with pytest.raises(StudentError, match="Permission denied"):
            ann.read()
        assert bob.read() == b"2"
    (place / "eve").chmod(0o700)
    assert why(found) == {"eve": "cannot be opened: Permission denied"}


def test_what_systems_leave_behind_is_only_counted(folder: Path) -> None:
    rubbish = {
        "__MACOSX/ann/._ex4.py": b"",
        "ann/.ipynb_checkpoints/ex4-checkpoint.py": b"",
        "ann/.DS_Store": b"",
        "ann/._ex4.py": b"",
    }
    made_class.write_folder(rubbish, folder)

    found = intake.find(folder)

    assert (len(found.handed_in), found.left, found.junk) == (2, (), 4)


def test_many_names_cost_little(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(5_000):
            archive.writestr(f"s{number:05}/ex4.py", b"1")
    (tmp_path / "class.zip").write_bytes(buffer.getvalue())

    assert len(intake.find(tmp_path / "class.zip").handed_in) == 5_000


@pytest.mark.parametrize("id_", ["NaN", "1e5", "TRUE", "007", "=cmd()", "-rf", "{{7*7}}", "$(id)"])
def test_an_id_is_text_whatever_it_looks_like(tmp_path: Path, id_: str) -> None:
    path = made_class.write_folder({f"{id_}/ex4.py": b"1", "bob/ex4.py": b"2"}, tmp_path / "class")

    assert {one.students for one in intake.find(path).handed_in} == {(id_,), ("bob",)}


def test_two_folders_of_one_student_are_never_merged(tmp_path: Path) -> None:
    one = made_class.write_folder(
        {"ann/ex4.py": b"1", "Lee, Ann/ex5.py": b"2", "bob/ex4.py": b"3"}, tmp_path / "class"
    )
    (tmp_path / "roster.csv").write_text("id,name\nann,Ann Lee\nbob,Bob Lee\n")

    found = intake.find(one, intake.roster.read(tmp_path / "roster.csv"))

    assert [h.students for h in found.handed_in] == [("bob",)]
    assert "Lee, Ann, ann each claim to be by ann" in why(found)["ann/ex4.py"]


def test_a_path_that_is_not_there_says_so(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "class.zip")

    for path in (tmp_path / "none", tmp_path / "class.zip", tmp_path / ("x" * 300)):
        with pytest.raises(UsageError):
            intake.find(path)
