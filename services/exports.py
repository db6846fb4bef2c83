"""Lists as spreadsheets: what the console lists can be taken along, and that it was is noted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select

from services import audit
from services.access import Permission, top_of_reach
from services.clock import local_day
from services.context import Context
from services.downloads import Download
from services.errors import Invalid
from services.spreadsheets import Column, write_workbook

MOST_ROWS = 20_000
_ROWS_AT_ONCE = 500


def export_list(
    ctx: Context,
    *,
    title: str,
    columns: Sequence[Column],
    query: Select,
    view: Callable[..., Any],
    permission: Permission,
    action: str,
    filters: Mapping[str, object],
) -> Download:
    """An xlsx file of what `query` selects; `view` makes of each row what the columns show.

    Rows are fetched and written some at a time. It is recorded as `action`, with the number of rows
    and the filters, for the organization below which lies all that the permission reaches. Raises
    Invalid for more than MOST_ROWS rows.
    """
    count = ctx.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    if count > MOST_ROWS:
        raise Invalid("export_too_long", limit=MOST_ROWS)
    rows = ctx.session.execute(query.execution_options(yield_per=_ROWS_AT_ONCE))
    content = write_workbook(title, columns, (view(*row) for row in rows))
    given = {name: value for name, value in filters.items() if value is not None}
    audit.record(
        ctx,
        action,
        about=("list", action.partition(".")[0], title),
        organization_id=top_of_reach(ctx.session, ctx.actor, permission),
        after={"rows": count, "filters": given},
    )
    return Download(f"{title}-{local_day(ctx.now):%Y%m%d}.xlsx", content)
