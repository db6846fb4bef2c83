"""The ledger of consents: added to, never changed; a citizen's latest row is what holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models import Citizen, Consent, LoginSession
from services.accounts.sessions import end_all_sessions, lock_account
from services.context import Context
from services.errors import Conflict


@dataclass(frozen=True, slots=True)
class CurrentConsent:
    """The consent that holds; `is_current` while no newer version waits for one."""

    version: str
    given_at: datetime
    is_current: bool


def read_consent(ctx: Context, *, citizen_id: int) -> CurrentConsent | None:
    """The consent that holds, or None where there is none or it was withdrawn."""
    policy = ctx.services.privacy_policy
    latest = ctx.session.scalar(
        select(Consent)
        .where(Consent.citizen_id == citizen_id, Consent.policy == policy.code)
        .order_by(Consent.id.desc())
        .limit(1)
    )
    if latest is None or not latest.is_given:
        return None
    return CurrentConsent(latest.version, latest.at, latest.version == policy.version)


def has_current_consent(ctx: Context, citizen: Citizen | None) -> bool:
    consent = None if citizen is None else read_consent(ctx, citizen_id=citizen.id)
    return consent is not None and consent.is_current


def record_consent(ctx: Context, *, citizen_id: int, is_given: bool, client: str | None) -> None:
    """Add to the ledger, for the current version; the caller holds the citizen's lock."""
    policy = ctx.services.privacy_policy
    ctx.session.add(
        Consent(
            citizen_id=citizen_id,
            policy=policy.code,
            version=policy.version,
            is_given=is_given,
            at=ctx.now,
            client=client,
        )
    )
    ctx.session.flush()


def list_consents(ctx: Context) -> Sequence[Consent]:
    """All that the actor consented to and withdrew, the latest first."""
    return ctx.session.scalars(
        select(Consent)
        .where(Consent.citizen_id == ctx.actor.citizen_id)
        .order_by(Consent.id.desc())
    ).all()


def give_consent(ctx: Context, *, policy_version: str) -> None:
    """Record the actor's consent to the current version, once however often it is said.

    Raises Conflict for another version: it is not what would be consented to.
    """
    if policy_version != ctx.services.privacy_policy.version:
        raise Conflict("policy_superseded")
    citizen = lock_account(ctx)
    if not has_current_consent(ctx, citizen):
        record_consent(ctx, citizen_id=citizen.id, is_given=True, client=_client(ctx))


def withdraw_consent(ctx: Context) -> None:
    """Record that the actor withdraws their consent, and end all their sessions."""
    citizen = lock_account(ctx)
    record_consent(ctx, citizen_id=citizen.id, is_given=False, client=_client(ctx))
    end_all_sessions(ctx, citizen_id=citizen.id, reason="consent_withdrawn")


def _client(ctx: Context) -> str | None:
    return ctx.session.scalar(
        select(LoginSession.appid).where(LoginSession.id == ctx.actor.session_id)
    )
