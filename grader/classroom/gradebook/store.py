"""URL → Store: transactions on SQLite or PostgreSQL, and their failures in words.

SQLite: write-ahead log, so readers and a writer do not wait for each other; `synchronous=FULL`, so
what was committed survives a power cut; a writer begins with BEGIN IMMEDIATE, so that it never
finds half-way that another was first; `secure_delete`, so that what is deleted is overwritten.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from grader.classroom.gradebook.faults import as_told, not_yours, place
from grader.errors import GraderError, UsageError

BUSY_SECONDS = 30
RETURN_SECONDS = 20  # how long a server may take to come back
_CONNECT_SECONDS = 10
_PRAGMAS = (
    f"busy_timeout = {BUSY_SECONDS * 1000}",
    "foreign_keys = ON",
    "synchronous = FULL",
    "secure_delete = ON",
)
_ALONE = ("busy_timeout = 1000", "locking_mode = EXCLUSIVE", *_PRAGMAS[1:])
_ALLOWED = "a gradebook is a file, sqlite:///FILE, or postgresql://USER@HOST/DATABASE"
_Found = TypeVar("_Found")
Begin = Callable[[], AbstractContextManager[sa.Connection]]


@dataclass(frozen=True, slots=True)
class Store:
    """A database."""

    url: sa.URL
    engine: sa.Engine

    @property
    def file(self) -> Path | None:
        return Path(str(self.url.database)) if _is_file(self.url) else None

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that changes nothing.  Raises GraderError for what the database refuses."""
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction: all of it, or nothing.  Raises GraderError likewise."""
        engine = self.engine.execution_options(begins="BEGIN IMMEDIATE")
        with self._told(), engine.begin() as connection:
            yield connection

    def surely(self, begin: Begin, work: Callable[[sa.Connection], _Found]) -> _Found:
        """Do in a transaction what does no harm if it is done twice; wait for a lost server."""
        until = time.monotonic() + RETURN_SECONDS
        while True:
            try:
                with begin() as connection:
                    return work(connection)
            except GraderError as error:
                if not _lost(error) or time.monotonic() > until:
                    raise
            time.sleep(0.2)

    @contextmanager
    def alone(self) -> Iterator["Store"]:
        """A file that nobody else has open, or UsageError; a server is shared as ever."""
        self.engine.dispose()
        if self.file is None:
            yield self
            return
        if not _may_write(self.file):
            raise not_yours(self.url)
        engine = _sqlite(self.url, _ALONE)
        try:
            yield Store(self.url, engine)
        finally:
            engine.dispose()

    @contextmanager
    def plain(self) -> Iterator[sa.Connection]:
        """A connection without a transaction, for what may not stand in one."""
        with self._told(), self.engine.connect() as connection:
            if self.file:
                yield connection.execution_options(begins="")
            else:
                yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise as_told(error, self.url) from error


def store(url: str, *, must_exist: bool) -> Store:
    """The database at a URL or path; a missing file is made, or refused."""
    parsed = _parsed(url)
    if _is_file(parsed):
        file = Path(str(parsed.database))
        _prepare_file(file, must_exist=must_exist)
        return Store(parsed, _sqlite(parsed if _may_write(file) else _read_only(file), _PRAGMAS))
    return Store(parsed, _postgresql(parsed))


def _parsed(url: str) -> sa.URL:
    if "://" not in url:
        return sa.URL.create("sqlite", database=str(Path(url).expanduser().absolute()))
    try:
        parsed = sa.make_url(url)
    except (ArgumentError, ValueError):
        raise UsageError("the gradebook's URL cannot be read", hint=_ALLOWED) from None
    if url.partition("?")[0].count("@") > 1 or "password" in parsed.query:
        # Said without the URL: some of it is the password.
        hint = "write it between : and @, and a @ : / in it as %40 %3A %2F; or use ~/.pgpass"
        raise UsageError("the gradebook's URL has its password where none is read", hint=hint)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        return sa.URL.create("sqlite", database=str(Path(parsed.database).absolute()))
    if parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    raise UsageError(f"{place(parsed)} is no gradebook", hint=_ALLOWED)


def _is_file(url: sa.URL) -> bool:
    return url.drivername == "sqlite"


def _prepare_file(path: Path, *, must_exist: bool) -> None:
    """Let there be a file for SQLite to open, which nobody but its owner may read."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder, no gradebook", hint="name a file in it")
    if path.exists():
        return
    if must_exist:
        hint = "`grade batch` makes it, and so does `grade book enrol`; or name another: --book URL"
        raise UsageError(f"there is no gradebook at {path}", hint=hint)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        hint = "name another place: --book FILE, or GRADE_BOOK"
        raise UsageError(f"{path} cannot be made: {error.strerror}", hint=hint) from None


def _may_write(file: Path) -> bool:
    """The folder, too: the log is made there."""
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


def _read_only(file: Path) -> sa.URL:
    """Of a file that somebody else writes.

    SQLite reads it along with a log that is beside it.  Where there is none it would make one,
    which it may not, unless it is told that nobody writes: https://www.sqlite.org/wal.html
    """
    still = {} if file.with_name(f"{file.name}-wal").exists() else {"immutable": "1"}
    words = {"uri": "true", "mode": "ro", **still}
    return sa.URL.create("sqlite", database=f"file:{quote(str(file))}", query=words)


def _sqlite(url: sa.URL, pragmas: Sequence[str]) -> sa.Engine:
    engine = sa.create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver would begin transactions by itself, too late and not for all statements.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _(connection: sa.Connection) -> None:
        begins = connection.get_execution_options().get("begins", "BEGIN")
        if begins:
            connection.exec_driver_sql(begins)

    return engine


def _postgresql(url: sa.URL) -> sa.Engine:
    limits = {"connect_timeout": _CONNECT_SECONDS, "application_name": "grade"}
    try:
        engine = sa.create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={name: limit for name, limit in limits.items() if name not in url.query},
        )
    except ImportError:
        hint = "install it: pip install 'grader[postgres]'"
        raise UsageError("PostgreSQL's driver psycopg is not installed", hint=hint) from None
    event.listen(engine, "connect", _in_utc)
    return engine


def _in_utc(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    """In a zone of the server's own, the first and the last year could not be read back."""
    del record
    with closing(connection.cursor()) as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()


def _lost(error: GraderError) -> bool:
    cause = error.__cause__
    return isinstance(cause, DBAPIError) and (
        cause.connection_invalidated or getattr(cause.orig, "sqlstate", "") is None
    )
