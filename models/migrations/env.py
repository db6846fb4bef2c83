"""How `flask db upgrade` runs the migrations: one at a time, and never behind a long lock."""

from alembic import context
from flask import current_app
from sqlalchemy import text

import models  # noqa: F401  (registers every table)

# An arbitrary number, the same for all deployments of Sain.
MIGRATION_LOCK = 7_240_150_602


def run() -> None:
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        # Whoever comes second waits for the lock as long as it takes.
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text(f"SELECT pg_advisory_lock({MIGRATION_LOCK})"))
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        # With the connection go its lock and its settings.
        connection.invalidate()


run()
