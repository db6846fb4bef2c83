"""Mini-program codes: what is printed on posters, and where it leads."""

import re
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from models import Campaign, Entry, Scene
from services import audit
from services.access import Permission
from services.context import Context
from services.downloads import Download
from services.errors import Missing
from services.voting.campaigns import fetch_announced_campaign, get_entry
from services.voting.reach import fetch_campaign

# Where the mini-program starts; it asks what the scene leads to.
PAGE = "pages/index/index"
# 32 hexadecimal digits, as many characters as WeChat takes.
TOKEN_BYTES = 16
TOKEN = re.compile("[0-9a-f]{32}")
MEDIA_TYPE = "image/png"
# Enough for WeChat's slowest answers to a token and a code, each asked for twice.
DRAWING_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Destination:
    """What a code leads to: a campaign, or one of its entries."""

    campaign_id: int
    entry_id: int | None


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a code is for; plain values, which outlive the transaction they were read in."""

    campaign_id: int
    entry_id: int | None
    title: str
    organization_id: int


def get_code(ctx: Context, *, campaign_id: int, entry_id: int | None = None) -> Download:
    """The code of a campaign within reach, drafts too, or of an entry that stands in it.

    WeChat is asked once for each; no database connection is held meanwhile. Raises Missing, what
    WeChatGateway.make_code raises, and Unavailable when the storage fails.
    """
    return _find_or_make(ctx, _find_subject(ctx, campaign_id, entry_id))


def get_public_code(ctx: Context, *, campaign_id: int, entry_id: int | None = None) -> Download:
    """The code of an announced campaign, or of an entry that stands in it, for anybody's poster.

    Otherwise as `get_code`.
    """
    campaign = fetch_announced_campaign(ctx, campaign_id)
    entry = None
    if entry_id is not None:
        entry = get_entry(ctx, campaign_id=campaign_id, entry_id=entry_id)
    return _find_or_make(ctx, _subject(campaign, entry))


def _find_or_make(ctx: Context, subject: _Subject) -> Download:
    kept = _find_token(ctx, subject)
    token = kept or _make_token(ctx, subject)
    # Storage and WeChat may take seconds; the connection is not held meanwhile.
    ctx.session.rollback()
    image = _read_or_draw(ctx, token)
    if kept is None:
        _keep_scene(ctx, subject, token)
    return Download(f"{subject.title}-小程序码.png", image)


def _make_token(ctx: Context, subject: _Subject) -> str:
    """The token of a new scene: a keyed hash, which tells nothing and which nobody else can make.

    All who ask at once for the same code get the same token, and with it one picture.
    """
    name = f"{subject.campaign_id}/{subject.entry_id or ''}"
    return ctx.services.crypto.blind_index(name, purpose="scene")[:TOKEN_BYTES].hex()


def _read_or_draw(ctx: Context, token: str) -> bytes:
    storage, name = ctx.services.storage, _file_name(ctx, token)
    if (image := storage.get(name)) is not None:
        return image
    with ctx.services.turnstile.alone(f"code:{name}", seconds=DRAWING_SECONDS):
        return storage.get(name) or _draw(ctx, token)


def _draw(ctx: Context, token: str) -> bytes:
    """Have WeChat draw the code, and store it."""
    image = ctx.services.wechat.make_code(scene=token, page=PAGE)
    ctx.services.storage.put(_file_name(ctx, token), image, MEDIA_TYPE)
    return image


def _keep_scene(ctx: Context, subject: _Subject, token: str) -> None:
    """Insert the scene, whose picture is stored by now, unless somebody else just did."""
    scene = insert(Scene).values(
        token=token,
        campaign_id=subject.campaign_id,
        entry_id=subject.entry_id,
        created_at=ctx.now,
    )
    try:
        is_new = ctx.session.scalar(scene.on_conflict_do_nothing().returning(Scene.token))
    except IntegrityError:
        # A draft can be deleted while WeChat draws.
        raise Missing("campaign_not_found") from None
    # What a citizen looks at is not recorded.
    if is_new and ctx.actor.is_staff:
        audit.record(
            ctx,
            "campaign.code_made",
            about=("campaign", subject.campaign_id, subject.title),
            organization_id=subject.organization_id,
            after={"entry_id": subject.entry_id},
        )


def find_scene(ctx: Context, *, token: str) -> Destination:
    """Where a scanned code leads; raises Missing, for a draft too.

    A withdrawn entry's code leads to its campaign.
    """
    if not TOKEN.fullmatch(token):
        raise Missing("scene_not_found")
    stands = and_(Entry.id == Scene.entry_id, Entry.withdrawn_at.is_(None))
    row = ctx.session.execute(
        select(Scene.campaign_id, Entry.id)
        .join(Campaign, Campaign.id == Scene.campaign_id)
        .outerjoin(Entry, stands)
        .where(Scene.token == token, Campaign.state != "draft")
    ).first()
    if row is None:
        raise Missing("scene_not_found")
    return Destination(*row)


def _find_subject(ctx: Context, campaign_id: int, entry_id: int | None) -> _Subject:
    campaign = fetch_campaign(ctx, campaign_id, Permission.VIEW_CAMPAIGNS)
    if entry_id is None:
        return _subject(campaign, None)
    entry = ctx.session.scalar(
        select(Entry).where(
            Entry.id == entry_id,
            Entry.campaign_id == campaign_id,
            Entry.withdrawn_at.is_(None),
        )
    )
    if entry is None:
        raise Missing("entry_not_found")
    return _subject(campaign, entry)


def _subject(campaign: Campaign, entry: Entry | None) -> _Subject:
    title, organization_id = campaign.title, campaign.organization_id
    if entry is None:
        return _Subject(campaign.id, None, title, organization_id)
    title = f"{title}-{entry.number}号-{entry.name}"
    return _Subject(campaign.id, entry.id, title, organization_id)


def _find_token(ctx: Context, subject: _Subject) -> str | None:
    return ctx.session.scalar(
        select(Scene.token).where(
            Scene.campaign_id == subject.campaign_id,
            Scene.entry_id.is_not_distinct_from(subject.entry_id),
        )
    )


def _file_name(ctx: Context, token: str) -> str:
    """Not a name of those served to everybody; each version of the mini-program has its own."""
    return f"{token}-{ctx.services.wechat.env_version}.png"
