"""Forgetting what a reader left."""

from sqlalchemy import delete, text, update

from models import (
    KnowledgeComment,
    KnowledgeContribution,
    KnowledgeReport,
    StoredFile,
)
from services.context import Context

# Counts go along with the rows they count, and in one order; see counting.
_ERASE_FAVOURITES = text("""
    WITH gone AS (
        DELETE FROM knowledge_favourites WHERE citizen_id = :citizen_id RETURNING item_id
    )
    INSERT INTO knowledge_counts (item_id, favourites)
    SELECT item_id, -1 FROM gone ORDER BY item_id
    ON CONFLICT (item_id) DO UPDATE
    SET favourites = knowledge_counts.favourites + excluded.favourites
""")
_ERASE_OPINIONS = text("""
    WITH gone AS (
        DELETE FROM knowledge_opinions WHERE citizen_id = :citizen_id
        RETURNING item_id, is_helpful
    )
    INSERT INTO knowledge_counts (item_id, helpful, unhelpful)
    SELECT item_id, -CAST(is_helpful AS int), -CAST(NOT is_helpful AS int)
    FROM gone ORDER BY item_id
    ON CONFLICT (item_id) DO UPDATE
    SET helpful = knowledge_counts.helpful + excluded.helpful,
        unhelpful = knowledge_counts.unhelpful + excluded.unhelpful
""")


def erase_citizen(ctx: Context, *, citizen_id: int) -> None:
    """Delete favourites, opinions and comments; make reports and contributions nobody's.

    What was found wrong and what was taken up stays, as it serves everybody. Of a contribution that
    was not taken up there is no use: its pictures and what it tells of people go.
    """
    ctx.session.execute(_ERASE_FAVOURITES, {"citizen_id": citizen_id})
    ctx.session.execute(_ERASE_OPINIONS, {"citizen_id": citizen_id})
    ctx.session.execute(delete(KnowledgeComment).where(KnowledgeComment.citizen_id == citizen_id))
    ctx.session.execute(
        update(KnowledgeReport)
        .where(KnowledgeReport.citizen_id == citizen_id)
        .values(citizen_id=None)
    )
    _forget_contributions(ctx, citizen_id)


def _forget_contributions(ctx: Context, citizen_id: int) -> None:
    own = KnowledgeContribution.citizen_id == citizen_id
    ctx.session.execute(
        delete(KnowledgeContribution).where(own, KnowledgeContribution.state != "accepted")
    )
    ctx.session.execute(update(KnowledgeContribution).where(own).values(citizen_id=None))
    # Pictures that are still the citizen's were not taken up: nothing refers to them any more, and
    # the job that throws such files away finds them.
    ctx.session.execute(
        update(StoredFile)
        .where(StoredFile.uploaded_by_citizen_id == citizen_id)
        .values(attached_at=None)
    )
