"""The trail as auditors see it: search, reach, filters, export."""

from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import text

from tests.http import code_of

ROUTES = ("/audit", "/audit/export", "/audit/actions")


def labels(answer) -> list[str]:
    assert answer.status_code == 200, answer.get_json()
    return [item["object_label"] for item in answer.get_json()["items"]]


def rows_of(answer) -> list[tuple]:
    assert answer.status_code == 200, answer.get_json()
    book = openpyxl.load_workbook(BytesIO(answer.data))
    return list(book.active.iter_rows(values_only=True))


def create(console, parent, name: str) -> dict:
    body = {"parent_id": parent.id, "kind": "hospital", "name": name}
    return console.post("/organizations", body).get_json()


@pytest.fixture
def trodden(make, note, clock):
    """Acts in Dongsheng, in Kangbashi and of the system, a minute apart; and who did the first."""
    dongsheng, kangbashi = make.commission("150602"), make.commission("150603")
    manager = make.console("district_manager", dongsheng, name="乌兰")
    hospital = create(manager, dongsheng, "东胜医院")
    clock.advance(minutes=1)
    create(make.console("district_manager", kangbashi, name="巴图"), kangbashi, "康巴什医院")
    clock.advance(minutes=1)
    note("整个系统")
    clock.advance(minutes=1)
    manager.patch(f"/organizations/{hospital['id']}", {"address": "天骄路"}, revision=1)
    return manager, hospital


def test_a_record_tells_everything(make, trodden):
    manager, hospital = trodden
    auditor = make.console("auditor")
    item = auditor.get("/audit").get_json()["items"][0]
    assert len(item.pop("request_id")) == 16
    assert item == {
        "number": 4,
        "at": "2026-11-20T04:03:00+00:00",
        "staff": {"id": manager.staff_id, "name": "乌兰"},
        "roles": ["district_manager"],
        "organization": {
            "id": hospital["id"],
            "kind": "hospital",
            "name": "东胜医院",
            "name_mn": None,
        },
        "action": "organization.edited",
        "object_type": "organization",
        "object_id": str(hospital["id"]),
        "object_label": "东胜医院",
        "before": {"address": None},
        "after": {"address": "天骄路"},
        "address": "127.0.0.1",
    }


@pytest.mark.parametrize(
    ("division", "expected"),
    [
        ("150602", ["东胜医院", "东胜医院"]),
        ("150603", ["康巴什医院"]),
        ("150600", ["东胜医院", "康巴什医院", "东胜医院"]),
        ("150000", ["东胜医院", "整个系统", "康巴什医院", "东胜医院"]),
        ("150100", []),
    ],
)
def test_auditors_see_the_acts_of_their_subtree(make, trodden, division, expected):
    auditor = make.console("auditor", make.commission(division))
    assert labels(auditor.get("/audit")) == expected
    assert [row[8] for row in rows_of(auditor.get("/audit/export"))[1:]] == expected


def test_what_concerns_no_organization_has_nobody_and_none(make, trodden):
    auditor = make.console("auditor", make.commission("150000"))
    item = auditor.get("/audit", action="test.done").get_json()["items"][0]
    assert (item["staff"], item["organization"], item["roles"]) == (None, None, [])


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("role", ["region_officer", "system_administrator"])
def test_nobody_else_reads_it(make, path, role):
    console = make.console(role, make.commission("150000"))
    answer = console.get(path)
    assert (answer.status_code, code_of(answer)) == (404, "not_found")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"action": "organization.edited"}, [4]),
        ({"action": "no.such"}, []),
        ({"object_type": "organization"}, [4, 2, 1]),
        ({"object_type": "test", "object_id": "7"}, [3]),
        ({"q": "康巴"}, [2]),
        ({"q": "乌兰"}, [4, 1]),
        ({"q": "%"}, []),
        ({"since": "2026-11-20T04:01:00Z"}, [4, 3, 2]),
        ({"until": "2026-11-20T12:01:00+08:00"}, [1]),
        ({"since": "2026-11-20T04:01:00Z", "until": "2026-11-20T04:02:00Z"}, [2]),
        ({"staff_id": "manager"}, [4, 1]),
        ({"organization_id": "dongsheng"}, [4, 1]),
        ({"organization_id": 999_999}, []),
    ],
    ids=str,
)
def test_filters(make, trodden, filters, expected):
    auditor = make.console("auditor", make.commission("150000"))
    named = {"manager": trodden[0].staff_id, "dongsheng": make.commission("150602").id}
    query = {name: named.get(value, value) for name, value in filters.items()}
    items = auditor.get("/audit", **query).get_json()["items"]
    assert [item["number"] for item in items] == expected
    assert [row[0] for row in rows_of(auditor.get("/audit/export", **query))[1:]] == expected


def test_a_request_is_found_by_its_id(make, trodden):
    auditor = make.console("auditor")
    request_id = auditor.get("/audit").get_json()["items"][0]["request_id"]
    assert len(labels(auditor.get("/audit", q=request_id))) == 1
    assert labels(auditor.get("/audit", q=request_id[:8])) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("since", "2026-11-20T04:00:00"),
        ("since", "yesterday"),
        ("until", ""),
        ("staff_id", "0"),
        ("organization_id", "x"),
        ("q", "x" * 65),
        ("action", "a\0b"),
        ("before", "x"),
    ],
)
@pytest.mark.parametrize("path", ["/audit", "/audit/export"])
def test_wrong_filters(make, path, name, value):
    answer = make.console("auditor").get(path, **{name: value})
    assert (answer.status_code, answer.get_json()["errors"].keys()) == (422, {name})


def test_pages_show_everything_once_while_the_trail_grows(make, note):
    auditor = make.console("auditor", make.commission("150000"))
    for number in range(7):
        note(str(number))
    seen, cursor = [], None
    while True:
        page = auditor.get("/audit", limit=3, **({"cursor": cursor} if cursor else {})).get_json()
        seen += [item["object_label"] for item in page["items"]]
        note("meanwhile")
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == list("6543210")
    assert code_of(auditor.get("/audit", cursor="W10")) == "cursor_invalid"


def test_looking_is_not_recorded_and_exporting_is(make, trodden, trail, verify):
    auditor = make.console("auditor", name="审计员")
    for path in ("/audit", "/audit/actions"):
        auditor.get(path)
    assert len(trail()) == 4
    query = {"q": "13947712345", "since": "2026-11-20T04:00:00Z", "object_type": "staff"}
    assert len(rows_of(auditor.get("/audit/export", **query))) == 1
    record = trail()[-1]
    assert (record.action, record.staff_name) == ("audit.exported", "审计员")
    assert record.organization_id == make.commission().id
    assert record.after == {
        "records": 0,
        "q": "(given)",
        "since": "2026-11-20T04:00:00+00:00",
        "object_type": "staff",
    }
    assert verify().exit_code == 0


def test_an_export_reads_like_a_trail(make, trodden, trail):
    answer = make.console("auditor").get("/audit/export")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''%E5%AE%A1%E8%AE%A1%E8%AE%B0%E5%BD%95-20261120.xlsx"
    )
    titles, last, first = rows_of(answer)
    assert dict(zip(titles, last, strict=True)) == {
        "编号": 4,
        "时间": "2026-11-20 12:03:00",
        "操作人": "乌兰",
        "角色": "旗县区负责人",
        "机构": "东胜医院",
        "操作": "修改机构",
        "对象类型": "机构",
        "对象编号": str(trodden[1]["id"]),
        "对象": "东胜医院",
        "改之前": '{"address": null}',
        "改之后": '{"address": "天骄路"}',
        "来源地址": "127.0.0.1",
        "请求编号": trail()[3].request_id,
        "封印": trail()[3].seal.hex(),
    }
    assert first[0] == 1


def test_a_row_of_an_export_is_a_head_to_verify_against(make, trodden, verify):
    rows = rows_of(make.console("auditor").get("/audit/export"))[1:]
    assert verify(*(f"{row[0]}:{row[-1]}" for row in rows)).exit_code == 0


def test_an_export_runs_nothing_and_turns_nothing_round(make, note):
    note("=1+1", after={"reason": "\u202e=1+1\u2066"})
    row = rows_of(make.console("auditor", make.commission("150000")).get("/audit/export"))[1]
    assert row[8] == "'=1+1"
    assert row[10] == '{"reason": "\\u202e=1+1\\u2066"}'


def test_an_export_has_at_most_twenty_thousand_rows(make, session):
    auditor = make.console("auditor", make.commission("150000"))
    session.execute(
        text(
            "INSERT INTO audit_records (number, at, staff_name, roles, action, object_type, "
            "object_id, object_label, address, request_id, seal) SELECT number, "
            "timestamptz '2026-11-01' + number * interval '1 second', '系统', '{}', 'test.done', "
            "'test', '1', 'x', '', '', '' FROM generate_series(1, 20001) AS number"
        )
    )
    session.commit()
    answer = auditor.get("/audit/export")
    assert (answer.status_code, code_of(answer)) == (422, "spreadsheet_too_many_rows")
    assert "20000" in answer.get_json()["detail"]
    # Which takes longer to write than a transaction may idle.
    answer = auditor.get("/audit/export", since="2026-11-01T00:00:02Z")
    assert (answer.status_code, answer.data[:2]) == (200, b"PK")


def test_filters_are_chosen_from_what_occurs(make, trodden):
    assert make.console("auditor").get("/audit/actions").get_json() == {
        "actions": ["organization.created", "organization.edited", "test.done"],
        "object_types": ["organization", "test"],
    }


def test_a_record_of_something_gone_is_still_there(make, session, trodden):
    """The trail has no foreign keys: it outlives what it tells of."""
    session.execute(text("DELETE FROM organizations WHERE id = :id"), {"id": trodden[1]["id"]})
    session.commit()
    auditor = make.console("auditor", make.commission("150000"))
    assert "东胜医院" in labels(auditor.get("/audit"))
