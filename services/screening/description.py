"""What screening holds about a person: told to them, and erased with them."""

from collections.abc import Iterator

from sqlalchemy import delete, select, update

from models import Ballot, BallotObjection, BallotOrigin, Campaign, RiskRank, SetAsideBallot
from services.context import Context
from services.disclosure import Section
from services.spreadsheets import Column

ROWS_AT_ONCE = 500
STATES = {"quarantined": "待核", "released": "已恢复计票", "annulled": "已作废"}
OBJECTION_STATES = {"open": "等待答复", "upheld": "异议成立", "rejected": "维持原处理"}
SET_ASIDE_COLUMNS = (
    Column("campaign", "投票活动", width=32),
    Column("cast_at", "投票时间", kind="moment"),
    Column("state", "状态", kind="choice", choices=STATES),
    Column("reason", "原因", width=36),
    Column("quarantined_at", "列入待核时间", kind="moment"),
    Column("decided_at", "处理时间", kind="moment"),
)
OBJECTION_COLUMNS = (
    Column("campaign", "投票活动", width=32),
    Column("created_at", "时间", kind="moment"),
    Column("text", "异议", width=48),
    Column("state", "状态", kind="choice", choices=OBJECTION_STATES),
    Column("answer", "答复", width=48),
    Column("answered_at", "答复时间", kind="moment"),
)
RISK_COLUMNS = (
    Column("asked_at", "询问时间", kind="moment"),
    Column("risk_rank", "微信给出的风险等级（0 最低，4 最高）", kind="whole"),
)


def describe_citizen(ctx: Context, *, citizen_id: int) -> Iterator[Section]:
    """Ballots that were set aside and why, objections with their answers, WeChat's rank."""
    set_aside = (
        select(
            Campaign.title.label("campaign"),
            SetAsideBallot.cast_at,
            SetAsideBallot.state,
            SetAsideBallot.reason,
            SetAsideBallot.quarantined_at,
            SetAsideBallot.decided_at,
        )
        .join(Campaign, Campaign.id == SetAsideBallot.campaign_id)
        .join(Ballot, Ballot.id == SetAsideBallot.ballot_id)
        .where(Ballot.voter_id == citizen_id)
        .order_by(SetAsideBallot.ballot_id)
    )
    objections = (
        select(
            Campaign.title.label("campaign"),
            BallotObjection.created_at,
            BallotObjection.text,
            BallotObjection.state,
            BallotObjection.answer,
            BallotObjection.answered_at,
        )
        .join(Campaign, Campaign.id == BallotObjection.campaign_id)
        .where(BallotObjection.citizen_id == citizen_id)
        .order_by(BallotObjection.id)
    )
    ranks = select(RiskRank.asked_at, RiskRank.risk_rank).where(RiskRank.citizen_id == citizen_id)
    for key, title, columns, query in (
        ("set_aside_ballots", "待核和作废的票", SET_ASIDE_COLUMNS, set_aside),
        ("objections", "异议", OBJECTION_COLUMNS, objections),
        ("risk_ranks", "风险等级", RISK_COLUMNS, ranks),
    ):
        rows = ctx.session.execute(query.execution_options(yield_per=ROWS_AT_ONCE))
        yield Section(key, title, columns, rows)


def erase_citizen(ctx: Context, *, citizen_id: int) -> None:
    """Forget what the person wrote, what WeChat said of them, and the addresses of late ballots.

    What was decided about ballots stays with the ballots, under a number.
    """
    ctx.session.execute(
        update(BallotObjection).where(BallotObjection.citizen_id == citizen_id).values(text="")
    )
    ctx.session.execute(delete(RiskRank).where(RiskRank.citizen_id == citizen_id))
    own = select(Ballot.id).where(Ballot.voter_id == citizen_id)
    ctx.session.execute(
        update(BallotOrigin)
        .where(BallotOrigin.ballot_id.in_(own), BallotOrigin.address.is_not(None))
        .values(address=None)
    )
