"""What of an item may be told to citizens: whether it is public, and what it is called there.

An item's own title may be of a line that nobody has reviewed yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from models import KnowledgePublication
from services.context import Context
from services.errors import Missing


@dataclass(frozen=True, slots=True)
class PublicName:
    """What a published item is called."""

    id: int
    name: str | None
    name_mn: str | None

    @property
    def either(self) -> str:
        return self.name or self.name_mn or ""


def require_published(ctx: Context, item_id: int) -> None:
    """Raise Missing unless citizens can read the item."""
    if item_id not in names_of_published(ctx, [item_id]):
        raise Missing("knowledge_not_public")


def names_of_published(ctx: Context, item_ids: Iterable[int]) -> dict[int, PublicName]:
    """The names of those of the items that are public."""
    rows = ctx.session.execute(
        select(
            KnowledgePublication.item_id, KnowledgePublication.name, KnowledgePublication.name_mn
        ).where(KnowledgePublication.item_id.in_(set(item_ids)))
    )
    return {row.item_id: PublicName(*row) for row in rows}
