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
from grader.format import Exercise, RunPart
from grader.whole import write_whole

_MOST_SECRETS = 20  # the newest

# A tree of what JSON has.
Plain = Any


@dataclass(frozen=True, slots=True)
class Taken:
    """The record of one secret.  Without a path, there is none."""

    path: Path | None
    secret: bytes

    def find(self, exercise: Exercise, part: RunPart) -> int | None:
        found = _read(self.path).get(self._name, {})
        entry = found.get(f"{exercise.id}/{part.id}") if isinstance(found, dict) else None
        match entry:
            case [exercise.digest, int(draw)] if draw >= 0 and not isinstance(draw, bool):
                return draw
        return None

    def keep(self, exercise: Exercise, part: RunPart, draw: int) -> None:
        """Where the folder cannot be written, it is found out again."""
        if self.path is None:
            return
        known = _read(self.path)
        mine = known.pop(self._name, {})
        entry = {f"{exercise.id}/{part.id}": [exercise.digest, draw]}
        known[self._name] = {**(mine if isinstance(mine, dict) else {}), **entry}
        newest = dict([*known.items()][-_MOST_SECRETS:])
        write_whole(self.path, _text(newest))

    def alone(self) -> bytes:
        """The file with what belongs to this secret, for where it travels to."""
        return _text({name: it for name, it in _read(self.path).items() if name == self._name})

    @property
    def _name(self) -> str:
        return settings.fingerprint(self.secret)


def _read(path: Path | None) -> dict[str, Plain]:
    try:
        plain = json.loads(path.read_text()) if path is not None else None
    except (OSError, ValueError, RecursionError):
        return {}
    match plain:
        case {"format": 1, "taken": dict(taken)}:
            return taken
    return {}  # another format would be of other rules by which a draw is taken


def _text(taken: Mapping[str, Plain]) -> bytes:
    return (json.dumps({"format": 1, "taken": taken}, indent=1) + "\n").encode()
