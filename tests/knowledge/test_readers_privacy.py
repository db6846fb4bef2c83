"""What readers left is told to them, and goes with them."""

from sqlalchemy import func, select, text

from models import (
    KnowledgeComment,
    KnowledgeContribution,
    KnowledgeFavourite,
    KnowledgeOpinion,
    KnowledgeReport,
    StoredFile,
)
from server.extensions import runtime
from services.knowledge import find_miscounted
from tests.files.pictures import jpeg
from tests.http import code_of
from tests.knowledge.publications import publish, take_down
from tests.knowledge.readers import (
    comment,
    make_left_by,
    make_reader,
    publish_open,
    report,
    send,
)

CANARY = "金丝雀一样的话"


def everything(session) -> str:
    """Every row of every table, as text."""
    session.rollback()
    tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    return "\n".join(
        row
        for table in tables.all()
        for row in session.scalars(text(f"SELECT each::text FROM {table} AS each"))
    )


def leave_something(http, reader, item_id: int, organization_id: int) -> list[int]:
    """All that a reader can leave; returns the ids of two contributions."""
    http.put(f"/me/knowledge/favourites/{item_id}", token=reader.token)
    opinion = {"is_helpful": False, "reason": "outdated"}
    http.put(f"/me/knowledge/items/{item_id}/opinion", opinion, token=reader.token)
    assert comment(http, item_id, CANARY, token=reader.token).status_code == 201
    assert report(http, item_id, "第三行的剂量不对", token=reader.token).status_code == 201
    numbers = []
    for _ in range(2):
        picture = http.upload("/me/pictures", jpeg(40, 30), token=reader.token).get_json()
        gift = {
            "title": "艾草泡脚",
            "text": "立冬以后，用干艾草煮水泡脚。",
            "collected_from": f"{CANARY}的奶奶",
            "collected_in": "东胜区",
            "picture_ids": [picture["id"]],
            "organization_id": organization_id,
        }
        answer = send(http, "/me/contributions", gift, token=reader.token)
        numbers.append(answer.get_json()["id"])
    return numbers


def test_what_one_left_goes_with_one(
    app, http, make, wechat, session, officer, hospital, run, clock
):
    item, other = publish_open(make), publish_open(make, name="甘草")
    reader, stays = (make_reader(make, wechat, f"o-{number}") for number in range(2))
    commission = make.commission()
    open_one, accepted = leave_something(http, reader, item.item_id, commission.id)
    http.put(f"/me/knowledge/favourites/{other.item_id}", token=reader.token)
    http.put(f"/me/knowledge/favourites/{item.item_id}", token=stays.token)
    path = f"/knowledge/contributions/{accepted}/accept"
    assert officer.post(path, {"organization_id": hospital.id}).status_code == 200
    for each in officer.get("/knowledge/comments").get_json()["items"]:
        officer.post(f"/knowledge/comments/{each['id']}/reject", {"reason": "有广告"})
    assert http.delete("/me", token=reader.token).status_code == 204
    session.rollback()
    assert session.scalars(select(KnowledgeFavourite.citizen_id)).all() == [stays.citizen_id]
    for table in (KnowledgeOpinion, KnowledgeComment):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    (kept,) = session.scalars(select(KnowledgeReport))
    assert (kept.citizen_id, kept.text) == (None, "第三行的剂量不对")
    (gift,) = session.scalars(select(KnowledgeContribution))
    assert (gift.id, gift.citizen_id) == (accepted, None)
    assert open_one != accepted
    owners = session.scalars(
        select(StoredFile.uploaded_by_citizen_id).where(StoredFile.attached_at.is_not(None))
    )
    assert owners.all() == [None]
    clock.advance(hours=25)
    run("purge_unattached_files")
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 1
    counts = http.get(f"/knowledge/items/{item.item_id}").get_json()
    assert (counts["favourites"], counts["helpful"]) == (1, 0)
    with app.app_context():
        assert list(find_miscounted(runtime().context())) == []


def test_nothing_one_said_is_left_anywhere(http, make, wechat, session, officer):
    item = publish_open(make)
    reader = make_reader(make, wechat)
    leave_something(http, reader, item.item_id, make.commission().id)
    assert CANARY in everything(session)
    http.delete("/me", token=reader.token)
    assert CANARY not in everything(session)
    # What is left can still be answered, though there is nobody to be told.
    (left,) = officer.get("/knowledge/reports").get_json()["items"]
    body = {"state": "corrected", "answer": "已更正"}
    assert officer.post(f"/knowledge/reports/{left['id']}/answer", body).status_code == 200
    for path in ("favourites", "reports", "comments"):
        answer = http.get(f"/me/knowledge/{path}", token=reader.token)
        assert code_of(answer) == "session_ended"


def test_somebody_who_is_leaving_leaves_nothing_more(http, make, wechat, session):
    item = publish_open(make)
    reader = make_reader(make, wechat)
    http.delete("/me", token=reader.token)
    assert code_of(comment(http, item.item_id, CANARY, token=reader.token)) == "session_ended"
    assert CANARY not in everything(session)


def test_all_of_it_is_told_to_oneself_and_nobody_else(http, make, wechat):
    item = publish_open(make, name="黄芪" * 100)
    gone = publish(make, name=None, name_mn="ᠬᠤᠩᠴᠢᠷ")
    reader = make_reader(make, wechat)
    leave_something(http, reader, item.item_id, make.commission().id)
    make_left_by(make, reader.citizen_id, item_id=gone.item_id)
    take_down(make, gone)
    told = http.get("/me/export", token=reader.token, format="json").get_json()
    assert told["knowledge_favourites"][0]["item"] == "黄芪" * 100
    assert told["knowledge_opinions"][0]["reason"] == "outdated"
    assert [each["item"] for each in told["knowledge_reports"]] == ["黄芪" * 100, None]
    assert told["knowledge_comments"][0]["text"] == CANARY
    assert [each["pictures"] for each in told["contributions"]] == [1, 1, 0]
    assert told["contributions"][0]["collected_from"] == f"{CANARY}的奶奶"
    assert http.get("/me/export", token=reader.token, format="xlsx").status_code == 200
    others = http.get("/me/export", token=make.citizen().token, format="json")
    assert CANARY not in others.get_data(as_text=True)
