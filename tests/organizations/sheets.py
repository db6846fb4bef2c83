"""Sending spreadsheets of organizations, and reading them as people do."""

import io

from python_calamine import CalamineWorkbook
from sqlalchemy import select

from models import AuditRecord, Organization
from services import wording
from services.organizations.spreadsheet import COLUMNS
from tests.spreadsheets.files import table

MONGOLIAN = "ᠮᠣᠩᠭᠣᠯ ᠡᠮᠨᠡᠯᠭᠡ\u202fᠶᠢᠨ ᠭᠠᠵᠠᠷ"
TITLES = {column.key: column.title for column in COLUMNS}
KEYS = {column.title: column.key for column in COLUMNS}
COMMISSION = "东胜区卫生健康委员会"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def cells_of(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def export(console, **filters) -> list[dict]:
    """The rows of an export by key, as their reader sees them."""
    answer = console.get("/organizations/export", **filters)
    assert answer.status_code == 200, answer.get_json()
    titles, *rows = cells_of(answer.get_data())
    return [{KEYS.get(t, t): cell for t, cell in zip(titles, row, strict=True)} for row in rows]


def sheet(*rows: dict) -> bytes:
    """A file with the columns that any of the rows has; kinds are given by their codes."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    lines = [[_cell(row, key) for key in keys] for row in rows]
    return table([TITLES.get(key, key) for key in keys], *lines)


def _cell(row: dict, key: str):
    value = row.get(key)
    return wording.KINDS.get(value, value) if key == "kind" else value


def send(console, *rows: dict, dry_run: bool = False, **query):
    flag = "true" if dry_run else "false"
    return console.post("/organizations/import", sheet(*rows), dry_run=flag, **query)


def report(answer) -> dict:
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def counts(answer) -> tuple:
    body = report(answer)
    return tuple(body[key] for key in ("rows", "created", "updated", "unchanged"))


def errors(answer) -> list[tuple]:
    body = report(answer)
    assert body["is_applied"] is False
    assert body["error_count"] == len(body["errors"])
    assert all(error["message"] for error in body["errors"])
    return [(error["row"], error["column"], error["code"]) for error in body["errors"]]


def institutions(session) -> dict[str, Organization]:
    session.rollback()
    found = session.scalars(
        select(Organization)
        .where(~Organization.kind.endswith("_commission"))
        .execution_options(populate_existing=True)
    )
    return {each.name: each for each in found}


def actions(session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(AuditRecord.action).order_by(AuditRecord.number)))


def new(name: str, **values) -> dict:
    return {"parent": COMMISSION, "kind": "hospital", "name": name} | values


FULL = new(
    "新的医院",
    name_mn=MONGOLIAN,
    standard="达到提升标准",
    contact_name="乌云",
    contact_phone="0477-8361234",
    address="天骄路 1 号",
    longitude=109.98,
    latitude="39.82",
    population=23_000,
)
