"""Items as zips: what is exported comes back the same, here or elsewhere; hostile ones are not."""

import io
import json
import os
import stat
import zipfile
from copy import deepcopy

import pytest
from sqlalchemy import func, select

from models import AuditRecord, KnowledgeItem, KnowledgeRevision, StoredFile
from services.knowledge.exchange.samples_loading import read_samples
from tests.files.pictures import SCRIPT, jpeg
from tests.files.videos import mp4
from tests.http import code_of
from tests.knowledge.test_transfer_sheets import count, errors_of, heads
from tests.knowledge.writing import HERB, begin, changed
from tests.spreadsheets.files import parts_of, zipped

ENTRY = {
    "code": "herb-a",
    "kind": "herb",
    "original_language": "zh",
    "zh": {"name": "黄芪"},
    "mn": None,
    "facts": {},
    "links": [],
}


@pytest.fixture
def manager(make):
    return make.console("district_manager", name="苏日娜")


@pytest.fixture
def send(manager, hospital):
    def post(content: bytes, *, dry_run: bool = False, at=hospital, console=manager):
        query = {"organization_id": at.id, "dry_run": str(dry_run).lower()}
        return console.post("/knowledge/import-archive", content, **query)

    return post


def packed(*entries: object, **files: bytes) -> bytes:
    parts = {f"pictures/{name}.jpg": content for name, content in files.items()}
    return zipped({"entries.json": json.dumps(entries, ensure_ascii=False)} | parts)


def entry(part: str | None = None, **values: object) -> dict:
    copy = deepcopy(ENTRY)
    (copy if part is None else copy[part]).update(values)
    return copy


@pytest.fixture
def written(nurse, hospital, manager, herb):
    """Items that say everything an item can say."""
    manager.post("/knowledge/topics", {"name": "四季养生"})
    (topic,) = manager.get("/knowledge/topics").get_json()["items"]
    one, two = (nurse.post("/files", jpeg(300 + n, 200)).get_json() for n in range(2))
    video = nurse.post("/files/videos", mp4()).get_json()
    body = f'<p>根<strong>粗</strong></p><p><img src="{one["url"]}" alt="根"></p>'
    content = changed(HERB, "zh", body=body)
    content["mn"] = {"name": "ᠬᠤᠩᠴᠢᠷ", "body": "<p>ᠡᠮ</p>"}
    content["facts"] |= {
        "pictures": [{"file_id": two["id"], "caption": "叶", "caption_mn": "ᠨᠠᠪᠴᠢ"}],
        "topic_ids": [topic["id"]],
        "video": {"file_id": video["id"]},
    }
    formula = begin(nurse, hospital, "formula")
    content["links"] = [
        {"target": "item", "id": formula.id},
        {"target": "organization", "id": hospital.id},
        {"target": "doctor", "organization_id": hospital.id, "name": "巴特尔"},
    ]
    assert herb.save(content).status_code == 200
    formula.save(
        {
            "zh": {"name": "玉屏风散"},
            "mn": None,
            "facts": {
                "composition": [{"name": "黄芪", "amount": "9", "unit": "g", "item_id": herb.id}]
            },
            "links": [{"target": "item", "id": herb.id}],
        }
    )
    technique = begin(nurse, hospital, "technique")
    steps = [{"text": "一"}, {"text": "二", "picture_id": one["id"]}]
    technique.save({"zh": {"name": "揉", "steps": steps}, "mn": None, "facts": {}, "links": []})
    return herb, formula, technique


def test_what_was_exported_comes_back_the_same(send, session, manager, written):
    before = heads(session)
    answer = manager.get("/knowledge/items/archive")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    for dry_run in (True, False):
        report = send(answer.data, dry_run=dry_run).get_json()
        assert (report["unchanged"], report["errors"]) == (3, []), report
    assert heads(session) == before
    assert count(session, StoredFile) == 3


def test_another_organization_gets_all_but_the_video(send, session, manager, written, make):
    parts = parts_of(manager.get("/knowledge/items/archive").data)
    entries = json.loads(parts["entries.json"])
    other = make.institution("别的医院")
    for each in entries:
        assert each.pop("organization") == "东胜区蒙医医院"
        each["code"] = f"new-{each['code']}"
    refused = send(zipped(parts | {"entries.json": json.dumps(entries)}), at=other)
    assert (1, "视频", "video_not_along") in errors_of(refused)
    del entries[0]["facts"]["video"]
    for each in entries:
        each["links"] = [link for link in each["links"] if link["target"] != "item"]
        for component in each["facts"].get("composition", []):
            component["item"] = f"new-{component['item']}"
    content = zipped(parts | {"entries.json": json.dumps(entries, ensure_ascii=False)})
    report = send(content, at=other).get_json()
    assert (report["created"], report["errors"]) == (3, []), report
    mine = heads(session)
    herb, formula, _ = written
    copy = mine[f"new-item-{herb.id}"]
    assert copy["mn"] == mine[f"item-{herb.id}"]["mn"]
    assert copy["facts"]["pictures"][0]["caption_mn"] == "ᠨᠠᠪᠴᠢ"
    assert copy["facts"]["pictures"] != mine[f"item-{herb.id}"]["facts"]["pictures"]
    assert '<strong>粗</strong></p><p><img src="/files/' in copy["zh"]["body"]
    new_herb = session.scalars(
        select(KnowledgeItem).where(KnowledgeItem.code == f"new-item-{herb.id}")
    ).one()
    component = mine[f"new-item-{formula.id}"]["facts"]["composition"][0]
    assert component["item_id"] == new_herb.id
    assert send(content, at=other).get_json()["unchanged"] == 3


def test_the_samples_can_be_brought_by_an_archive(send, session, manager):
    entries = read_samples("herb")[:5] + read_samples("formula")[:3]
    topics = {name for each in entries for name in each["facts"].get("topics", [])}
    for name in sorted(topics):
        manager.post("/knowledge/topics", {"name": name})
    known = {each["code"] for each in entries}
    for each in entries:
        each["links"] = [link for link in each["links"] if link["code"] in known]
        for component in each["facts"].get("composition", []):
            if component.get("item") not in known:
                component.pop("item", None)
    report = send(packed(*entries)).get_json()
    assert (report["created"], report["errors"]) == (8, []), report
    assert send(packed(*entries)).get_json()["unchanged"] == 8


def test_pictures_are_made_anew(send, session, app):
    html = '<p>看<img src="pictures/a.jpg" onerror="alert(1)"></p><script>alert(1)</script>'
    content = packed(entry("zh", body=html), a=jpeg(300, 200, comment=SCRIPT))
    assert send(content).get_json()["created"] == 1
    body = heads(session)["herb-a"]["zh"]["body"]
    assert "script" not in body
    assert "onerror" not in body
    stored = session.scalars(select(StoredFile)).one()
    assert f"/files/{stored.name}" in body
    assert stored.attached_at is not None
    kept = app.extensions["sain"].services.storage.get(stored.name)
    assert SCRIPT not in kept


WRONG = {
    "a text": ("黄芪", "", "entry_not_recognized"),
    "a foreign field": (entry(colour="red"), "colour", "knowledge_field_foreign"),
    "a foreign fact": (entry("facts", colour="red"), "facts.colour", "knowledge_field_foreign"),
    "a field of another kind": (entry("zh", steps=[]), "zh.steps", "knowledge_field_foreign"),
    "a number for a name": (entry("zh", name=5), "名称", "knowledge_field_unfit"),
    "a list for a half": (entry(zh=[]), "zh", "knowledge_field_unfit"),
    "no code": (entry(code=" "), "code", "knowledge_field_unfit"),
    "a code of lines": (entry(code="a\nb"), "code", "knowledge_field_unfit"),
    "a long code": (entry(code="a" * 65), "code", "knowledge_field_unfit"),
    "no kind": (entry(kind="potion"), "kind", "knowledge_field_unfit"),
    "a strange kind": (entry(kind=["herb"]), "kind", "knowledge_field_unfit"),
    "a strange language": (
        entry(original_language="en"),
        "original_language",
        "knowledge_field_unfit",
    ),
    "no name": (entry(zh=None), "名称", "required"),
    "a topic": (entry("facts", topics=["没有"]), "主题", "topic_unknown"),
    "a topic that is none": (entry("facts", topics=[{"a": 1}]), "主题", "knowledge_field_unfit"),
    "a link": (entry(links=[{"target": "item", "code": "none"}]), "关联", "entry_unknown"),
    "a link to nowhere": (
        entry(links=[{"target": "organization", "organization": "无"}]),
        "关联",
        "link_organization_unknown",
    ),
    "a link of ids": (
        entry(links=[{"target": "item", "id": 1}]),
        "关联",
        "knowledge_field_foreign",
    ),
    "a picture": (
        entry("facts", pictures=[{"file": "pictures/none.jpg"}]),
        "图片",
        "picture_missing",
    ),
    "a picture elsewhere": (
        entry("facts", pictures=[{"file": "../../etc/passwd"}]),
        "图片",
        "picture_missing",
    ),
    "a picture that is none": (entry("facts", pictures=[5]), "图片", "knowledge_field_unfit"),
    "a picture's id": (
        entry("facts", pictures=[{"file_id": 1}]),
        "图片",
        "knowledge_field_foreign",
    ),
    "a video": (entry("facts", video={"file": f"{'0' * 32}.mp4"}), "视频", "video_not_along"),
    "a long text": (entry("zh", summary="长" * 5001), "一句话简介", "knowledge_field_unfit"),
}


@pytest.mark.parametrize(("wrong", "column", "code"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_and_nothing_kept(send, session, wrong, column, code):
    answer = send(packed(entry(code="good"), wrong))
    assert errors_of(answer) == [(2, column, code)]
    assert answer.get_json()["errors"][0]["message"]
    for table in (KnowledgeItem, KnowledgeRevision, StoredFile, AuditRecord):
        assert count(session, table) == 0


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


def linked() -> bytes:
    """A zip in which a picture is a link to somewhere else."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr(
            "entries.json", json.dumps([entry("facts", pictures=[{"file": "pictures/a.jpg"}])])
        )
        link = zipfile.ZipInfo("pictures/a.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return output.getvalue()


BAD = {
    "no zip": (b"no zip", "archive_not_recognized"),
    "nothing": (b"", "archive_not_recognized"),
    "an empty zip": (zipped({}), "archive_not_recognized"),
    "no list of entries": (zipped({"a.json": "[]"}), "archive_not_recognized"),
    "two lists": (
        zipped({"a/entries.json": "[]", "b/entries.json": "[]"}),
        "archive_not_recognized",
    ),
    "no JSON": (zipped({"entries.json": "{"}), "archive_not_recognized"),
    "no list": (zipped({"entries.json": "{}"}), "archive_not_recognized"),
    "an empty list": (packed(), "archive_not_recognized"),
    "no text": (zipped({"entries.json": b"\xff\xfe"}), "archive_not_recognized"),
    "no number": (zipped({"entries.json": "[NaN]"}), "archive_not_recognized"),
    "a name twice": (
        zipped({"entries.json": '[{"code": "a", "code": "b"}]'}),
        "archive_not_recognized",
    ),
    "very deep": (zipped({"entries.json": deep(200_000)}), "archive_not_recognized"),
    "many": (packed(*({"code": str(n)} for n in range(501))), "archive_too_many_entries"),
    "a bomb": (zipped({"entries.json": b" " * 300_000_000}), "spreadsheet_too_large"),
    "many files": (zipped({f"pictures/{n}": "" for n in range(10_001)}), "spreadsheet_too_large"),
    "a zip in a zip": (zipped({"a.zip": packed(ENTRY)}), "archive_not_recognized"),
}


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD)
def test_what_is_no_archive(send, session, content, code):
    assert code_of(send(content)) == code
    assert count(session, KnowledgeItem) == 0


def test_pictures_that_are_none(send):
    shown = entry("facts", pictures=[{"file": "pictures/a.jpg"}])
    assert errors_of(send(linked())) == [(1, "图片", "image_not_recognized")]
    assert errors_of(send(packed(shown, a=zipped({"b": "c"})))) == [
        (1, "图片", "image_not_recognized")
    ]
    assert errors_of(send(packed(shown, a=os.urandom(9 * 2**20)))) == [
        (1, "图片", "picture_too_large")
    ]


def test_an_archive_in_a_folder_as_people_pack_it(send, session):
    content = {"我的/entries.json": json.dumps([ENTRY]), "__MACOSX/我的/entries.json": "junk"}
    assert send(zipped(content)).get_json()["created"] == 1


def test_entries_may_refer_to_each_other_in_any_order(send, session):
    one = entry(code="a", links=[{"target": "item", "code": "b"}])
    two = entry(code="b", links=[{"target": "item", "code": "a"}])
    assert send(packed(one, two)).get_json()["created"] == 2
    items = dict(session.execute(select(KnowledgeItem.code, KnowledgeItem.id)).all())
    contents = heads(session)
    assert contents["a"]["links"] == [{"target": "item", "id": items["b"]}]
    assert contents["b"]["links"] == [{"target": "item", "id": items["a"]}]


def test_out_of_reach(send, make, session, herb):
    elsewhere = make.console("district_manager", make.commission("150603"))
    assert code_of(send(packed(ENTRY), console=elsewhere)) == "organization_not_found"
    archive = parts_of(elsewhere.get("/knowledge/items/archive").data)
    assert json.loads(archive["entries.json"]) == []
    # An item that is neither published nor within reach is no more there than one that is not.
    hidden = {"target": "item", "code": f"item-{herb.id}@东胜区蒙医医院"}
    place = make.institution("远处的医院", parent=make.commission("150603"))
    answer = send(packed(entry(links=[hidden])), console=elsewhere, at=place)
    assert errors_of(answer) == [(1, "关联", "entry_unknown")]
    assert session.scalar(select(func.count()).select_from(KnowledgeItem)) == 1
