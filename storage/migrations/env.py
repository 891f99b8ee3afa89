"""Alembic's entry: runs the scripts on the connection that `storage.migrate` hands over."""

from __future__ import annotations

from alembic import context

from storage.schema import SCHEMA

context.configure(connection=context.config.attributes["connection"], target_metadata=SCHEMA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
