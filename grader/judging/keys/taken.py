"""Which draw was taken for hidden cases: recorded once, beside the secret.

It travels wherever the secret does, so that no machine draws anew.  What is torn, or is of another
exercise or secret, counts as not there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import settings
from grader.course.format import Exercise
from grader.course.parts.part import AnyPart
from grader.files import write_whole

_MOST_SECRETS = 20  # the newest

# A tree of what JSON has.
Plain = Any


@dataclass(frozen=True, slots=True)
class Taken:
    """The record of one secret: what we were `told` goes before what stands at `path`."""

    path: Path | None
    secret: bytes
    told: bytes = b""  # by who sends us work

    def find(self, exercise: Exercise, part: AnyPart) -> int | None:
        for record in (_read(self.told), _read(self._kept())):
            mine = record.get(self._name)
            match mine.get(_entry(exercise, part)) if isinstance(mine, dict) else None:
                case [exercise.digest, int(draw)] if draw >= 0 and not isinstance(draw, bool):
                    return draw
        return None

    def keep(self, exercise: Exercise, part: AnyPart, draw: int) -> None:
        """Where the folder cannot be written, it is found out again."""
        if self.path is None:
            return
        known = _read(self._kept())
        mine = known.pop(self._name, {})
        entry = {_entry(exercise, part): [exercise.digest, draw]}
        known[self._name] = {**(mine if isinstance(mine, dict) else {}), **entry}
        write_whole(self.path, _text(dict([*known.items()][-_MOST_SECRETS:])))

    def alone(self) -> bytes:
        """What is recorded of this secret, for where it travels to."""
        known = _read(self._kept())
        return _text({name: it for name, it in known.items() if name == self._name})

    @property
    def _name(self) -> str:
        return settings.fingerprint(self.secret)

    def _kept(self) -> bytes:
        try:
            return self.path.read_bytes() if self.path is not None else b""
        except OSError:
            return b""


def _entry(exercise: Exercise, part: AnyPart) -> str:
    return f"{exercise.id}/{part.id}"


def _read(raw: bytes) -> dict[str, Plain]:
    try:
        plain = json.loads(raw) if raw else None
    except (ValueError, RecursionError):
        return {}
    match plain:
        case {"format": 1, "taken": dict(taken)}:
            return taken
    return {}  # another format would be of other rules by which a draw is taken


def _text(taken: Mapping[str, Plain]) -> bytes:
    return (json.dumps({"format": 1, "taken": taken}, indent=1) + "\n").encode()
