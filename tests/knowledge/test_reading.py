"""What citizens read: lists, one item, links from both ends, an institution's page."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from models import KnowledgeCount, KnowledgeItem, KnowledgeLink
from tests.http import code_of
from tests.knowledge.publications import make_topic, publish, take_down

MONGOLIAN = "ᠬᠤᠩᠴᠢᠷ"


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.get_json()
    return [item["name"] for item in answer.get_json()["items"]]


def pages(http, **query) -> list[str]:
    """All names, page by page."""
    found, cursor = [], {}
    while cursor is not None:
        answer = http.get("/knowledge/items", **query, **cursor)
        found += names(answer)
        next_cursor = answer.get_json()["next_cursor"]
        cursor = {"cursor": next_cursor} if next_cursor else None
    return found


def test_nothing_is_there_yet(http, app):
    assert http.get("/knowledge/items").get_json() == {"items": [], "next_cursor": None}
    assert http.get("/knowledge/topics").get_json() == {"items": []}


def test_the_latest_come_first_page_by_page(http, make, clock):
    for number in range(5):
        # Two of each moment: those are told apart by their ids.
        publish(make, name=f"文章{number}", published_at=clock.now() - timedelta(days=number // 2))
    expected = ["文章1", "文章0", "文章3", "文章2", "文章4"]
    for limit in (1, 2, 3, 100):
        assert pages(http, limit=limit) == expected


def test_the_most_read_come_first_and_then_those_never_read(http, make, session):
    ids = [publish(make, name=f"文章{number}").item_id for number in range(4)]
    for item_id, views in ((ids[1], 9), (ids[0], 10)):
        session.get(KnowledgeCount, item_id).views = views
    session.commit()
    assert pages(http, limit=1, sort="popular") == ["文章0", "文章1", "文章3", "文章2"]
    assert pages(http, limit=3, sort="popular") == ["文章0", "文章1", "文章3", "文章2"]


def test_a_list_goes_by_kind_topic_and_institution(http, make):
    summer, winter = make_topic(make, "夏"), make_topic(make, "冬", name_mn="ᠡᠪᠦᠯ")
    hospital = make.institution("东胜区蒙医医院")
    publish(make, "herb", name="黄芪", facts={"topic_ids": [summer.id]}, at=hospital)
    publish(make, "herb", name="甘草", facts={"topic_ids": [summer.id, winter.id]})
    publish(make, "article", name="冬天", facts={"topic_ids": [winter.id]})
    assert pages(http, kind="herb") == ["甘草", "黄芪"]
    assert pages(http, topic_id=winter.id) == ["冬天", "甘草"]
    assert pages(http, kind="herb", topic_id=winter.id) == ["甘草"]
    assert pages(http, organization_id=hospital.id) == ["黄芪"]
    assert len(pages(http, organization_id=hospital.parent_id)) == 3, "all below the commission"
    assert pages(http, organization_id=999_999) == pages(http, topic_id=999_999) == []
    topics = http.get("/knowledge/topics").get_json()["items"]
    assert [(each["name"], each["name_mn"]) for each in topics] == [("夏", None), ("冬", "ᠡᠪᠦᠯ")]


@pytest.mark.parametrize("query", [{"kind": "drug"}, {"sort": "best"}, {"topic_id": "x"}])
def test_what_cannot_be_meant_is_refused(http, app, query):
    assert code_of(http.get("/knowledge/items", **query)) == "invalid_request"


def test_a_cursor_of_the_other_order_is_none(http, make):
    publish(make), publish(make)
    cursor = http.get("/knowledge/items", limit=1).get_json()["next_cursor"]
    answer = http.get("/knowledge/items", sort="popular", cursor=cursor)
    assert code_of(answer) == "cursor_invalid"


def test_a_card_has_what_a_list_shows(http, make, clock):
    hospital = make.institution("蒙医医院", name_mn=MONGOLIAN)
    long = "黄" * 200
    publish(
        make,
        "herb",
        name=long,
        name_mn=MONGOLIAN,
        zh={"summary": "补气"},
        at=hospital,
        picture_name="0" * 32 + ".jpg",
        review_again_on=clock.now().date(),
    )
    (card,) = http.get("/knowledge/items").get_json()["items"]
    assert card == {
        "id": card["id"],
        "kind": "herb",
        "name": long,
        "name_mn": MONGOLIAN,
        "summary": "补气",
        "summary_mn": None,
        "thumbnail_url": f"/files/{'0' * 32}-thumb.jpg",
        "organization": {"id": hospital.id, "name": "蒙医医院", "name_mn": MONGOLIAN},
        "published_at": card["published_at"],
        "views": 0,
        "is_sample": False,
        "is_review_overdue": False,
    }
    clock.advance(days=1)
    (card,) = http.get("/knowledge/items").get_json()["items"]
    assert card["is_review_overdue"] is True
    assert http.get(f"/knowledge/items/{card['id']}").get_json()["is_review_overdue"] is True


def test_an_item_in_one_script_has_no_half_in_the_other(http, make):
    item_id = publish(
        make, "herb", name=None, name_mn=MONGOLIAN, mn={"cautions": MONGOLIAN}
    ).item_id
    item = http.get(f"/knowledge/items/{item_id}").get_json()
    assert item["zh"] is None
    assert (item["mn"]["name"], item["mn"]["cautions"]) == (MONGOLIAN, MONGOLIAN)
    assert item["original_language"] == "mn"
    assert item["facts"]["source"] == "《神农本草经》"
    assert item["facts"]["pregnancy"] is None


def test_what_is_not_public_is_not_found(http, make, session):
    gone = publish(make)
    take_down(make, gone)
    draft = make._add(
        KnowledgeItem(
            kind="article",
            organization_id=make.commission().id,
            author_id=make.staff().id,
            title="草稿",
            created_at=make.clock.now(),
            changed_at=make.clock.now(),
        )
    )
    for item_id in (gone.item_id, draft.id, 999_999):
        assert code_of(http.get(f"/knowledge/items/{item_id}")) == "knowledge_not_public"
    assert pages(http) == []


def test_links_are_seen_from_both_ends(http, make, clock):
    hospital = make.institution("蒙医医院")
    campaign = make.campaign(entries=1)
    hidden = make.campaign(state="draft", entries=1, opens_at=clock.now() + timedelta(days=1))
    herb = publish(make, "herb", name="黄芪")
    gone = publish(make, "herb", name="撤下")
    formula = publish(
        make,
        "formula",
        name="玉屏风散",
        links=[
            {"target": "item", "id": herb.item_id},
            {"target": "item", "id": gone.item_id},
            {"target": "organization", "id": hospital.id},
            {"target": "doctor", "organization_id": hospital.id, "name": "乌云"},
            {"target": "entry", "id": make.entries(campaign)[0]},
            {"target": "entry", "id": make.entries(hidden)[0]},
        ],
    )
    take_down(make, gone)
    links = http.get(f"/knowledge/items/{formula.item_id}").get_json()["links"]
    assert [(each["target"], each["name"], each["campaign_id"]) for each in links] == [
        ("item", "黄芪", None),
        ("organization", "蒙医医院", None),
        ("doctor", "乌云", None),
        ("entry", "参评对象1", campaign.id),
    ]
    assert links[0]["card"]["id"] == herb.item_id
    assert links[2]["organization"]["id"] == hospital.id
    (back,) = http.get(f"/knowledge/items/{herb.item_id}").get_json()["links"]
    assert (back["id"], back["name"]) == (formula.item_id, "玉屏风散")


def test_two_that_link_to_each_other_show_each_other_once(http, make):
    one = publish(make, name="甲")
    other = publish(make, name="乙", links=[{"target": "item", "id": one.item_id}])
    make.session.execute(
        KnowledgeLink.__table__.insert().values(
            item_id=one.item_id, position=0, target="item", target_id=other.item_id
        )
    )
    make.session.commit()
    for item, name in ((one, "乙"), (other, "甲")):
        links = http.get(f"/knowledge/items/{item.item_id}").get_json()["links"]
        assert [each["name"] for each in links] == [name]


def test_related_are_of_its_topics_then_alike_without_what_it_links_to(http, make):
    topic = make_topic(make)
    of_topic = {"topic_ids": [topic.id]}
    linked = publish(make, "herb", name="连着", facts=of_topic)
    publish(make, "herb", name="同类")
    publish(make, "article", name="同主题的文章", facts=of_topic)
    publish(make, "herb", name="同主题同类", facts=of_topic)
    publish(make, "article", name="无关")
    item = publish(
        make,
        "herb",
        name="本条",
        facts=of_topic,
        links=[{"target": "item", "id": linked.item_id}],
    )
    related = http.get(f"/knowledge/items/{item.item_id}").get_json()["related"]
    assert [card["name"] for card in related] == ["同主题同类", "同主题的文章", "同类"]


def test_an_institution_shows_who_is_there_and_what_names_it(http, make):
    hospital = make.institution("蒙医医院", address="某街1号")
    publish(make, name="本院的", at=hospital)
    naming = publish(
        make,
        name="说到本院",
        links=[
            {"target": "organization", "id": hospital.id},
            {"target": "doctor", "organization_id": hospital.id, "name": "乌云"},
        ],
    )
    publish(
        make,
        name="也说到乌云",
        links=[{"target": "doctor", "organization_id": hospital.id, "name": "乌云"}],
    )
    page = http.get(f"/knowledge/institutions/{hospital.id}").get_json()
    assert (page["name"], page["address"], page["items_count"]) == ("蒙医医院", "某街1号", 1)
    assert [(each["target"], each["name"]) for each in page["links"]] == [
        ("doctor", "乌云"),
        ("item", "说到本院"),
    ]
    assert page["links"][1]["card"]["id"] == naming.item_id
    assert code_of(http.get("/knowledge/institutions/999999")) == "organization_not_found"


def test_a_long_list_asks_the_database_once(http, make, app):
    for number in range(12):
        publish(make, name=f"文章{number}", at=make.institution(f"医院{number}"))
    with app.app_context():
        engine = app.extensions["sain"].context().session.get_bind()
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert len(names(http.get("/knowledge/items", limit=30))) == 12
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len([each for each in statements if each.startswith("SELECT")]) == 1


def test_a_code_leads_to_the_item_while_it_is_public(http, make):
    publication = publish(make)
    answer = http.get(f"/knowledge/items/{publication.item_id}/qr")
    assert answer.status_code == 200
    assert answer.content_type == "image/png"
    assert answer.get_data().startswith(b"\x89PNG")
    take_down(make, publication)
    later = http.get(f"/knowledge/items/{publication.item_id}/qr")
    assert code_of(later) == "knowledge_not_public"
