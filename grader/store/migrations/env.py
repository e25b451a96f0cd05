"""Alembic's entry: runs the migrations on the connection that grader/store/schema.py gives it."""

from alembic import context

from grader.store.tables import Base

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("migrations run by `grader db upgrade`, not by alembic itself")

context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # SQLite changes a column by copying its table.
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
