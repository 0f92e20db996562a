"""What a child says of its way while it goes: which stretch of the run it is in, and at which line.

A mark is a claim.  The first one of a stretch ends the one before, and none comes twice: a child
can give up time by it, and blame another line of its own file, no more.
"""

import re
from dataclasses import dataclass
from typing import Final

from grader.sandbox import decode
from grader.sandbox.budget import DRIVE, LOAD, REST

_MARK: Final = re.compile(rb"([lrd])([0-9]{1,7}):([^\n]{0,300})\n")
_MARKS: Final = re.compile(rb"(?:[lrd][0-9]{1,7}:[^\n]{0,300}\n)*+")
_STRETCHES = {b"l": LOAD, b"r": REST, b"d": DRIVE}


@dataclass(frozen=True, slots=True)
class Mark:
    """`place` and `line` of the statement at the top level that begins now."""

    stretch: str
    place: str
    line: int


def read(sent: bytes | bytearray, start: int) -> tuple[list[Mark], int]:
    """The marks that came whole from `start` on, and where they end; frames are passed over."""
    found = []
    while True:
        if match := _MARK.match(sent, start):
            letter, line, place = match.groups()
            found.append(
                Mark(_STRETCHES[bytes(letter)], place.decode("utf-8", "replace"), int(line))
            )
            start = match.end()
        elif sent.startswith(decode.MAGIC, start) and (size := decode.size(sent, start)):
            start += size
        else:
            return found, start


def without(message: bytes) -> bytes:
    """What follows the marks at its beginning."""
    match = _MARKS.match(message)
    return message[match.end() :] if match else message
