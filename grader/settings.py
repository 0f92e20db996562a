"""Where things are: the course, the folders of this machine, the course's secret.

A course that was named in words (`--course`, GRADE_COURSE) or came with the package is trusted.
One that was only found upwards from the current folder may be a student's: it is used, and that is
said, but it lowers no fence.  What is handed in by a folder is never graded by a course in it.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from grader import files
from grader.errors import UsageError

Environ = Mapping[str, str]

COURSE_FILE = Path("exercises") / "course.yaml"
SECRET_FILE = Path("exercises") / ".secret"
DRAWS_FILE = Path("exercises") / ".draws"  # which hidden cases follow from the secret
PACKAGE = Path(__file__).parent
INSTALLED = PACKAGE / "released"
_SECRET_BYTES = 32
_SECRET = re.compile(r"([0-9a-fA-F]{2}){16,}")  # at least 128 bits


@dataclass(frozen=True, slots=True)
class Secret:
    """The key that hidden cases are drawn from.  `made` tells that there was none before."""

    key: bytes = field(repr=False)
    made: bool = False


@dataclass(frozen=True, slots=True)
class CoursePlace:
    """A course's folder.  `trusted` unless it was only found: a stranger may have put it there."""

    folder: Path
    trusted: bool


def find_course(
    option: Path | None,
    environ: Environ,
    cwd: Path,
    installed: Path = INSTALLED,
    *,
    handed_in: Path | None = None,
) -> CoursePlace:
    """The named course, else that of GRADE_COURSE, the nearest one upwards, or the installed one.

    One that lies in what was `handed_in` hides none that is further away.
    Raises UsageError if there is none; a course that is named must be there.
    """
    for named, by in ((option, "--course"), (_path(environ, "GRADE_COURSE"), "GRADE_COURSE")):
        if named is None:
            continue
        if not _is_course(cwd / named):
            hint = f"{by} names the folder that holds {COURSE_FILE}"
            raise UsageError(f"{named} is no course", hint=hint)
        return CoursePlace(cwd / named, trusted=True)
    for folder in (cwd, *cwd.parents, installed):
        if folder != installed and handed_in is not None and _is_in(folder, handed_in):
            continue
        if _is_course(folder):
            return CoursePlace(folder, trusted=folder == installed)
    hint = f"go to the course's folder (it holds {COURSE_FILE}), or name it: --course DIR"
    raise UsageError(f"there is no course in {cwd} or above", hint=hint)


def cache_folder(environ: Environ) -> Path:
    """For what can be made again: GRADE_CACHE, or where this system keeps such things."""
    return _path(environ, "GRADE_CACHE") or platformdirs.user_cache_path("grader")


def state_folder(environ: Environ) -> Path:
    """For what cannot: attempts and progress.  GRADE_STATE, or where this system keeps them."""
    return _path(environ, "GRADE_STATE") or platformdirs.user_state_path("grader")


def book_url(option: str | None, environ: Environ, course: str) -> str:
    """Where the gradebook is: as named, else GRADE_BOOK, else a file of the course's own."""
    named = option or environ.get("GRADE_BOOK")
    return named or str(state_folder(environ) / "books" / f"{course}.db")


def secret(folder: Path, environ: Environ, *, may_make: bool) -> Secret:
    """The course's secret: GRADE_SECRET, else the file beside `course.yaml`, made if it may be.

    Raises UsageError if there is none to be had, or what is there is no secret.
    """
    if environ.get("GRADE_SECRET"):
        return Secret(_key(environ["GRADE_SECRET"], "GRADE_SECRET"))
    path = folder / SECRET_FILE
    made = may_make and not path.exists() and _make(path)
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        hint = f"copy {SECRET_FILE} from where the course is kept, or set GRADE_SECRET"
        raise UsageError(f"{folder} has no secret: no hidden cases here", hint=hint) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    return Secret(_key(text, str(path)), made)


def fingerprint(key: bytes) -> str:
    """What reports carry: equal for equal secrets, and of no use to who does not have one."""
    return hmac.new(key, b"grader/fingerprint", hashlib.sha256).hexdigest()[:12]


def _is_in(folder: Path, handed_in: Path) -> bool:
    return folder.resolve().is_relative_to(handed_in.resolve())


def _is_course(folder: Path) -> bool:
    return (folder / COURSE_FILE).is_file()


def _path(environ: Environ, name: str) -> Path | None:
    """An empty variable is as good as none."""
    return Path(environ[name]).expanduser() if environ.get(name) else None


def _key(text: str, where: str) -> bytes:
    if not _SECRET.fullmatch(text.strip()):
        hint = "it is at least 32 hexadecimal digits; another secret gives other hidden cases"
        raise UsageError(f"{where} holds no secret", hint=hint)
    return bytes.fromhex(text.strip())


def _make(path: Path) -> bool:
    """Make the file whole or not at all; False if another grader was first."""
    try:
        return files.create(path, f"{secrets.token_hex(_SECRET_BYTES)}\n".encode())
    except OSError as error:
        hint = "make the folder writable, or set GRADE_SECRET"
        raise UsageError(f"{path} cannot be made: {error.strerror}", hint=hint) from None
