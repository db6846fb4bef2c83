"""Settings, read once from the environment. A missing or weak one stops the start.

docs/settings.md explains every variable.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from os import environ
from pathlib import Path

from services.crypto import CIPHERS
from services.message_templates import MessageTemplate, read_templates
from services.passwords import StaffRules
from services.policies import Operator
from services.rate_limits import Rate
from services.storage import S3Bucket
from services.wechat import ENV_VERSIONS

ENVIRONMENTS = ("production", "development", "test")
WECHAT_BASE_URL = "https://api.weixin.qq.com"
WECHAT_OPEN_URL = "https://open.weixin.qq.com"
# Where the pictures of WeChat's articles are.
PICTURE_HOSTS = ("mmbiz.qpic.cn", "mmbiz.qlogo.cn")
HOST_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
SHORTEST_SECRET = 32
SHORTEST_METRICS_TOKEN = 16
DEVELOPERS = Operator(name="赛音开发环境", contact="developer@localhost")
KEY_ID = re.compile("[A-Za-z0-9_-]{1,32}")
PUSH_TOKEN = re.compile("[A-Za-z0-9]{3,32}")
PUSH_AES_KEY = re.compile("[A-Za-z0-9]{43}")
S3_ENDPOINT = re.compile("https?://[^/?#@]+/?")

RATES = {
    "read": Rate(per_person=600, per_address=6000),
    # Whoever recounts a million ballots fetches 7,800 files, and may not be the only one there.
    "ledger": Rate(per_person=30_000, per_address=30_000),
    "sign_in": Rate(per_person=30, per_address=600),
    "account": Rate(per_person=60, per_address=3000),
    # Making a file of everything costs more than a look.
    "export": Rate(per_person=6, per_address=300),
    "bind_phone": Rate(per_person=5, per_address=300),
    # Pictures for posters; the first of each costs a call of WeChat.
    "public_code": Rate(per_person=60, per_address=600),
    "cast_ballot": Rate(per_person=30, per_address=3000),
    # What readers of health knowledge leave; nobody reads, or writes, this fast.
    "view": Rate(per_person=60, per_address=1500),
    "favourite": Rate(per_person=60, per_address=1500),
    "opinion": Rate(per_person=30, per_address=1500),
    "report_error": Rate(per_person=5, per_address=100),
    "comment": Rate(per_person=5, per_address=100),
    "contribute": Rate(per_person=5, per_address=100),
    "upload_picture": Rate(per_person=20, per_address=200),
    # A hospital's staff may all sit behind one address, but nobody signs in this often.
    "staff_sign_in": Rate(per_person=20, per_address=60),
    "staff": Rate(per_person=600, per_address=6000),
    # What costs more than a look: spreadsheets, pictures, a mini-program code.
    "staff_heavy": Rate(per_person=60, per_address=600),
}


class ConfigError(Exception):
    """A setting is missing or cannot be used; the message says which and how to mend it."""


@dataclass(frozen=True)
class Config:
    """Everything a process of Sain is told from outside."""

    environment: str
    database_url: str
    redis_url: str
    # Oldest first: the last one signs, all are accepted.
    secret_keys: list[str]
    data_keys: dict[str, tuple[str, bytes]]
    active_data_key: str
    index_key: bytes
    # The seed of the Ed25519 key that signs the ledger's checkpoints.
    ledger_key: bytes
    wechat_appid: str
    wechat_secret: str
    storage: Path | S3Bucket
    wechat_base_url: str = WECHAT_BASE_URL
    wechat_timeout_seconds: float = 4.0
    # The version of the mini-program that codes and messages open.
    wechat_env_version: str = "release"
    # What WeChat signs its pushes with, and encrypts them; without a token they are not taken.
    wechat_push_token: str | None = None
    wechat_push_aes_key: str | None = None
    # Through which of WeChat's templates citizens get messages; without any, in the inbox only.
    message_templates: tuple[MessageTemplate, ...] = ()
    access_token_lifetime: timedelta = timedelta(minutes=30)
    public_cache_seconds: float = 1.0
    trusted_proxies: int = 0
    has_docs: bool = False
    metrics_token: str | None = None
    log_level: str = "INFO"
    rates: Mapping[str, Rate] = field(default_factory=lambda: RATES)
    # The role that owns the tables and migrates them; the application's own role if None.
    database_owner_url: str | None = None
    staff_rules: StaffRules = field(default_factory=StaffRules)
    # Where browsers find the console, for the links in invitations.
    site_url: str = "http://127.0.0.1:8000"
    # Who answers for people's data, as the privacy policy names them.
    operator: Operator = DEVELOPERS
    # Of the official account by which people sign in outside the mini-program: app id and secret.
    wechat_official: tuple[str, str] | None = None
    wechat_open_url: str = WECHAT_OPEN_URL
    # From where pictures of pasted articles may be fetched.
    picture_hosts: tuple[str, ...] = PICTURE_HOSTS

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def ledger_origin(self) -> str:
        """The ledger's name in its checkpoints: its address without the scheme."""
        return f"{self.site_url.partition('://')[2]}/ledger"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = environ) -> "Config":
        """The settings in `env`; raises ConfigError."""
        read = _Reader(env)
        environment = read.choice("SAIN_ENV", ENVIRONMENTS, default="production")
        data_keys, active = _data_keys(read)
        return cls(
            environment=environment,
            database_url=_database_url(read.required("DATABASE_URL")),
            redis_url=read.required("REDIS_URL"),
            secret_keys=_secret_keys(read),
            data_keys=data_keys,
            active_data_key=active,
            index_key=_key_bytes("INDEX_KEY", read.required("INDEX_KEY"), 32),
            ledger_key=_key_bytes("LEDGER_KEY", read.required("LEDGER_KEY"), 32)[:32],
            wechat_appid=read.required("WECHAT_APPID"),
            wechat_secret=read.required("WECHAT_SECRET"),
            storage=_storage(read),
            wechat_base_url=_wechat_url(read, environment, "WECHAT_BASE_URL", WECHAT_BASE_URL),
            wechat_timeout_seconds=read.number("WECHAT_TIMEOUT_SECONDS", 4.0, 0.1, 30.0),
            wechat_env_version=read.choice("WECHAT_ENV_VERSION", ENV_VERSIONS, default="release"),
            wechat_push_token=_push_token(read),
            wechat_push_aes_key=_push_aes_key(read, environment),
            message_templates=_message_templates(read),
            access_token_lifetime=timedelta(
                seconds=read.number("ACCESS_TOKEN_SECONDS", 1800, 60, 86400)
            ),
            public_cache_seconds=read.number("PUBLIC_CACHE_SECONDS", 1.0, 0.0, 60.0),
            trusted_proxies=_trusted_proxies(read, environment),
            has_docs=read.flag("API_DOCS", default=environment != "production"),
            metrics_token=_metrics_token(read),
            log_level=read.choice(
                "LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"
            ),
            rates=_rates(read),
            database_owner_url=_database_owner_url(read),
            staff_rules=_staff_rules(read),
            site_url=_site_url(read, environment),
            operator=_operator(read, environment),
            wechat_official=_wechat_official(read),
            picture_hosts=_picture_hosts(read),
            wechat_open_url=_wechat_url(read, environment, "WECHAT_OPEN_URL", WECHAT_OPEN_URL),
        )


@dataclass(frozen=True)
class _Reader:
    env: Mapping[str, str]

    def required(self, name: str) -> str:
        value = self.env.get(name, "").strip()
        if not value:
            raise ConfigError(f"{name} is not set; see docs/settings.md")
        return value

    def choice(self, name: str, choices: tuple[str, ...], *, default: str) -> str:
        value = self.env.get(name) or default
        if value not in choices:
            raise ConfigError(f"{name} is {value!r}; it must be one of {', '.join(choices)}")
        return value

    def number(self, name: str, default: float, least: float, most: float) -> float:
        text = self.env.get(name)
        if not text:
            return default
        try:
            value = float(text)
        except ValueError:
            raise ConfigError(f"{name} is {text!r}; it must be a number") from None
        if not least <= value <= most:
            raise ConfigError(f"{name} is {text}; it must be between {least} and {most}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        choice = self.choice(name, ("0", "1"), default="1" if default else "0")
        return choice == "1"


def _database_url(url: str, name: str = "DATABASE_URL") -> str:
    """The URL with the driver we use; plain postgresql:// is what operators are used to write."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise ConfigError(f"{name} must begin with postgresql://; Sain runs on PostgreSQL only")
    return f"postgresql+psycopg://{rest}"


def _database_owner_url(read: _Reader) -> str | None:
    url = read.env.get("DATABASE_OWNER_URL")
    return _database_url(url, "DATABASE_OWNER_URL") if url else None


def _staff_rules(read: _Reader) -> StaffRules:
    days = read.number("STAFF_PASSWORD_DAYS", 90, 0, 3650)
    return StaffRules(
        password_min_length=int(read.number("STAFF_PASSWORD_LENGTH", 8, 8, 64)),
        password_classes=int(read.number("STAFF_PASSWORD_CLASSES", 3, 1, 4)),
        password_max_age=timedelta(days=days) if days else None,
        lock_after=int(read.number("STAFF_LOCK_AFTER", 5, 3, 20)),
        lock_for=timedelta(minutes=read.number("STAFF_LOCK_MINUTES", 30, 5, 1440)),
        idle_limit=timedelta(minutes=read.number("STAFF_IDLE_MINUTES", 30, 2, 240)),
        session_limit=timedelta(hours=read.number("STAFF_SESSION_HOURS", 12, 1, 24)),
        invitation_lifetime=timedelta(days=read.number("STAFF_INVITATION_DAYS", 7, 1, 30)),
    )


def _site_url(read: _Reader, environment: str) -> str:
    """Where the site is seen from outside, without a slash at the end."""
    if environment != "production":
        port = int(read.number("PORT", 8000, 1, 65535))
        return (read.env.get("SITE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    url = read.required("SITE_URL").rstrip("/")
    if not url.startswith("https://"):
        raise ConfigError("SITE_URL must begin with https:// in production")
    return url


def _operator(read: _Reader, environment: str) -> Operator:
    """A policy that names nobody is none, so production has to say who it is."""
    if environment == "production":
        return Operator(read.required("OPERATOR_NAME"), read.required("OPERATOR_CONTACT"))
    given = {"name": read.env.get("OPERATOR_NAME"), "contact": read.env.get("OPERATOR_CONTACT")}
    return replace(DEVELOPERS, **{key: value for key, value in given.items() if value})


def _secret_keys(read: _Reader) -> list[str]:
    keys = [key.strip() for key in read.required("SECRET_KEY").split(",")]
    if any(len(key) < SHORTEST_SECRET or len(set(key)) < 8 for key in keys):
        raise ConfigError(
            f"SECRET_KEY is too weak: each key needs at least {SHORTEST_SECRET} random characters, "
            "for example from: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return keys


def _data_keys(read: _Reader) -> tuple[dict[str, tuple[str, bytes]], str]:
    """`id:suite:key`, or `id:key` for AES, separated by commas; the first one encrypts."""
    keys = {}
    for item in read.required("DATA_KEYS").split(","):
        parts = item.strip().split(":")
        if len(parts) == 2:
            parts.insert(1, "aes-256-gcm")
        if len(parts) != 3 or not KEY_ID.fullmatch(parts[0]) or parts[1] not in CIPHERS:
            raise ConfigError(
                f"DATA_KEYS must be id:suite:key; the suites are {', '.join(CIPHERS)}"
            )
        key_id, suite, encoded = parts
        if key_id in keys:
            raise ConfigError(f"DATA_KEYS names {key_id} twice")
        keys[key_id] = (suite, _key_bytes("DATA_KEYS", encoded, CIPHERS[suite][1]))
    return keys, next(iter(keys))


def _key_bytes(name: str, encoded: str, length: int) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ConfigError(f"{name} must be base64") from None
    if len(key) < length or len(set(key)) < 8:
        raise ConfigError(f"{name} needs {length} random bytes in base64")
    return key


def _wechat_url(read: _Reader, environment: str, name: str, default: str) -> str:
    url = read.env.get(name) or default
    if environment == "production" and url != default:
        raise ConfigError(f"{name} cannot be changed in production")
    return url


def _wechat_official(read: _Reader) -> tuple[str, str] | None:
    """App id and secret; None turns signing in outside the mini-program off."""
    if not read.env.get("WECHAT_OFFICIAL_APPID") and not read.env.get("WECHAT_OFFICIAL_SECRET"):
        return None
    return read.required("WECHAT_OFFICIAL_APPID"), read.required("WECHAT_OFFICIAL_SECRET")


def _push_token(read: _Reader) -> str | None:
    token = read.env.get("WECHAT_PUSH_TOKEN") or None
    if token is not None and not PUSH_TOKEN.fullmatch(token):
        raise ConfigError("WECHAT_PUSH_TOKEN must be 3 to 32 letters and digits, as in WeChat")
    return token


def _push_aes_key(read: _Reader, environment: str) -> str | None:
    """In plain mode the message itself is not signed, so production must not have it."""
    if environment == "production" and read.env.get("WECHAT_PUSH_TOKEN"):
        read.required("WECHAT_PUSH_AES_KEY")
    key = read.env.get("WECHAT_PUSH_AES_KEY") or None
    if key is not None and not PUSH_AES_KEY.fullmatch(key):
        raise ConfigError("WECHAT_PUSH_AES_KEY must be the EncodingAESKey: 43 letters and digits")
    return key


def _message_templates(read: _Reader) -> tuple[MessageTemplate, ...]:
    try:
        return read_templates(read.env.get("WECHAT_TEMPLATES", "").strip())
    except ValueError as error:
        raise ConfigError(f"WECHAT_TEMPLATES cannot be used: {error}") from None


def _picture_hosts(read: _Reader) -> tuple[str, ...]:
    """Names of hosts separated by commas; set to nothing, none."""
    given = read.env.get("PICTURE_HOSTS")
    if given is None:
        return PICTURE_HOSTS
    hosts = tuple(host.strip().lower() for host in given.split(",") if host.strip())
    for host in hosts:
        if not HOST_NAME.fullmatch(host):
            raise ConfigError(f"PICTURE_HOSTS has {host!r}, which is no name of a host")
    return hosts


def _storage(read: _Reader) -> Path | S3Bucket:
    """A bucket when S3_ENDPOINT is set, else a folder."""
    if read.env.get("S3_ENDPOINT"):
        return _s3_bucket(read)
    folder = Path(read.required("STORAGE_FOLDER"))
    if not folder.is_absolute():
        raise ConfigError("STORAGE_FOLDER must be an absolute path, the same for all processes")
    return folder


def _s3_bucket(read: _Reader) -> S3Bucket:
    endpoint = read.required("S3_ENDPOINT")
    if not S3_ENDPOINT.fullmatch(endpoint):
        raise ConfigError("S3_ENDPOINT must be http:// or https:// with a host and nothing more")
    return S3Bucket(
        endpoint=endpoint,
        name=read.required("S3_BUCKET"),
        access_key=read.required("S3_ACCESS_KEY"),
        secret_key=read.required("S3_SECRET_KEY"),
        region=read.env.get("S3_REGION") or "us-east-1",
        addressing=read.choice("S3_ADDRESSING", ("path", "virtual"), default="path"),
    )


def _trusted_proxies(read: _Reader, environment: str) -> int:
    """Guessing 0 behind a proxy would count the whole region as one address."""
    if environment == "production":
        read.required("TRUSTED_PROXIES")
    return int(read.number("TRUSTED_PROXIES", 0, 0, 10))


def _metrics_token(read: _Reader) -> str | None:
    token = read.env.get("METRICS_TOKEN") or None
    if token is not None and len(token) < SHORTEST_METRICS_TOKEN:
        raise ConfigError(f"METRICS_TOKEN needs at least {SHORTEST_METRICS_TOKEN} characters")
    return token


def _rates(read: _Reader) -> dict[str, Rate]:
    """The default rates, all multiplied by RATE_LIMIT_FACTOR."""
    factor = read.number("RATE_LIMIT_FACTOR", 1.0, 0.01, 1_000_000)
    return {
        name: Rate(
            per_person=max(1, int(rate.per_person * factor)),
            per_address=max(1, int(rate.per_address * factor)),
            seconds=rate.seconds,
        )
        for name, rate in RATES.items()
    }
