"""Writing an item: saves as somebody types, revisions, settings, throwing away."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models import AuditRecord, KnowledgeRevision
from services.knowledge.kinds import KINDS
from tests.files.pictures import jpeg
from tests.http import code_of
from tests.knowledge.writing import ARTICLE, HERB, begin, changed


def test_the_console_learns_the_kinds_and_their_fields(nurse):
    answer = nurse.get("/knowledge/kinds").get_json()
    assert [kind["code"] for kind in answer["items"]] == list(KINDS)
    herb = answer["items"][1]
    assert herb["half"][0] == {
        "name": "name",
        "title": "名称",
        "form": "line",
        "is_required": True,
        "hint": "",
        "choices": None,
    }
    toxicity = next(field for field in herb["facts"] if field["name"] == "toxicity")
    assert {"code": "none", "title": "无毒"} in toxicity["choices"]
    assert {"code": "g", "title": "克"} in answer["units"]


def test_a_draft_begins_empty_and_says_what_it_lacks(nurse, hospital):
    draft = begin(nurse, hospital).read()
    assert (draft["state"], draft["title"], draft["head"]["number"]) == ("draft", "", 1)
    assert draft["head"]["content"]["zh"] is None
    assert draft["head"]["content"]["facts"]["latin_name"] is None
    assert {"place": "facts.source", "title": "出处"} in draft["gaps"]
    assert "delete" in draft["allowed_actions"]
    assert draft["author_name"] == "乌云"


def test_what_is_saved_is_there_again(herb):
    saved = herb.read()
    assert saved["title"] == "黄芪"
    assert saved["gaps"] == []
    content = saved["head"]["content"]
    assert {name: content["zh"][name] for name in HERB["zh"]} == HERB["zh"]
    assert content["zh"]["growing"] is None
    assert content["facts"]["latin_name"] == "Astragali Radix"
    # What the console was given it may send back.
    assert herb.save(content).get_json()["revision"] == saved["revision"]


def test_saves_of_one_person_go_into_one_revision(herb, session):
    for name in ("黄耆", "黄芪"):
        answer = herb.save(changed(HERB, "zh", name=name)).get_json()
        assert (answer["number"], answer["title"]) == (1, name)
    assert session.query(KnowledgeRevision).count() == 1
    assert [each.action for each in session.query(AuditRecord)] == ["knowledge.created"]


def test_what_somebody_else_writes_is_a_revision_of_its_own(herb, officer, nurse):
    answer = herb.save(changed(HERB, "zh", name="黄耆"), console=officer).get_json()
    assert answer["number"] == 2
    assert herb.save(changed(HERB, "zh", name="绵芪")).get_json()["number"] == 3
    assert herb.read()["head"]["author_name"] == "乌云"


def test_saving_the_same_again_changes_nothing(herb):
    before = herb.read()
    answer = herb.save(HERB)
    assert answer.headers["ETag"] == f'"{before["revision"]}"'
    assert herb.read() == before


def test_who_saves_over_what_they_have_not_seen_is_refused(herb, officer):
    revision = herb.read()["revision"]
    assert herb.save(changed(HERB, "zh", name="甲"), revision=revision).status_code == 200
    late = herb.save(changed(HERB, "zh", name="乙"), revision=revision, console=officer)
    assert (late.status_code, code_of(late)) == (412, "edited_meanwhile")
    assert herb.read()["title"] == "甲"


def test_of_two_saves_at_once_one_wins(herb, make, nurse, hospital):
    colleague = make.console("institution_staff", hospital)
    revision = herb.read()["revision"]
    barrier, answers = Barrier(2), []

    def save(console, name):
        barrier.wait()
        content = changed(HERB, "zh", name=name)
        answers.append(herb.save(content, revision=revision, console=console).status_code)

    threads = [Thread(target=save, args=pair) for pair in ((nurse, "甲"), (colleague, "乙"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412]


def test_rich_text_is_cleaned_and_empty_fields_are_dropped(herb):
    content = changed(
        HERB,
        "zh",
        body="<p onclick=x>好<script>alert(1)</script></p>",
        growing="<p> </p>",
        usage=" ",
    )
    kept = herb.save(content).get_json()["content"]["zh"]
    assert (kept["body"], kept["growing"], kept["usage"]) == ("<p>好</p>", None, None)


@pytest.mark.parametrize(
    ("part", "values", "code"),
    [
        ("zh", {"period": "宋"}, "knowledge_field_foreign"),
        ("facts", {"product_form": "tea"}, "knowledge_field_foreign"),
        ("facts", {"topic_ids": [999]}, "knowledge_topic_unknown"),
        ("facts", {"pictures": [{"file_id": 999}]}, "file_not_found"),
        ("facts", {"video": {"file_id": 999}}, "file_not_found"),
        ("zh", {"body": f'<p><img src="/files/{"0" * 32}.jpg"></p>'}, "file_not_found"),
    ],
)
def test_what_cannot_be_meant_is_refused(herb, part, values, code):
    answer = herb.save(changed(HERB, part, **values))
    assert code_of(answer) == code
    if code == "knowledge_field_foreign":
        assert f"{part}.{next(iter(values))}" in answer.get_json()["detail"]


def test_words_of_any_length_up_to_the_limit(herb):
    assert herb.save(changed(HERB, "zh", name="芪" * 200)).get_json()["title"] == "芪" * 200
    assert herb.save(changed(HERB, "zh", name="芪" * 201)).status_code == 422
    body = f"<p>{'芪' * 199_000}</p>"
    assert herb.save(changed(HERB, "zh", body=body, growing=body)).status_code == 200


def test_pictures_are_ones_own_or_were_shown_before(herb, nurse, officer, make):
    picture = nurse.post("/files", jpeg(600, 400)).get_json()
    shown = changed(HERB, "facts", pictures=[{"file_id": picture["id"], "caption": "根"}])
    kept = herb.save(shown).get_json()["content"]["facts"]["pictures"]
    assert kept == [
        {
            "file_id": picture["id"],
            "url": picture["url"],
            "thumbnail_url": picture["thumbnail_url"],
            "width": 600,
            "height": 400,
            "caption": "根",
            "caption_mn": None,
        }
    ]
    # A colleague may take it out and put it back, but not take it into something else by its id.
    assert herb.save(HERB, console=officer).status_code == 200
    assert herb.save(shown, console=officer).status_code == 200
    other = begin(officer, make.commission(), "article")
    stolen = changed(ARTICLE, "facts", pictures=shown["facts"]["pictures"])
    assert code_of(other.save(stolen)) == "file_not_found"
    seen = changed(ARTICLE, "zh", body=f'<p><img src="{picture["url"]}"></p>')
    assert other.save(seen).status_code == 200
    (card,) = nurse.get("/knowledge/items").get_json()["items"]
    assert card["thumbnail_url"] == picture["thumbnail_url"]


def test_links_lead_to_what_the_writer_may_know(herb, officer, make, hospital):
    elsewhere = make.commission("150603")
    hidden = begin(make.console("district_officer", elsewhere), elsewhere, "article")
    known = begin(officer, make.commission(), "formula")
    closed = make.institution("关了的诊所", closed_at=make.clock.now())
    good = [
        {"target": "organization", "id": hospital.id},
        {"target": "doctor", "organization_id": hospital.id, "name": "宝音"},
        # Not yet chosen what to.
        {"target": "plant", "organization_id": None, "name": ""},
    ]
    kept = herb.save(HERB | {"links": good}).get_json()["content"]["links"]
    assert [link["label"] for link in kept] == ["东胜区蒙医医院", "宝音（东胜区蒙医医院）"]
    for bad in (
        {"target": "item", "id": hidden.id},
        {"target": "item", "id": herb.id},
        {"target": "item", "id": known.id},
        {"target": "organization", "id": closed.id},
        {"target": "entry", "id": 999},
        {"target": "plant", "organization_id": 999, "name": "黄芪园"},
    ):
        assert code_of(herb.save(HERB | {"links": [bad]})) == "knowledge_link_unknown", bad
    # The officer sees the draft of its own that the hospital does not.
    assert (
        herb.save(
            HERB | {"links": [{"target": "item", "id": known.id}]}, console=officer
        ).status_code
        == 200
    )


def test_an_institution_that_closed_later_is_no_reason_to_lose_work(herb, make, session, clock):
    clinic = make.institution("诊所")
    links = [{"target": "organization", "id": clinic.id}]
    herb.save(HERB | {"links": links})
    clinic.closed_at = clock.now()
    session.commit()
    assert herb.save(changed(HERB, "zh", name="绵芪") | {"links": links}).status_code == 200


def test_a_translation_knows_that_its_original_has_changed(herb, officer):
    mongolian = {"name": "ᠬᠤᠩᠴᠢᠷ", "summary": "ᠡᠮ"}
    both = HERB | {"mn": mongolian}
    assert herb.save(both).get_json()["is_translation_stale"] is False
    moved = changed(both, "zh", cautions="孕妇慎用。")
    assert herb.save(moved).get_json()["is_translation_stale"] is True
    # A picture or the translation itself is not the original.
    more = changed(moved, "facts", source="《药典》")
    assert herb.save(more, console=officer).get_json()["is_translation_stale"] is True
    (card,) = officer.get("/knowledge/items", waiting="stale").get_json()["items"]
    assert card["is_translation_stale"] is True
    settled = herb.save(more, console=officer, is_translation_current=True).get_json()
    assert settled["is_translation_stale"] is False
    assert officer.get("/knowledge/items", waiting="stale").get_json()["items"] == []


def test_an_item_in_mongolian_alone(nurse, hospital):
    item = begin(nurse, hospital, original_language="mn")
    content = {**HERB, "zh": None, "mn": HERB["zh"] | {"name": "ᠬᠤᠩᠴᠢᠷ"}}
    answer = item.save(content).get_json()
    assert (answer["title"], answer["gaps"]) == ("ᠬᠤᠩᠴᠢᠷ", [])
    (card,) = nurse.get("/knowledge/items", search="ᠬᠤᠩᠴᠢᠷ").get_json()["items"]
    assert card["id"] == item.id


def test_a_closed_revision_never_changes(herb, officer, session):
    herb.save(changed(HERB, "zh", name="黄耆"), console=officer)
    with pytest.raises(IntegrityError, match="revision 1 of item"):
        session.execute(text("UPDATE knowledge_revisions SET content = '{}' WHERE number = 1"))


def test_settings(herb, officer, nurse, hospital, make):
    clinic = make.institution("卫生室", "village_clinic", parent=hospital)

    def change(console=nurse, **values):
        return console.patch(herb.path, values, revision=herb.read()["revision"])

    assert change(code="herb-huangqi").get_json()["code"] == "herb-huangqi"
    assert code_of(change(are_comments_open=True)) == "knowledge_comments_for_publishers"
    assert change(officer, are_comments_open=True).get_json()["are_comments_open"] is True
    assert change(organization_id=clinic.id).get_json()["organization"]["name"] == "卫生室"
    assert code_of(change(organization_id=make.institution("别家").id)) == "organization_not_found"
    other = begin(nurse, clinic)
    taken = nurse.patch(other.path, {"code": "herb-huangqi"}, revision=1)
    assert code_of(taken) == "knowledge_code_taken"


def test_a_draft_is_thrown_away(herb, nurse):
    assert nurse.delete(herb.path, revision=1).status_code == 412
    assert nurse.delete(herb.path, revision=herb.read()["revision"]).status_code == 204
    assert code_of(nurse.get(herb.path)) == "knowledge_item_not_found"
    assert nurse.get("/knowledge/items").get_json()["items"] == []


def test_lists_are_filtered_and_sorted(herb, nurse, officer, hospital, make, clock):
    clock.advance(minutes=1)
    article = begin(nurse, hospital, "article")
    article.save(ARTICLE)

    def ids(console=nurse, **query):
        return [each["id"] for each in console.get("/knowledge/items", **query).get_json()["items"]]

    assert ids() == [article.id, herb.id]
    assert ids(sort="changed_at") == [herb.id, article.id]
    assert ids(kind="herb") == [herb.id]
    assert ids(search="北芪") == [herb.id]
    assert ids(search="astragali") == [herb.id]
    assert ids(state="published") == []
    assert ids(waiting="mine") == [article.id, herb.id]
    assert ids(officer, waiting="mine") == []
    assert ids(officer, organization_id=hospital.id) == [article.id, herb.id]
    first = nurse.get("/knowledge/items", limit=1).get_json()
    assert ids(limit=1, cursor=first["next_cursor"]) == [herb.id]
    assert code_of(nurse.get("/knowledge/items", cursor="x")) == "cursor_invalid"


def test_topics_are_kept_by_commissions(make, herb, nurse):
    manager = make.console("district_manager")
    topic = manager.post("/knowledge/topics", {"name": "四季养生"}).get_json()
    assert (
        code_of(manager.post("/knowledge/topics", {"name": "四季养生"})) == "knowledge_topic_taken"
    )
    path = f"/knowledge/topics/{topic['id']}"
    edited = manager.patch(path, {"name_mn": "ᠴᠠᠭ"}, revision=1).get_json()
    assert (edited["name_mn"], edited["revision"]) == ("ᠴᠠᠭ", 2)
    assert herb.save(changed(HERB, "facts", topic_ids=[topic["id"]])).status_code == 200
    (listed,) = nurse.get("/knowledge/topics").get_json()["items"]
    assert listed == edited
    assert manager.delete(path, revision=1).status_code == 412
    assert manager.delete(path, revision=2).status_code == 204
    assert code_of(manager.delete(path, revision=2)) == "knowledge_topic_not_found"
    # A topic that is gone is no reason to lose work.
    again = changed(HERB, "facts", topic_ids=[topic["id"]])
    assert herb.save(changed(again, "zh", name="绵芪")).status_code == 200


def test_a_topic_is_put_between_others(make):
    manager = make.console("district_manager")
    names = ("春", "夏", "秋", "冬")
    topics = [manager.post("/knowledge/topics", {"name": name}).get_json() for name in names]

    def order() -> str:
        listed = manager.get("/knowledge/topics").get_json()["items"]
        return "".join(topic["name"] for topic in listed)

    def put(topic: dict, at: dict) -> None:
        path = f"/knowledge/topics/{topic['id']}"
        now = {each["id"]: each for each in manager.get("/knowledge/topics").get_json()["items"]}
        body = {"position": now[at["id"]]["position"]}
        revision = now[topic["id"]]["revision"]
        assert manager.patch(path, body, revision=revision).status_code == 200

    put(topics[3], at=topics[0])
    assert order() == "冬春夏秋"
    put(topics[2], at=topics[1])
    assert order() == "冬春秋夏"


def test_a_list_names_items_in_both_scripts(herb, nurse):
    herb.save({**HERB, "mn": {"name": "ᠬᠣᠩᠴᠢᠷ"}})
    (card,) = nurse.get("/knowledge/items").get_json()["items"]
    assert (card["name"], card["name_mn"]) == ("黄芪", "ᠬᠣᠩᠴᠢᠷ")
