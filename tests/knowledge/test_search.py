"""Searching published knowledge, over HTTP."""

from tests.knowledge.publications import publish


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.get_json()
    return [item["name"] for item in answer.get_json()["items"]]


def test_the_thing_itself_comes_before_what_mentions_it(http, make):
    publish(make, "formula", name="玉屏风散", zh={"summary": "以黄芪为君药，益气固表。"})
    publish(make, "formula", name="黄芪建中汤", zh={"summary": "温中补气。"})
    publish(make, "herb", name="黄芪", zh={"aliases": ["北芪"], "summary": "补气固表。"})
    publish(make, "herb", name="黄连", zh={"summary": "清热燥湿。"})
    assert names(http.get("/knowledge/search", q="黄芪")) == ["黄芪", "黄芪建中汤", "玉屏风散"]
    forms = ("黃耆", "huangqi", "huang qi", "HuángQí", "黄qi", "huang芪", "北芪", "hq", "ＨＱ")
    for typed in forms:
        assert names(http.get("/knowledge/search", q=typed))[0] == "黄芪", typed
    answer = http.get("/knowledge/search", q="黄其").get_json()
    assert (answer["query"], answer["used_query"]) == ("黄其", "黄芪")
