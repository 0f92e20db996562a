"""Course → what students may have of it, in a folder that works with the tool alone.

It holds redacted YAML, skeletons of the solutions, and recorded runs of the open cases; it is left
there only if every handout is what it was, and a search of every byte finds nothing secret.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from grader.course import draws
from grader.course.document import parse, read
from grader.course.format import Exercise
from grader.course.loading import COURSE_FILE, load_course, load_exercise, with_solutions
from grader.errors import AuthorError, UsageError
from grader.judging.keys.recorded import SUFFIX
from grader.judging.settled import settled
from grader.judging.workshop import Workshop
from grader.proving.release.record import recorded
from grader.proving.release.redact import written
from grader.proving.release.same import changes
from grader.proving.release.search import contents, found_in
from grader.proving.release.secrets import secrets_of
from grader.sandbox.cache import versions

EXERCISES = "exercises"


@dataclass(frozen=True, slots=True)
class Released:
    """What was made: exercise → bytes of its three files."""

    folder: Path
    sizes: Mapping[str, int]


def release(shop: Workshop, secret: bytes, folder: Path, tell: Callable[[str], None]) -> Released:
    """Make a release at `folder`; of an older one there, its exercises are replaced.

    Raises UsageError if something else is at `folder`; AuthorError if a handout would change, or
    something secret would get out.
    """
    course = with_solutions(shop.course)
    refuse_other(folder)
    loaded = [settled(load_exercise(course, id_), shop).exercise for id_ in course.paths]
    with _neighbour(folder) as half:
        sizes = _write(loaded, shop, half, tell)
        _prove_same(loaded, half, course.id)
        _prove_safe(loaded, shop, secret, half)
        _put(half / EXERCISES, folder / EXERCISES)
    return Released(folder, sizes)


def refuse_other(folder: Path) -> None:
    """Only an older release may be replaced."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    path = folder / EXERCISES / COURSE_FILE
    if not path.is_file() or "released" not in (_plain(path) or {}):
        raise UsageError(
            f"{folder} is there already, and is no release",
            hint="name a folder that does not exist yet, or an older release",
        )


def _plain(path: Path) -> Mapping[str, object] | None:
    data = parse(read(path), str(path)).data
    return data if isinstance(data, dict) else None


@contextmanager
def _neighbour(folder: Path) -> Iterator[Path]:
    """A folder near the one that is meant, so that a rename is all that is left to do."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        place = folder if folder.exists() else folder.parent
        half = Path(tempfile.mkdtemp(prefix=".release-", dir=place))
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}") from error
    try:
        yield half
    finally:
        shutil.rmtree(half)


def _write(
    loaded: list[Exercise], shop: Workshop, half: Path, tell: Callable[[str], None]
) -> dict[str, int]:
    place, sizes = half / EXERCISES, {}
    place.mkdir()
    (place / COURSE_FILE).write_text(_course_yaml(shop, loaded), encoding="utf-8")
    for exercise in loaded:
        path = written(exercise, place)
        path.with_suffix(SUFFIX).write_bytes(recorded(exercise, shop.keys))
        sizes[exercise.id] = sum(each.stat().st_size for each in place.glob(f"{path.stem}.*"))
        tell(f"{exercise.id}: {exercise.file.variants} variants, {sizes[exercise.id] >> 10} KB")
    draws.write_all(place, {exercise.id: exercise.draws for exercise in loaded if exercise.draws})
    return sizes


def _course_yaml(shop: Workshop, loaded: list[Exercise]) -> str:
    course = shop.course
    digests = {exercise.id: exercise.digest for exercise in loaded}
    made = {"versions": versions(), "digests": digests}
    plain = {"format": 1, "id": course.id, "title": course.title, "released": made}
    text: str = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)
    return text


def _prove_same(loaded: list[Exercise], half: Path, course_id: str) -> None:
    """Look at the release as a student's grader will read it."""
    made = load_course(half)
    lines = [
        f"{exercise.path}: {words}"
        for exercise in loaded
        for words in changes(exercise, load_exercise(made, exercise.id), course_id)
    ]
    if lines:
        raise AuthorError("\n".join(lines), hint="nothing was released")


def _prove_safe(loaded: list[Exercise], shop: Workshop, secret: bytes, half: Path) -> None:
    leaks = found_in(dict(contents(half)), secrets_of(loaded, shop, secret))
    if leaks:
        told = "\n".join(f"{name}: {what}" for name, what in leaks)
        raise AuthorError(f"a release would give away:\n{told}", hint="nothing was released")


def _put(new: Path, place: Path) -> None:
    """What else a folder holds, such as a repository, is left alone."""
    old = new.parent / "old"
    place.parent.mkdir(exist_ok=True)
    if place.exists():
        place.rename(old)
    try:
        new.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
