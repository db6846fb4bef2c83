"""Running a vote: from draft to published result, and what the rules forbid on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import AuditRecord, Ballot, Campaign
from tests.files.pictures import jpeg
from tests.http import code_of

DRAFT = {
    "contest_code": "outreach",
    "quarter": "2026Q4",
    "title": "第四季度健康达人",
    "introduction": "谁让您更懂中医药、蒙医药？",
    "opens_at": "2026-11-25T08:00:00+08:00",
    "closes_at": "2026-12-25T00:00:00+08:00",
}


@pytest.fixture
def officer(make):
    return make.console("district_officer")


@pytest.fixture
def manager(make):
    return make.console("district_manager")


@pytest.fixture
def draft(officer, make) -> dict:
    body = DRAFT | {"organization_id": make.commission().id}
    answer = officer.post("/campaigns", body)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


@pytest.fixture
def filled(officer, draft) -> dict:
    for name in ("乌云其其格", "巴图"):
        assert officer.post(f"/campaigns/{draft['id']}/entries", {"name": name}).status_code == 201
    return draft


def step(console, campaign: dict, action: str, body: dict | None = None, revision=None):
    path = f"/campaigns/{campaign['id']}"
    if revision is None:
        revision = console.get(path).get_json()["revision"]
    return console.post(f"{path}/{action}", body, revision=revision)


def test_an_officer_makes_and_opens_a_campaign(officer, http, filled):
    assert filled["status"] == "draft"
    assert "open" in filled["allowed_actions"]
    assert code_of(http.get(f"/campaigns/{filled['id']}")) == "campaign_not_found"
    opened = step(officer, filled, "open").get_json()
    assert opened["status"] == "open"
    assert "edit" not in opened["allowed_actions"]
    shown = http.get(f"/campaigns/{filled['id']}").get_json()
    assert (shown["title"], shown["status"]) == ("第四季度健康达人", "open")
    names = [each["name"] for each in http.get(f"/campaigns/{filled['id']}/entries").json["items"]]
    assert set(names) == {"乌云其其格", "巴图"}


def test_an_announced_campaign_opens_by_itself(officer, http, filled, clock):
    announced = step(officer, filled, "announce").get_json()
    assert announced["status"] == "scheduled"
    assert http.get(f"/campaigns/{filled['id']}").get_json()["status"] == "scheduled"
    clock.advance(days=5)
    assert officer.get(f"/campaigns/{filled['id']}").status_code == 401
    assert http.get(f"/campaigns/{filled['id']}").get_json()["status"] == "open"


def test_rules_are_fixed_once_announced_and_free_again_once_retracted(officer, filled):
    path = f"/campaigns/{filled['id']}"
    announced = step(officer, filled, "announce").get_json()
    fixed = officer.patch(path, {"ballots_per_day": 9}, revision=announced["revision"])
    assert (fixed.status_code, code_of(fixed)) == (409, "campaign_rules_fixed")
    mended = officer.patch(path, {"introduction": "新介绍"}, revision=announced["revision"])
    assert mended.status_code == 200
    retracted = step(officer, filled, "retract", {"reason": "时间写错了"}).get_json()
    assert retracted["status"] == "draft"
    again = officer.patch(path, {"ballots_per_day": 9}, revision=retracted["revision"])
    assert again.get_json()["ballots_per_day"] == 9


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("announce", None),
        ("retract", {"reason": "x"}),
        ("open", None),
        ("resume", None),
    ],
)
def test_what_an_open_campaign_forbids(manager, make, action, body):
    campaign = make.campaign()
    answer = manager.post(f"/campaigns/{campaign.id}/{action}", body, revision=1)
    assert (answer.status_code, code_of(answer)) == (409, "campaign_is_open")


def test_entries_are_fixed_once_people_vote(officer, make):
    campaign = make.campaign()
    entry_id = make.entries(campaign)[0]
    path = f"/campaigns/{campaign.id}/entries"
    assert code_of(officer.post(path, {"name": "迟到"})) == "campaign_is_open"
    assert code_of(officer.delete(f"{path}/{entry_id}", revision=1)) == "campaign_is_open"
    renamed = officer.patch(f"{path}/{entry_id}", {"name": "换人"}, revision=1)
    assert code_of(renamed) == "entry_fixed"
    mended = officer.patch(f"{path}/{entry_id}", {"statement": "补充介绍"}, revision=1)
    assert mended.get_json()["statement"] == "补充介绍"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"closes_at": "2026-11-25T08:00:00+08:00"}, "campaign_span_reversed"),
        ({"ballots_per_entry_per_day": 4}, "campaign_limits_reversed"),
        ({"ballots_in_all": 2}, "campaign_total_too_small"),
        ({"nominations_close_at": "2026-11-25T08:00:01+08:00"}, "nominations_close_too_late"),
        ({"contest_code": "beauty"}, "contest_unknown"),
    ],
)
def test_rules_that_contradict_each_other(officer, make, draft, change, code):
    body = DRAFT | {"organization_id": make.commission().id} | change
    assert code_of(officer.post("/campaigns", body)) == code
    edited = officer.patch(f"/campaigns/{draft['id']}", change, revision=1)
    assert code_of(edited) == code
    unchanged = officer.get(f"/campaigns/{draft['id']}").get_json()
    assert {key: unchanged[key] for key in draft} == draft


@pytest.mark.parametrize(
    "body",
    [
        {"title": ""},
        {"title": "x" * 61},
        {"quarter": "2026Q5"},
        {"opens_at": "2026-11-25T08:00:00"},
        {"opens_at": "soon"},
        {"ballots_per_day": 0},
        {"standings_mode": "secret"},
        {"phone_required": "yes"},
        {"state": "announced"},
        {"organization_id": 1},
        {"result_notice": "x"},
        {"revision": 9},
    ],
)
def test_wrong_fields_are_named(officer, draft, body):
    answer = officer.patch(f"/campaigns/{draft['id']}", body, revision=1)
    assert (answer.status_code, answer.get_json()["errors"].keys()) == (422, body.keys())


def test_one_entry_is_no_contest(officer, draft):
    officer.post(f"/campaigns/{draft['id']}/entries", {"name": "乌云"})
    for action in ("announce", "open"):
        assert code_of(step(officer, draft, action)) == "campaign_lacks_entries"


def test_a_past_moment_cannot_be_announced(officer, filled):
    path = f"/campaigns/{filled['id']}"
    officer.patch(path, {"opens_at": "2026-11-01T00:00:00+08:00"}, revision=1)
    assert code_of(step(officer, filled, "announce")) == "campaign_opens_in_past"
    officer.patch(path, {"closes_at": "2026-11-02T00:00:00+08:00"}, revision=2)
    assert code_of(step(officer, filled, "open")) == "campaign_closes_in_past"


def test_suspending_stops_ballots_at_once_and_says_why(officer, http, make):
    campaign = make.campaign()
    entry_id, voter = make.entries(campaign)[0], make.citizen()
    as_dict = {"id": campaign.id}
    suspended = step(officer, as_dict, "suspend", {"reason": "核查刷票"}).get_json()
    assert suspended["status"] == "suspended"
    assert http.get(f"/campaigns/{campaign.id}").get_json()["suspension_reason"] == "核查刷票"
    assert code_of(http.vote(campaign.id, entry_id, token=voter.token)) == "campaign_not_open"
    assert step(officer, as_dict, "resume").get_json()["suspension_reason"] is None
    assert http.vote(campaign.id, entry_id, token=voter.token).status_code == 201


def test_extending_only_goes_forward(officer, make, clock):
    campaign = make.campaign(opens_at=clock.now() + timedelta(days=1))
    body = {"closes_at": campaign.closes_at.isoformat(), "reason": "设备故障"}
    assert code_of(step(officer, {"id": campaign.id}, "extend", body)) == (
        "campaign_extension_too_early"
    )
    body["closes_at"] = "2027-01-31T00:00:00+08:00"
    extended = step(officer, {"id": campaign.id}, "extend", body).get_json()
    assert extended["closes_at"] == "2027-01-30T16:00:00+00:00"
    (event,) = officer.get(f"/campaigns/{campaign.id}/events").get_json()["items"]
    assert (event["kind"], event["reason"]) == ("extended", "设备故障")
    assert event["before"]["closes_at"] == campaign.closes_at.isoformat()


def test_closing_and_publishing(officer, http, make, clock, session):
    campaign = make.campaign(standings_mode="hidden")
    first, second, _ = make.entries(campaign)
    for _ in range(2):
        http.vote(campaign.id, second, token=make.citizen().token)
    http.vote(campaign.id, first, token=make.citizen().token)
    clock.advance(minutes=1)
    assert make.agree(campaign, "close").status_code == 200
    closed = officer.get(f"/campaigns/{campaign.id}").get_json()
    assert closed["status"] == "closed"
    assert closed["allowed_actions"] == []
    late = http.vote(campaign.id, first, token=make.citizen().token)
    assert code_of(late) == "campaign_closed"

    notice = "公示五个工作日，如有异议请致电卫健委。"
    too_soon = make.agree(campaign, "publish_result", notice=notice)
    assert code_of(too_soon) == "result_not_settled"
    assert int(too_soon.headers["Retry-After"]) == 31
    clock.advance(seconds=31)
    published = make.agree(campaign, "publish_result", notice=notice)
    assert published.status_code == 200, published.get_json()
    assert http.get(f"/campaigns/{campaign.id}").get_json()["result_notice"] == notice
    again = make.agree(campaign, "publish_result", notice=notice)
    assert code_of(again) == "result_published"
    event = officer.get(f"/campaigns/{campaign.id}/events").get_json()["items"][0]
    assert event["after"]["total_votes"] == 3 == len(session.scalars(select(Ballot)).all())
    assert event["after"]["standings"][0] == {
        "entry_id": second,
        "entry": "2 参评对象2",
        "rank": 1,
        "votes": 2,
    }


def test_two_officers_edit_the_same_campaign(officer, manager, draft):
    path = f"/campaigns/{draft['id']}"
    assert officer.get(path).headers["ETag"] == '"1"'
    assert officer.patch(path, {"title": "甲的标题"}, revision=1).status_code == 200
    second = manager.patch(path, {"title": "乙的标题"}, revision=1)
    assert (second.status_code, code_of(second)) == (412, "edited_meanwhile")
    assert step(manager, draft, "announce", revision=1).status_code == 412
    assert manager.get(path).get_json()["title"] == "甲的标题"
    assert code_of(officer.patch(path, {"title": "丙"})) == "revision_required"


def test_a_double_click_opens_once(officer, filled):
    revision = officer.get(f"/campaigns/{filled['id']}").get_json()["revision"]
    answers = [step(officer, filled, "open", revision=revision).status_code for _ in range(2)]
    assert answers == [200, 412]
    assert len(officer.get(f"/campaigns/{filled['id']}/events").get_json()["items"]) == 1


def test_a_draft_can_be_thrown_away_and_nothing_else(officer, make, filled, session):
    assert officer.delete(f"/campaigns/{filled['id']}", revision=1).status_code == 204
    assert code_of(officer.get(f"/campaigns/{filled['id']}")) == "campaign_not_found"
    assert session.get(Campaign, filled["id"]) is None
    campaign = make.campaign()
    assert code_of(officer.delete(f"/campaigns/{campaign.id}", revision=1)) == "campaign_is_open"


def test_only_commissions_run_votes(make):
    hospital = make.institution()
    region = make.console("region_officer", make.commission("150000"))
    answer = region.post("/campaigns", DRAFT | {"organization_id": hospital.id})
    assert code_of(answer) == "campaign_organization_unsuitable"


CALLS = [
    ("GET", "", None),
    ("PATCH", "", {"title": "x"}),
    ("DELETE", "", None),
    ("POST", "/announce", None),
    ("POST", "/retract", {"reason": "x"}),
    ("POST", "/open", None),
    ("POST", "/extend", {"closes_at": "2027-01-31T00:00:00+08:00", "reason": "x"}),
    ("POST", "/suspend", {"reason": "x"}),
    ("POST", "/resume", None),
    ("POST", "/proposals", {"kind": "close", "reason": "x"}),
    ("GET", "/proposals", None),
    ("GET", "/events", None),
    ("GET", "/entries", None),
    ("POST", "/entries", {"name": "x"}),
    ("GET", "/entries/{entry}", None),
    ("PATCH", "/entries/{entry}", {"name": "x"}),
    ("DELETE", "/entries/{entry}", None),
    ("POST", "/entries/{entry}/withdraw", {"reason": "x"}),
]


@pytest.mark.parametrize("who", ["another district", "the district below"])
def test_out_of_reach_is_as_if_it_did_not_exist(make, who):
    division = {"another district": "150603", "the district below": "150602"}[who]
    console = make.console("district_manager", make.commission(division))
    runs_it = "150602" if who == "another district" else "150600"
    campaign = make.campaign(division=runs_it, state="draft")
    entry_id = make.entries(campaign)[0]
    for method, path, body in CALLS:
        path = path.replace("{entry}", str(entry_id))
        answers = [
            console.send(method, f"/campaigns/{each}{path}", body, revision=1)
            for each in (campaign.id, 999_999)
        ]
        bodies = [
            {key: value for key, value in answer.get_json().items() if key != "request_id"}
            for answer in answers
        ]
        assert bodies[0] == bodies[1], (method, path)
        assert answers[0].status_code == 404, (method, path)
    assert console.get("/campaigns").get_json()["items"] == []


def test_a_city_reaches_its_districts_campaigns(make):
    campaign = make.campaign()
    city = make.console("city_officer", make.commission("150600"))
    assert city.get(f"/campaigns/{campaign.id}").status_code == 200
    assert step(city, {"id": campaign.id}, "suspend", {"reason": "x"}).status_code == 200


def test_an_entry_of_another_campaign_is_not_there(officer, make):
    one, other = make.campaign(state="draft"), make.campaign(state="draft")
    entry_id = make.entries(other)[0]
    answer = officer.get(f"/campaigns/{one.id}/entries/{entry_id}")
    assert (answer.status_code, code_of(answer)) == (404, "entry_not_found")


def test_numbers_are_given_and_taken_once(officer, draft):
    path = f"/campaigns/{draft['id']}/entries"
    numbers = [
        officer.post(path, {"name": "某人"} | extra).get_json().get("number")
        for extra in ({}, {"number": 7}, {})
    ]
    assert numbers == [1, 7, 8]
    taken = officer.post(path, {"name": "某人", "number": 7})
    assert (taken.status_code, code_of(taken)) == (409, "entry_number_taken")
    first = officer.get(path).get_json()["items"][0]
    renumbered = officer.patch(f"{path}/{first['id']}", {"number": 8}, revision=1)
    assert code_of(renumbered) == "entry_number_taken"


def test_entries_belong_to_the_district_that_votes(officer, make, draft):
    own, foreign = (
        make.institution("本区医院"),
        make.institution("外区医院", parent=make.commission("150603")),
    )
    path = f"/campaigns/{draft['id']}/entries"
    added = officer.post(path, {"name": "甲", "organization_id": own.id})
    assert added.get_json()["organization"]["name"] == "本区医院"
    for organization_id in (foreign.id, 999_999, make.commission("150600").id):
        answer = officer.post(path, {"name": "乙", "organization_id": organization_id})
        assert code_of(answer) == "entry_organization_unsuitable"


def test_a_withdrawn_entry_leaves_the_vote_and_keeps_its_ballots(officer, http, make, session):
    campaign = make.campaign()
    entry_id = make.entries(campaign)[0]
    http.vote(campaign.id, entry_id, token=make.citizen().token)
    path = f"/campaigns/{campaign.id}/entries/{entry_id}"
    withdrawn = make.agree(campaign, "withdraw_entry", entry_id=entry_id, reason="本人申请")
    assert withdrawn.status_code == 200
    assert code_of(http.vote(campaign.id, entry_id, token=make.citizen().token)) == (
        "entry_not_in_campaign"
    )
    assert len(session.scalars(select(Ballot)).all()) == 1
    again = make.agree(campaign, "withdraw_entry", entry_id=entry_id)
    assert code_of(again) == "entry_withdrawn"
    assert officer.get(path).get_json()["withdrawal_reason"] == "本人申请"


def test_votes_are_shown_to_staff_as_far_as_they_may_know(officer, manager, http, make):
    campaign = make.campaign(standings_mode="hidden")
    entry_id = make.entries(campaign)[0]
    http.vote(campaign.id, entry_id, token=make.citizen().token)
    path = f"/campaigns/{campaign.id}/entries/{entry_id}"
    assert officer.get(path).get_json()["votes"] is None
    assert manager.get(path).get_json()["votes"] == 1


def test_portraits(officer, draft):
    picture = officer.post("/files", jpeg(600, 800))
    assert picture.status_code == 201, picture.get_json()
    path = f"/campaigns/{draft['id']}/entries"
    body = {"name": "乌云", "portrait_id": picture.get_json()["id"]}
    added = officer.post(path, body).get_json()
    assert added["portrait_url"] == picture.get_json()["url"]
    assert officer.client.get(added["thumbnail_url"]).status_code == 200
    assert code_of(officer.post(path, {"name": "巴图", "portrait_id": 999})) == "file_not_found"


def test_another_persons_upload_cannot_be_taken(officer, make, draft):
    stranger = make.console("institution_staff", make.institution())
    picture_id = stranger.post("/files", jpeg(600, 800)).get_json()["id"]
    body = {"name": "乌云", "portrait_id": picture_id}
    assert code_of(officer.post(f"/campaigns/{draft['id']}/entries", body)) == "file_not_found"


def test_the_list_filters_and_sorts(officer, make):
    make.campaign(title="甲", state="draft")
    make.campaign(title="乙", contest_code="technique")
    titles = lambda **query: [  # noqa: E731
        each["title"] for each in officer.get("/campaigns", **query).get_json()["items"]
    ]
    assert titles(sort="title") == ["乙", "甲"]
    assert titles(status="draft") == ["甲"]
    assert titles(status="open") == ["乙"]
    assert titles(contest="technique") == ["乙"]
    assert titles(q="甲") == ["甲"]
    assert titles(quarter="2025Q1") == []
    assert code_of(officer.get("/campaigns", quarter="x")) == "invalid_request"


def test_every_step_is_noted_with_who_and_why(officer, filled, session):
    step(officer, filled, "open")
    step(officer, filled, "suspend", {"reason": "核查"})
    actions = session.scalars(select(AuditRecord).order_by(AuditRecord.number)).all()
    assert [each.action for each in actions] == [
        "campaign.created",
        "entry.added",
        "entry.added",
        "campaign.opened",
        "campaign.suspended",
    ]
    assert actions[-1].after == {"reason": "核查"}
    assert actions[-1].roles == ["district_officer"]
