"""Telling many at once: one row with what caused it, and a job that files the notices."""

import time
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from models import Announcement, Campaign
from services.context import Context, unit_of_work
from services.message_templates import find_template
from services.notifications.outcomes import MESSAGE_LIFETIME

# So many citizens are looked at in one transaction, whether or not they voted: its length does not
# depend on how many there are, nor on how many ballots.
BATCH = 2000
RUN_SECONDS = 10.0

# Whose identity is being deleted at this moment is waited for, and then left out. Who has none
# cannot sign in any more, and gets nothing.
_FILE_BATCH = text("""
    WITH batch AS (
        SELECT id FROM citizens WHERE id > :last_citizen_id ORDER BY id LIMIT :size
    ), reached AS (
        SELECT identity.citizen_id
        FROM wechat_identities AS identity JOIN batch ON batch.id = identity.citizen_id
        WHERE EXISTS (
            SELECT FROM ballots
            WHERE voter_id = identity.citizen_id AND campaign_id = :campaign_id AND number = 1
        )
        ORDER BY identity.id FOR KEY SHARE OF identity
    ), filed AS (
        INSERT INTO notices (citizen_id, kind, cause, title, title_mn, body, body_mn,
                             target_type, target_id, created_at)
        SELECT DISTINCT reached.citizen_id, news.kind, 'campaign:' || news.campaign_id,
               news.title, news.title_mn, news.body, news.body_mn,
               'campaign', news.campaign_id, :now
        FROM reached, announcements AS news WHERE news.id = :announcement_id
        ON CONFLICT (citizen_id, kind, cause) DO NOTHING
        RETURNING id, citizen_id
    ), queued AS (
        INSERT INTO outgoing_messages (notice_id, citizen_id, organization_id, template, fields,
                                       state, attempts, next_attempt_at, expires_at, created_at)
        SELECT filed.id, filed.citizen_id, news.organization_id, news.kind, news.fields,
               'pending', 0, :now, :expires_at, :now
        FROM filed JOIN message_allowances AS allowance
            ON allowance.citizen_id = filed.citizen_id
            AND allowance.template_id = :template_id AND allowance.remaining > 0,
            announcements AS news
        WHERE news.id = :announcement_id
    )
    SELECT max(id) FROM batch
""")


def announce_to_voters(
    ctx: Context,
    campaign: Campaign,
    *,
    kind: str,
    title: str,
    body: str,
    fields: Mapping[str, str | datetime],
    title_mn: str | None = None,
    body_mn: str | None = None,
) -> None:
    """Tell everybody who voted in the campaign, once for each kind of news.

    It is written with the caller's transaction; the notices follow within seconds. `fields` are
    those that services/message_templates.py names for the kind.
    """
    plain = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in fields.items()
    }
    ctx.session.execute(
        insert(Announcement)
        .values(
            kind=kind,
            campaign_id=campaign.id,
            organization_id=campaign.organization_id,
            title=title,
            title_mn=title_mn,
            body=body,
            body_mn=body_mn,
            fields=plain,
            created_at=ctx.now,
            last_citizen_id=0,
        )
        .on_conflict_do_nothing(index_elements=["campaign_id", "kind"])
    )


def expand_announcements(ctx: Context) -> None:
    """File the notices of what was announced, each batch in a transaction of its own.

    Several workers may do this at once: each takes another announcement, and a batch counts
    together with the place it ended at.
    """
    deadline = time.monotonic() + RUN_SECONDS
    is_more = True
    while is_more and time.monotonic() < deadline:
        with unit_of_work(ctx.session):
            is_more = _file_next_batch(ctx)


def _file_next_batch(ctx: Context) -> bool:
    """File one batch of the oldest announcement that nobody else works on; False if none is."""
    columns = (
        Announcement.id,
        Announcement.kind,
        Announcement.campaign_id,
        Announcement.last_citizen_id,
    )
    news = ctx.session.execute(
        select(*columns)
        .where(Announcement.finished_at.is_(None))
        .order_by(Announcement.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if news is None:
        return False
    template = find_template(ctx.services.message_templates, news.kind)
    last_citizen_id = ctx.session.scalar(
        _FILE_BATCH,
        {
            "announcement_id": news.id,
            "campaign_id": news.campaign_id,
            "last_citizen_id": news.last_citizen_id,
            "template_id": template and template.template_id,
            "size": BATCH,
            "now": ctx.now,
            "expires_at": ctx.now + MESSAGE_LIFETIME,
        },
    )
    done = {"finished_at": ctx.now}
    values = done if last_citizen_id is None else {"last_citizen_id": last_citizen_id}
    ctx.session.execute(update(Announcement).where(Announcement.id == news.id).values(values))
    return True
