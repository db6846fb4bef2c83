"""What every service function is given, and the one place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, scoped_session

from services import audit_trail
from services.access import ANONYMOUS, Actor
from services.ballot_box import BallotBox
from services.crypto import CryptoProvider
from services.errors import ServiceError
from services.message_templates import MessageTemplate
from services.passwords import StaffRules
from services.policies import Operator, Policy
from services.push_channel import PushChannel
from services.rate_limits import RateLimiter
from services.remote_pictures import PictureFetcher
from services.signed_notes import LedgerSigner
from services.storage import Storage
from services.tokens import TokenSigner
from services.turnstile import Turnstile
from services.wechat import WeChatGateway
from services.wechat_official import OfficialAccount


@dataclass(frozen=True, slots=True)
class Services:
    """What lives as long as the process and that services use."""

    ballot_box: BallotBox
    crypto: CryptoProvider
    ledger_signer: LedgerSigner
    # None where people sign in inside the mini-program only.
    official_account: OfficialAccount | None
    operator: Operator
    privacy_policy: Policy
    message_templates: tuple[MessageTemplate, ...]
    picture_fetcher: PictureFetcher
    rate_limiter: RateLimiter
    staff_rules: StaffRules
    # Where browsers and WeChat find us, without a slash at the end.
    site_url: str
    storage: Storage
    token_signer: TokenSigner
    turnstile: Turnstile
    wechat: WeChatGateway
    # None where WeChat's pushes are not set up.
    push_channel: PushChannel | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from. `staff_token` is the console's cookie, if it sent one."""

    address: str = ""
    user_agent: str = ""
    request_id: str = ""
    staff_token: str = ""


NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, when, from where, and with which means."""

    session: scoped_session[Session]
    services: Services
    now: datetime
    actor: Actor = ANONYMOUS
    origin: Origin = NOWHERE


@contextmanager
def unit_of_work(session: scoped_session[Session]) -> Iterator[None]:
    """Commit what the block did, with its audit records, or nothing of it when it raises.

    The one exception is a refusal that says `keep_changes`. A block that never touched the
    database costs nothing here.
    """
    try:
        yield
    except BaseException as raised:
        if isinstance(raised, ServiceError) and raised.keep_changes:
            _commit(session)
        elif session.registry.has():
            session.rollback()
        raise
    _commit(session)


def _commit(session: scoped_session[Session]) -> None:
    if not session.registry.has():
        return
    try:
        audit_trail.write_pending(session)
        session.commit()
    except BaseException:
        # What could not be recorded must not be committed later by whoever works on in the session.
        session.rollback()
        raise
