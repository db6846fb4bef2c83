"""How `flask db upgrade` runs the migrations: one at a time, and never behind a long lock.

With DATABASE_OWNER_URL it connects as the owner of the tables, and afterwards gives the
application's own role what it needs: to what must never be changed it may only add.
"""

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection, make_url

import models  # noqa: F401  (registers every table)

# An arbitrary number, the same for all deployments of Sain.
MIGRATION_LOCK = 7_240_150_602


APPEND_ONLY = ("audit_records", "ballots")


def run() -> None:
    database = current_app.extensions["migrate"].db
    config = current_app.extensions["sain"].config
    engine = create_engine(config.database_owner_url or config.database_url)
    with engine.connect() as connection:
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
        if config.database_owner_url:
            grant_rights(connection, make_url(config.database_url).username)
        # With the connection go its lock and its settings.
        connection.invalidate()
    engine.dispose()


def grant_rights(connection: Connection, role: str) -> None:
    """What the application may do with the tables; given anew after every run."""
    name = connection.dialect.identifier_preparer.quote(role)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE UPDATE, DELETE ON {', '.join(APPEND_ONLY)} FROM {name}",
    ):
        connection.execute(text(statement))
    connection.commit()


run()
