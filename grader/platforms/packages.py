"""What packages are made of: the grader as a wheel, its pins, the files of a course."""

import base64
import hashlib
import importlib.metadata
import json
import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader import settings
from grader.course.format import Course
from grader.errors import AuthorError
from grader.judging.keys import Taken
from grader.platforms.bundle import pack
from grader.reporting import templating

Files = Mapping[str, bytes]  # name inside the archive → content

IN_IMAGE = "/opt/grade/course"  # where the Dockerfile puts a course
_COURSE_FOLDERS = ("exercises", "solutions", "templates")
_WHEEL = b"""\
Wheel-Version: 1.0
Generator: grader
Root-Is-Purelib: true
Tag: py3-none-any
"""
_CPU_TORCH = "https://download.pytorch.org/whl/cpu"


def package(files: Files, programs: Iterable[str] = ()) -> bytes:
    """A zip of the files, of the grader itself, and of what it needs."""
    return pack(sorted({**files, **grader()}.items()), frozenset(programs))


def grader() -> dict[str, bytes]:
    """The grader that is running, as a wheel, and what it needs."""
    return {"requirements.txt": requirements(), wheel_name(): wheel()}


def image(command: Sequence[str], course: Files | None = None) -> bytes:
    """A zip for `docker build`, of an image with the course in it that starts with a command."""
    words = {"wheel": wheel_name(), "course": bool(course), "command": command}
    return package({"Dockerfile": render("Dockerfile.j2", **words), **(course or {})})


def render(template: str, **values: Any) -> bytes:  # noqa: ANN401  (whatever a template shows)
    """One of templates/packages/, which quotes what it shows as its language wants it."""
    environment = templating.environment(html=False)  # ids are checked
    environment.filters |= {"quote": lambda value: shlex.quote(str(value)), "json": json.dumps}
    return environment.get_template(f"packages/{template}").render(**values).encode()


def course_files(course: Course) -> dict[str, bytes]:
    """The course with solutions, secret and draws, for where students cannot look into.

    Raises UsageError if there is no secret and none may be made.
    """
    key = settings.secret(course.folder, os.environ, may_make=True).key
    draws = Taken(course.folder / settings.DRAWS_FILE, key).alone()
    return {
        **_course(course.folder),
        f"course/{settings.SECRET_FILE}": f"{key.hex()}\n".encode(),
        f"course/{settings.DRAWS_FILE}": draws,
    }


def release_files(course: Course) -> dict[str, bytes]:
    """A release of a course, which students may have.  Raises AuthorError if it is none."""
    if course.released is None:
        raise AuthorError(
            f"{course.folder} is no release, and students can read what is in this package",
            hint="make what they may have (`grade release DIR`), and name that folder",
        )
    place = settings.COURSE_FILE.parent
    return {f"course/{place}/{name}": content for name, content in _below(course.folder / place)}


def _course(folder: Path) -> dict[str, bytes]:
    return {
        f"course/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for top in _COURSE_FOLDERS
        for path in sorted((folder / top).rglob("*"))
        if path.is_file() and not _hidden(path.relative_to(folder))
    }


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "__pycache__")) for part in path.parts)


# --- the grader itself ---------------------------------------------------------------------------


def wheel_name() -> str:
    return f"grader-{_version()}-py3-none-any.whl"


def wheel() -> bytes:
    """A wheel of the grader that is running, without a course."""
    about = f"grader-{_version()}.dist-info"
    files = {
        **{f"grader/{name}": content for name, content in _modules()},
        **{f"grader/templates/{name}": content for name, content in _below(templating.folder())},
        **{f"{about}/{name}": content for name, content in _metadata()},
    }
    record = [f"{name},{_digest(content)},{len(content)}" for name, content in files.items()]
    record.append(f"{about}/RECORD,,")
    files[f"{about}/RECORD"] = "\n".join([*record, ""]).encode()
    return pack(sorted(files.items()))


def _version() -> str:
    return importlib.metadata.version("grader")


def _modules() -> Iterator[tuple[str, bytes]]:
    left_out = ("templates/", f"{settings.INSTALLED.name}/")
    return ((n, content) for n, content in _below(settings.PACKAGE) if not n.startswith(left_out))


def _below(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _hidden(path.relative_to(folder)):
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _metadata() -> Iterator[tuple[str, bytes]]:
    found = importlib.metadata.distribution("grader")
    for name in ("METADATA", "entry_points.txt"):
        yield name, (found.read_text(name) or "").encode()
    yield "WHEEL", _WHEEL


def _digest(content: bytes) -> str:
    raw = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    return f"sha256={raw.rstrip(b'=').decode()}"


def requirements() -> bytes:
    """What the grader needs, pinned to the versions that it runs with here; torch for the CPU.

    Without the index of its own, PyPI's torch for Linux brings gigabytes for graphics cards.
    """
    pins = {name: importlib.metadata.version(name) for name in sorted(_needed("grader", set()))}
    torch = pins["torch"].partition("+")[0]
    lines = [f"{name}=={version}" for name, version in pins.items() if name != "torch"]
    index = f"--extra-index-url {_CPU_TORCH}"
    return "\n".join([index, f"torch=={torch}+cpu", *lines, ""]).encode()


def _needed(name: str, seen: set[str]) -> set[str]:
    """All that a distribution needs here, directly or not."""
    for line in importlib.metadata.requires(name) or ():
        wanted = Requirement(line)
        other = canonicalize_name(wanted.name)
        here = wanted.marker is None or wanted.marker.evaluate({"extra": ""})
        if here and other not in seen:
            seen.add(other)
            _needed(other, seen)
    return seen
