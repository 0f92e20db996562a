"""Files + Secrets → leaks.  Every byte is read, as it is and after what is compressed is opened."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import numpy as np

from grader.handout.leaks import leaks
from grader.model import Array
from grader.proving.release.secrets import Secrets
from grader.proving.release.text import readings, squeezed

_NUMBER = re.compile(rb"-?\d+\.\d{3,}(?:[eE][-+]?\d+)?")
_DTYPES = ("<f4", ">f4", "<f8", ">f8")
_ENOUGH = 2  # numbers of a case: a single one may be there by accident

Members = Mapping[str, bytes]
Leak = tuple[str, str]  # name of the file, what was found there


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every file in a folder, or the one file; what is in a zip follows it."""
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    for file in files:
        name = str(file.relative_to(path)) if path.is_dir() else file.name
        yield from _opened(name, file.read_bytes())


def _opened(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, raw
    if zipfile.is_zipfile(BytesIO(raw)):
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            for inner in archive.namelist():
                yield from _opened(f"{name}/{inner}", archive.read(inner))


def found_in(members: Members, secrets: Secrets) -> list[Leak]:
    """Each secret that stands in one of the files, or in its name."""
    found = [leak for name, raw in members.items() for leak in _in_one(name, raw, secrets)]
    every = "\n".join(text for name, raw in members.items() for text in _texts(name, raw))
    for exercise in secrets.exercises:
        found += [("in all", f"{words} of {exercise.id}") for words in leaks(exercise, every)]
    return list(dict.fromkeys(found))


def _in_one(name: str, raw: bytes, secrets: Secrets) -> Iterator[Leak]:
    lower = name.lower().encode() + b"\n" + raw.lower()
    yield from ((name, what) for word, what in secrets.words.items() if word in lower)
    yield from ((name, what) for word, what in secrets.raw.items() if word in raw)
    texts = [squeezed(each.text) for each in readings(raw, name) if not each.for_students]
    yield from ((name, secrets.whole[text]) for text in texts if text in secrets.whole)
    whole = "\n".join(texts)
    yield from ((name, what) for trace, what in secrets.code.items() if trace in whole)
    yield from ((name, what) for what in _hidden(raw, secrets))


def _texts(name: str, raw: bytes) -> Iterator[str]:
    """As it stands, and without escapes where it has any."""
    yield raw.decode(errors="replace")
    yield from (each.text for each in readings(raw, name))


def _hidden(raw: bytes, secrets: Secrets) -> Iterator[str]:
    """Hidden cases whose numbers stand here as text, or as 4 or 8 bytes each."""
    wanted = np.array(sorted({number for case in secrets.hidden for number in case.numbers}))
    in_text = np.array([float(number) for number in _NUMBER.findall(raw)])
    seen = [set(wanted[np.isin(wanted, in_text)].tolist())]
    seen += [set(_as_bytes(raw, wanted, dtype).tolist()) for dtype in _DTYPES]
    for case in secrets.hidden:
        enough = min(_ENOUGH, len(case.numbers))
        if any(len(case.numbers & numbers) >= enough for numbers in seen):
            yield case.what


def _as_bytes(raw: bytes, wanted: Array, dtype: str) -> Array:
    """Those of the numbers that stand somewhere in the bytes, aligned or not."""
    narrow, size = wanted.astype(dtype), np.dtype(dtype).itemsize
    found = np.zeros(len(wanted), bool)
    for offset in range(size):
        count = (len(raw) - offset) // size
        if count > 0:
            found |= np.isin(narrow, np.frombuffer(raw, dtype, count, offset))
    return wanted[found]
