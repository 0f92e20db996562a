"""Release → Key: what was recorded of the open cases, in `exNN_name.runs` beside the exercise."""

import threading
import zipfile
import zlib
from pathlib import Path

from grader.course import variants
from grader.course.format import Exercise
from grader.course.parts.part import AnyPart
from grader.errors import AuthorError
from grader.judging.keys.key import Alike, Key, Model, open_cases
from grader.judging.keys.page import Outdated, Page, from_bytes

SUFFIX = ".runs"


class Recorded:
    """Reads keys; hidden cases are known by their ids alone."""

    def __init__(self, course_id: str) -> None:
        self._course = course_id
        self._pages: dict[tuple[Exercise, str, int], Page] = {}
        self._lock = threading.Lock()

    def key(self, exercise: Exercise, part: AnyPart, variant: int) -> Key:
        """The part's key.  Raises AuthorError if what was recorded cannot be read."""
        page = self._page(exercise, part, variant)
        return Key(
            open_cases(exercise, part, variant, self._course),
            page.wanted,
            variant=variant,
            pending=hidden_ids(part),
            noise=page.noise,
        )

    def matching(
        self, exercise: Exercise, part: AnyPart, key: Key, alike: Alike
    ) -> dict[str, list[Model]]:
        """The mistakes whose recorded runs are alike; their authors' own styles go first."""
        styles = self._page(exercise, part, key.variant).styles
        for own in (True, False):
            found = [
                style
                for style in styles
                if style.own is own and all(alike(case, style.runs[case.id]) for case in key.cases)
            ]
            if found:
                names = dict.fromkeys(style.mistake for style in found)
                return {name: [s.runs for s in found if s.mistake == name] for name in names}
        return {}

    def _page(self, exercise: Exercise, part: AnyPart, variant: int) -> Page:
        name = exercise, part.id, variant
        with self._lock:
            if name not in self._pages:
                self._pages[name] = _read(exercise.path.with_suffix(SUFFIX), part.id, variant)
            return self._pages[name]


def hidden_ids(part: AnyPart) -> tuple[str, ...]:
    return tuple(id_ for case in part.cases if not case.open for id_ in variants.case_ids(case))


def member(part_id: str, variant: int, kind: str) -> str:
    """The name of a page's half: `json` or `safetensors`."""
    return f"{part_id}/{variant}.{kind}"


def _read(path: Path, part_id: str, variant: int) -> Page:
    try:
        with zipfile.ZipFile(path) as archive:
            text = archive.read(member(part_id, variant, "json"))
            numbers = archive.read(member(part_id, variant, "safetensors"))
        return from_bytes(text, numbers)
    except Outdated:
        raise AuthorError(
            f"{path} was recorded by another version of the grader, which kept runs otherwise",
            hint="get the release anew, made by this version, or use the version that it is of",
        ) from None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise AuthorError(
            f"{path}: what was recorded of {part_id} cannot be read: {error}",
            hint="the release is damaged: get it again from where you have it",
        ) from error
