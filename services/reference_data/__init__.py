"""What every installation has in common: divisions, contests and the commissions above all."""

import csv
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from models import Contest, Division, Organization
from models.organizations import DIVISION_LEVELS
from services.context import Context
from services.text import search_key

FOLDER = Path(__file__).parent


def load(ctx: Context) -> dict[str, int]:
    """Insert what is missing; correct divisions and contests; returns how many of each there are.

    Commissions, once there, are the operator's to rename.
    """
    return {
        "行政区划": _load_divisions(ctx),
        "比赛": _load_contests(ctx),
        "卫生健康委": _load_commissions(ctx),
    }


def _load_divisions(ctx: Context) -> int:
    rows = _read("divisions.csv")
    _upsert(ctx, Division, rows, key="code")
    return len(rows)


def _load_contests(ctx: Context) -> int:
    rows = [
        row | {"position": position} for position, row in enumerate(_read("contests.csv"), start=1)
    ]
    _upsert(ctx, Contest, rows, key="code")
    return len(rows)


def _load_commissions(ctx: Context) -> int:
    """One health commission for each division, each below that of the division above."""
    divisions = ctx.session.scalars(select(Division).order_by(Division.code)).all()
    commissions = {
        commission.division_code: commission
        for commission in ctx.session.scalars(
            select(Organization).where(Organization.kind.endswith("_commission"))
        )
    }
    for division in sorted(divisions, key=lambda each: DIVISION_LEVELS.index(each.level)):
        if division.code not in commissions:
            commission = _open_commission(division, commissions)
            ctx.session.add(commission)
            ctx.session.flush()
            commissions[division.code] = commission
    return len(commissions)


def _open_commission(division: Division, commissions: dict[str, Organization]) -> Organization:
    above = commissions.get(division.parent_code)
    name = f"{division.name}卫生健康委员会"
    return Organization(
        parent_id=above.id if above else None,
        division_code=division.code,
        kind=f"{division.level}_commission",
        name=name,
        search_text=search_key(name),
    )


def _upsert(ctx: Context, table: type, rows: list[dict], *, key: str) -> None:
    statement = insert(table).values(rows)
    changed = {name: statement.excluded[name] for name in rows[0] if name != key}
    ctx.session.execute(statement.on_conflict_do_update(index_elements=[key], set_=changed))


def _read(name: str) -> list[dict[str, str | None]]:
    """The rows of a data file, an empty cell as None."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return [
            {column: value or None for column, value in row.items()} for row in csv.DictReader(file)
        ]
