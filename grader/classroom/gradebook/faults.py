"""What a database says when it refuses → what a person can do about it."""

import sqlite3

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from grader.errors import GraderError, UsageError

_USED = "wait until the other one is done, then run this again"
_WHO = "check user and password of the URL, or ~/.pgpass"
_BACKUP = "bring back a copy; `sqlite3 FILE .recover` may save what is left"

# SQLite's primary result codes: https://www.sqlite.org/rescode.html
_SQLITE = {
    sqlite3.SQLITE_BUSY: ("is in use by another process", _USED),
    sqlite3.SQLITE_LOCKED: ("is in use by another process", _USED),
    sqlite3.SQLITE_READONLY: ("may not be written by you", "ask who owns it, or name another"),
    sqlite3.SQLITE_PERM: ("may not be read by you", "ask who owns it, or name another"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "look at the rights of the file and its folder"),
    sqlite3.SQLITE_NOTADB: ("is no gradebook", "name another file: --book FILE"),
    sqlite3.SQLITE_CORRUPT: ("is damaged", _BACKUP),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "make room, then run this again"),
    sqlite3.SQLITE_IOERR: ("cannot be read or written: the disk fails", _BACKUP),
}

# PostgreSQL's, and words of libpq where there is no code because there was no connection.
_POSTGRESQL = (
    (("28P01", "28000", "password", "no pg_hba.conf"), "does not let you in", _WHO),
    (("3D000", '" does not exist'), "does not exist", "make it first: createdb NAME"),
    (("42501",), "does not let you do this", "your user needs the right to make tables there"),
    (("53100", "53200"), "has no room left", "make room on the server, then run this again"),
    (("57", "53300"), "is not ready", "is the server starting or full? then run this again"),
)
_UNREACHABLE = ("cannot be reached", "is the server up, and the URL right?")


def place(url: sa.URL) -> str:
    """Where a book is, without a password."""
    if url.drivername == "sqlite":
        return str(url.database)
    port = f":{url.port}" if url.port else ""
    return f"{url.get_backend_name()}://{url.host or ''}{port}/{url.database or ''}"


def as_told(error: DBAPIError, url: sa.URL) -> GraderError:
    """An error for people; what is a fault of ours, such as wrong SQL, stays one of ours."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    says, hint = _sqlite(code) if isinstance(code, int) else _postgresql(error)
    if not says:
        # Its own words could quote what was to be written.
        return GraderError(f"the gradebook failed: {type(error.orig).__name__} at {place(url)}")
    return UsageError(f"the gradebook {place(url)} {says}", hint=hint)


def not_yours(url: sa.URL) -> GraderError:
    """What SQLite would say of a file that we may only read, if it were opened to be written."""
    says, hint = _SQLITE[sqlite3.SQLITE_READONLY]
    return UsageError(f"the gradebook {place(url)} {says}", hint=hint)


def _sqlite(code: int) -> tuple[str, str]:
    return _SQLITE.get(code & 0xFF, ("", ""))


def _postgresql(error: DBAPIError) -> tuple[str, str]:
    state = getattr(error.orig, "sqlstate", None) or ""
    text = "" if state else str(error.orig)
    for signs, says, hint in _POSTGRESQL:
        if any(state.startswith(sign) if state else sign in text for sign in signs):
            return says, hint
    lost = not state or state.startswith("08")
    return _UNREACHABLE if lost and _operational(error) else ("", "")


def _operational(error: DBAPIError) -> bool:
    return error.connection_invalidated or type(error.orig).__name__ == "OperationalError"
