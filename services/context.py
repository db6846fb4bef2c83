"""What every service function is given, and the one place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from services.access import ANONYMOUS, Actor
from services.ballot_box import BallotBox
from services.crypto import CryptoProvider
from services.errors import ServiceError
from services.rate_limits import RateLimiter
from services.tokens import TokenSigner
from services.wechat import WeChatGateway


@dataclass(frozen=True, slots=True)
class Services:
    """What lives as long as the process and that services use."""

    ballot_box: BallotBox
    crypto: CryptoProvider
    rate_limiter: RateLimiter
    token_signer: TokenSigner
    wechat: WeChatGateway


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, when, and with which means."""

    session: Session
    services: Services
    now: datetime
    actor: Actor = field(default=ANONYMOUS)
    address: str = ""


@contextmanager
def unit_of_work(session: Session) -> Iterator[None]:
    """Commit what the block did, or nothing of it when it raises.

    The one exception is a refusal that says `keep_changes`.
    """
    try:
        yield
    except ServiceError as refusal:
        if refusal.keep_changes:
            session.commit()
        else:
            session.rollback()
        raise
    except BaseException:
        session.rollback()
        raise
    session.commit()
