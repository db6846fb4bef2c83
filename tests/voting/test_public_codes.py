"""Mini-program codes for the posters that citizens make: public, kept, drawn once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from threading import Barrier, Event
from urllib.parse import unquote

import pytest
from PIL import Image
from sqlalchemy import select

from models import AuditRecord, Scene
from server.config import RATES
from services.errors import Unavailable
from services.rate_limits import Rate
from services.turnstile import Turnstile
from tests.http import code_of
from tests.voting.test_codes import GET_CODE, _calls_and_pictures_of_this_test_only  # noqa: F401


def path_of(campaign, entry_id=None) -> str:
    entry = "" if entry_id is None else f"/entries/{entry_id}"
    return f"/campaigns/{campaign.id}{entry}/code"


def test_anybody_gets_a_picture_that_may_be_kept(http, make, wechat, session):
    campaign = make.campaign(title="最美百草园 ᠡᠮ")
    first, again = http.get(path_of(campaign)), http.get(path_of(campaign))

    assert (first.status_code, first.mimetype) == (200, "image/png")
    assert Image.open(BytesIO(first.data)).format == "PNG"
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    use, _, name = first.headers["Content-Disposition"].partition("; ")
    assert use == "inline"
    assert unquote(name) == "filename*=UTF-8''最美百草园 ᠡᠮ-小程序码.png"
    assert again.data == first.data
    assert len(wechat.calls(GET_CODE)) == 1
    scene = session.scalars(select(Scene)).one()
    assert http.get(f"/scenes/{scene.token}").get_json()["campaign_id"] == campaign.id
    # A citizen's looking is no act of staff.
    assert session.scalars(select(AuditRecord)).all() == []


def test_an_entry_has_a_code_of_its_own(http, make, wechat):
    campaign = make.campaign()
    entry_id = make.entries(campaign)[1]
    assert http.get(path_of(campaign, entry_id)).status_code == 200
    assert http.get(path_of(campaign)).status_code == 200
    scenes = [call["scene"] for call in wechat.calls(GET_CODE)]
    assert len(set(scenes)) == 2
    found = [http.get(f"/scenes/{scene}").get_json() for scene in scenes]
    assert [each["entry_id"] for each in found] == [entry_id, None]


def test_staff_and_citizens_share_one_code(http, make, wechat):
    campaign = make.campaign()
    public = http.get(path_of(campaign))
    staff = make.console("district_officer").get(f"/campaigns/{campaign.id}/code")
    assert staff.data == public.data
    assert staff.headers["Cache-Control"] == "no-store"
    assert staff.headers["Content-Disposition"].startswith("attachment")
    assert len(wechat.calls(GET_CODE)) == 1


def test_what_is_not_public_has_no_code(http, make, clock, wechat):
    draft, campaign, other = make.campaign(state="draft"), make.campaign(), make.campaign()
    withdrawn = make.entry(campaign, number=9, withdrawn_at=clock.now())
    for path in (path_of(draft), path_of(draft, make.entries(draft)[0]), "/campaigns/999999/code"):
        answer = http.get(path)
        assert (answer.status_code, code_of(answer)) == (404, "campaign_not_found")
    for entry_id in (withdrawn.id, make.entries(other)[0], 2**63 - 1):
        answer = http.get(path_of(campaign, entry_id))
        assert (answer.status_code, code_of(answer)) == (404, "entry_not_found")
    assert wechat.calls(GET_CODE) == []


@pytest.mark.parametrize("state", ["scheduled", "suspended", "closed"])
def test_every_announced_campaign_has_one(http, make, clock, state):
    later = {
        "opens_at": clock.now().replace(year=2027),
        "closes_at": clock.now().replace(year=2028),
    }
    past = {"opens_at": clock.now().replace(year=2024), "closes_at": clock.now().replace(year=2025)}
    values = {"scheduled": later, "suspended": {"state": "suspended"}, "closed": past}[state]
    assert http.get(path_of(make.campaign(**values))).status_code == 200


def test_many_who_ask_first_cost_wechat_one_call(app, make, wechat):
    campaign = make.campaign()
    path = f"/api/v1{path_of(campaign)}"
    start = Barrier(8)

    def ask(_):
        start.wait(timeout=10)
        return app.test_client().get(path)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert len(wechat.calls(GET_CODE)) == 1


def test_trouble_at_wechat_is_told_and_not_kept(http, make, wechat, session):
    campaign = make.campaign()
    wechat.fail(GET_CODE, "errcode", errcode=45009)
    answer = http.get(path_of(campaign))
    assert (answer.status_code, code_of(answer)) == (429, "wechat_busy")
    assert answer.headers["Cache-Control"] == "no-store"
    assert session.scalars(select(Scene)).all() == []
    assert http.get(path_of(campaign)).status_code == 200


def test_it_has_a_limit_of_its_own(another_client, make, app):
    campaign = make.campaign()
    rates = dict(app.extensions["sain"].config.rates) | {"public_code": Rate(2, 2)}
    assert set(rates) == set(RATES)
    client = another_client(rates=rates)
    answers = [client.get(f"/api/v1{path_of(campaign)}") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert client.get(f"/api/v1/campaigns/{campaign.id}").status_code == 200


def test_whoever_waits_too_long_is_told_to_come_back(app):
    redis = app.extensions["sain"].redis
    turnstile, entered, leave = Turnstile(redis), Event(), Event()

    def stay_inside() -> None:
        with turnstile.alone("door", seconds=30):
            entered.set()
            leave.wait(10)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(stay_inside)
        assert entered.wait(10)
        with pytest.raises(Unavailable), turnstile.alone("door", seconds=0.2):
            pass
        with turnstile.alone("another door", seconds=0.2):
            pass
        leave.set()
    with turnstile.alone("door", seconds=0.2):
        pass


def test_a_flushed_redis_does_not_disturb_who_is_inside(app):
    redis = app.extensions["sain"].redis
    with Turnstile(redis).alone("door", seconds=30):
        redis.flushdb()


def test_without_redis_codes_are_drawn_all_the_same(app, http, make, monkeypatch):
    from redis import Redis

    parts = app.extensions["sain"]
    services = replace(parts.services, turnstile=Turnstile(Redis(port=1)))
    monkeypatch.setitem(app.extensions, "sain", replace(parts, services=services))
    assert http.get(path_of(make.campaign())).status_code == 200
