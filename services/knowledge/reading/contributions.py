"""Traditional knowledge that citizens send to a commission, and follow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from models import KnowledgeContribution, Organization, StoredFile
from models.organizations import COMMISSIONS
from services import accounts, files, media_checks
from services.context import Context
from services.errors import Invalid, Missing
from services.idempotency import request_key
from services.knowledge.reading.cards import BriefOrganization
from services.knowledge.reading.published import names_of_published
from services.knowledge.reading.text_checks import SCENE_FORUM, check_text
from services.paging import Page, cut_page, decode_cursor, encode_cursor

PROVENANCE = ("collected_from", "collected_in", "known_since")


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture of a contribution, and what WeChat's look at it came to."""

    file: StoredFile
    check: str


@dataclass(frozen=True, slots=True)
class OwnContribution:
    """A contribution as its sender sees it; `item_id` once citizens can read what became of it."""

    contribution: KnowledgeContribution
    organization: BriefOrganization
    pictures: Sequence[SentPicture]
    item_id: int | None


def list_receivers(ctx: Context) -> list[BriefOrganization]:
    """The commissions that take contributions: the region's, the cities', the districts'."""
    rows = ctx.session.execute(
        select(Organization.id, Organization.name, Organization.name_mn)
        .where(Organization.kind.in_(COMMISSIONS), Organization.closed_at.is_(None))
        .order_by(Organization.division_code)
    )
    return [BriefOrganization(*row) for row in rows]


def upload_picture(ctx: Context, *, content: bytes) -> StoredFile:
    """Keep a citizen's picture, to be sent within 23 hours, and have WeChat look at it.

    Raises what files.upload_image raises.
    """
    return media_checks.upload_checked_image(ctx, content=content, scene=SCENE_FORUM)


def send_contribution(
    ctx: Context,
    *,
    organization_id: int,
    title: str,
    text: str,
    picture_ids: Sequence[int],
    idempotency_key: str,
    **provenance: str | None,
) -> OwnContribution:
    """Send something in; the same key again sends nothing.

    Raises Missing for what is no commission, SignInRequired, and Invalid for a picture of somebody
    else's and for what WeChat calls risky, of which nothing is kept.
    """
    key = request_key(idempotency_key)
    sent = {
        "organization_id": organization_id,
        "title": title,
        "text": text,
        "provenance": {name: provenance[name] for name in PROVENANCE if provenance.get(name)},
        "picture_ids": list(dict.fromkeys(picture_ids)),
    }
    contribution = _find_repeated(ctx, key, sent)
    if contribution is None:
        _require_receiver(ctx, organization_id)
        whole = "\n".join([title, text, *sent["provenance"].values()])
        safety = check_text(ctx, whole, scene=SCENE_FORUM)
        accounts.lock_account(ctx)
        contribution = _find_repeated(ctx, key, sent) or _add(ctx, key, safety, sent)
    return get_own_contribution(ctx, contribution_id=contribution.id)


def list_own_contributions(ctx: Context, *, limit: int, cursor: str | None = None) -> Page:
    """The actor's, the latest first."""
    query = (
        select(KnowledgeContribution)
        .where(KnowledgeContribution.citizen_id == ctx.actor.citizen_id)
        .order_by(KnowledgeContribution.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(KnowledgeContribution.id < last_id)
    page = cut_page(ctx.session.scalars(query).all(), limit, lambda row: encode_cursor(row.id))
    return Page(_own(ctx, page.items), page.next_cursor)


def get_own_contribution(ctx: Context, *, contribution_id: int) -> OwnContribution:
    """One of the actor's; raises Missing, for another's too."""
    contribution = ctx.session.scalar(
        select(KnowledgeContribution).where(
            KnowledgeContribution.id == contribution_id,
            KnowledgeContribution.citizen_id == ctx.actor.citizen_id,
        )
    )
    if contribution is None:
        raise Missing("contribution_not_found")
    return _own(ctx, [contribution])[0]


def find_pictures(
    ctx: Context, contributions: Iterable[KnowledgeContribution]
) -> dict[int, list[SentPicture]]:
    """The pictures of each contribution, by its id and in their order; what is gone is left out."""
    contributions = list(contributions)
    ids = {file_id for each in contributions for file_id in each.picture_ids}
    found = ctx.session.scalars(select(StoredFile).where(StoredFile.id.in_(ids))) if ids else ()
    by_id = {file.id: file for file in found}
    states = media_checks.read_states(ctx, file_ids=ids) if ids else {}
    return {
        each.id: [
            SentPicture(by_id[file_id], states.get(file_id, "review"))
            for file_id in each.picture_ids
            if file_id in by_id
        ]
        for each in contributions
    }


def _own(ctx: Context, contributions: Sequence[KnowledgeContribution]) -> list[OwnContribution]:
    pictures = find_pictures(ctx, contributions)
    places = _find_organizations(ctx, {each.organization_id for each in contributions})
    public = names_of_published(ctx, {each.item_id for each in contributions} - {None})
    return [
        OwnContribution(
            each,
            places[each.organization_id],
            pictures[each.id],
            each.item_id if each.item_id in public else None,
        )
        for each in contributions
    ]


def _find_organizations(ctx: Context, ids: set[int]) -> Mapping[int, BriefOrganization]:
    rows = ctx.session.execute(
        select(Organization.id, Organization.name, Organization.name_mn).where(
            Organization.id.in_(ids)
        )
    )
    return {row.id: BriefOrganization(*row) for row in rows}


def _require_receiver(ctx: Context, organization_id: int) -> None:
    if organization_id not in {each.id for each in list_receivers(ctx)}:
        raise Missing("organization_not_found")


def _find_repeated(ctx: Context, key: UUID, sent: Mapping) -> KnowledgeContribution | None:
    contribution = ctx.session.scalar(
        select(KnowledgeContribution).where(
            KnowledgeContribution.citizen_id == ctx.actor.citizen_id,
            KnowledgeContribution.request_key == key,
        )
    )
    if contribution is not None and any(
        getattr(contribution, name) != value for name, value in sent.items()
    ):
        raise Invalid("idempotency_key_reused")
    return contribution


def _add(ctx: Context, key: UUID, safety: str, sent: Mapping) -> KnowledgeContribution:
    for file_id in sent["picture_ids"]:
        files.attach(ctx, file_id=file_id)
    contribution = KnowledgeContribution(
        citizen_id=ctx.actor.citizen_id,
        request_key=key,
        safety=safety,
        created_at=ctx.now,
        state="received",
        **sent,
    )
    ctx.session.add(contribution)
    ctx.session.flush()
    return contribution
