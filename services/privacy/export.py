"""A file of everything that is held about a person, for themselves."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from itertools import chain
from typing import Any

from services.clock import local_day
from services.context import Context
from services.disclosure import Section
from services.downloads import Download
from services.privacy.domains import DESCRIBING
from services.spreadsheets import write_sheets
from services.turns import in_turns

TITLE = "我的个人信息"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"

_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=lambda value: _as_text(value)
).encode


def export_own_data(ctx: Context, *, format: str) -> Download:
    """Everything held about the actor: "xlsx" to read, which WeChat opens, or "json" to move.

    Rows are fetched and written some at a time, so that ten thousand ballots need little memory.
    """
    name = f"{TITLE}-{local_day(ctx.now):%Y%m%d}.{format}"
    if format == "json":
        return Download(name, _as_json(ctx, _describe(ctx)), JSON)
    sheets = ((each.title, each.columns, each.rows) for each in _describe(ctx))
    return Download(name, write_sheets(sheets), XLSX)


def _describe(ctx: Context) -> Iterator[Section]:
    citizen_id = ctx.actor.citizen_id
    return chain.from_iterable(describe(ctx, citizen_id=citizen_id) for describe in DESCRIBING)


def _as_json(ctx: Context, sections: Iterator[Section]) -> bytes:
    """One object: when it was made, and a list for each section."""
    output = BytesIO()
    output.write(b'{"exported_at":' + _encode(ctx.now).encode())
    for section in sections:
        output.write(b"," + _encode(section.key).encode() + b":[")
        for place, row in enumerate(in_turns(section.rows)):
            output.write(b"," if place else b"")
            output.write(_encode(_item(section, row)).encode())
        output.write(b"]")
    output.write(b"}")
    return output.getvalue()


def _item(section: Section, row: Any) -> dict[str, Any]:
    return {column.key: column.value_in(row) for column in section.columns}


def _as_text(value: datetime | date) -> str:
    return value.isoformat()
