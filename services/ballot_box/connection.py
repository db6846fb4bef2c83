"""The database connection of a ballot box."""

from sqlalchemy import Engine, create_engine, event

# For libpq: a database host that vanished without a word is given up after seconds, not after the
# kernel's quarter of an hour.
BOUNDED_WAITING = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}
# The box touches rows by key only. Forbidding the planner everything else keeps the prepared plan
# right while a table grows from empty to millions before its statistics are taken.
SETTINGS = (
    "SET enable_seqscan = off",
    "SET enable_hashjoin = off",
    "SET enable_mergejoin = off",
    "SET jit = off",
    "SET plan_cache_mode = force_generic_plan",
    "SET statement_timeout = '5s'",
    "SET lock_timeout = '2s'",
)


def connect_box(database_url: str, *, connections: int) -> Engine:
    """An engine for `settle`: autocommit, bound to look rows up by key, silent about votes."""
    engine = create_engine(
        database_url,
        isolation_level="AUTOCOMMIT",
        pool_size=connections,
        max_overflow=0,
        pool_reset_on_return=None,
        hide_parameters=True,
        connect_args=BOUNDED_WAITING | {"application_name": "sain ballot box"},
    )
    event.listen(engine, "connect", _apply_settings)
    return engine


def _apply_settings(connection, _record) -> None:
    with connection.cursor() as cursor:
        for setting in SETTINGS:
            cursor.execute(setting)
