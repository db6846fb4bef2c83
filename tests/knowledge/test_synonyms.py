"""Words that mean the same: kept by staff, heeded by every search."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.knowledge.exchange.samples_loading import read_synonyms
from services.knowledge.searching.terms import key_of
from tests.http import code_of
from tests.knowledge.publications import publish

PATH = "/knowledge/synonyms"
WORDS = ["金银花", "双花", "二花"]


@pytest.fixture
def officer(make):
    return make.console("district_manager")


@pytest.fixture
def group(officer) -> dict:
    answer = officer.post(PATH, {"words": WORDS})
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def found(http, query: str) -> list[str]:
    return [item["name"] for item in http.get("/knowledge/search", q=query).get_json()["items"]]


def test_a_search_heeds_synonyms_as_long_as_they_are_there(http, make, officer, group):
    publish(make, "herb", name="金银花", zh={"summary": "清热解毒，可泡茶。"})
    publish(make, "formula", name="银翘散", zh={"summary": "金银花为君药。"})
    assert found(http, "双花") == ["金银花", "银翘散"]
    assert found(http, "雙花") == ["金银花", "银翘散"]
    # In a longer query as well.
    assert found(http, "双花泡茶") == ["金银花"]
    passage = http.get("/knowledge/search", q="双花").get_json()["items"][1]["match"]["passages"][0]
    assert [part["text"] for part in passage if part["is_match"]] == ["金银花"]
    path = f"{PATH}/{group['id']}"
    changed = officer.patch(path, {"words": ["金银花", "二花"]}, revision=group["revision"])
    assert changed.get_json()["words"] == ["金银花", "二花"]
    assert "银翘散" not in found(http, "双花")
    assert found(http, "二花") == ["金银花", "银翘散"]
    assert officer.delete(path, revision=changed.get_json()["revision"]).status_code == 204
    assert "银翘散" not in found(http, "二花")


def test_groups_are_listed_the_latest_first_and_found_by_a_word(officer, group):
    officer.post(PATH, {"words": ["拔罐", "拔火罐"]})
    page = officer.get(PATH, limit=1).get_json()
    assert [each["words"] for each in page["items"]] == [["拔罐", "拔火罐"]]
    rest = officer.get(PATH, limit=1, cursor=page["next_cursor"]).get_json()
    assert ([each["words"] for each in rest["items"]], rest["next_cursor"]) == ([WORDS], None)
    assert [each["words"] for each in officer.get(PATH, search="雙").get_json()["items"]] == [WORDS]
    assert officer.get(PATH, search="%").get_json()["items"] == []


NO_GROUPS = [
    (["黄芪"], "synonyms_too_few"),
    (["黄芪", "🌿"], "synonyms_too_few"),
    ([f"词{number}" for number in range(21)], "synonyms_too_few"),
    (["黄芪", "黃耆"], "synonyms_repeated"),
    (["Astragalus", "ＡＳＴＲＡＧＡＬＵＳ"], "synonyms_repeated"),
    (["忍冬", "雙花"], "synonym_taken"),
    (["黄芪", ""], "invalid_request"),
    ("黄芪", "invalid_request"),
]


def test_what_is_no_group_is_refused(officer, group):
    own = officer.post(PATH, {"words": ["当归", "秦归"]}).get_json()
    for words, code in NO_GROUPS:
        assert code_of(officer.post(PATH, {"words": words})) == code
        changed = officer.patch(f"{PATH}/{own['id']}", {"words": words}, revision=1)
        assert code_of(changed) == code
    assert officer.get(PATH, search="当归").get_json()["items"] == [own]


def test_words_may_change_places_and_forms_in_their_own_group(officer, group):
    path = f"{PATH}/{group['id']}"
    changed = officer.patch(path, {"words": ["雙花", "金银花"]}, revision=1)
    assert changed.get_json() == {"id": group["id"], "words": ["雙花", "金银花"], "revision": 2}
    same = officer.patch(path, {"words": ["雙花", "金银花"]}, revision=2)
    assert same.get_json()["revision"] == 2
    assert officer.patch(path, {"words": WORDS}, revision=1).status_code == 412
    assert code_of(officer.delete(path, revision=1)) == "edited_meanwhile"


def test_of_two_who_take_a_word_at_once_one_gets_it(make, officer):
    other = make.console("district_manager")

    def take(console, partner: str) -> int:
        return console.post(PATH, {"words": ["双花", partner]}).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(take, (officer, other), ("金银花", "忍冬花")))
    assert sorted(answers) == [201, 409]


def test_what_staff_do_is_recorded(make, officer, group):
    officer.delete(f"{PATH}/{group['id']}", revision=1)
    trail = make.console("auditor").get("/audit").get_json()["items"]
    acts = [each for each in trail if each["object_type"] == "synonyms"]
    assert [each["action"] for each in acts] == [
        "knowledge.synonyms_deleted",
        "knowledge.synonyms_created",
    ]
    assert acts[1]["after"] == {"words": WORDS}
    assert acts[1]["object_label"] == "金银花、双花、二花"


def test_the_groups_to_begin_with_fit_each_other():
    keys = [key_of(word) for words in read_synonyms() for word in words]
    assert json.dumps(sorted(keys)) == json.dumps(sorted(set(keys)))
