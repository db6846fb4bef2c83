"""Everything the simulator remembers, in memory, behind one lock."""

import secrets
import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from .clock import Clock
from .faults import FaultPlan

KEPT_CALLS = 20_000


@dataclass
class Template:
    """A subscribe-message template; `keys` such as `thing1`, `time2` carry their type."""

    template_id: str
    keys: tuple[str, ...]
    kind: str = "one_time"
    banned: bool = False
    enums: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Session:
    session_key: str
    created_at: float


@dataclass
class User:
    openid: str
    unionid: str | None = None
    blocked: bool = False
    last_visit_at: float | None = None
    risk_rank: int = 0
    session: Session | None = None
    encrypt_keys: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Drift:
    """Which of the field types seen in the wild the answers and events use."""

    create_time: str = "number"
    label: str = "number"
    list: str = "array"
    country_code: str = "string"


@dataclass
class WeChatApp:
    """One mini-program or official account as configured in WeChat's console."""

    appid: str
    secret: str
    original_id: str = "gh_simulator0001"
    secret_frozen: bool = False
    ip_whitelist: list[str] | None = None
    opened_apis: list[str] | None = None
    published_pages: list[str] = field(default_factory=list)
    oauth_domains: list[str] = field(default_factory=list)
    templates: dict[str, Template] = field(default_factory=dict)
    callback_url: str | None = None
    token: str = ""
    aes_key: str | None = None
    push_format: str = "json"
    push_timeout_seconds: float = 5.0
    push_retry_seconds: float = 5.0
    send_seconds: float = 0.02
    drift: Drift = field(default_factory=Drift)
    users: dict[str, User] = field(default_factory=dict)
    subscriptions: Counter = field(default_factory=Counter)
    sending_to: set[str] = field(default_factory=set)
    limits: dict[tuple[str, str], int] = field(default_factory=dict)
    stable_tokens: Any = None
    plain_tokens: Any = None

    def user(self, openid: str) -> User:
        """The user of that openid, made known to the app when new."""
        return self.users.setdefault(openid, User(openid))


@dataclass
class Code:
    """A login, web or phone code: single use, bound to an appid, valid for five minutes."""

    code: str
    appid: str
    openid: str | None
    created_at: float
    used: bool = False
    phone: str | None = None
    country_code: str = "86"
    rotate_session_key: bool = True
    scope: str = ""
    is_snapshot: bool = False


@dataclass
class CallRecord:
    """One request to the WeChat side, for assertions and for openapi/rid/get."""

    rid: str
    path: str
    method: str
    at: float
    query: dict[str, str]
    body: str
    client_ip: str
    errcode: int | None = None
    fault: str | None = None
    response: str | None = None


class State:
    """The whole memory of one simulator. Hold `lock` for every read and write of it."""

    def __init__(self, clock: Clock):
        self.lock = threading.RLock()
        self.clock = clock
        self.stopping = threading.Event()
        self.generation = 0
        self.forget_everything()

    def forget_everything(self) -> None:
        """Return to an empty simulator; pushes still under way are abandoned."""
        self.generation += 1
        self.clock.reset()
        self.initial_apps: list[dict[str, Any]] | None = None
        self.apps: dict[str, WeChatApp] = {}
        self.tokens: dict[str, Any] = {}
        self.login_codes: dict[str, Code] = {}
        self.web_codes: dict[str, Code] = {}
        self.phone_codes: dict[str, Code] = {}
        self.phone_hashes: dict[str, float] = {}
        self.counters: Counter = Counter()
        self.calls: deque[CallRecord] = deque(maxlen=KEPT_CALLS)
        self.faults = FaultPlan()
        self.messages: list[dict[str, Any]] = []
        self.deliveries: list[Any] = []
        self.pushes_to_drop = 0
        self.verdict_words: list[dict[str, Any]] = []
        self.next_verdicts: deque[dict[str, Any]] = deque()
        self.sensitive_words: list[str] = []
        self.media_jobs: dict[str, Any] = {}
        self.media_held = False
        self.media_delay_seconds = 0.2

    def now(self) -> float:
        return self.clock.now()

    def new_rid(self) -> str:
        """An id of three times eight hex digits, the first part the time, as WeChat's are."""
        return f"{int(self.now()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
