"""What many search for, without anything of the people who do."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models import SearchedName
from tests.http import code_of
from tests.knowledge.publications import publish, take_down

BROWSER = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.49"


@pytest.fixture
def herb(make):
    return publish(make, "herb", name="黄芪", zh={"aliases": ["北芪"]})


def note(http, name: str, visitor: int = 0, user_agent: str = BROWSER, **kwargs):
    return http.client.post(
        "/api/v1/knowledge/searched-names",
        json={"name": name},
        headers={"User-Agent": user_agent} | kwargs.pop("headers", {}),
        environ_overrides={"REMOTE_ADDR": f"10.0.0.{visitor}"},
    )


def hot(http) -> list[str]:
    return [each["text"] for each in http.get("/knowledge/hot-words").get_json()["items"]]


def kept(session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(SearchedName))


def test_a_name_is_hot_from_five_visitors_on(http, herb, session):
    for visitor in range(4):
        assert note(http, "黃耆", visitor).status_code == 204
    assert hot(http) == []
    # The same one again is nobody new.
    for _ in range(3):
        note(http, "黄芪", 3)
    assert (hot(http), kept(session)) == ([], 4)
    note(http, "黄芪", 4)
    assert hot(http) == ["黄芪"]


def test_nothing_but_known_names_is_kept(http, herb, session):
    for typed in ("我得了糖尿病怎么办", "王小明 13800000000", "黄芪 便宜", "%", "'", "🌿"):
        assert note(http, typed).status_code == 204
    assert kept(session) == 0
    assert code_of(note(http, "")) == "invalid_request"
    assert code_of(note(http, "黄" * 201)) == "invalid_request"


def test_robots_are_not_counted(http, herb, session):
    for user_agent in ("Mozilla/5.0 (compatible; Baiduspider/2.0)", "curl/8.5.0", ""):
        assert note(http, "黄芪", user_agent=user_agent).status_code == 204
    assert kept(session) == 0


def test_a_citizen_is_one_visitor_wherever_they_are(http, make, herb, session):
    headers = {"Authorization": f"Bearer {make.citizen().token}"}
    for visitor in range(3):
        note(http, "黄芪", visitor, headers=headers)
    assert kept(session) == 1
    (row,) = session.scalars(select(SearchedName)).all()
    assert row.visitor_key > 0


def test_who_searches_again_tomorrow_has_another_key(http, herb, session, clock):
    note(http, "黄芪")
    clock.advance(days=1)
    note(http, "黄芪")
    keys = session.scalars(select(SearchedName.visitor_key)).all()
    assert len(set(keys)) == 2


def test_a_week_later_it_is_hot_no_more_and_a_month_later_forgotten(
    http, herb, session, clock, run
):
    for visitor in range(5):
        note(http, "黄芪", visitor)
    clock.advance(days=6)
    assert hot(http) == ["黄芪"]
    clock.advance(days=1)
    assert hot(http) == []
    run("purge_searched_names")
    assert kept(session) == 5
    clock.set(clock.now() + timedelta(days=24))
    run("purge_searched_names")
    assert kept(session) == 0


def test_what_was_taken_down_is_hot_no_more(http, make, herb):
    for visitor in range(5):
        note(http, "黄芪", visitor)
    take_down(make, herb)
    assert hot(http) == []
