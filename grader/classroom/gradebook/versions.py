"""Brings a book up to date when it is opened; Alembic is imported only if it is behind."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from grader.classroom.gradebook.faults import place
from grader.classroom.gradebook.store import Store
from grader.classroom.gradebook.tables import HEAD, METADATA, VERSION
from grader.errors import UsageError

_LOCK = 7_163_820_141  # any number, the same for all: one process at a time makes tables


def bring_up_to_date(store: Store) -> None:
    """Raises UsageError for a database that is not ours, or newer than we are."""
    with store.reading() as connection:
        version = _version(connection, store)
    if version != HEAD:
        _upgrade(store)
    if store.file:
        _use_write_ahead_log(store)


def _version(connection: sa.Connection, store: Store) -> str:
    """The last migration, "" for an empty database."""
    tables = set(sa.inspect(connection).get_table_names())
    if VERSION not in tables:
        foreign = tables if store.file else tables & set(METADATA.tables)
        if foreign:
            hint = "name another file, or a database of its own: --book URL"
            raise UsageError(f"{place(store.url)} holds something else than grades", hint=hint)
        return ""
    column: sa.ColumnClause[str] = sa.column("version_num")
    version = connection.scalar(sa.select(column).select_from(sa.table(VERSION))) or ""
    if version > HEAD:
        raise UsageError(
            f"the gradebook {place(store.url)} was made by a newer grader (format {version}; this "
            f"one reads up to {HEAD})",
            hint="update the grader: pip install --upgrade grader",
        )
    return version


def _upgrade(store: Store) -> None:
    """All steps in one transaction; who comes second finds them done."""
    from alembic import command  # noqa: PLC0415  (slow, and seldom needed)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with store.writing() as connection:
        if not store.file:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        if _version(connection, store) != HEAD:
            config.attributes["connection"] = connection
            command.upgrade(config, HEAD)


def _use_write_ahead_log(store: Store) -> None:
    """If we may not, or another is in the way, who opens it next does it: SQLite would not wait."""
    with store.reading() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        if driver.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return
        try:
            driver.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            code = error.sqlite_errorcode & 0xFF
            if code not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY}:
                raise
