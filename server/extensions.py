"""What lives as long as the process: made once for an app, handed to services in their context."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, current_app
from flask_migrate import Migrate
from redis import BlockingConnectionPool, Redis

from models import db
from server.config import Config
from services.access import ANONYMOUS, Actor
from services.ballot_box import BOUNDED_WAITING, BallotBox
from services.context import NOWHERE, Context, Origin, Services
from services.crypto import SoftwareCrypto
from services.policies import load_privacy_policy
from services.push_channel import PushChannel
from services.rate_limits import RateLimiter
from services.remote_pictures import PictureFetcher
from services.signed_notes import LedgerSigner
from services.storage import open_storage
from services.tokens import TokenSigner
from services.turnstile import Turnstile
from services.wechat import WeChatGateway
from services.wechat_official import OfficialAccount

REDIS_TIMEOUT_SECONDS = 0.5
REDIS_CONNECTIONS = 32
DATABASE_CONNECTIONS = 12

migrate = Migrate()


@dataclass(frozen=True)
class Runtime:
    """The process-wide parts of one app. `clock` is the only clock the server reads."""

    config: Config
    redis: Redis
    services: Services
    clock: "type[Clock]"

    def context(self, *, actor: Actor = ANONYMOUS, origin: Origin = NOWHERE) -> Context:
        return Context(db.session, self.services, self.clock.now(), actor, origin)


class Clock:
    """The present moment, aware and in UTC."""

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)


def init_app(app: Flask, config: Config, clock: type[Clock] = Clock) -> None:
    """Connect the database, Redis and the gateways to the app; nothing is contacted yet."""
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": DATABASE_CONNECTIONS,
        "max_overflow": 0,
        "pool_timeout": 5,
        "pool_pre_ping": True,
        # What is written or searched for never shows in a log.
        "hide_parameters": True,
        "connect_args": BOUNDED_WAITING
        | {
            "application_name": "sain",
            "options": "-c statement_timeout=10000 -c idle_in_transaction_session_timeout=15000",
        },
    }
    db.init_app(app)
    migrate.init_app(app, db, directory="models/migrations", compare_type=True)
    redis = _connect_redis(config)
    services = _build_services(config, redis)
    app.extensions["sain"] = Runtime(config, redis, services, clock)


def runtime() -> Runtime:
    """The parts of the app that handles the present request or command."""
    return current_app.extensions["sain"]


def _connect_redis(config: Config) -> Redis:
    pool = BlockingConnectionPool.from_url(
        config.redis_url,
        max_connections=REDIS_CONNECTIONS,
        timeout=REDIS_TIMEOUT_SECONDS,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
    )
    return Redis(connection_pool=pool)


def _build_services(config: Config, redis: Redis) -> Services:
    return Services(
        ballot_box=BallotBox(config.database_url),
        crypto=SoftwareCrypto(
            config.data_keys, active=config.active_data_key, index_key=config.index_key
        ),
        ledger_signer=LedgerSigner(config.ledger_origin, config.ledger_key),
        official_account=_official_account(config),
        operator=config.operator,
        privacy_policy=load_privacy_policy(config.operator),
        message_templates=config.message_templates,
        picture_fetcher=PictureFetcher(config.picture_hosts),
        rate_limiter=RateLimiter(redis, config.rates),
        staff_rules=config.staff_rules,
        site_url=config.site_url,
        storage=open_storage(config.storage),
        token_signer=TokenSigner(config.secret_keys, lifetime=config.access_token_lifetime),
        turnstile=Turnstile(redis),
        wechat=WeChatGateway(
            config.wechat_appid,
            config.wechat_secret,
            base_url=config.wechat_base_url,
            redis=redis,
            timeout=config.wechat_timeout_seconds,
            env_version=config.wechat_env_version,
        ),
        push_channel=_push_channel(config, redis),
    )


def _push_channel(config: Config, redis: Redis) -> PushChannel | None:
    if config.wechat_push_token is None:
        return None
    return PushChannel(
        config.wechat_push_token,
        config.wechat_push_aes_key,
        appid=config.wechat_appid,
        redis=redis,
    )


def _official_account(config: Config) -> OfficialAccount | None:
    if config.wechat_official is None:
        return None
    appid, secret = config.wechat_official
    return OfficialAccount(
        appid,
        secret,
        base_url=config.wechat_base_url,
        open_url=config.wechat_open_url,
        page=f"{config.site_url}/",
        timeout=config.wechat_timeout_seconds,
    )
