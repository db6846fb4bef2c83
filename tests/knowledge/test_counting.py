"""How often items are read, kept and judged: exactly, whoever asks at once and however often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from models import (
    KnowledgeCount,
    KnowledgeFavourite,
    KnowledgeItem,
    KnowledgeOpinion,
    KnowledgeView,
)
from server.extensions import runtime
from services.context import unit_of_work
from services.jobs import run_job
from services.knowledge import find_miscounted
from services.visitors import is_robot
from tests.http import HTTPClient, code_of
from tests.knowledge.publications import publish, take_down

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) MicroMessenger/8.0.60 Mobile"


@pytest.fixture
def item_id(make) -> int:
    return publish(make).item_id


@pytest.fixture
def read(app, item_id):
    """Somebody reads the item, for long enough."""

    def read(*, token=None, agent=PHONE, address="10.0.0.1", of=None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = app.test_client().post(
            f"/api/v1/knowledge/items/{of or item_id}/views",
            headers=headers | {"User-Agent": agent},
            environ_base={"REMOTE_ADDR": address},
        )
        assert (answer.status_code, answer.data) == (204, b"")

    return read


@pytest.fixture
def views(run, session, item_id):
    """How often it was read, as everybody sees it."""

    def count() -> int:
        run("roll_up_views")
        session.rollback()
        return session.scalar(select(KnowledgeCount.views).filter_by(item_id=item_id)) or 0

    return count


def assert_recount(app, session, item_id: int, **expected: int) -> None:
    session.rollback()
    count = session.get(KnowledgeCount, item_id, populate_existing=True)
    assert {name: getattr(count, name) for name in expected} == expected
    with app.app_context():
        assert list(find_miscounted(runtime().context())) == []


def test_a_reader_counts_once_a_day(read, views, make, clock):
    reader = make.citizen()
    for _ in range(3):
        read(token=reader.token)
        # At home and on the way it is the same person.
        read(token=reader.token, address="10.9.9.9", agent="another phone")
    assert views() == 1
    read(token=make.citizen().token)
    read()
    read()
    assert views() == 3
    assert views() == 3, "counting twice adds nothing"


def test_the_day_turns_at_midnight_in_shanghai(read, views, clock):
    clock.set(datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC))
    read()
    read()
    assert views() == 1
    clock.advance(seconds=1)
    read()
    read()
    assert views() == 2


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "   ",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (compatible; Bytespider)",
        "Sogou web spider/4.0",
        "Mozilla/5.0 (compatible; YisouSpider)",
        "Mozilla/5.0 AppleWebKit/537.36 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "mpcrawler",
        "python-requests/2.32",
        "curl/8.5.0",
        "Go-http-client/2.0",
        "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/131.0",
    ],
)
def test_a_robot_is_answered_alike_and_never_counted(read, views, agent, session):
    read(agent=agent)
    assert views() == 0
    assert session.scalars(select(KnowledgeView)).all() == []


@pytest.mark.parametrize(
    "agent",
    [
        PHONE,
        "Mozilla/5.0 (Linux; Android 14; V2309A) Chrome/116 MicroMessenger/8.0 MiniProgramEnv",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0 Safari/537.36 Edg/131.0",
        "Mozilla/5.0 (Linux; U; Android 12; zh-CN; Cubot P50) UCBrowser/15 Mobile",
    ],
)
def test_people_are_no_robots(agent):
    assert not is_robot(agent)


def test_pretending_to_be_many_browsers_does_not_pay(read, views):
    for number in range(150):
        read(agent=f"Mozilla/5.0 phone {number}")
    assert 30 < views() <= 64


def test_all_of_an_ipv6_range_is_one_place(read, views):
    for end in ("1", "2", "ffff:1"):
        read(address=f"2001:db8:1:2::{end}")
    assert views() == 1
    read(address="2001:db8:1:3::1")
    assert views() == 2


def test_neighbours_with_the_same_phone_in_different_places_are_two(read, views):
    read(address="10.0.0.1")
    read(address="10.0.0.2")
    assert views() == 2


def test_what_is_not_public_is_not_counted_and_nobody_can_tell(read, make, run, session):
    gone = publish(make)
    take_down(make, gone)
    read(of=gone.item_id)
    read(of=999_999)
    run("roll_up_views")
    assert session.scalars(select(KnowledgeView)).all() == []


def test_nothing_tells_who_read_what(read, make, session):
    other = publish(make).item_id
    reader = make.citizen()
    read(token=reader.token)
    read(token=reader.token, of=other)
    one, two = session.scalars(select(KnowledgeView.visitor_key))
    assert one != two, "what one person read cannot be put together"


def test_views_are_forgotten_the_day_after_the_next(read, views, clock, session):
    read()
    assert views() == 1
    for left in (1, 0):
        clock.advance(days=1)
        assert views() == 1
        assert session.scalar(select(func.count()).select_from(KnowledgeView)) == left


def test_a_count_that_broke_off_counts_again_whole(read, views, app):
    read()
    with app.app_context():
        ctx = runtime().context()
        run_job(ctx, "roll_up_views")
        ctx.session.rollback()
    assert views() == 1


def test_several_counters_at_once_count_each_view_once(read, views, app):
    for number in range(40):
        read(address=f"10.1.0.{number}")

    def count(_):
        with app.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                run_job(ctx, "roll_up_views")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    assert views() == 40


def test_a_view_of_an_item_that_was_thrown_away_stops_nobody(read, views, make, session):
    lost = publish(make)
    read(of=lost.item_id)
    read()
    session.query(KnowledgeView).filter_by(item_id=lost.item_id).update({"item_id": 999_999})
    session.commit()
    assert views() == 1


def test_favourites_of_many_at_once_are_all_counted(app, make, session, item_id):
    people = [make.citizen() for _ in range(12)]

    def keep(person):
        client = HTTPClient(app.test_client())
        path = f"/me/knowledge/favourites/{item_id}"
        codes = {client.put(path, token=person.token).status_code for _ in range(2)}
        if person.citizen_id % 3 == 0:
            codes.add(client.delete(path, token=person.token).status_code)
        return codes

    with ThreadPoolExecutor(6) as pool:
        # Each person clicks on two phones.
        assert set().union(*pool.map(keep, people * 2)) == {204}
    kept = session.scalar(select(func.count()).select_from(KnowledgeFavourite))
    assert_recount(app, session, item_id, favourites=kept)


def test_favourites_are_a_list_of_ones_own(http, make, clock, item_id, session, app):
    reader, stranger = make.citizen(), make.citizen()
    assert http.get("/me/knowledge/favourites", token=reader.token).get_json()["items"] == []
    ids = [item_id, publish(make).item_id, publish(make, name=None, name_mn="ᠬᠤᠩᠴᠢᠷ").item_id]
    for each in ids:
        http.put(f"/me/knowledge/favourites/{each}", token=reader.token)
        clock.advance(seconds=1)
    http.put(f"/me/knowledge/favourites/{item_id}", token=reader.token)
    first = http.get("/me/knowledge/favourites", token=reader.token, limit=2).get_json()
    cursor = first["next_cursor"]
    second = http.get("/me/knowledge/favourites", token=reader.token, cursor=cursor).get_json()
    assert [card["id"] for card in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None
    assert http.get("/me/knowledge/favourites", token=stranger.token).get_json()["items"] == []
    assert http.get(f"/knowledge/items/{item_id}").get_json()["favourites"] == 1
    path = f"/me/knowledge/favourites/{item_id}"
    for _ in range(2):
        assert http.delete(path, token=reader.token).status_code == 204
    assert http.delete("/me/knowledge/favourites/999999", token=reader.token).status_code == 204
    assert_recount(app, session, item_id, favourites=0)


def test_what_was_taken_down_cannot_be_kept_but_dropped(http, make, app, session):
    gone = publish(make)
    reader = make.citizen()
    path = f"/me/knowledge/favourites/{gone.item_id}"
    http.put(path, token=reader.token)
    take_down(make, gone)
    assert http.get("/me/knowledge/favourites", token=reader.token).get_json()["items"] == []
    assert code_of(http.put(path, token=make.citizen().token)) == "knowledge_not_public"
    assert http.delete(path, token=reader.token).status_code == 204
    assert_recount(app, session, gone.item_id, favourites=0)


def opinion(http, item_id: int, token: str, is_helpful: bool, reason: str | None = None):
    body = {"is_helpful": is_helpful, "reason": reason}
    return http.put(f"/me/knowledge/items/{item_id}/opinion", body, token=token)


def test_an_opinion_can_be_changed_and_counts_once(http, make, app, session, item_id):
    reader = make.citizen()
    path = f"/me/knowledge/items/{item_id}"
    own = {"is_favourite": False, "opinion": None}
    assert http.get(path, token=reader.token).get_json() == own
    steps = [
        ((True, None), {"helpful": 1, "unhelpful": 0}),
        ((True, None), {"helpful": 1, "unhelpful": 0}),
        ((False, "hard_to_read"), {"helpful": 0, "unhelpful": 1}),
        ((False, None), {"helpful": 0, "unhelpful": 1}),
        ((True, None), {"helpful": 1, "unhelpful": 0}),
    ]
    for given, expected in steps:
        assert opinion(http, item_id, reader.token, *given).status_code == 204
        said = http.get(path, token=reader.token).get_json()["opinion"]
        assert (said["is_helpful"], said["reason"]) == given
        assert_recount(app, session, item_id, **expected)
    assert http.get(path, token=make.citizen().token).get_json()["opinion"] is None


def test_a_reason_goes_with_no_only(http, make, item_id):
    token = make.citizen().token
    assert code_of(opinion(http, item_id, token, True, "other")) == "opinion_reason_unfit"
    assert code_of(opinion(http, item_id, token, False, "boring")) == "invalid_request"
    assert code_of(opinion(http, 999_999, token, True)) == "knowledge_not_public"
    assert code_of(http.get("/me/knowledge/items/999999", token=token)) == "knowledge_not_public"


def test_opinions_of_many_at_once_are_all_counted(app, make, session, item_id):
    people = [make.citizen() for _ in range(8)]

    def judge(person):
        client = HTTPClient(app.test_client())
        for is_helpful in (True, False, True, person.citizen_id % 2 == 0):
            assert opinion(client, item_id, person.token, is_helpful).status_code == 204

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(judge, people * 2))
    assert session.scalar(select(func.count()).select_from(KnowledgeOpinion)) == 8
    assert_recount(app, session, item_id, helpful=4, unhelpful=4)


def test_an_item_that_goes_takes_its_counts_along(make, session, read, run):
    draft = make._add(
        KnowledgeItem(
            kind="article",
            organization_id=make.commission().id,
            author_id=make.staff().id,
            created_at=make.clock.now() - timedelta(days=1),
            changed_at=make.clock.now(),
        )
    )
    make._add(KnowledgeCount(item_id=draft.id, views=1))
    session.delete(session.get(KnowledgeItem, draft.id))
    session.commit()
    assert session.get(KnowledgeCount, draft.id, populate_existing=True) is None
