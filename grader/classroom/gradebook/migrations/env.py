"""What Alembic runs: the steps, in the transaction of whoever opened the book."""

from alembic import context

from grader.classroom.gradebook.tables import METADATA, VERSION

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
