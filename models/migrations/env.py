"""How `flask db upgrade` runs the migrations: one at a time, and never behind a long lock.

With DATABASE_OWNER_URL it connects as the owner of the tables, and afterwards gives the
application's own role what it needs: to what must never be changed it may only add. Without, the
application owns its tables, and nothing but its own code keeps it from changing them.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, create_engine, inspect, text

import models  # noqa: F401  (registers every table)

# An arbitrary number, the same for all deployments of Sain.
MIGRATION_LOCK = 7_240_150_602
APPEND_ONLY = (
    "audit_records",
    "ballots",
    "consents",
    "knowledge_reviews",
    "ledger_checkpoints",
    "ledger_records",
)


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
            # As the server names it: the URL may leave that to the environment.
            with database.engine.connect() as application:
                grant_rights(connection, application.scalar(text("SELECT current_user")))
        # With the connection go its lock and its settings.
        connection.invalidate()
    engine.dispose()


def grant_rights(connection: Connection, role: str) -> None:
    """What the application may do with the tables; given anew after every run, all or nothing."""
    if role == connection.scalar(text("SELECT current_user")):
        return
    name = connection.dialect.identifier_preparer.quote(role)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}",
    ):
        connection.execute(text(statement))
    present = inspect(connection).get_table_names()
    for table in APPEND_ONLY:
        if table in present:
            connection.execute(text(f"REVOKE ALL ON {table} FROM {name}"))
            connection.execute(text(f"GRANT SELECT, INSERT ON {table} TO {name}"))
    connection.commit()


run()
