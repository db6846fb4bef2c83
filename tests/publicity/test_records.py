"""What appeared in the media: recorded, given back, mended, confirmed, and counted once."""

import threading

import pytest

from tests.files.pictures import jpeg
from tests.http import code_of

URL = "https://mp.weixin.qq.com/s?__biz=MzA4&mid=26&idx=1#rd"


@pytest.fixture
def hospital(make):
    return make.institution("东胜区蒙医医院")


@pytest.fixture
def nurse(make, hospital):
    return make.console("institution_staff", hospital, name="斯琴")


@pytest.fixture
def officer(make):
    return make.console("district_officer", name="李主任")


def report(hospital, **changes) -> dict:
    return {
        "organization_id": hospital.id,
        "title": "蒙医专家讲冬季养生",
        "medium": "television",
        "outlet": "鄂尔多斯广播电视台",
        "level": "city",
        "appeared_on": "2026-11-18",
        "person_name": "乌云其其格",
        "url": URL,
    } | changes


@pytest.fixture
def record(nurse, hospital) -> dict:
    answer = nurse.post("/publicity", report(hospital))
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def test_it_is_recorded_and_confirmed(nurse, officer, hospital, record):
    assert record["organization"]["name"] == "东胜区蒙医医院"
    assert (record["state"], record["quarter"]) == ("recorded", "2026Q4")
    assert record["recorded_by_name"] == "斯琴"
    assert record["allowed_actions"] == ["edit", "delete"]
    path = f"/publicity/{record['id']}"
    assert officer.get(path).get_json()["allowed_actions"] == ["confirm", "return"]
    (work,) = officer.get("/dashboard").get_json()["waiting"]
    assert (work["kind"], work["count"]) == ("publicity_to_confirm", 1)
    confirmed = officer.post(f"{path}/confirm", revision=1).get_json()
    assert (confirmed["state"], confirmed["decided_by_name"]) == ("confirmed", "李主任")
    assert nurse.get(path).get_json()["allowed_actions"] == []
    assert code_of(nurse.patch(path, {"title": "x"}, revision=2)) == "publicity_confirmed"
    assert code_of(nurse.delete(path, revision=2)) == "publicity_confirmed"


def test_what_is_given_back_is_mended_and_waits_again(nurse, officer, record):
    path = f"/publicity/{record['id']}"
    returned = officer.post(f"{path}/return", {"reason": "级别应为区级"}, revision=1).get_json()
    assert (returned["state"], returned["reason"]) == ("returned", "级别应为区级")
    kinds = [work["kind"] for work in nurse.get("/dashboard").get_json()["waiting"]]
    assert kinds == ["publicity_returned"]
    assert code_of(officer.post(f"{path}/confirm", revision=2)) == "publicity_returned"
    edited = nurse.patch(path, {"level": "district"}, revision=2).get_json()
    assert (edited["state"], edited["reason"], edited["decided_at"]) == ("recorded", None, None)
    assert officer.post(f"{path}/confirm", revision=3).status_code == 200


def test_what_was_confirmed_by_mistake_is_given_back(officer, record, hospital):
    path = f"/publicity/{record['id']}"
    officer.post(f"{path}/confirm", revision=1)
    assert officer.post(f"{path}/return", {"reason": "重复"}, revision=2).status_code == 200
    query = {"quarter": "2026Q4", "organization_id": hospital.id}
    assert officer.get("/publicity/summary", **query).get_json()["confirmed"] == 0


def test_confirming_twice_counts_once(officer, record):
    path = f"/publicity/{record['id']}/confirm"
    assert [officer.post(path, revision=1).status_code for _ in range(2)] == [200, 412]
    assert code_of(officer.post(path, revision=2)) == "publicity_confirmed"
    assert officer.get("/publicity/figures").get_json()["quarters"][-1]["confirmed"] == 1


def test_the_same_appearance_is_recorded_once(nurse, make, hospital, record):
    refused = [
        nurse.post("/publicity", report(hospital)),
        nurse.post("/publicity", report(hospital, title="换个标题")),
        nurse.post("/publicity", report(hospital, url="https://example.org/other")),
    ]
    assert {code_of(answer) for answer in refused} == {"publicity_recorded_already"}
    other = make.institution("另一家医院")
    colleague = make.console("institution_staff", other)
    assert colleague.post("/publicity", report(other)).status_code == 201


def test_a_double_click_records_one(nurse, hospital, app):
    answers = []

    def click() -> None:
        answers.append(nurse.post("/publicity", report(hospital)).status_code)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert sorted(answers) == [201, 409, 409, 409]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"url": None}, "publicity_proof_missing"),
        ({"appeared_on": "2026-11-21"}, "publicity_in_future"),
        ({"url": None, "picture_ids": [999_999]}, "file_not_found"),
        ({"url": "javascript:alert(1)"}, "invalid_request"),
        ({"url": "https://someone:secret@example.org/"}, "invalid_request"),
        ({"url": "https://a b.example/"}, "invalid_request"),
        ({"url": "//example.org/x"}, "invalid_request"),
        ({"url": "http://[::1"}, "invalid_request"),
        ({"appeared_on": "昨天"}, "invalid_request"),
        ({"title": " "}, "invalid_request"),
        ({"title": "长" * 201}, "invalid_request"),
        ({"medium": "billboard"}, "invalid_request"),
        ({"picture_ids": [1] * 10}, "invalid_request"),
    ],
)
def test_what_cannot_be_meant_is_refused(nurse, hospital, changes, code):
    assert code_of(nurse.post("/publicity", report(hospital, **changes))) == code


def test_pictures_prove_it_and_a_colleague_may_add_one(make, nurse, hospital):
    one = nurse.post("/files", jpeg()).get_json()
    body = report(hospital, url=None, picture_ids=[one["id"]])
    record = nurse.post("/publicity", body).get_json()
    assert [each["url"] for each in record["pictures"]] == [one["url"]]
    colleague = make.console("institution_manager", hospital)
    path = f"/publicity/{record['id']}"
    emptied = colleague.patch(path, {"picture_ids": []}, revision=1)
    assert code_of(emptied) == "publicity_proof_missing"
    two = colleague.post("/files", jpeg()).get_json()
    edited = colleague.patch(path, {"picture_ids": [two["id"], one["id"]]}, revision=1)
    assert [each["id"] for each in edited.get_json()["pictures"]] == [two["id"], one["id"]]


def test_anothers_picture_is_nobodys_proof(make, nurse, hospital):
    other = make.console("institution_staff", make.institution("另一家医院"))
    picture = other.post("/files", jpeg()).get_json()
    body = report(hospital, url=None, picture_ids=[picture["id"]])
    assert code_of(nurse.post("/publicity", body)) == "file_not_found"


@pytest.mark.parametrize("who", ["other hospital", "other district", "auditor elsewhere"])
def test_out_of_reach_is_as_if_it_did_not_exist(make, hospital, record, who):
    console = {
        "other hospital": lambda: make.console("institution_staff", make.institution("别的医院")),
        "other district": lambda: make.console("district_officer", make.commission("150603")),
        "auditor elsewhere": lambda: make.console("auditor", make.commission("150603")),
    }[who]()
    path = f"/publicity/{record['id']}"
    assert code_of(console.get(path)) == "publicity_not_found"
    assert console.get("/publicity").get_json()["items"] == []
    assert console.get("/publicity/figures").get_json()["institutions"] == []
    query = {"quarter": "2026Q4", "organization_id": hospital.id}
    assert code_of(console.get("/publicity/summary", **query)) == "organization_not_found"
    answers = [
        console.patch(path, {"title": "x"}, revision=1),
        console.delete(path, revision=1),
        console.post(f"{path}/confirm", revision=1),
        console.post(f"{path}/return", {"reason": "x"}, revision=1),
        console.post("/publicity", report(hospital, url="https://example.org/1")),
    ]
    assert {answer.status_code for answer in answers} == {404}


def test_a_city_confirms_for_its_districts(make, record):
    city = make.console("city_officer", make.commission("150600"))
    assert city.post(f"/publicity/{record['id']}/confirm", revision=1).status_code == 200


def test_a_commission_records_nothing_itself(officer, hospital):
    assert officer.post("/publicity", report(hospital)).status_code == 404


def test_a_mongolian_title_is_kept_and_found(nurse, hospital):
    body = report(hospital, title="ᠮᠣᠩᠭᠣᠯ ᠡᠮᠨᠡᠯᠭᠡ", outlet="ᠦᠪᠦᠷ ᠮᠣᠩᠭᠣᠯ")
    assert nurse.post("/publicity", body).status_code == 201
    (found,) = nurse.get("/publicity", q="ᠡᠮᠨᠡᠯᠭᠡ").get_json()["items"]
    assert found["title"] == body["title"]


def test_the_list_is_filtered_and_paged_in_order(nurse, officer, hospital):
    days = ["2026-07-01", "2026-09-30", "2026-10-01", "2026-11-20"]
    for number, day in enumerate(days):
        url = f"https://example.org/{number}"
        nurse.post("/publicity", report(hospital, appeared_on=day, url=url, level="region"))
    seen, cursor = [], {}
    while True:
        page = officer.get("/publicity", sort="appeared_on", limit=3, **cursor).get_json()
        seen += [each["appeared_on"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == days
    within = officer.get("/publicity", quarter="2026Q3").get_json()["items"]
    assert {each["appeared_on"] for each in within} == set(days[:2])
    assert officer.get("/publicity", level="city").get_json()["items"] == []
    assert len(officer.get("/publicity", q="乌云").get_json()["items"]) == 4
    assert code_of(officer.get("/publicity", cursor="WyJ4Il0")) == "cursor_invalid"


def test_the_trail_says_who_gave_it_back_and_why(officer, record, make):
    officer.post(f"/publicity/{record['id']}/return", {"reason": "链接打不开"}, revision=1)
    auditor = make.console("auditor")
    one = auditor.get("/audit", action="publicity.returned").get_json()["items"][0]
    assert one["after"] == {"state": "returned", "reason": "链接打不开"}
    assert one["object_label"] == "蒙医专家讲冬季养生"
