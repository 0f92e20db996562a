"""Text of a platform → time with a zone."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_TIME = re.compile(
    r"(?P<time>\S+(?: [0-9:.]+)??) ?(?P<zone>[+-][0-9]{2}(?::?[0-9]{2})?|[A-Za-z][\w/+-]{0,40})?"
)
# What `%Z` writes, in hours from UTC; only where it means one thing to everybody.
_ABBREVIATIONS = {
    word: hours
    for hours, words in {
        -8: "PST",
        -7: "PDT MST",
        -6: "MDT",
        -5: "CDT EST",
        -4: "EDT",
        0: "GMT UTC WET Z",
        1: "CET WEST",
        2: "CEST EET SAST",
        3: "EEST MSK",
        8: "HKT SGT",
        9: "JST KST",
        10: "AEST",
        11: "AEDT",
        12: "NZST",
        13: "NZDT",
    }.items()
    for word in words.split()
}
AMBIGUOUS = {
    "BST": "Europe/London or Asia/Dhaka",
    "CST": "America/Chicago or Asia/Shanghai",
    "IST": "Asia/Kolkata, Asia/Jerusalem or Europe/Dublin",
}
YEARS = range(2000, 2100)


def moment(text: str) -> datetime | None:
    """As Ruby, nbgrader and ISO 8601 write it; without a zone it is UTC.  None: it is no time.

    A zone is an offset, a name such as Europe/Berlin, or an abbreviation that is not ambiguous.  A
    student's own process may have written it, so a year that no course is in is none.
    """
    found = _TIME.fullmatch(text.strip()[:80])
    if not found:
        return None
    try:
        at = datetime.fromisoformat(found["time"])
        zone = _zone(found["zone"]) if found["zone"] else UTC
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError, KeyError, OSError):  # `ZoneInfo` reads a file of that name
        return None
    return at if at.year in YEARS else None


def untold(text: str) -> str:
    """Why a text tells no time."""
    name = text.strip().rpartition(" ")[2].upper()
    meant = AMBIGUOUS.get(name)
    return f"{name} may be {meant}: write that" if meant else "tells no time that can be read"


def _zone(word: str) -> tzinfo:
    """Raises KeyError or ValueError if there is none of that name."""
    if word[0] in "+-":
        sign, digits = -1 if word[0] == "-" else 1, word[1:].replace(":", "").ljust(4, "0")
        return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
    if "/" in word:
        return ZoneInfo(word)
    return timezone(timedelta(hours=_ABBREVIATIONS[word.upper()]))
