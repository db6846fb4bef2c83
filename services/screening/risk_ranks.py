"""What WeChat says of voters: asked after the vote, so that nobody waits for the answer.

WeChat answers about who was in the mini-program within two hours, so only they are asked about,
once a day each. It is called with no transaction open. Where our account may not ask at all
(48001), it is asked again after a day.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import Row, func, select, text
from sqlalchemy.dialects.postgresql import insert

from models import Ballot, Citizen, RiskRank
from services.clock import day_start
from services.context import Context, unit_of_work
from services.errors import ServiceError
from services.wechat import WeChatGateway

log = logging.getLogger(__name__)

ASKED_WITHIN = timedelta(hours=2)
OFF_FOR = timedelta(days=1)
ASKED_AGAIN_AFTER = timedelta(minutes=5)
PAUSE = timedelta(minutes=1)
AT_ONCE = 8
RUN_SECONDS = 10.0
REFUSAL_OF = {
    "wechat_visit_required": "no_visit",
    "wechat_api_unauthorized": "unauthorized",
}
# Those who voted longest ago come first: their two hours end first. In a campaign that has closed
# late ballots may still be screened.
_DUE = text("""
    SELECT voter.voter_id, voter.address, identity.openid
    FROM (
        SELECT DISTINCT ON (ballot.voter_id) ballot.voter_id, ballot.cast_at,
               host(origin.address) AS address
        FROM ballots AS ballot
        JOIN campaigns AS campaign ON campaign.id = ballot.campaign_id
             AND campaign.result_published_at IS NULL
        JOIN ballot_origins AS origin ON origin.ballot_id = ballot.id
             AND origin.address IS NOT NULL
        WHERE ballot.cast_at > :since
        ORDER BY ballot.voter_id, ballot.cast_at DESC
    ) AS voter
    LEFT JOIN wechat_identities AS identity
           ON identity.citizen_id = voter.voter_id AND identity.appid = :appid
    LEFT JOIN risk_ranks AS known ON known.citizen_id = voter.voter_id
    WHERE known.citizen_id IS NULL OR known.asked_at < :today
          OR (known.refusal = 'failed' AND known.asked_at < :again)
    ORDER BY voter.cast_at, voter.voter_id
    LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class RiskRankState:
    """How many of a campaign's voters were asked about, and why no more are, if so."""

    asked: int
    unavailable_reason: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A rank, or why there is none. After `is_last` nobody else is asked about for a while."""

    rank: int | None = None
    refusal: str | None = None
    is_last: bool = False


def ask_risk_ranks(ctx: Context) -> list[int]:
    """Ask about those who voted within two hours, for about ten seconds; returns whom.

    Several workers may do so at once; somebody asked about twice has one answer.
    """
    deadline = time.monotonic() + RUN_SECONDS
    asked: list[int] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while time.monotonic() < deadline:
            with unit_of_work(ctx.session):
                due = [] if _reason_to_wait(ctx) else _read_due(ctx)
            if not due:
                break
            answers = list(pool.map(partial(_ask, ctx.services.wechat), due))
            with unit_of_work(ctx.session):
                _settle(ctx, due, answers)
            asked += [row.voter_id for row in due]
            if any(answer.is_last for answer in answers):
                break
    return asked


def read_risk_rank_state(ctx: Context, campaign_id: int) -> RiskRankState:
    asked = ctx.session.scalar(
        select(func.count())
        .select_from(Ballot)
        .join(RiskRank, RiskRank.citizen_id == Ballot.voter_id)
        .where(Ballot.campaign_id == campaign_id, Ballot.number == 1)
    )
    return RiskRankState(asked, _reason_to_wait(ctx))


def _reason_to_wait(ctx: Context) -> str | None:
    """Why WeChat is not asked now: not allowed for a day, in trouble for a minute."""
    for refusal, pause in (("unauthorized", OFF_FOR), ("failed", PAUSE)):
        latest = ctx.session.scalar(
            select(func.max(RiskRank.asked_at)).where(RiskRank.refusal == refusal)
        )
        if latest is not None and ctx.now - latest < pause:
            return refusal
    return None


def _read_due(ctx: Context) -> Sequence[Row]:
    return ctx.session.execute(
        _DUE,
        {
            "since": ctx.now - ASKED_WITHIN,
            "today": day_start(ctx.now),
            "again": ctx.now - ASKED_AGAIN_AFTER,
            "appid": ctx.services.wechat.appid,
            "most": AT_ONCE,
        },
    ).all()


def _ask(wechat: WeChatGateway, row: Row) -> Answer:
    """Runs beside others in a thread, without the database."""
    if row.openid is None:
        return Answer(refusal="no_identity")
    try:
        return Answer(wechat.get_risk_rank(openid=row.openid, address=row.address))
    except ServiceError as refused:
        refusal = REFUSAL_OF.get(refused.code, "failed")
        return Answer(refusal=refusal, is_last=refusal != "no_visit")


def _settle(ctx: Context, due: Sequence[Row], answers: Sequence[Answer]) -> None:
    """Where WeChat may not be asked, one row says so; the others stay unasked."""
    if any(answer.refusal == "unauthorized" for answer in answers):
        log.error("WeChat does not let us ask for risk ranks (48001); asked again after a day")
    elif any(answer.is_last for answer in answers):
        log.warning("WeChat does not answer about risk ranks; asked again after a minute")
    by_voter = {row.voter_id: answer for row, answer in zip(due, answers, strict=True)}
    for voter_id in _keep_from_erasure(ctx, by_voter):
        answer = by_voter[voter_id]
        fresh = insert(RiskRank).values(
            citizen_id=voter_id,
            asked_at=ctx.now,
            risk_rank=answer.rank,
            refusal=answer.refusal,
        )
        ctx.session.execute(
            fresh.on_conflict_do_update(
                index_elements=["citizen_id"],
                set_={
                    "asked_at": ctx.now,
                    "risk_rank": fresh.excluded.risk_rank,
                    "refusal": fresh.excluded.refusal,
                },
            )
        )


def _keep_from_erasure(ctx: Context, voter_ids: Iterable[int]) -> Sequence[int]:
    """Those who still are somebody, locked in order: what is erased must not be written again."""
    return ctx.session.scalars(
        select(Citizen.id)
        .where(Citizen.id.in_(voter_ids), Citizen.deleted_at.is_(None))
        .order_by(Citizen.id)
        .with_for_update(read=True)
    ).all()
