"""File, or its name and bytes → Submission.

The text of a student is read here, never parsed as Python: that happens in the box.
"""

import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader.errors import StudentError
from grader.model import Cell, Submission

MAX_BYTES = {".py": 1024 * 1024, ".ipynb": 32 * 1024 * 1024}
_READ_BYTES = 10 * 1024 * 1024  # of a notebook without its pictures: JSON takes much more memory
_PICTURE = re.compile(rb'"(?:[A-Za-z0-9+/=]|\\n){1000,}"')  # in base64
_AGAIN = "open and save it in Jupyter again"
_CONFLICT = re.compile(r"^<{7} ", re.MULTILINE)
_CODE = re.compile(r"^(?:def|class) \w+.*:|^(?:import|from) \w+", re.MULTILINE)
_BRIEF = 40  # characters of a word that a notebook has for itself
_OLD = 3  # the format before this one
_HEADER_LINES = 50
_HEADER = re.compile(
    r"^\s*# grade: (?P<exercise>[a-z][a-z0-9._-]{0,99})"
    r"(?: format=(?P<format>\d{1,6}))?(?: variant=(?P<variant>\d{1,6}))?\s*$"
)


def read(path: Path) -> Submission:
    """Read one `.py` or `.ipynb`.  Raises StudentError for what is no readable submission."""
    if _is_folder(path):
        raise StudentError(f"{path} is a folder", hint="name the file, for example ex4.py")
    return parse(path, _bytes(path, _most(path)))


def parse(path: Path, raw: bytes) -> Submission:
    """What was read already; of `path` only the name counts.  Raises as `read` does."""
    most = _most(path)
    if len(raw) > most:
        hint = "clear the outputs of a notebook; a starter has a few kilobytes"
        raise StudentError(f"{path} is larger than {most // 1024 // 1024} MB", hint=hint)
    text = _text(path, _without_pictures(path, raw))
    notebook = path.suffix.lower() == ".ipynb"
    book = _book(path, text) if notebook else {}
    cells = _cells(path, book) if notebook else (Cell(_place(path.name), text),)
    exercise, format_, variant = _header(cells)
    digest = hashlib.sha256(raw).hexdigest()
    return Submission(
        path.name,
        raw,
        digest,
        notebook,
        cells,
        exercise,
        format_,
        variant,
        remarks=tuple(_remarks(book)) if notebook else (),
    )


def _without_pictures(path: Path, raw: bytes) -> bytes:
    if len(raw) <= _READ_BYTES:
        return raw
    rest = _PICTURE.sub(b'""', raw)
    if len(rest) > _READ_BYTES:
        most = _READ_BYTES // 1024 // 1024
        hint = "clear the outputs of the notebook; a starter has a few kilobytes"
        raise StudentError(f"{path} is larger than {most} MB without its pictures", hint=hint)
    return rest


def _place(name: str) -> str:
    """What a box calls the file, in one line: what a run says of itself is read line by line."""
    return "".join(each if each.isprintable() else "?" for each in name)


def _most(path: Path) -> int:
    """How large a file of this kind may be."""
    suffix = path.suffix.lower()
    if suffix not in MAX_BYTES:
        raise StudentError(f"{path} is neither .py nor .ipynb", hint="hand in the starter's file")
    return MAX_BYTES[suffix]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # the way to it is closed, or its name is too long: told when it is opened
        return False


def _bytes(path: Path, most: int) -> bytes:
    """What a regular file begins with, a byte more than may be; a link might lead to anything."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        hint = "check the name; `grade start` writes a starter"
        raise StudentError(f"there is no file {path}", hint=hint) from None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise StudentError(f"{path} is a link", hint="name the file it leads to") from None
        raise StudentError(f"{path} cannot be read: {error.strerror}") from None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise StudentError(f"{path} is not a plain file")
        return file.read(min(found.st_size, most) + 1)  # a buffer for all of it is made at once


def _text(path: Path, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        hint = "save it as UTF-8"
        raise StudentError(f"{path}, line {line}: not UTF-8 text", hint=hint) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise StudentError(f"{path}, line {line}: holds a NUL character", hint="delete it")
    if not text.strip():
        raise StudentError(f"{path} is empty", hint="did you save it?")
    return text


def _book(path: Path, text: str) -> Any:  # noqa: ANN401  (JSON)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if conflict := _CONFLICT.search(text):
            line = text.count("\n", 0, conflict.start()) + 1
            hint = (
                "take one of the two versions, such as with `git checkout --ours`, and hand it in"
            )
            message = f"{path}, line {line}: git's marks of a merge conflict stand there"
            raise StudentError(message, hint=hint) from None
        at = f"line {error.lineno}, column {error.colno}"
        raise StudentError(f"{path}, {at}: not a notebook: {error.msg}", hint=_AGAIN) from None
    except (RecursionError, ValueError):
        raise StudentError(f"{path} is not a notebook") from None


def _cells(path: Path, book: Any) -> tuple[Cell, ...]:  # noqa: ANN401  (JSON)
    try:
        cells = tuple(_code_cells(book))
    except (LookupError, TypeError, ValueError):
        raise StudentError(f"{path} is not a notebook that can be read", hint=_AGAIN) from None
    if not cells:
        raise StudentError(f"{path} has no code cell", hint="did you save it?")
    return cells


# What JSON holds; whatever is not as it should be raises LookupError, TypeError or ValueError.
def _code_cells(book: Any) -> Iterator[Cell]:  # noqa: ANN401
    """As https://nbformat.readthedocs.io/en/latest/format_description.html has them.

    By hand: `nbformat` validates all of a file, and one that is wrong in every place costs it
    minutes and gigabytes.
    """
    old = book["nbformat"] == _OLD
    for number, cell in enumerate(_all_cells(book), start=1):
        if cell["cell_type"] == "code":
            code = _joined(cell["input" if old else "source"], whole=not old)
            code.encode()  # half of a surrogate pair is no text
            yield Cell(f"cell {number}", code)


def _all_cells(book: Any) -> list[Any]:  # noqa: ANN401  (JSON)
    match book["nbformat"]:
        case 4:
            return list(book["cells"])
        case 3:
            return [cell for sheet in book["worksheets"] for cell in sheet["cells"]]
        case unknown:
            raise ValueError(unknown)


def _remarks(book: Any) -> Iterator[str]:  # noqa: ANN401  (JSON; it has cells)
    """What Jupyter shows much like code and does not run as Python."""
    with suppress(LookupError, TypeError, AttributeError):
        language = book["metadata"]["kernelspec"]["language"]
        if language.lower() != "python":
            yield f"the notebook's kernel is for {language[:_BRIEF]}, not for Python"
    for number, cell in enumerate(_all_cells(book), start=1):
        with suppress(LookupError, TypeError):
            kind = cell["cell_type"]
            if kind != "code" and _CODE.search(_joined(cell["source"], whole=True)):
                yield f"cell {number} is a {kind[:_BRIEF]} cell: what stands in it is not run"


def _joined(told: str | list[str], *, whole: bool) -> str:
    """The lines of format 3 may lack their ends, as its reader in `nbformat` knows."""
    if isinstance(told, str):
        return told
    return "".join(told) if whole or "\n" in "".join(told[:1]) else "\n".join(told)


def _header(cells: tuple[Cell, ...]) -> tuple[str, int | None, int | None]:
    """Exercise, format and variant as the starter's first line says; nothing if it is gone."""
    for cell in cells:
        for line in cell.source.split("\n", _HEADER_LINES)[:_HEADER_LINES]:
            found = _HEADER.match(line)
            if found:
                format_, variant = found["format"], found["variant"]
                return (
                    found["exercise"],
                    None if format_ is None else int(format_),
                    None if variant is None else int(variant),
                )
    return "", None, None
