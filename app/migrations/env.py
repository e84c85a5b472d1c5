"""Alembic runs this for every command; the connection is given by app/web/schema.py, which alone starts it."""

from alembic import context

from app.web.models import all_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
