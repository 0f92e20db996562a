"""A platform's folder → the file to grade; a result → its file, whole or not at all."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader import files
from grader.errors import GraderError, NothingToGrade, StudentError
from grader.reporting.exporters.text import brief

_SUFFIXES = (".py", ".ipynb")
_MOST_FILES = 10_000  # looked at; who hands in more gets what was found until then
_DEEPEST = 100  # folders in folders; Python itself cannot look much deeper
_MOST_NAMES = 5
_PUBLIC = 0o644  # the platform may read as another user


def only_file(folder: Path, exercise: str, known: Iterable[str] = ()) -> Path:
    """The one .py or .ipynb below a folder: the only one, or the one named after the exercise.

    Without an exercise, a file named after any of the known ones will do.  Raises NothingToGrade
    if there is none, StudentError if there are several, or folders nested beyond all reason.
    """
    found = list(_work(folder))
    if not found:
        raise NothingToGrade(
            "no .py or .ipynb file was handed in",
            hint=f"hand in {exercise}.py" if exercise else "hand in the file that you filled in",
        )
    names = {exercise} if exercise else set(known)
    named = [path for path in found if path.stem in names]
    choice = found if len(found) == 1 else named
    if len(choice) != 1:
        listed = ", ".join(brief(str(path.relative_to(folder))) for path in found[:_MOST_NAMES])
        wanted = f"only {exercise}.py or only {exercise}.ipynb" if exercise else "one file"
        raise StudentError(
            f"there are several files: {listed}{', …' * (len(found) > _MOST_NAMES)}",
            hint=f"hand in {wanted}",
        )
    return choice[0]


def _work(folder: Path) -> Iterator[Path]:
    """Hidden folders and what an archiver of macOS adds are no work."""
    looked, top = 0, len(folder.parts)
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(n for n in folders if not n.startswith((".", "__")))
        looked += len(names) + len(folders)
        for name in sorted(names):
            if Path(name).suffix.lower() in _SUFFIXES and not name.startswith("."):
                yield Path(place, name)
        if looked > _MOST_FILES:
            return
        if len(Path(place).parts) - top >= _DEEPEST:
            raise StudentError(
                f"folders are nested more than {_DEEPEST} deep",
                hint="hand in the file itself, without these folders",
            )


def write(place: Path, content: bytes, root: Path) -> None:
    """Write by rename; the folder is made, and what a student has put in the way is moved aside.

    Raises GraderError if it cannot be done.  The message names the place below the root: who reads
    it may be a student.
    """
    path = root / place
    try:
        for folder in (root / above for above in reversed(place.parents[:-1])):
            if os.path.lexists(folder) and not folder.is_dir():
                _move_aside(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir() and not path.is_symlink():
            _move_aside(path)
        files.replace(path, content, _PUBLIC)
    except OSError as error:
        raise _unwritten(place, error) from error


def _move_aside(path: Path) -> None:
    """Nothing of anybody's is removed; its new name begins with the old one."""
    empty = tempfile.mkdtemp(prefix=f"{path.name}.", dir=path.parent)
    path.rename(Path(empty, path.name))


def _unwritten(place: Path, error: OSError) -> GraderError:
    hint = "is the disk full, or the folder read-only?"
    return GraderError(f"the result {place} cannot be written: {error.strerror}", hint=hint)
