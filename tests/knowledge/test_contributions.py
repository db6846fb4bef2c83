"""Traditional knowledge that citizens send in, with pictures, and what becomes of it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text

from models import KnowledgeContribution, KnowledgeItem, MediaCheck, StoredFile
from tests.files.pictures import jpeg
from tests.http import HTTPClient, code_of
from tests.knowledge.publications import publish
from tests.knowledge.readers import make_reader, notices, send, waiting

TEXT_CHECK, PICTURE_CHECK = "/wxa/msg_sec_check", "/wxa/media_check_async"
MONGOLIAN = "ᠡᠮᠡᠭᠡ ᠡᠵᠢ ᠮᠢᠨᠦ ᠵᠢᠭᠠᠵᠤ ᠥᠭᠭᠦᠭᠰᠡᠨ"
GIFT = {
    "title": "奶奶的艾草泡脚方",
    "text": "立冬以后，用三两干艾草煮水，兑温水泡脚，一周两次。",
    "collected_from": "乌云其其格",
    "collected_in": "东胜区罕台镇",
    "known_since": "三代人",
    "picture_ids": [],
}


@pytest.fixture
def reader(make, wechat):
    return make_reader(make, wechat)


@pytest.fixture
def gift(make) -> dict:
    return GIFT | {"organization_id": make.commission().id}


@pytest.fixture
def sent(http, reader, gift) -> dict:
    answer = send(http, "/me/contributions", gift, token=reader.token)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def upload(http, token: str, content: bytes | None = None):
    content = jpeg(60, 40) if content is None else content
    return http.upload("/me/pictures", content, token=token)


def own(http, reader, number: int) -> dict:
    return http.get(f"/me/contributions/{number}", token=reader.token).get_json()


def draft_of(session, number: int) -> tuple[KnowledgeItem, dict]:
    session.rollback()
    item_id = session.scalar(select(KnowledgeContribution.item_id).filter_by(id=number))
    item = session.get(KnowledgeItem, item_id)
    content = session.scalar(
        text("SELECT content FROM knowledge_revisions WHERE item_id = :id"), {"id": item_id}
    )
    return item, content


def test_a_gift_becomes_a_draft_and_its_sender_is_told(
    http, make, reader, gift, officer, hospital, nurse, session
):
    picture = upload(http, reader.token).get_json()
    gift = gift | {"picture_ids": [picture["id"]]}
    number = send(http, "/me/contributions", gift, token=reader.token).get_json()["id"]
    assert waiting(officer)["contributions"] == 1
    (waits,) = officer.get("/knowledge/contributions", state="received").get_json()["items"]
    assert (waits["title"], waits["collected_from"]) == (gift["title"], "乌云其其格")
    assert (waits["safety"], waits["pictures"][0]["check"]) == ("passed", "pending")
    assert "citizen_id" not in waits
    path = f"/knowledge/contributions/{number}"
    accepted = officer.post(f"{path}/accept", {"organization_id": hospital.id}).get_json()
    assert (accepted["state"], accepted["decided_by_name"]) == ("accepted", "王敏")
    item, content = draft_of(session, number)
    assert (item.kind, item.state, item.organization_id) == ("collected", "draft", hospital.id)
    assert (item.title, item.id) == (gift["title"], accepted["item_id"])
    assert content["zh"] == {"name": gift["title"], "source_text": gift["text"]}
    assert content["mn"] is None
    assert content["facts"] == {
        "collected_form": "other",
        "collected_from": "乌云其其格",
        "collected_in": "东胜区罕台镇",
        "collected_on": "2026-11-20",
        "known_since": "三代人",
        "evidence_level": "folk",
        "pictures": [{"file_id": picture["id"]}],
    }
    # The institution goes on writing with the picture in it.
    draft = nurse.get(f"/knowledge/items/{item.id}").get_json()
    assert draft["head"]["content"]["facts"]["pictures"][0]["url"] == picture["url"]
    (notice,) = notices(http, reader)
    assert notice["kind"] == "contribution_decided"
    assert notice["target"] == {"type": "contribution", "id": number}
    assert gift["title"] in notice["body"]
    assert own(http, reader, number)["state"] == "accepted"
    assert own(http, reader, number)["item_id"] is None, "nobody can read it yet"
    assert waiting(officer).get("contributions") is None


def test_its_sender_can_read_what_was_published_of_it(http, make, reader, sent, session):
    item_id = publish(make, "collected", name="艾草泡脚").item_id
    session.execute(
        text("UPDATE knowledge_contributions SET state = 'accepted', item_id = :id"),
        {"id": item_id},
    )
    session.commit()
    assert own(http, reader, sent["id"])["item_id"] == item_id


def test_written_in_mongolian_it_is_so_in_the_draft(http, reader, gift, officer, hospital, session):
    gift = gift | {"title": MONGOLIAN, "text": f"{MONGOLIAN} {MONGOLIAN}"}
    number = send(http, "/me/contributions", gift, token=reader.token).get_json()["id"]
    path = f"/knowledge/contributions/{number}/accept"
    assert officer.post(path, {"organization_id": hospital.id}).status_code == 200
    item, content = draft_of(session, number)
    assert (item.original_language, content["zh"]) == ("mn", None)
    assert content["mn"]["name"] == MONGOLIAN


def test_what_is_declined_is_answered(http, reader, sent, officer):
    path = f"/knowledge/contributions/{sent['id']}"
    answer = officer.post(f"{path}/decline", {"answer": "剂量没有依据，暂不采用。"})
    assert answer.get_json()["state"] == "declined"
    seen = own(http, reader, sent["id"])
    assert (seen["state"], seen["answer"]) == ("declined", "剂量没有依据，暂不采用。")
    (notice,) = notices(http, reader)
    assert "剂量没有依据" in notice["body"]
    for step, body in (("accept", {"organization_id": 1}), ("decline", {"answer": "x"})):
        assert code_of(officer.post(f"{path}/{step}", body)) == "contribution_decided"


def test_two_who_decide_at_once_decide_once(make, sent, hospital, session):
    consoles = [make.console("district_officer") for _ in range(4)]
    path = f"/knowledge/contributions/{sent['id']}"

    def decide(console):
        if console is consoles[0]:
            return console.post(f"{path}/decline", {"answer": "不采用"}).status_code
        return console.post(f"{path}/accept", {"organization_id": hospital.id}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(decide, consoles)) == [200, 409, 409, 409]
    assert session.scalar(select(func.count()).select_from(KnowledgeItem)) <= 1


def test_staff_elsewhere_know_of_none_and_give_none_away(make, sent, officer):
    other = make.console("district_manager", make.commission("150603"))
    assert other.get("/knowledge/contributions").get_json()["items"] == []
    assert waiting(other) == {}
    for number in (sent["id"], 999_999):
        path = f"/knowledge/contributions/{number}"
        for answer in (
            other.get(path),
            other.post(f"{path}/accept", {"organization_id": 1}),
            other.post(f"{path}/decline", {"answer": "x"}),
        ):
            assert code_of(answer) == "contribution_not_found"
    elsewhere = make.institution("别处的医院", parent=make.commission("150603"))
    body = {"organization_id": elsewhere.id}
    answer = officer.post(f"/knowledge/contributions/{sent['id']}/accept", body)
    assert code_of(answer) == "organization_not_found"
    assert officer.get(f"/knowledge/contributions/{sent['id']}").get_json()["state"] == "received"


def test_anothers_is_not_found(http, make, sent):
    stranger = make.citizen()
    path = f"/me/contributions/{sent['id']}"
    assert code_of(http.get(path, token=stranger.token)) == "contribution_not_found"
    assert http.get("/me/contributions", token=stranger.token).get_json()["items"] == []


def test_what_wechat_calls_risky_is_refused_and_not_kept(http, reader, gift, session):
    gift = gift | {"collected_in": "赌博的地方"}
    answer = send(http, "/me/contributions", gift, token=reader.token)
    assert code_of(answer) == "text_risky"
    assert session.scalar(select(func.count()).select_from(KnowledgeContribution)) == 0


def test_the_whole_of_it_is_looked_at_in_one_piece(http, reader, gift, wechat):
    long = {"title": "长" * 100, "text": "字" * 2000}
    places = {name: "处" * 100 for name in ("collected_from", "collected_in", "known_since")}
    answer = send(http, "/me/contributions", gift | long | places, token=reader.token)
    assert answer.status_code == 201
    (asked,) = wechat.calls(TEXT_CHECK)
    assert (len(asked["content"]), asked["scene"]) == (2404, 3)


def test_the_same_key_again_sends_one(app, reader, gift, session):
    def click(_):
        client = HTTPClient(app.test_client())
        answer = send(client, "/me/contributions", gift, token=reader.token, key="k")
        return answer.get_json()["id"]

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(4)))) == 1
    client = HTTPClient(app.test_client())
    changed = gift | {"title": "别的方子"}
    reused = send(client, "/me/contributions", changed, token=reader.token, key="k")
    assert code_of(reused) == "idempotency_key_reused"
    assert session.scalar(select(func.count()).select_from(KnowledgeContribution)) == 1


def test_only_commissions_take_gifts(http, make, reader, gift, hospital):
    for organization_id in (hospital.id, 999_999):
        answer = send(
            http,
            "/me/contributions",
            gift | {"organization_id": organization_id},
            token=reader.token,
        )
        assert code_of(answer) == "organization_not_found"
    places = http.get("/knowledge/receivers").get_json()["items"]
    assert make.commission().id in {each["id"] for each in places}
    assert hospital.id not in {each["id"] for each in places}
    assert places[0]["name"] == make.commission("150000").name


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "长" * 101},
        {"text": "太短"},
        {"text": "字" * 2001},
        {"collected_from": " "},
        {"picture_ids": [1] * 10},
        {"picture_ids": ["1"]},
        {"citizen_id": 1},
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(http, reader, gift, wrong):
    answer = send(http, "/me/contributions", gift | wrong, token=reader.token)
    assert code_of(answer) == "invalid_request"


def test_wechat_looks_at_a_picture(http, reader, session, wechat, config):
    answer = upload(http, reader.token)
    assert answer.status_code == 201
    picture = answer.get_json()
    assert http.client.get(picture["url"]).status_code == 200, "where WeChat fetches it"
    (asked,) = wechat.calls(PICTURE_CHECK)
    assert asked == {
        "media_url": f"{config.site_url}{picture['url']}",
        "media_type": 2,
        "version": 2,
        "scene": 3,
        "openid": "o-reader",
    }
    check = session.scalars(select(MediaCheck)).one()
    assert (check.file_id, check.state) == (picture["id"], "pending")


@pytest.mark.parametrize("content", [b"", b"no picture", jpeg(60, 40)[:200]], ids=len)
def test_what_is_no_picture_is_refused_before_wechat_is_asked(http, reader, wechat, content):
    assert code_of(upload(http, reader.token, content)).startswith("image_")
    assert wechat.calls(PICTURE_CHECK) == []


def test_a_picture_of_somebody_else_cannot_be_sent(http, make, wechat, reader, gift):
    other = make_reader(make, wechat, "o-other")
    picture = upload(http, other.token).get_json()
    gift = gift | {"picture_ids": [picture["id"]]}
    assert code_of(send(http, "/me/contributions", gift, token=reader.token)) == "file_not_found"


def test_a_picture_that_wechat_refused_is_not_taken_along(
    http, reader, gift, officer, hospital, session
):
    ids = [upload(http, reader.token).get_json()["id"] for _ in range(3)]
    states = dict(zip(ids, ("rejected", "passed", "review"), strict=True))
    for check in session.scalars(select(MediaCheck)):
        check.state = states[check.file_id]
    session.commit()
    gift = gift | {"picture_ids": ids}
    number = send(http, "/me/contributions", gift, token=reader.token).get_json()["id"]
    seen = officer.get(f"/knowledge/contributions/{number}").get_json()
    assert [each["check"] for each in seen["pictures"]] == ["rejected", "passed", "review"]
    path = f"/knowledge/contributions/{number}/accept"
    assert officer.post(path, {"organization_id": hospital.id}).status_code == 200
    _, content = draft_of(session, number)
    assert [each["file_id"] for each in content["facts"]["pictures"]] == ids[1:]
    owners = dict(session.execute(select(StoredFile.id, StoredFile.uploaded_by_citizen_id)).all())
    assert owners == {ids[0]: reader.citizen_id, ids[1]: None, ids[2]: None}


def test_what_was_sent_is_kept_and_what_was_not_is_thrown_away(
    http, reader, gift, clock, run, session
):
    kept, lost = (upload(http, reader.token).get_json()["id"] for _ in range(2))
    send(http, "/me/contributions", gift | {"picture_ids": [kept]}, token=reader.token)
    clock.advance(hours=25)
    run("purge_unattached_files")
    assert session.scalars(select(StoredFile.id)).all() == [kept]
    assert lost not in session.scalars(select(MediaCheck.file_id)).all()
