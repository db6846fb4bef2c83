"""Searching published knowledge, over HTTP."""

import pytest
from sqlalchemy import text

from tests.http import code_of
from tests.knowledge.publications import index, make_topic, publish, take_down

HOSTILE = [
    "%",
    "_",
    "'",
    "''; DROP TABLE knowledge_items; --",
    "\\",
    "a & b | !c <-> d",
    ":*",
    "黄芪:*&!|'",
    "(((((",
    "\x00黄芪\x01",
    "\ud800",
    "🌿🌿🌿",
    "\u202e\u200d\u180e\ufe0f",
    "ᠮ\u180b\u180c\u180d\u202f\u202f",
    "黄" * 10_000,
    "a" * 10_000,
    " ".join("abcdefghij"[place % 10] * (place % 7 + 1) for place in range(2_000)),
    "huang" * 2_000,
    "黄qi" * 3_000,
    "的了吗呢",
    "药材",
    "什么",
    "9" * 5_000,
    "\n\t ",
    "",
    "null",
    "A\u0301" * 500,
]


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.get_json()
    return [item["name"] for item in answer.get_json()["items"]]


def marked(parts: list[dict]) -> str:
    return "".join(f"[{part['text']}]" if part["is_match"] else part["text"] for part in parts)


@pytest.fixture
def library(make):
    publish(make, "formula", name="玉屏风散", zh={"summary": "以黄芪为君药，益气固表。"})
    publish(make, "formula", name="黄芪建中汤", zh={"summary": "温中补气。"})
    latin = {"latin_name": "Astragalus mongholicus"}
    half = {"aliases": ["北芪"], "summary": "补气固表。"}
    publish(make, "herb", name="黄芪", zh=half, facts=latin)
    publish(make, "herb", name="黄连", zh={"summary": "清热燥湿。"})
    publish(make, "herb", name="金银花", name_mn="ᠴᠡᠴᠡᠭ", zh={"cautions": "脾胃虚寒者慎用。"})


def test_the_thing_itself_comes_before_what_mentions_it(http, library):
    answer = http.get("/knowledge/search", q="黄芪")
    assert names(answer) == ["黄芪", "黄芪建中汤", "玉屏风散"]
    page = answer.get_json()
    assert (page["query"], page["used_query"], page["nearest"]) == ("黄芪", "黄芪", [])
    assert (page["total"], page["total_is_least"], page["next_cursor"]) == (3, False, None)
    assert [item["match"]["field"] for item in page["items"]] == ["name", "name", "text"]
    assert marked(page["items"][1]["name_segments"]) == "[黄芪]建中汤"
    assert [marked(each) for each in page["items"][2]["match"]["passages"]] == [
        "以[黄芪]为君药，益气固表。"
    ]


FORMS = [
    ("黃耆", "name"),
    ("huangqi", "name"),
    ("huang qi", "name"),
    ("HuángQí", "name"),
    ("黄qi", "name"),
    ("huang芪", "name"),
    ("hq", "name"),
    ("ＨＱ", "name"),
    ("北芪", "alias"),
    ("beiqi", "alias"),
    ("ASTRAGALUS", "latin"),
    ("astragalus 黄芪", "name"),
]


def test_a_thing_is_found_by_all_its_names(http, library):
    for typed, field in FORMS:
        item = http.get("/knowledge/search", q=typed).get_json()["items"][0]
        assert (item["name"], item["match"]["field"]) == ("黄芪", field), typed
        if field == "name":
            assert marked(item["name_segments"]) == "[黄芪]", typed


def test_mongolian_is_found_however_it_is_encoded(http, library):
    for typed in ("ᠴᠡᠴᠡᠭ", "ᠴᠡᠴᠠᠭ"):
        item = http.get("/knowledge/search", q=typed).get_json()["items"][0]
        assert item["name"] == "金银花"
        assert marked(item["name_mn_segments"]) == "[ᠴᠡᠴᠡᠭ]"


def test_a_mistyped_name_is_searched_for_as_it_should_be(http, library):
    for typed in ("黄其", "金银化", "金艮花", "huanqi", "astragalas"):
        page = http.get("/knowledge/search", q=typed).get_json()
        assert page["query"] == typed
        assert page["used_query"] in {"黄芪", "金银花", "Astragalus mongholicus"}, typed
        assert page["items"][0]["name"] in {"黄芪", "金银花"}
    assert http.get("/knowledge/search", q="完全没有的东西").get_json()["items"] == []


def test_what_is_near_is_offered_when_only_a_text_mentions_it(http, make, library):
    publish(make, "article", name="养生", zh={"summary": "黄棋是错字。"})
    page = http.get("/knowledge/search", q="黄棋").get_json()
    assert names(http.get("/knowledge/search", q="黄棋")) == ["养生"]
    assert page["used_query"] == "黄棋"
    assert page["nearest"][0]["name"] == "黄芪"


def test_all_words_or_else_most_of_them(http, library):
    assert names(http.get("/knowledge/search", q="黄芪 固表")) == ["黄芪", "玉屏风散"]
    assert names(http.get("/knowledge/search", q="黄芪 固表 君药")) == ["玉屏风散"]
    found = names(http.get("/knowledge/search", q="黄芪 固表 没有的词"))
    assert set(found) == {"黄芪", "玉屏风散"}
    assert names(http.get("/knowledge/search", q="黄芪固表益气"))[0] in {"黄芪", "玉屏风散"}


def test_facets_say_what_the_other_filters_would_leave(http, make, library):
    topic = make_topic(make)
    publish(make, "herb", name="黄芩", facts={"topic_ids": [topic.id]})
    page = http.get("/knowledge/search", q="黄", kind="formula").get_json()
    assert names(http.get("/knowledge/search", q="黄", kind="formula")) == [
        "黄芪建中汤",
        "玉屏风散",
    ]
    assert page["facets"]["kinds"] == [
        {"kind": "herb", "count": 3},
        {"kind": "formula", "count": 2},
    ]
    assert page["facets"]["topics"] == []
    assert names(http.get("/knowledge/search", q="黄", topic_id=topic.id)) == ["黄芩"]
    page = http.get("/knowledge/search", q="黄", kind="herb").get_json()
    assert page["facets"]["topics"] == [{"topic_id": topic.id, "count": 1}]
    nothing = http.get("/knowledge/search", q="黄芪", kind="exercise").get_json()
    assert (nothing["items"], nothing["total"], nothing["used_query"]) == ([], 0, "黄芪")


def test_pages_follow_each_other_without_gap_or_repetition(http, make):
    for number in range(7):
        publish(make, "article", name=f"黄芪茶{'之' * (number % 3)}", zh={"summary": "补气。"})
    seen, cursor = [], {}
    while True:
        page = http.get("/knowledge/search", q="黄芪", limit=3, **cursor).get_json()
        assert page["total"] == 7
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert len(seen) == len(set(seen)) == 7
    lengths = [len(name) for name in names(http.get("/knowledge/search", q="黄芪", limit=7))]
    assert lengths == sorted(lengths)
    assert code_of(http.get("/knowledge/search", q="黄芪", cursor="x")) == "cursor_invalid"


def test_a_count_that_was_cut_short_says_so(http, make, library, monkeypatch):
    monkeypatch.setattr("services.knowledge.searching.finding.MOST_CANDIDATES", 2)
    page = http.get("/knowledge/search", q="黄").get_json()
    assert page["total_is_least"]
    assert page["total"] >= 2
    narrowed = http.get("/knowledge/search", q="黄", kind="formula").get_json()
    assert {item["kind"] for item in narrowed["items"]} == {"formula"}
    assert {"kind": "formula", "count": 1} in narrowed["facets"]["kinds"] or narrowed["facets"]


def test_what_is_read_more_comes_first_among_equals(http, make, session):
    one = publish(make, "article", name="黄芪茶")
    other = publish(make, "article", name="黄芪粥")
    query = "UPDATE knowledge_counts SET views = 500 WHERE item_id = :item_id"
    session.execute(text(query), {"item_id": other.item_id})
    session.commit()
    found = http.get("/knowledge/search", q="黄芪").get_json()["items"]
    assert [item["id"] for item in found] == [other.item_id, one.item_id]


def test_what_is_taken_down_is_found_by_nothing(http, make):
    publication = publish(make, "herb", name="黄芪")
    take_down(make, publication)
    page = http.get("/knowledge/search", q="黄芪").get_json()
    assert (page["items"], page["nearest"], page["total"]) == ([], [], 0)
    assert http.get("/knowledge/suggestions", q="黄").get_json()["items"] == []


def test_what_is_published_anew_is_found_by_what_it_says_now(http, make):
    publication = publish(make, "herb", name="黄芪")
    publication.content = publication.content | {"zh": {"name": "黄耆", "aliases": ["绵芪"]}}
    index(make, publication)
    index(make, publication)
    assert len(names(http.get("/knowledge/search", q="绵芪"))) == 1


def test_only_what_is_published_is_read(http, make, library, session):
    """A revision that nobody has reviewed has no way into the search."""
    session.execute(text("UPDATE knowledge_items SET title = '秘方', search_text = '秘方'"))
    session.commit()
    assert http.get("/knowledge/search", q="秘方").get_json()["total"] == 0


def test_whatever_is_typed_is_answered(http, library):
    for typed in HOSTILE:
        for path in ("/knowledge/search", "/knowledge/suggestions"):
            answer = http.get(path, q=typed.encode("utf-8", "surrogatepass"))
            assert answer.status_code == 200, (typed[:20], answer.get_json())


def test_a_search_needs_something_to_search_for(http):
    assert code_of(http.get("/knowledge/search")) == "invalid_request"
    assert code_of(http.get("/knowledge/suggestions")) == "invalid_request"


SUGGESTED = [
    ("黄", ["黄芪", "黄连", "黄芪建中汤"]),
    ("黄芪建", ["黄芪建中汤"]),
    ("黃", ["黄芪", "黄连", "黄芪建中汤"]),
    ("huangq", ["黄芪", "黄芪建中汤"]),
    ("h", ["黄芪", "黄连", "黄芪建中汤"]),
    ("jyh", ["金银花"]),
    ("黄l", ["黄连"]),
    ("astr", ["Astragalus mongholicus"]),
    ("ᠴᠡᠴ", ["ᠴᠡᠴᠡᠭ"]),
    ("屏风", ["玉屏风散"]),
    ("金艮花", ["金银花"]),
    ("baduanjin", []),
]


def test_suggestions(http, library):
    for typed, expected in SUGGESTED:
        found = http.get("/knowledge/suggestions", q=typed).get_json()["items"]
        texts = [each["text"] for each in found]
        assert texts[: len(expected)] == expected, typed
        assert expected or not found, typed


def test_a_suggestion_says_what_it_is_and_what_was_typed(http, library):
    (first, *_) = http.get("/knowledge/suggestions", q="huangqi").get_json()["items"]
    assert first["kind"] == "herb"
    assert marked(first["segments"]) == "[黄芪]"
    item = http.get(f"/knowledge/items/{first['item_id']}").get_json()
    assert item["zh"]["name"] == "黄芪"


def test_all_can_be_indexed_anew(app, http, make, library, session):
    session.execute(text("DELETE FROM knowledge_search_rows"))
    session.execute(text("DELETE FROM knowledge_names"))
    session.commit()
    assert http.get("/knowledge/search", q="黄芪").get_json()["total"] == 0
    result = app.test_cli_runner().invoke(args=["knowledge", "reindex"])
    assert (result.exit_code, result.output) == (0, "✓ 重建检索 5 条\n")
    assert http.get("/knowledge/search", q="黄芪").get_json()["total"] == 3
