"""Text of a platform → time with a zone."""

import re
from datetime import UTC, datetime

_TIME = re.compile(r"(?P<time>\S+(?: [0-9:.]+)?) ?(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?")
YEARS = range(2000, 2100)


def moment(text: str) -> datetime | None:
    """As Ruby, nbgrader and ISO 8601 write it; without a zone it is UTC.  None: it is no time.

    A student's own process may have written it, so a year that no course is in is none.
    """
    found = _TIME.fullmatch(text.strip()[:60])
    if not found:
        return None
    try:
        at = datetime.fromisoformat(found["time"] + (found["zone"] or "").replace("UTC", "Z"))
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at.year in YEARS else None
