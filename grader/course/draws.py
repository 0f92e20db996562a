"""`exercises/draws.json`: which draw each open case is of, where that is not the first.

It is part of the course, and goes wherever the course goes: what was handed out stays what is
graded.  `grade check` and `grade release` write it.
"""

import json
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from grader.course.format import Draws
from grader.errors import AuthorError
from grader.files import write_whole

FILE = "draws.json"
_MOST = 1000

_Record = dict[str, dict[str, dict[int, Annotated[int, Field(ge=1, le=_MOST)]]]]
_RECORD: TypeAdapter[_Record] = TypeAdapter(_Record)  # exercise → part → variant → draw


def read(folder: Path) -> dict[str, Draws]:
    """Exercise → its draws.  Raises AuthorError if the file is there and no such record."""
    path = folder / FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise AuthorError(f"{path} cannot be read: {error.strerror}") from error
    try:
        return {**_RECORD.validate_json(raw)}
    except ValidationError as error:
        raise AuthorError(
            f"{path} is no record of draws: {error.errors()[0]['msg']}",
            hint="get it again from where the course is kept; without it `grade check` makes one",
        ) from None


def text(draws: Draws) -> str:
    """What the digest of an exercise takes in; nothing where all draws are the first."""
    return json.dumps({part: dict(sorted(its.items())) for part, its in sorted(draws.items())})


def write(folder: Path, exercise_id: str, draws: Draws) -> None:
    """Record what one exercise draws.  Raises AuthorError if the file cannot be written."""
    every = {**read(folder), exercise_id: draws}
    plain = {id_: json.loads(text(each)) for id_, each in sorted(every.items()) if each}
    write_all(folder, plain)


def write_all(folder: Path, every: dict[str, Draws]) -> None:
    path = folder / FILE
    if not every:
        path.unlink(missing_ok=True)
        return
    raw = (json.dumps(every, indent=1) + "\n").encode()
    write_whole(path, raw)
    if not path.exists() or path.read_bytes() != raw:
        raise AuthorError(f"{path} cannot be written", hint="make the folder writable")
