"""Zip → Tree.  Nothing is unpacked to disk; a member is inflated when it is asked for."""

import re
import stat
import struct
import threading
import zipfile
import zlib
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from grader.classroom.intake.tree import MAX_FILES, Gathering, Reader, Tree, too_many
from grader.errors import StudentError, UsageError

MAX_RATIO = 100
MAX_TOTAL = 256 * 1024**3
_SMALL = 1024**2  # what inflates to less does no harm, however well it was packed
_MAX_DIRECTORY = 32 * 1024**2
_ENTRY_BYTES = 46  # and its name, extra field and comment
_LENGTHS = struct.Struct("<28x3H")  # of these three
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_MAX_COMMENT = 0xFFFF
_UTF8 = 0x800
_ENCRYPTED = 0x1
# All that platforms use; LZMA would set aside what memory a member asks for.
_METHODS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)


def read(path: Path) -> Tree:
    """Raises UsageError for what is no zip, and for one that is built to do harm."""
    try:
        with path.open("rb") as file:
            _refuse_many(_directory(file))
        archive = zipfile.ZipFile(path)  # closed with the last reader that holds it
    except _BROKEN as error:
        hint = "download it again"
        raise UsageError(f"{path.name} is no zip that can be read: {error}", hint=hint) from None
    members = {member: _name(member) for member in archive.infolist()}
    _refuse_bomb(path, members)
    lock, gathering = threading.Lock(), Gathering()
    for member, name in members.items():
        if name.endswith("/"):
            continue  # a folder
        why = _fault(name, member)
        if why:
            gathering.leave(name, why)
        else:
            gathering.add(name, _reader(archive, lock, member, name))
    return gathering.tree(path.stem)


def _refuse_many(directory: bytes) -> None:
    """Before `zipfile` makes an object of each.  It counts none, whatever the end record says."""
    at = count = 0
    while at + _ENTRY_BYTES <= len(directory):
        at += _ENTRY_BYTES + sum(_LENGTHS.unpack_from(directory, at))
        count += 1
        if count > MAX_FILES:
            raise too_many()


def _directory(file: BinaryIO) -> bytes:
    """Where `zipfile` looks for it: just before the end record, as long as that says."""
    size = file.seek(0, 2)
    start = max(0, size - _END_64.size - _LOCATOR_64.size - _END.size - _MAX_COMMENT)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + _END.size:
        raise zipfile.BadZipFile("it has no end record")
    length = _END.unpack_from(tail, at)[5]
    locator = at - _LOCATOR_64.size
    at_64 = locator - _END_64.size
    if at_64 >= 0 and tail[at_64:].startswith(b"PK\6\6") and tail[locator:].startswith(b"PK\6\7"):
        if _LOCATOR_64.unpack_from(tail, locator)[2] != start + at_64:
            raise zipfile.BadZipFile("its end record is not where it says")
        at, length = at_64, _END_64.unpack_from(tail, at_64)[8]
    if length > _MAX_DIRECTORY:
        raise too_many()
    file.seek(start + at - length)
    return file.read(length)


def _refuse_bomb(path: Path, members: Collection[zipfile.ZipInfo]) -> None:
    packed = sum(member.compress_size for member in members)
    total = sum(member.file_size for member in members)
    if packed > path.stat().st_size:
        raise UsageError(f"{path.name} is built to do harm: its members overlap")
    if total > MAX_TOTAL:
        giga = total // 1024**3
        raise UsageError(f"{path.name} would unpack to {giga} GB", hint="grade it in parts")


def _name(member: zipfile.ZipInfo) -> str:
    """As it was meant: some packers write UTF-8 and do not say so, or separate by backslashes."""
    name = member.filename
    if not member.flag_bits & _UTF8:
        with suppress(UnicodeError):  # then it is what `zipfile` took it for
            name = name.encode("cp437").decode("utf-8")
    return re.sub(r"/\.?(?=/)", "", name.replace("\\", "/").removeprefix("./"))


def _fault(name: str, member: zipfile.ZipInfo) -> str:
    """Why a member cannot be used, or ""."""
    if not name:
        return "has no name"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "has an absolute name"
    if ".." in name.split("/"):
        return "leads out of the archive"
    mode = member.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "is a link"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is no plain file"
    if member.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if member.compress_type not in _METHODS:
        return "is packed in a way that is not read here; pack it as an ordinary zip"
    if member.file_size > max(_SMALL, MAX_RATIO * member.compress_size):
        return f"would unpack to more than {MAX_RATIO} times its size"
    return ""


def _reader(
    archive: zipfile.ZipFile, lock: threading.Lock, member: zipfile.ZipInfo, name: str
) -> Reader:
    def read_some(most: int) -> bytes:
        try:
            # `zipfile` counts its open members without a lock.
            with lock, archive.open(member) as file:
                return file.read(most)
        except _BROKEN as error:
            raise StudentError(f"{name} cannot be unpacked: {error}") from None

    return read_some
