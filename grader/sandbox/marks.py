"""What a child says of its way while it goes: which stretch of the run it is in, and at which line.

A mark is a claim.  The first one of a stretch ends the one before, and none comes twice: a child
can give up time by it, and blame another line of its own file, no more.
"""

import re
from dataclasses import dataclass
from typing import Final

from grader.sandbox import frames
from grader.sandbox.box.loading import MOST_MARKS
from grader.sandbox.budget import DRIVE, LOAD, REST, STRETCHES

_MARK: Final = re.compile(rb"([lrd])([0-9]{1,7}):([^\n]{0,300})\n")
# As `faulthandler` writes it.
_FRAME: Final = re.compile(rb'^  File "([^"/<\n]{1,300})", line ([0-9]{1,7}) in ', re.MULTILINE)
_WORDS: Final = re.compile(
    rb"(?:[lrd][0-9]{1,7}:[^\n]{0,300}\n"
    rb"|Stack \(most recent call first\):\n|  File \"[^\n]{0,2000}\n|  \.\.\.\n)*+"
)
MOST = MOST_MARKS + len(STRETCHES)  # more are a child's that would keep us busy
_LONGEST_STACKS = 1 << 16  # `faulthandler` writes a hundred calls at most
_STRETCHES = {b"l": LOAD, b"r": REST, b"d": DRIVE}


@dataclass(frozen=True, slots=True)
class Mark:
    """`place` and `line` of the statement at the top level that begins now."""

    stretch: str
    place: str
    line: int


def read(sent: bytes | bytearray, start: int, *, first: bool) -> tuple[list[Mark], int]:
    """The marks that came whole from `start` on, and where they end.

    What the parser sends stands `first`, and is passed over.
    """
    found = []
    if first and sent.startswith(frames.MAGIC, start):
        start += frames.size(sent, start)
    while match := _MARK.match(sent, start):
        letter, line, place = match.groups()
        found.append(Mark(_STRETCHES[bytes(letter)], place.decode("utf-8", "replace"), int(line)))
        start = match.end()
    return found, start


def without(message: bytes) -> bytes:
    """What follows the marks at its beginning, and the stack of who was asked to stop."""
    match = _WORDS.match(message)
    return message[match.end() :] if match else message


def stack(message: bytes) -> list[tuple[str, int]]:
    """Place and line of each call that was going on then, the last one first; not of libraries."""
    words = message[: len(message) - len(without(message))]
    found = (match.groups() for match in _FRAME.finditer(words[-_LONGEST_STACKS:]))
    return [(place.decode("utf-8", "replace"), int(line)) for place, line in found]
