"""An item as citizens would read it, for those who write and review it."""

from services.access import Permission
from services.context import Context
from services.knowledge.reading.cards import BriefOrganization
from services.knowledge.reading.linked import show_links
from services.knowledge.reading.reading import ReadItem
from services.knowledge.reading.showing import show
from services.knowledge.writing.links import links_of
from services.knowledge.writing.reach import fetch_item, fetch_revision


def preview_item(ctx: Context, *, item_id: int, number: int | None = None) -> ReadItem:
    """A revision, the one that is being written unless told otherwise; raises Missing.

    What links to it and what is alike comes with publishing.
    """
    item = fetch_item(ctx, item_id, Permission.VIEW_KNOWLEDGE)
    revision = fetch_revision(ctx, item, number or item.head_number)
    organization = item.organization
    return ReadItem(
        id=item.id,
        kind=item.kind,
        **show(ctx, content=revision.content),
        organization=BriefOrganization(organization.id, organization.name, organization.name_mn),
        original_language=item.original_language,
        is_translation_stale=revision.is_translation_stale,
        is_sample=item.is_sample,
        published_at=None,
        reviewed_at=None,
        is_review_overdue=False,
        are_comments_open=item.are_comments_open,
        views=0,
        favourites=0,
        helpful=0,
        links=show_links(ctx, links_of(item.id, revision.content)),
        related=(),
    )
