"""Reading contests, campaigns and entries, without signing in."""

import base64
import json
from datetime import timedelta

import pytest

from tests.http import code_of


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [item["id"] for item in answer.get_json()["items"]]


def all_pages(http, path: str, **query) -> list[dict]:
    items, cursor = [], None
    while True:
        page = http.get(path, **query, **({"cursor": cursor} if cursor else {})).get_json()
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


def test_the_nine_contests_in_the_order_of_the_plan(http, app):
    items = http.get("/contests").get_json()["items"]
    assert [item["code"] for item in items] == [
        "party_building",
        "heritage",
        "innovation",
        "primary_care",
        "campus",
        "herb_garden",
        "convenience",
        "technique",
        "outreach",
    ]
    assert items[-1]["title"] == "健康达人"
    assert all(item["name_mn"] for item in items)


def test_divisions_level_by_level(http, app):
    (region,) = http.get("/divisions").get_json()["items"]
    assert (region["code"], region["name"], region["level"]) == (
        "150000",
        "内蒙古自治区",
        "region",
    )
    cities = http.get("/divisions", parent="150000").get_json()["items"]
    assert len(cities) == 12
    districts = [
        district
        for city in cities
        for district in http.get("/divisions", parent=city["code"]).get_json()["items"]
    ]
    assert len(districts) == 103
    codes = {district["code"] for district in districts}
    assert "150602" in codes
    assert codes.isdisjoint({"150172", "150271", "150571", "152571", "152971"})
    assert http.get("/divisions", parent="990000").get_json()["items"] == []


def test_a_campaign_says_all_a_voter_must_know(http, make):
    campaign = make.campaign(
        title_mn="ᠡᠷᠡᠭᠦᠯ ᠮᠡᠨᠳᠦ", ballots_in_all=9, phone_required=True, standings_mode="delayed"
    )
    shown = http.get(f"/campaigns/{campaign.id}").get_json()
    assert shown["status"] == "open"
    assert shown["contest"]["code"] == "outreach"
    assert shown["quarter"] == "2026Q4"
    assert shown["title_mn"] == "ᠡᠷᠡᠭᠦᠯ ᠮᠡᠨᠳᠦ"
    assert shown["organization"]["name"] == "东胜区卫生健康委员会"
    assert shown["standings_mode"] == "delayed"
    assert shown["rules"] == {
        "ballots_per_day": 3,
        "ballots_per_entry_per_day": 1,
        "ballots_in_all": 9,
        "phone_required": True,
    }


@pytest.fixture
def one_of_each(make, clock) -> dict[str, int]:
    now = clock.now()
    spans = {
        "scheduled": {"opens_at": now + timedelta(seconds=1)},
        "open": {"opens_at": now},
        "suspended": {"state": "suspended"},
        "closed": {"opens_at": now - timedelta(days=9), "closes_at": now},
        "draft": {"state": "draft"},
    }
    return {name: make.campaign(entries=0, **values).id for name, values in spans.items()}


def test_filter_by_status_agrees_with_the_status_shown(http, one_of_each):
    for status in ("scheduled", "open", "suspended", "closed"):
        (shown,) = http.get("/campaigns", status=status).get_json()["items"]
        assert (shown["id"], shown["status"]) == (one_of_each[status], status)


def test_drafts_are_not_listed_and_not_found(http, one_of_each):
    draft = one_of_each["draft"]
    assert draft not in ids(http.get("/campaigns"))
    for path in (f"/campaigns/{draft}", f"/campaigns/{draft}/entries"):
        assert code_of(http.get(path)) == "campaign_not_found"
    assert code_of(http.get(f"/campaigns/{draft}/standings")) == "campaign_not_found"


def test_filter_by_contest_and_division(http, make):
    dongsheng = make.campaign(entries=0).id
    city = make.campaign(entries=0, division="150600", contest_code="herb_garden").id
    elsewhere = make.campaign(entries=0, division="150102").id

    assert ids(http.get("/campaigns", contest="herb_garden")) == [city]
    assert set(ids(http.get("/campaigns", division="150602"))) == {dongsheng}
    assert set(ids(http.get("/campaigns", division="150600"))) == {dongsheng, city}
    assert set(ids(http.get("/campaigns", division="150000"))) == {dongsheng, city, elsewhere}
    assert ids(http.get("/campaigns", division="%")) == []


def test_campaigns_come_latest_first_over_pages_without_gap_or_repeat(http, make, clock):
    made = [
        make.campaign(entries=0, opens_at=clock.now() - timedelta(days=day % 3)).id
        for day in range(7)
    ]
    listed = [item["id"] for item in all_pages(http, "/campaigns", limit=2)]
    assert sorted(listed) == sorted(made)
    whole = http.get("/campaigns").get_json()["items"]
    assert listed == [item["id"] for item in whole]
    moments = [item["opens_at"] for item in whole]
    assert moments == sorted(moments, reverse=True)


def test_no_campaigns_is_an_empty_page(http, app):
    assert http.get("/campaigns").get_json() == {"items": [], "next_cursor": None}


def test_an_entry_in_both_scripts(http, make):
    campaign = make.campaign(entries=0)
    hospital = make.institution("东胜蒙医院")
    entry = make.entry(
        campaign,
        number=1,
        name="乌云",
        name_mn="ᠣᠶᠤᠨ",
        statement="讲蒙医养生。" * 200,
        organization_id=hospital.id,
    )
    shown = http.get(f"/campaigns/{campaign.id}/entries/{entry.id}").get_json()
    assert (shown["name"], shown["name_mn"], shown["number"]) == ("乌云", "ᠣᠶᠤᠨ", 1)
    assert shown["statement"] == "讲蒙医养生。" * 200
    assert shown["statement_mn"] is None
    assert shown["organization"]["name"] == "东胜蒙医院"


def test_an_entry_of_another_campaign_is_not_found(http, make):
    campaign, other = make.campaign(), make.campaign()
    answer = http.get(f"/campaigns/{campaign.id}/entries/{make.entries(other)[0]}")
    assert code_of(answer) == "entry_not_found"


def test_entries_by_number(http, make):
    campaign = make.campaign(entries=5)
    path = f"/campaigns/{campaign.id}/entries"
    items = all_pages(http, path, order="number", limit=2)
    assert [item["number"] for item in items] == [1, 2, 3, 4, 5]


def test_a_shuffled_order_holds_over_pages_and_for_one_seed(http, make):
    campaign = make.campaign(entries=12)
    path = f"/campaigns/{campaign.id}/entries"
    whole = ids(http.get(path, seed=1, limit=100))
    assert sorted(whole) == make.entries(campaign)
    assert [item["id"] for item in all_pages(http, path, seed=1, limit=5)] == whole
    assert ids(http.get(path, seed=2, limit=100)) != whole


def test_without_a_seed_a_citizen_has_their_own_order_and_a_stranger_gets_one(http, make):
    campaign = make.campaign(entries=12)
    path = f"/campaigns/{campaign.id}/entries"
    one, other = make.citizen(), make.citizen()
    own = ids(http.get(path, token=one.token))
    assert ids(http.get(path, token=one.token)) == own
    assert ids(http.get(path, token=other.token)) != own

    stranger = http.get(path, limit=5).get_json()
    again = http.get(path, limit=5, seed=stranger["seed"]).get_json()
    assert again["items"] == stranger["items"]


def test_every_entry_is_first_for_someone(http, make):
    """The point of shuffling: no place in the list belongs to an entry."""
    campaign = make.campaign(entries=4)
    path = f"/campaigns/{campaign.id}/entries"
    first = {ids(http.get(path, seed=n, limit=1))[0] for n in range(60)}
    assert first == set(make.entries(campaign))


def test_search_by_name_number_and_part(http, make):
    campaign = make.campaign(entries=0)
    names = ["乌云其其格", "李 静宜", "100%甘草园", "Ａrtemisia"]
    made = [
        make.entry(campaign, number=number, name=name).id
        for number, name in enumerate(names, start=1)
    ]

    def found(q: str) -> list[int]:
        return ids(http.get(f"/campaigns/{campaign.id}/entries", q=q, order="number"))

    assert found("其其") == [made[0]]
    assert found("2") == [made[1]]
    assert found("%") == [made[2]]
    assert found("100%") == [made[2]]
    assert found("_") == []
    assert found("ARTEMISIA") == [made[3]]
    assert found("没有这个人") == []
    assert found("99999999999999999999") == []


def test_search_in_mongolian_finds_what_looks_the_same(http, make):
    campaign = make.campaign(entries=0)
    entry = make.entry(campaign, number=1, name="人民", name_mn="ᠠᠷᠠᠳ")
    look_alike = "ᠠᠷᠠᠤᠠ"
    assert look_alike != "ᠠᠷᠠᠳ"
    answer = http.get(f"/campaigns/{campaign.id}/entries", q=look_alike)
    assert ids(answer) == [entry.id]


@pytest.mark.parametrize("position", [["\ud800", 1, 1], [0, 2**63, 1], [0, 1], [True, 1, 1]])
def test_a_cursor_that_no_page_gave_is_refused(http, make, position):
    campaign = make.campaign()
    packed = json.dumps(position).encode()
    cursor = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    answer = http.get(f"/campaigns/{campaign.id}/entries", cursor=cursor)
    assert (answer.status_code, code_of(answer)) == (422, "cursor_invalid")


def test_a_cursor_beyond_the_last_entry_is_an_empty_page(http, make):
    campaign = make.campaign()
    cursor = base64.urlsafe_b64encode(b"[9223372036854775807]").decode().rstrip("=")
    page = http.get(f"/campaigns/{campaign.id}/entries", cursor=cursor, order="number").get_json()
    assert page["items"] == []


@pytest.mark.parametrize(
    "cursor",
    ["!", "e30", "W10", "bnVsbA", "WyJ4IiwxXQ", "WzFd", "W10" * 200, "WzFlOTk5LDFd", "5rWL6K-V"],
)
def test_a_broken_cursor_is_refused(http, make, cursor):
    campaign = make.campaign()
    for path in ("/campaigns", f"/campaigns/{campaign.id}/entries"):
        answer = http.get(path, cursor=cursor)
        assert answer.status_code == 422
        assert code_of(answer) in {"cursor_invalid", "invalid_request"}


def test_a_withdrawn_entry_is_gone(http, make, clock):
    campaign = make.campaign()
    entry = make.entry(campaign, number=9, withdrawn_at=clock.now())
    path = f"/campaigns/{campaign.id}/entries"
    assert entry.id not in ids(http.get(path))
    assert code_of(http.get(f"{path}/{entry.id}")) == "entry_not_found"
