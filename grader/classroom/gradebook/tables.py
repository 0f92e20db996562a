"""The tables of a book, as `migrations/` make them; a test holds the two together."""

import zlib
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

VERSION = "gradebook_version"  # the name of the table that says which migration was the last
HEAD = "0002"


class Moment(sa.TypeDecorator[datetime]):
    """A time with a zone, kept as UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        assert value.tzinfo, f"{value} has no zone"
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Packed(sa.TypeDecorator[bytes]):
    """Bytes, compressed: reports and programs shrink to a fifth."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        del dialect
        return None if value is None else zlib.compress(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        del dialect
        return None if value is None else zlib.decompress(value)


METADATA = sa.MetaData()


def _course() -> sa.Column[str]:
    return sa.Column("course", sa.Text, nullable=False)


students = sa.Table(
    "students",
    METADATA,
    sa.Column("course", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("group", sa.Text, nullable=False),
    sa.Column("aliases", sa.JSON, nullable=False),
)

blobs = sa.Table(
    "blobs",
    METADATA,
    sa.Column("course", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("raw", Packed, nullable=False),
)

attempts = sa.Table(
    "attempts",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _course(),
    sa.Column("mark", sa.Text, nullable=False),
    sa.Column("exercise", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("told", sa.Boolean, nullable=False),
    sa.UniqueConstraint("course", "mark", name="attempts_mark"),
    sa.ForeignKeyConstraint(["course", "digest"], ["blobs.course", "blobs.digest"]),
    sa.Index("attempts_exercise", "course", "exercise"),
    sa.Index("attempts_digest", "course", "digest"),
    sqlite_autoincrement=True,  # the id of what was forgotten is never given again
)

members = sa.Table(
    "members",
    METADATA,
    sa.Column(
        "attempt", sa.Integer, sa.ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("student", sa.Text, primary_key=True),
    _course(),
    sa.Index("members_student", "course", "student"),
)

gradings = sa.Table(
    "gradings",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "attempt", sa.Integer, sa.ForeignKey("attempts.id", ondelete="CASCADE"), nullable=False
    ),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("points", sa.Float(53), nullable=False),
    sa.Column("max_points", sa.Float(53), nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Column("student_report", Packed, nullable=False),
    sa.Column("teacher_report", Packed, nullable=False),
    sa.UniqueConstraint("attempt", "key", name="gradings_key"),
    sa.Index("gradings_newest", "attempt", "id"),
    sqlite_autoincrement=True,
)

overrides = sa.Table(
    "overrides",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _course(),
    sa.Column("student", sa.Text, nullable=False),
    sa.Column("exercise", sa.Text, nullable=False),
    sa.Column("points", sa.Float(53)),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("overrides_student", "course", "student"),
    sqlite_autoincrement=True,
)

extensions = sa.Table(
    "extensions",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _course(),
    sa.Column("student", sa.Text, nullable=False),
    sa.Column("exercise", sa.Text, nullable=False),
    sa.Column("due", Moment, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("extensions_student", "course", "student"),
    sqlite_autoincrement=True,
)

log = sa.Table(
    "log",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _course(),
    sa.Column("at", Moment, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("student", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Index("log_course", "course", "id"),
    sqlite_autoincrement=True,
)
