"""Items as spreadsheets: what is exported comes back the same, what is wrong is told row by row."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from models import (
    AuditRecord,
    KnowledgeItem,
    KnowledgePublication,
    KnowledgeReview,
    KnowledgeRevision,
    StoredFile,
)
from services.knowledge.kinds import KINDS
from tests.files.pictures import jpeg
from tests.http import code_of
from tests.knowledge.writing import HERB, begin, changed
from tests.spreadsheets.files import table as sheet
from tests.spreadsheets.files import zipped

FORMULA = {
    "zh": {"name": "玉屏风散", "summary": "益气固表。", "actions": "益气固表止汗。"},
    "mn": {"name": "ᠣᠶᠤ ᠬᠠᠯᠬᠠ"},
    "facts": {
        "composition": [
            {"name": "黄芪", "amount": "30", "unit": "g", "note": "蜜炙"},
            {"name": "白术", "amount": "60～90", "unit": "g"},
            {"name": "大枣", "amount": "三", "unit": "piece"},
            {"name": "盐", "unit": "as_needed"},
            {"name": "生姜", "amount": "2"},
            {"name": "防风"},
        ],
        "source": "《究原方》",
        "evidence_level": "classic",
    },
    "links": [],
}


@pytest.fixture
def manager(make):
    return make.console("district_manager", name="苏日娜")


@pytest.fixture
def send(manager, hospital):
    def post(
        content: bytes, *, kind: str = "herb", dry_run: bool = False, console=manager, at=None
    ):
        query = {
            "kind": kind,
            "organization_id": (at or hospital).id,
            "dry_run": str(dry_run).lower(),
        }
        return console.post("/knowledge/import", content, **query)

    return post


def table(*rows: dict[str, object]) -> bytes:
    titles = list(dict.fromkeys(title for row in rows for title in row))
    return sheet(titles, *([row.get(title) for title in titles] for row in rows))


def rows_of(content: bytes) -> list[dict]:
    titles, *rows = load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def export(console, kind: str = "herb", **query) -> bytes:
    answer = console.get("/knowledge/items/export", kind=kind, **query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.data


def heads(session) -> dict[str, dict]:
    session.rollback()
    rows = session.execute(
        select(KnowledgeItem, KnowledgeRevision).join(
            KnowledgeRevision,
            (KnowledgeRevision.item_id == KnowledgeItem.id)
            & (KnowledgeRevision.number == KnowledgeItem.head_number),
        )
    )
    return {item.code or f"item-{item.id}": head.content for item, head in rows}


def count(session, of: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(of))


def errors_of(answer) -> list[tuple]:
    report = answer.get_json()
    assert answer.status_code == 200, report
    assert not report["is_applied"]
    return [(each["row"], each["column"], each["code"]) for each in report["errors"]]


def test_rows_become_drafts_in_both_languages(send, session, manager, hospital):
    manager.post("/knowledge/topics", {"name": "四季养生"})
    report = send(
        table(
            {
                "编号": "herb-huangqi",
                "名称": "黄芪",
                "名称（蒙古文）": "ᠬᠤᠩᠴᠢᠷ",
                "别名": "黄耆、北芪\n箭芪",
                "详细介绍": "第一段<b>\n\n第二段",
                "孕期": "孕期慎用",
                "主题": "四季养生",
            },
            {"编号": "herb-gancao", "名称": "=甘草"},
        )
    ).get_json()
    assert (report["is_applied"], report["created"], report["errors"]) == (True, 2, [])
    content = heads(session)["herb-huangqi"]
    assert content["zh"] == {
        "name": "黄芪",
        "aliases": ["黄耆", "北芪", "箭芪"],
        "body": "<p>第一段&lt;b&gt;</p><p>第二段</p>",
    }
    assert content["mn"] == {"name": "ᠬᠤᠩᠴᠢᠷ"}
    assert content["facts"]["pregnancy"] == "cautious"
    assert len(content["facts"]["topic_ids"]) == 1
    items = session.scalars(select(KnowledgeItem)).all()
    assert {(each.state, each.organization_id) for each in items} == {("draft", hospital.id)}
    assert {each.author_id for each in items} == {manager.staff_id}
    records = select(AuditRecord).order_by(AuditRecord.number)
    actions = [each.action for each in session.scalars(records)]
    assert actions.count("knowledge.created") == 2
    assert actions[-1] == "knowledge.imported"


def test_what_was_exported_comes_back_the_same(send, session, nurse, manager, hospital, herb):
    picture = nurse.post("/files", jpeg(400, 300)).get_json()
    rich = f'<h2>产地</h2><p>内蒙古<strong>道地</strong></p><p><img src="{picture["url"]}"></p>'
    facts = {"pictures": [{"file_id": picture["id"], "caption": "根"}]}
    herb.save(changed(changed(HERB, "zh", body=rich), "facts", **facts))
    formula = begin(nurse, hospital, "formula")
    composition = [*FORMULA["facts"]["composition"]]
    composition[0] = composition[0] | {"item_id": herb.id}
    formula.save(changed(FORMULA, "facts", composition=composition))
    technique = begin(nurse, hospital, "technique")
    steps = [{"text": "坐好\n放松"}, {"text": "按揉", "picture_id": picture["id"]}]
    technique.save({"zh": {"name": "按揉", "steps": steps}, "mn": None, "facts": {}, "links": []})
    before = heads(session)
    for kind in ("herb", "formula", "technique"):
        content = export(manager, kind)
        for dry_run in (True, False):
            report = send(content, kind=kind, dry_run=dry_run).get_json()
            counts = [report[name] for name in ("unchanged", "created", "updated", "error_count")]
            assert counts == [1, 0, 0, 0], (kind, report)
    assert heads(session) == before
    assert count(session, KnowledgeRevision) == 3


def test_only_what_was_changed_in_the_sheet_changes(send, session, nurse, manager, hospital, herb):
    picture = nurse.post("/files", jpeg(400, 300)).get_json()
    body = f'<h2>产地</h2><p><img src="{picture["url"]}"></p>'
    herb.save(changed(HERB, "zh", body=body))
    formula = begin(nurse, hospital, "formula")
    composition = [FORMULA["facts"]["composition"][0] | {"item_id": herb.id}]
    formula.save(changed(FORMULA, "facts", composition=composition))
    (row,) = rows_of(export(manager, "formula"))
    assert row["组成"] == "黄芪 30 克（蜜炙）"
    row["组成"] = "黄芪15克\n防风 5~9 克 (去芦)\n盐 适量\n蜂蜜"
    report = send(table(row), kind="formula").get_json()
    assert (report["updated"], report["errors"]) == (1, [])
    assert heads(session)[f"item-{formula.id}"]["facts"]["composition"] == [
        {"name": "黄芪", "amount": "15", "unit": "g", "item_id": herb.id},
        {"name": "防风", "amount": "5~9", "unit": "g", "note": "去芦"},
        {"name": "盐", "unit": "as_needed"},
        {"name": "蜂蜜"},
    ]
    (row,) = rows_of(export(manager, "herb"))
    report = send(table({"编号": row["编号"], "名称": "黄耆", "名称（蒙古文）": None})).get_json()
    assert report["updated"] == 1
    content = heads(session)[row["编号"]]
    assert content["zh"]["name"] == "黄耆"
    assert content["zh"]["body"] == heads(session)[row["编号"]]["zh"]["body"]
    assert picture["url"] in content["zh"]["body"]


def test_a_second_import_of_the_same_sheet_changes_nothing(send, session):
    content = zipped(
        {
            "药材.xlsx": table({"编号": "a", "名称": "黄芪", "图片": "根.jpg"}),
            "图片/根.jpg": jpeg(600, 400),
        }
    )
    assert send(content).get_json()["created"] == 1
    assert send(content).get_json()["unchanged"] == 1
    assert count(session, StoredFile) == 1
    assert len(heads(session)["a"]["facts"]["pictures"]) == 1
    more = zipped(
        {
            "药材.xlsx": table({"编号": "a", "名称": "黄芪", "图片": "叶.jpg"}),
            "图片/叶.jpg": jpeg(500, 500),
        }
    )
    assert send(more).get_json()["updated"] == 1
    first, second = heads(session)["a"]["facts"]["pictures"]
    assert first["file_id"] > second["file_id"]


def test_all_that_is_wrong_is_told_and_nothing_kept(send, session):
    answer = send(
        table(
            {"编号": "a", "名称": "好的"},
            {"编号": "b", "名称": "长" * 201, "孕期": "不知道", "原文语言": "英文"},
            {"编号": None, "名称": "没有编号"},
            {"编号": "a", "名称": "重复"},
            {"编号": "c", "名称": None},
            {"编号": "d", "名称": "主题", "主题": "没有这个"},
            {"编号": "e", "名称": "别处", "机构": "别的医院"},
            {"编号": "f", "名称": "图", "图片": "没有.jpg"},
        )
    )
    assert errors_of(answer) == [
        (3, "名称", "too_long"),
        (3, "孕期", "not_choice"),
        (3, "原文语言", "not_choice"),
        (4, "编号", "required"),
        (5, "编号", "row_repeated"),
        (6, "名称", "required"),
        (7, "主题", "topic_unknown"),
        (8, "机构", "entry_of_another"),
        (9, "图片", "picture_missing"),
    ]
    assert all(each["message"] for each in answer.get_json()["errors"])
    assert count(session, KnowledgeItem) == 0
    assert count(session, AuditRecord) == 0
    unclear = table({"编号": "a", "名称": "方", "组成": "黄芪 9 大勺"})
    assert errors_of(send(unclear, kind="formula")) == [(2, "组成", "component_unclear")]


def test_a_dry_run_keeps_nothing(send, session, app):
    content = zipped(
        {"a.xlsx": table({"编号": "a", "名称": "黄芪", "图片": "1.jpg"}), "1.jpg": jpeg()}
    )
    report = send(content, dry_run=True).get_json()
    assert (report["created"], report["is_applied"]) == (1, False)
    tables = (KnowledgeItem, KnowledgeRevision, StoredFile, AuditRecord)
    assert [count(session, each) for each in tables] == [0, 0, 0, 0]


def publish(session, herb, doctor) -> None:
    """As reviewers and publishers do, without asking whether they may."""
    item = session.get(KnowledgeItem, herb.id)
    review = KnowledgeReview(
        item_id=item.id,
        revision_number=1,
        author_id=item.author_id,
        reviewer_id=doctor.staff_id,
        verdict="approved",
        reviewed_at=item.created_at,
    )
    session.add(review)
    session.flush()
    (head,) = session.scalars(select(KnowledgeRevision))
    head.is_open, item.state, item.submitted_at = False, "published", item.created_at
    session.add(
        KnowledgePublication(
            item_id=item.id,
            revision_number=1,
            kind=item.kind,
            organization_id=item.organization_id,
            name=item.title,
            content=head.content,
            original_language="zh",
            published_at=item.created_at,
            first_published_at=item.created_at,
            reviewed_at=item.created_at,
        )
    )
    session.commit()


def test_what_citizens_see_stays(send, session, herb, doctor, manager, http):
    publish(session, herb, doctor)
    (row,) = rows_of(export(manager))
    row["名称"] = "改过的名称"
    assert send(table(row)).get_json()["updated"] == 1
    publication = session.scalars(select(KnowledgePublication)).one()
    assert (publication.name, publication.revision_number) == ("黄芪", 1)
    assert http.get(f"/knowledge/items/{herb.id}").get_json()["zh"]["name"] == "黄芪"
    assert herb.read()["state"] == "draft"
    assert heads(session)[row["编号"]]["zh"]["name"] == "改过的名称"


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_what_waits_for_others_is_left_alone(send, session, herb, manager, state):
    item = session.get(KnowledgeItem, herb.id)
    item.state, item.submitted_at = state, item.created_at
    session.commit()
    (row,) = rows_of(export(manager))
    row["名称"] = "改过的名称"
    assert errors_of(send(table(row))) == [(2, "编号", f"knowledge_is_{state}")]


def test_a_translation_that_was_not_changed_grows_stale(send, session, herb, manager):
    herb.save(changed(HERB, "mn", name="ᠬᠤᠩᠴᠢᠷ"))
    (row,) = rows_of(export(manager))
    row["名称"] = "黄耆"
    send(table(row))
    assert herb.read()["head"]["is_translation_stale"]
    row["名称（蒙古文）"] = "ᠬᠤᠩᠴᠢᠷ ᠡᠪᠡᠰᠦ"
    send(table(row))
    assert not herb.read()["head"]["is_translation_stale"]


def test_a_code_of_another_kind_or_organization(send, make, herb):
    code = f"item-{herb.id}"
    refused = send(table({"编号": code, "名称": "x"}), kind="article")
    assert errors_of(refused) == [(2, "编号", "entry_kind_fixed")]
    other = make.institution("别的医院")
    report = send(table({"编号": code, "名称": "别处"}), at=other).get_json()
    assert report["created"] == 1
    assert herb.read()["title"] == "黄芪"


@pytest.mark.parametrize("role", ["institution_staff", "district_officer", "auditor"])
def test_who_may_not_import(send, make, hospital, role):
    place = hospital if role.startswith("institution") else None
    console = make.console(role, place)
    assert send(table({"编号": "a", "名称": "b"}), console=console).status_code == 404


def test_nobody_imports_or_exports_out_of_reach(send, make, herb, session):
    elsewhere = make.console("district_manager", make.commission("150603"))
    content = table({"编号": "a", "名称": "b"})
    assert code_of(send(content, console=elsewhere)) == "organization_not_found"
    assert rows_of(export(elsewhere)) == []
    assert count(session, KnowledgeItem) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_template_explains_itself_and_is_empty(send, manager, kind):
    content = manager.get("/knowledge/import-template", kind=kind).data
    book = load_workbook(BytesIO(content))
    assert book.sheetnames[:2] == [KINDS[kind].title, "填写说明"]
    assert code_of(send(content, kind=kind)) == "spreadsheet_empty"


def test_a_text_too_long_for_a_cell_is_left_alone(send, session, herb, manager):
    herb.save(changed(HERB, "zh", body="".join(f"<p>{'很长' * 50}</p>" for _ in range(400))))
    before = heads(session)
    content = export(manager)
    (row,) = rows_of(content)
    assert row["详细介绍"] == "【内容太长，请在页面上编辑，这一格不要改】"
    assert send(content).get_json()["unchanged"] == 1
    assert heads(session) == before
