"""Attempts that `grade submit` kept: `attempts/<course>/<exercise>/<time>-<digest>/submission.py`.

The folder that holds `attempts` is called after the student; one level up, several may stand.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from grader.classroom.cohort import Student
from grader.classroom.intake.layout import Claim, Layout
from grader.classroom.intake.times import moment
from grader.classroom.intake.tree import Left, Reader, Tree, is_submission
from grader.errors import StudentError, UsageError

_ATTEMPTS = "attempts"
_STAMP = re.compile(r"(?P<time>[0-9]{8}T[0-9]{6}Z)-(?P<digest>[0-9a-f]{12})")
_LEVELS = 4  # course, exercise, time and digest, file


def read(tree: Tree) -> Layout | None:
    """Raises UsageError for `attempts` itself: nothing there tells whose they are."""
    kept = {file: stamp for file in tree.files if (stamp := _stamp(tree, file))}
    if not kept or any(is_submission(file) for file in tree.files.keys() - kept.keys()):
        return None  # some are not: a student may have put such a folder into his own
    if tree.name == _ATTEMPTS:
        hint = "name the folder that holds it; that is called after the student"
        raise UsageError(f"{_ATTEMPTS} does not tell whose attempts they are", hint=hint)
    files = {
        file: _refuse_changed(file, reader, kept[file]["digest"]) if file in kept else reader
        for file, reader in tree.files.items()
    }
    claims = tuple(_claim(tree, file, stamp["time"]) for file, stamp in kept.items())
    left = tuple(_others(tree, kept.keys()))
    return Layout("attempts kept by grade submit", replace(tree, files=files), claims, left)


def _stamp(tree: Tree, file: str) -> re.Match[str] | None:
    """Just there: in a student's folder, or this is one."""
    parts = [tree.name, *file.split("/")]
    place = parts.index(_ATTEMPTS) if _ATTEMPTS in parts[:3] else -1
    if len(parts) != place + _LEVELS + 1 or PurePosixPath(file).stem != "submission":
        return None
    return _STAMP.fullmatch(parts[-2])


def _claim(tree: Tree, file: str, time: str) -> Claim:
    parts = file.split("/")
    student = parts[0] if len(parts) > _LEVELS + 1 else tree.name
    exercise = parts[-3]
    name = f"{exercise}{PurePosixPath(file).suffix}"
    return Claim(file, (Student(student),), exercise, moment(time), name, student)


def _refuse_changed(file: str, reader: Reader, digest: str) -> Reader:
    def read(most: int) -> bytes:
        raw = reader(most)
        if hashlib.sha256(raw).hexdigest()[: len(digest)] != digest:
            raise StudentError(f"{file} is not what was handed in", hint="it was changed later")
        return raw

    return read


def _others(tree: Tree, kept: Collection[str]) -> Iterator[Left]:
    reports = {f"{file.rpartition('/')[0]}/report.json" for file in kept}
    for file in tree.files:
        if file not in kept and file not in reports:
            yield Left(tree.where(file), "is no attempt that was kept")
