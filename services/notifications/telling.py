"""Telling a few citizens something at once, in the transaction that makes it true."""

from collections.abc import Mapping

from sqlalchemy import text

from models.notifications import Target
from services.context import Context

# Whose identity is being deleted at this moment is waited for, and then left out; see announcing.
_FILE = text("""
    WITH told AS (
        SELECT * FROM unnest(CAST(:citizen_ids AS bigint[]), CAST(:bodies AS text[]))
            AS told (citizen_id, body)
    ), reached AS (
        SELECT identity.citizen_id
        FROM wechat_identities AS identity JOIN told USING (citizen_id)
        ORDER BY identity.id FOR KEY SHARE OF identity
    )
    INSERT INTO notices (citizen_id, kind, cause, title, body, target_type, target_id, created_at)
    SELECT DISTINCT told.citizen_id, :kind, :cause, :title, told.body, :target_type,
           CAST(:target_id AS bigint), CAST(:now AS timestamptz)
    FROM told JOIN reached USING (citizen_id)
    ORDER BY told.citizen_id
    ON CONFLICT (citizen_id, kind, cause) DO UPDATE SET body = excluded.body, read_at = NULL
""")


def tell_citizens(
    ctx: Context,
    *,
    kind: str,
    cause: str,
    title: str,
    bodies: Mapping[int, str],
    target: Target,
) -> None:
    """File a notice for each citizen with its own body; it leads to `target`.

    The same cause again replaces the body and is unread anew. Who cannot sign in any more gets
    nothing. Nothing is sent through WeChat.
    """
    if not bodies:
        return
    told = sorted(bodies.items())
    ctx.session.execute(
        _FILE,
        {
            "citizen_ids": [citizen_id for citizen_id, _ in told],
            "bodies": [body for _, body in told],
            "kind": kind,
            "cause": cause,
            "title": title,
            "target_type": target.type,
            "target_id": target.id,
            "now": ctx.now,
        },
    )
