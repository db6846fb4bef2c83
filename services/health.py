"""Whether this process can do its work."""

from redis import Redis, RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from services.context import Context
from services.jobs import is_worker_alive


def check_parts(ctx: Context, redis: Redis) -> dict[str, bool]:
    """Which of the parts we depend on answer: database, redis, worker."""
    return {
        "database": _database_answers(ctx),
        "redis": _redis_answers(redis),
        "worker": _worker_is_alive(ctx),
    }


def _database_answers(ctx: Context) -> bool:
    try:
        ctx.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _redis_answers(redis: Redis) -> bool:
    try:
        return bool(redis.ping())
    except RedisError:
        return False


def _worker_is_alive(ctx: Context) -> bool:
    try:
        return is_worker_alive(ctx)
    except SQLAlchemyError:
        return False
