"""Students, what they handed in, and what was said of it."""

import sqlalchemy as sa
from alembic import op

from grader.classroom.gradebook.tables import Moment, Packed

revision = "0001"
down_revision = None


def upgrade() -> None:
    _people()
    _attempts()
    _gradings()


def _people() -> None:
    op.create_table(
        "students",
        sa.Column("course", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("group", sa.Text, nullable=False),
        sa.Column("aliases", sa.JSON, nullable=False),
    )


def _attempts() -> None:
    op.create_table(
        "blobs",
        sa.Column("course", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("raw", Packed, nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("course", sa.Text, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("exercise", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.UniqueConstraint("course", "mark", name="attempts_mark"),
        sa.ForeignKeyConstraint(["course", "digest"], ["blobs.course", "blobs.digest"]),
        sqlite_autoincrement=True,
    )
    op.create_index("attempts_exercise", "attempts", ["course", "exercise"])
    op.create_index("attempts_digest", "attempts", ["course", "digest"])
    op.create_table(
        "members",
        sa.Column("attempt", sa.Integer, _of_attempt(), primary_key=True),
        sa.Column("student", sa.Text, primary_key=True),
        sa.Column("course", sa.Text, nullable=False),
    )
    op.create_index("members_student", "members", ["course", "student"])


def _gradings() -> None:
    op.create_table(
        "gradings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("attempt", sa.Integer, _of_attempt(), nullable=False),
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
        sqlite_autoincrement=True,
    )
    op.create_index("gradings_newest", "gradings", ["attempt", "id"])


def _of_attempt() -> sa.ForeignKey:
    return sa.ForeignKey("attempts.id", ondelete="CASCADE")
