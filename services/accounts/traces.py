"""What outlives an erasure for a while, so that nobody votes twice by way of one.

See docs/decisions/0012-what-an-erasure-leaves.md.
"""

from collections.abc import Iterable

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from models import Citizen, Trace
from services import voting
from services.context import Context
from services.wechat import WeChatUser

OPENID_PURPOSE = "trace.openid"
UNIONID_PURPOSE = "trace.unionid"
BATCH = 500

# The kind of a trace, and its keyed hash.
TraceKey = tuple[str, bytes]


def openid_key(ctx: Context, appid: str, openid: str) -> TraceKey:
    crypto = ctx.services.crypto
    return "openid", crypto.blind_index(f"{appid}:{openid}", purpose=OPENID_PURPOSE)


def unionid_key(ctx: Context, unionid: str) -> TraceKey:
    return "unionid", ctx.services.crypto.blind_index(unionid, purpose=UNIONID_PURPOSE)


def leave_traces(ctx: Context, *, citizen_id: int, keys: Iterable[TraceKey]) -> None:
    """Remember these keys as this citizen's, from now on."""
    for kind, key_hash in keys:
        trace = {"citizen_id": citizen_id, "kind": kind, "created_at": ctx.now}
        ctx.session.execute(
            insert(Trace)
            .values(key_hash=key_hash, **trace)
            .on_conflict_do_update(index_elements=["key_hash"], set_=trace)
        )


def find_traced_citizen(ctx: Context, user: WeChatUser, appid: str) -> Citizen | None:
    """The locked row of whoever left a trace under these names."""
    keys = [openid_key(ctx, appid, user.openid)]
    if user.unionid is not None:
        keys.append(unionid_key(ctx, user.unionid))
    return ctx.session.scalar(
        select(Citizen)
        .join(Trace, Trace.citizen_id == Citizen.id)
        .where(Trace.key_hash.in_([key_hash for _, key_hash in keys]))
        .order_by(Trace.kind)
        .limit(1)
        .with_for_update(key_share=True, of=Citizen)
        .execution_options(populate_existing=True)
    )


def is_phone_of_another(ctx: Context, *, phone_index: bytes, citizen_id: int) -> bool:
    """Whether somebody else gave the number up whose ballots still count by it."""
    trace = ctx.session.execute(
        select(Trace.citizen_id, Trace.created_at).where(
            Trace.key_hash == phone_index, Trace.citizen_id != citizen_id
        )
    ).first()
    if trace is None:
        return False
    # A ballot may still be on its way to the disk.
    if ctx.now < trace.created_at + voting.SETTLING_TIME:
        return True
    return bool(
        voting.voters_in_unclosed_campaigns(ctx, voter_ids=[trace.citizen_id], only_with_phone=True)
    )


def purge_traces(ctx: Context) -> int:
    """Delete the traces of whoever voted in no campaign that still runs; returns how many.

    A phone number's trace only stays for campaigns that demand a number.
    """
    count, last_id = 0, 0
    while citizen_ids := _next_citizens(ctx, last_id):
        count += _purge_of(ctx, citizen_ids)
        last_id = citizen_ids[-1]
    return count


def _is_settled(ctx: Context):
    """Ballots that were in the box at the time of the erasure have reached the disk."""
    return Trace.created_at < ctx.now - voting.SETTLING_TIME


def _next_citizens(ctx: Context, last_id: int) -> list[int]:
    return list(
        ctx.session.scalars(
            select(Trace.citizen_id)
            .where(_is_settled(ctx), Trace.citizen_id > last_id)
            .distinct()
            .order_by(Trace.citizen_id)
            .limit(BATCH)
        )
    )


def _purge_of(ctx: Context, citizen_ids: list[int]) -> int:
    bound = voting.voters_in_unclosed_campaigns(ctx, voter_ids=citizen_ids)
    bound_by_phone = voting.voters_in_unclosed_campaigns(
        ctx, voter_ids=citizen_ids, only_with_phone=True
    )
    is_needless = or_(
        and_(Trace.kind != "phone", Trace.citizen_id.not_in(bound)),
        and_(Trace.kind == "phone", Trace.citizen_id.not_in(bound_by_phone)),
    )
    return ctx.session.execute(
        delete(Trace).where(_is_settled(ctx), Trace.citizen_id.in_(citizen_ids), is_needless)
    ).rowcount
