"""Alembic's way in: it works on the connection that open_ledger hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from composer.ledger.tables import metadata

# Batch mode: SQLite cannot alter a table in place.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
