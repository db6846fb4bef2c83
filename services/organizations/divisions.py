"""Administrative divisions as the public sees them."""

from collections.abc import Sequence

from sqlalchemy import select

from models import Division
from services.context import Context


def list_divisions(ctx: Context, *, parent: str | None = None) -> Sequence[Division]:
    """The divisions directly below `parent` (a GB/T 2260 code), or the region itself."""
    below = Division.parent_code.is_not_distinct_from(parent)
    return ctx.session.scalars(select(Division).where(below).order_by(Division.code)).all()
