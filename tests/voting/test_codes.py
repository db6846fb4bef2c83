"""Mini-program codes: made once, opaque, whatever WeChat and the storage do."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pytest
from PIL import Image
from redis import Redis
from sqlalchemy import select

from devtools.wechat_simulator.defaults import DEFAULT_APPS
from models import AuditRecord, Scene, db
from services.files import PUBLIC_NAME
from services.turnstile import Turnstile
from services.voting import codes
from tests.console import ConsoleClient
from tests.http import code_of

PAGES = Path(__file__).parents[2] / "miniprogram" / "src" / "pages.json"
GET_CODE = "/wxa/getwxacodeunlimit"


@pytest.fixture(autouse=True)
def _calls_and_pictures_of_this_test_only(wechat, config):
    wechat.reset()
    # Ids start again with each test, and with them the tokens.
    for picture in config.storage.rglob("*.png"):
        picture.unlink()


@pytest.fixture
def officer(make):
    return make.console("district_officer")


def ask(console, campaign, **query):
    return console.get(f"/campaigns/{campaign.id}/code", **query)


def scenes(session) -> list[tuple[str, int, int | None]]:
    session.rollback()
    columns = Scene.token, Scene.campaign_id, Scene.entry_id
    return [tuple(row) for row in session.execute(select(*columns).order_by(Scene.created_at))]


def test_a_campaigns_code_is_a_picture_made_once(officer, make, wechat, session, http):
    campaign = make.campaign()

    first, again = ask(officer, campaign), ask(officer, campaign)

    assert (first.status_code, first.mimetype) == (200, "image/png")
    picture = Image.open(BytesIO(first.data))
    assert (picture.format, picture.width) == ("PNG", 860)
    assert again.data == first.data
    ((token, campaign_id, entry_id),) = scenes(session)
    assert (campaign_id, entry_id) == (campaign.id, None)
    assert re.fullmatch("[0-9a-f]{32}", token)
    (asked,) = wechat.calls(GET_CODE)
    assert asked == {
        "scene": token,
        "page": "pages/index/index",
        "width": 860,
        "env_version": "release",
        "check_path": True,
    }
    answer = http.get(f"/scenes/{token}")
    assert answer.get_json() == {"campaign_id": campaign.id, "entry_id": None}
    assert answer.headers["Cache-Control"].startswith("public")
    noted = session.scalars(select(AuditRecord).filter_by(action="campaign.code_made")).all()
    assert [record.object_id for record in noted] == [str(campaign.id)]


def test_each_entry_has_a_code_of_its_own(officer, make, wechat, session, http):
    campaign = make.campaign()
    for entry_id in [None, *make.entries(campaign)[:2]]:
        query = {} if entry_id is None else {"entry_id": entry_id}
        for _ in range(2):
            assert ask(officer, campaign, **query).status_code == 200
    found = [http.get(f"/scenes/{token}").get_json() for token, _, _ in scenes(session)]
    entries = {each["entry_id"] for each in found}
    assert entries == {None, *make.entries(campaign)[:2]}
    assert len(wechat.calls(GET_CODE)) == 3


def test_an_entry_must_stand_in_the_campaign(officer, make, clock, wechat):
    campaign, other = make.campaign(), make.campaign()
    withdrawn = make.entry(campaign, number=9, withdrawn_at=clock.now())
    for entry_id in (make.entries(other)[0], withdrawn.id, 2**63 - 1):
        assert code_of(ask(officer, campaign, entry_id=entry_id)) == "entry_not_found"
    assert code_of(ask(officer, campaign, entry_id=0)) == "invalid_request"
    assert wechat.calls(GET_CODE) == []


def test_posters_are_printed_before_a_draft_is_announced(officer, make, session, http):
    draft = make.campaign(state="draft")
    assert ask(officer, draft).status_code == 200
    ((token, _, _),) = scenes(session)
    assert code_of(http.get(f"/scenes/{token}")) == "scene_not_found"
    draft.state = "announced"
    session.commit()
    assert http.get(f"/scenes/{token}").get_json()["campaign_id"] == draft.id


def test_a_withdrawn_entrys_code_leads_to_its_campaign(make, http, clock):
    campaign = make.campaign(entries=0)
    entry = make.entry(campaign, number=1, withdrawn_at=clock.now())
    answer = http.get(f"/scenes/{make.scene(campaign, entry.id).token}")
    assert answer.get_json() == {"campaign_id": campaign.id, "entry_id": None}


@pytest.mark.parametrize("token", ["0" * 32, "1", "A" * 32, "%00" * 32, "é" * 32, "0" * 33])
def test_a_scene_nobody_made(http, token):
    assert code_of(http.get(f"/scenes/{token}")) == "scene_not_found"


def test_out_of_reach_is_as_if_it_did_not_exist(make, wechat):
    campaign = make.campaign()
    neighbour = make.console("district_manager", make.commission("150603"))
    assert code_of(ask(neighbour, campaign)) == "campaign_not_found"
    assert wechat.calls(GET_CODE) == []


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "errcode", "errcode": 45009}, 429, "wechat_busy"),
        ({"kind": "errcode", "errcode": 48001}, 503, "wechat_misconfigured"),
        ({"kind": "errcode", "errcode": 41030}, 503, "wechat_page_unpublished"),
        ({"kind": "errcode", "errcode": -1}, 503, "wechat_unreachable"),
        ({"kind": "errcode", "errcode": 40001, "times": 9}, 503, "wechat_unreachable"),
        ({"kind": "http_status"}, 503, "wechat_unreachable"),
        ({"kind": "reset"}, 503, "wechat_unreachable"),
        ({"kind": "timeout", "seconds": 20}, 504, "wechat_timeout"),
        ({"kind": "slow", "seconds": 5}, 504, "wechat_timeout"),
        ({"kind": "html"}, 502, "wechat_bad_answer"),
        ({"kind": "truncated"}, 502, "wechat_bad_answer"),
    ],
    ids=lambda value: value.get("errcode", value["kind"]) if isinstance(value, dict) else None,
)
def test_trouble_at_wechat_leaves_nothing_behind(
    officer, make, wechat, session, fault, status, code
):
    campaign = make.campaign()
    wechat.fail(GET_CODE, **fault)
    answer = ask(officer, campaign)
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert scenes(session) == []
    wechat.reset()
    assert ask(officer, campaign).status_code == 200


def test_an_access_token_that_wechat_refuses_is_renewed_once(officer, make, wechat):
    wechat.fail(GET_CODE, "errcode", errcode=40001)
    assert ask(officer, make.campaign()).status_code == 200


def test_a_picture_the_storage_lost_is_made_again(app, officer, make, wechat, session):
    campaign = make.campaign()
    first = ask(officer, campaign)
    ((token, _, _),) = scenes(session)
    name = f"{token}-release.png"
    assert not PUBLIC_NAME.fullmatch(name)
    assert app.test_client().get(f"/files/{name}").status_code == 404
    app.extensions["sain"].services.storage.delete(name)
    assert ask(officer, campaign).data == first.data
    assert [call["scene"] for call in wechat.calls(GET_CODE)] == [token, token]
    assert scenes(session) == [(token, campaign.id, None)]


class Painter:
    """Stands in for WeChat: notes the scenes and how many database connections are held."""

    env_version = "trial"

    def __init__(self, pool, meeting: Barrier | None = None) -> None:
        self._pool = pool
        self._meeting = meeting
        self.scenes: list[str] = []
        self.held: list[int] = []

    def make_code(self, *, scene: str, page: str) -> bytes:
        self.scenes.append(scene)
        self.held.append(self._pool.checkedout())
        if self._meeting:
            self._meeting.wait(timeout=10)
        return f"the code of {scene}".encode()


@pytest.fixture
def painted_by(app, monkeypatch):
    """Puts a painter in WeChat's place."""
    parts = app.extensions["sain"]

    def put(meeting: Barrier | None = None, **others: object) -> Painter:
        with app.app_context():
            painter = Painter(db.engine.pool, meeting)
        services = replace(parts.services, wechat=painter, **others)
        monkeypatch.setitem(app.extensions, "sain", replace(parts, services=services))
        return painter

    return put


def test_no_database_connection_is_held_while_wechat_draws(officer, make, painted_by):
    painter = painted_by()
    assert ask(officer, make.campaign()).status_code == 200
    assert painter.held == [0]


@pytest.mark.parametrize("is_entry", [False, True])
def test_a_double_click_makes_one_scene(app, make, painted_by, session, is_entry):
    """Two are drawing at once, as they may where Redis is away or forgets."""
    campaign = make.campaign()
    query = {"entry_id": make.entries(campaign)[0]} if is_entry else {}
    officer = make.console("district_officer")
    painter = painted_by(Barrier(2), turnstile=Turnstile(Redis(port=1)))
    clients = [ConsoleClient(app.test_client(use_cookies=True)) for _ in range(2)]
    for client in clients:
        client.client.set_cookie("sain_staff", officer.client.get_cookie("sain_staff").value)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda client: ask(client, campaign, **query), clients))

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == answers[1].data
    ((token, _, _),) = scenes(session)
    assert answers[0].data == f"the code of {token}".encode()
    assert painter.scenes == [token, token]
    noted = session.scalars(select(AuditRecord).filter_by(action="campaign.code_made")).all()
    assert len(noted) == 1


def test_a_draft_that_is_deleted_while_wechat_draws(officer, make, painted_by, session):
    campaign = make.campaign(state="draft", entries=0)
    painter = painted_by()
    drawn = painter.make_code

    def delete_then_draw(**asked) -> bytes:
        session.delete(session.merge(campaign))
        session.commit()
        return drawn(**asked)

    painter.make_code = delete_then_draw
    assert code_of(ask(officer, campaign)) == "campaign_not_found"


def test_codes_of_another_version_are_not_checked_for_the_page(make, another_client, wechat):
    campaign, account = make.campaign(), make.staff("district_officer")
    for version, page_is_checked in (("develop", False), ("release", True)):
        client = another_client(wechat_env_version=version)
        cookie = make.console_of(account).client.get_cookie("sain_staff").value
        client.set_cookie("sain_staff", cookie)
        assert ask(ConsoleClient(client), campaign).status_code == 200
        asked = wechat.calls(GET_CODE)[-1]
        assert (asked["env_version"], asked["check_path"]) == (version, page_is_checked)


def test_the_page_is_one_of_the_mini_program_which_the_simulator_knows_as_published():
    declared = json.loads(PAGES.read_text(encoding="utf-8"))
    pages = [page["path"] for page in declared["pages"]]
    for package in declared["subPackages"]:
        pages += [f"{package['root']}/{page['path']}" for page in package["pages"]]
    assert codes.PAGE in pages
    assert DEFAULT_APPS[0]["published_pages"] == pages
