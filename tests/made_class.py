"""A class that was made up: who is in it, what they handed in, and how each platform would send it.

The same size and seed make the same class, so that numbers in a book can be counted a second time
from `works` alone.
"""

import csv
import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import yaml

from grader.classroom.cohort import Student

_HERE = Path(__file__).parent
_START = datetime(2026, 10, 1, 8, 0, 0, tzinfo=UTC)
_FIRST = ["Ana", "Óscar", "Zoë", "Seán", "Mei-Lin", "José María", "Wei", "D'Arcy"]
_LAST = ["O'Brien-Lee", "Smith", "Smith", "Núñez", "van der Berg", "Łukasik", "李", "García López"]
_MIX = ("right", "wrong", "broken", "notebook")
_KINDS = {  # kind → golden files of that kind
    "right": ("right_*.py",),
    "wrong": ("wrong_*.py",),
    "broken": ("blank.py", "error_*.py"),
    "notebook": ("right_*.ipynb", "wrong_*.ipynb", "right_*.py"),
}
Members = dict[str, bytes]  # name inside → bytes


@dataclass(frozen=True)
class Work:
    """One file, handed in by one student or by a group."""

    students: tuple[str, ...]
    exercise: str
    kind: str  # right, wrong, broken, notebook, hostile
    golden: str  # the file it was made from, under tests/
    suffix: str
    raw: bytes
    at: datetime

    @property
    def name(self) -> str:
        return f"{self.exercise}{self.suffix}"


@dataclass(frozen=True)
class MadeClass:
    students: tuple[Student, ...]
    works: tuple[Work, ...]

    def counted(self) -> list[tuple[tuple[str, ...], str]]:
        """Who handed in which bytes: what any layout must bring back."""
        return sorted((work.students, hashlib.sha256(work.raw).hexdigest()) for work in self.works)

    def number(self, id_: str) -> int:
        """What a platform would call the student."""
        return 1001 + [student.id for student in self.students].index(id_)


def made(
    size: int, seed: int = 0, exercises: Iterable[str] = ("ex4",), hostile: float = 0.0
) -> MadeClass:
    """A class in which each student hands in each exercise once.

    A share of `hostile` is from the corpus of attacks; the rest is right, wrong, broken, notebook
    in turn.  All bytes differ: each file ends with a comment of its own.
    """
    rng = random.Random(seed)  # noqa: S311  (a draw, no secret)
    students = tuple(_student(number, rng) for number in range(size))
    works = [
        _work(student.id, exercise, _MIX[number % len(_MIX)], rng, hostile)
        for exercise in exercises
        for number, student in enumerate(students)
    ]
    return MadeClass(students, tuple(works))


def _student(number: int, rng: random.Random) -> Student:
    first, last = rng.choice(_FIRST), _LAST[number % len(_LAST)]
    name = f"{first} {chr(0x391 + number % 17)}{number} {last}"  # no two are called the same
    return Student(f"s{number:05}", name, f"s{number}@made.example", f"team {number // 2}")


def _work(student: str, exercise: str, kind: str, rng: random.Random, hostile: float) -> Work:
    kind = "hostile" if rng.random() < hostile else kind
    path = rng.choice(_sources(kind, exercise))
    raw, suffix = _own(path, kind, f"{student} {exercise}")
    at = _START + timedelta(seconds=rng.randrange(30 * 24 * 3600))
    return Work((student,), exercise, kind, str(path.relative_to(_HERE)), suffix, raw, at)


def _sources(kind: str, exercise: str) -> list[Path]:
    if kind == "hostile":
        return sorted((_HERE / "attacks" / "corpus").glob("forge_*.py"))
    folder = _HERE / "golden" / exercise
    return sorted(path for glob in _KINDS[kind] for path in folder.glob(glob))


def _own(path: Path, kind: str, comment: str) -> tuple[bytes, str]:
    """The bytes of a golden file, told apart by a comment; of some, a notebook is made."""
    text = path.read_text(encoding="utf-8-sig", errors="surrogateescape")
    if kind == "hostile":  # it was made for another exercise
        text = f"# grade: {comment.split()[1]} format=1 variant=0\n{text}"
    if path.suffix == ".ipynb":
        return json.dumps({**json.loads(text), "made": comment}).encode(), ".ipynb"
    if kind != "notebook":
        return f"{text}\n# {comment}\n".encode(errors="surrogateescape"), ".py"
    book = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    cell = nbformat.v4.new_code_cell(text, id="made")  # type: ignore[no-untyped-call]
    return json.dumps({**book, "cells": [cell], "made": comment}).encode(), ".ipynb"


def grouped(one: MadeClass) -> MadeClass:
    """The same class in groups: the work of the first of each group is that of all."""
    by_group: dict[str, list[str]] = {}
    for student in one.students:
        by_group.setdefault(student.group, []).append(student.id)
    groups = {min(ids): tuple(sorted(ids)) for ids in by_group.values()}
    works = (
        replace(work, students=groups[work.students[0]])
        for work in one.works
        if work.students[0] in groups
    )
    return MadeClass(one.students, tuple(works))


# --- layouts: a class → the members that a platform would send -----------------------------------


def gradescope(one: MadeClass) -> Members:
    top, by_id = "assignment_77_export", {student.id: student for student in one.students}
    told, members = {}, {}
    for number, work in enumerate(one.works, start=9000):
        people = [by_id[id_] for id_ in work.students]
        told[f"submission_{number}"] = {
            ":submitters": [{":name": p.name, ":sid": p.id, ":email": p.email} for p in people],
            ":created_at": work.at,
            ":score": 1.5,
            ":results": {"tests": [{"name": "a test", "output": ":sid: nobody\n"}]},
            ":history": [{":created_at": work.at - timedelta(days=1), ":score": 0.0}],
        }
        members[f"{top}/submission_{number}/{work.name}"] = work.raw
    text = yaml.safe_dump(told, allow_unicode=True)
    return {f"{top}/submission_metadata.yml": text.encode(), **members}


def nbgrader(one: MadeClass) -> Members:
    members = {}
    for work in one.works:
        place = f"submitted/{work.students[0]}/{work.exercise}"
        members[f"{place}/{work.name}"] = work.raw
        members[f"{place}/timestamp.txt"] = f"{work.at:%Y-%m-%d %H:%M:%S.%f} UTC\n".encode()
    return members


def moodle(one: MadeClass, *, old: bool = False) -> Members:
    tail = "_" if old else ""
    return {
        f"{_moodle_name(one, work)}_assignsubmission_file{tail}/{work.name}": work.raw
        for work in one.works
    }


def moodle_flat(one: MadeClass) -> Members:
    return {
        f"{_moodle_name(one, work)}_assignsubmission_file_{work.name}": work.raw
        for work in one.works
    }


def _moodle_name(one: MadeClass, work: Work) -> str:
    student = one.students[one.number(work.students[0]) - 1001]
    called = student.name if len(work.students) == 1 else student.group
    return f"{called.replace(chr(39), '').replace('_', ' ')}_{one.number(student.id)}"


def canvas(one: MadeClass) -> Members:
    members = {}
    for number, work in enumerate(one.works, start=5000):
        student = one.students[one.number(work.students[0]) - 1001]
        called = sortable(student.name) if len(work.students) == 1 else student.group
        squeezed = "".join(c for c in called.lower() if c.isalnum() or c == "_")
        late = "_LATE" if number % 3 == 0 else ""
        again = "-1" if number % 2 else ""
        file = f"{work.exercise}{again}{work.suffix}"
        members[f"{squeezed}{late}_{one.number(student.id)}_{number}_{file}"] = work.raw
    return members


def sortable(name: str) -> str:
    first, _, last = name.partition(" ")
    return f"{last}, {first}"


def kept(one: MadeClass) -> Members:
    members = {}
    for work in one.works:
        digest = hashlib.sha256(work.raw).hexdigest()[:12]
        stamp = f"{work.at:%Y%m%dT%H%M%SZ}-{digest}"
        place = f"{work.students[0]}/attempts/autograd/{work.exercise}/{stamp}"
        members[f"{place}/submission{work.suffix}"] = work.raw
        members[f"{place}/report.json"] = b"{}"
    return members


def folders(one: MadeClass) -> Members:
    return {f"hand-ins/{work.students[0]}/{work.name}": work.raw for work in one.works}


def files(one: MadeClass) -> Members:
    members = {}
    for number, work in enumerate(one.works):
        words = [work.students[0], work.exercise]
        stem = "_".join(words if number % 2 else reversed(words))
        members[f"{stem}{work.suffix}"] = work.raw
    return members


LAYOUTS: Mapping[str, Callable[[MadeClass], Members]] = {
    "gradescope": gradescope,
    "nbgrader": nbgrader,
    "moodle": moodle,
    "moodle-old": lambda one: moodle(one, old=True),
    "moodle-flat": moodle_flat,
    "canvas": canvas,
    "kept": kept,
    "folders": folders,
    "files": files,
}


# --- writing -------------------------------------------------------------------------------------


def write_folder(members: Members, folder: Path) -> Path:
    for name, raw in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return folder


def write_zip(members: Members, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return path


def roster_csv(one: MadeClass) -> bytes:
    """Columns of several platforms at once: a plain list with the numbers they gave."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["Student ID", "Name", "Email", "Group", "Identifier", "SIS User ID"])
    for student in one.students:
        number = one.number(student.id)
        row = [student.id, student.name, student.email, student.group, f"Participant {number}"]
        writer.writerow([*row, number])
    return out.getvalue().encode("utf-8-sig")


def write_roster(one: MadeClass, path: Path) -> Path:
    path.write_bytes(roster_csv(one))
    return path
