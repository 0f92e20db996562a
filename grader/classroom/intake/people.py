"""Text from outside → ids and names that can be kept and compared."""

import unicodedata
from collections.abc import Iterable

from grader.errors import StudentError

MAX_ID = 200
_MAX_NAME = 500
_MAX_WORDS = 8


def check_id(text: str) -> str:
    """An id, NFC.  It stays text: `NaN`, `1e5` and `007` are ids like others.

    Raises StudentError for one that could be a path, or that does not look like what it is.
    """
    id_ = unicodedata.normalize("NFC", text.strip())
    if not id_:
        raise StudentError("there is no student id")
    if len(id_) > MAX_ID:
        raise StudentError(f"a student id has more than {MAX_ID} characters")
    if not id_.isprintable():
        raise StudentError(f"the student id {id_!a} has a character that cannot be seen")
    if "/" in id_ or "\\" in id_ or not id_.strip("."):
        raise StudentError(f"the student id {id_!r} looks like a path")
    return id_


def tidy(name: str) -> str:
    """A name on one line; what cannot be seen in it becomes a replacement character."""
    line = " ".join(unicodedata.normalize("NFC", name[:_MAX_NAME]).split())
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)


def squeeze(name: str) -> str:
    """Letters and digits alone: Moodle turns `_` to a space and drops `'`, Canvas drops more."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return "".join(
        letter for letter in folded if letter.isalnum() or unicodedata.category(letter)[0] == "M"
    )


def forms(name: str) -> frozenset[str]:
    """All that a platform may make of one name: it is not told where the family name begins."""
    words = name.replace(",", " ").split()
    turns = range(min(len(words), _MAX_WORDS))
    return frozenset(squeeze("".join(words[turn:] + words[:turn])) for turn in turns)


def brief_list(words: Iterable[str], most: int = 5, between: str = ", ") -> str:
    first = list(words)
    return between.join(first[:most]) + (", …" if len(first) > most else "")
