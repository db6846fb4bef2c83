"""Erasing a person: nothing of them is left, their ballots are, and nobody votes twice by it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from models import AuditRecord, Ballot, Citizen, LoginSession, Trace, WeChatIdentity
from server.extensions import runtime
from services import privacy
from services.access import Actor
from services.ballot_box import BallotBox, CastRequest
from services.ballot_box.settling import settle
from services.clock import local_day
from tests.http import HTTPClient, code_of
from tests.served import someone_waits_for_a_lock, wait_until

OPENID, UNIONID, PHONE = "o-canary-openid-1", "u-canary-unionid-1", "13812345678"


@pytest.fixture
def campaign(make, clock):
    return make.campaign(
        ballots_per_day=1, closes_at=clock.now() + timedelta(days=3), phone_required=True
    )


@pytest.fixture
def entry_id(make, campaign):
    return make.entries(campaign)[0]


@pytest.fixture
def sign_in(http, wechat):
    def sign_in(openid: str = OPENID, **values) -> str:
        code = wechat.login_code(openid, **({"unionid": UNIONID} | values))
        answer = http.sign_in(code)
        assert answer.status_code == 200, code_of(answer)
        return answer.get_json()["access_token"]

    return sign_in


@pytest.fixture
def token(http, wechat, sign_in, campaign, entry_id) -> str:
    """Of somebody with a phone number who has voted."""
    token = sign_in()
    http.post("/me/phone", {"code": wechat.phone_code(PHONE)}, token=token)
    assert http.vote(campaign.id, entry_id, token=token).status_code == 201
    return token


def id_of(token: str) -> int:
    return int(token.partition(".")[0])


def everything(session) -> str:
    """Every row of every table, as text."""
    session.rollback()
    tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    return "\n".join(
        row
        for table in tables.all()
        for row in session.scalars(text(f"SELECT each::text FROM {table} AS each"))
    )


def count(session, table) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def assert_tally(http, campaign, votes: int) -> None:
    standings = http.get(f"/campaigns/{campaign.id}/standings").get_json()
    assert standings["total_votes"] == votes


def test_nothing_of_the_person_is_left_and_the_ballot_is(
    app, http, token, campaign, session, caplog
):
    held = everything(session)
    phone_index = app.extensions["sain"].services.crypto.blind_index(
        f"+86{PHONE}", purpose="citizen.phone"
    )
    assert OPENID in held
    assert UNIONID in held
    answer = http.delete("/me", token=token)
    assert (answer.status_code, answer.data) == (204, b"")
    left = everything(session)
    for canary in (OPENID, UNIONID, PHONE, OPENID.encode().hex(), PHONE.encode().hex()):
        assert canary not in left
    citizen = session.scalars(select(Citizen)).one()
    assert citizen.deleted_at is not None
    assert (citizen.phone_encrypted, citizen.phone_index, citizen.phone_bound_at) == (None,) * 3
    assert count(session, WeChatIdentity) == count(session, LoginSession) == 0
    assert count(session, Ballot) == 1
    assert_tally(http, campaign, 1)
    kinds = dict(session.execute(select(Trace.kind, Trace.key_hash)).all())
    assert set(kinds) == {"openid", "unionid", "phone"}
    assert kinds["phone"] == phone_index
    for canary in (OPENID, UNIONID, PHONE):
        assert canary not in caplog.text


def test_every_token_stops_working_and_a_second_click_is_told_so(http, token, campaign, entry_id):
    http.delete("/me", token=token)
    assert code_of(http.delete("/me", token=token)) == "session_ended"
    assert code_of(http.get("/me", token=token)) == "session_ended"
    assert code_of(http.get("/me/export", token=token)) == "session_ended"
    assert code_of(http.vote(campaign.id, entry_id, token=token)) == "session_ended"


def test_it_can_be_proven_without_naming_anybody(http, token, session, app):
    http.delete("/me", token=token)
    (record,) = session.scalars(select(AuditRecord))
    assert (record.action, record.object_type, record.object_id) == (
        "citizen.erased",
        "citizen",
        str(id_of(token)),
    )
    assert record.after == {"cause": "asked"}
    assert (record.staff_id, record.organization_id, record.address) == (None, None, "")
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0


def test_many_clicks_erase_once(app, token, session):
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda _: HTTPClient(app.test_client()).delete("/me", token=token), range(6))
        )
    assert sorted(answer.status_code for answer in answers) == [204] + [401] * 5
    assert count(session, AuditRecord) == 1


def test_a_stranger_is_untouched(http, token, make):
    other = make.citizen()
    http.delete("/me", token=token)
    assert http.get("/me", token=other.token).status_code == 200


def test_coming_back_needs_a_consent_and_is_the_same_voter(
    http, wechat, token, sign_in, campaign, entry_id, session
):
    http.delete("/me", token=token)
    refused = http.post("/auth/wechat", {"code": wechat.login_code(OPENID)})
    assert code_of(refused) == "consent_required"
    assert count(session, WeChatIdentity) == 0
    again = sign_in()
    assert id_of(again) == id_of(token)
    assert http.get("/me", token=again).get_json()["phone"] is None
    http.post("/me/phone", {"code": wechat.phone_code(PHONE)}, token=again)
    assert code_of(http.vote(campaign.id, entry_id, token=again)) == "daily_limit_reached"
    assert_tally(http, campaign, 1)


@pytest.mark.parametrize("openid", [OPENID, "o-in-another-app"])
def test_the_openid_or_the_unionid_leads_back(http, token, sign_in, openid):
    http.delete("/me", token=token)
    assert id_of(sign_in(openid)) == id_of(token)


def test_leaving_and_coming_back_again_and_again(http, wechat, make):
    first = http.sign_in(wechat.login_code("o-first")).get_json()["access_token"]
    citizen_id = id_of(first)
    campaign = make.campaign()
    http.vote(campaign.id, make.entries(campaign)[0], token=first)
    for _ in range(3):
        http.delete("/me", token=first)
        first = http.sign_in(wechat.login_code("o-first")).get_json()["access_token"]
        assert id_of(first) == citizen_id


def test_the_day_turns_at_midnight_for_who_came_back_too(
    http, wechat, token, sign_in, campaign, entry_id, clock
):
    http.delete("/me", token=token)
    clock.set(datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC))
    again = sign_in()
    http.post("/me/phone", {"code": wechat.phone_code(PHONE)}, token=again)
    assert code_of(http.vote(campaign.id, entry_id, token=again)) == "daily_limit_reached"
    clock.advance(seconds=1)
    assert http.vote(campaign.id, entry_id, token=again).status_code == 201
    assert_tally(http, campaign, 2)


def test_another_wechat_with_the_same_number_does_not_vote_again(
    http, wechat, token, sign_in, campaign, entry_id
):
    http.delete("/me", token=token)
    other = sign_in("o-second-wechat", unionid="u-second-wechat")
    answer = http.post("/me/phone", {"code": wechat.phone_code(PHONE)}, token=other)
    assert (answer.status_code, code_of(answer)) == (409, "phone_still_counts")
    assert code_of(http.vote(campaign.id, entry_id, token=other)) == "phone_required"


def test_the_traces_go_when_the_last_campaign_has_closed(
    http, token, sign_in, clock, run, session, campaign
):
    http.delete("/me", token=token)
    clock.set(campaign.closes_at - timedelta(microseconds=1))
    run("purge_traces")
    assert count(session, Trace) == 3
    clock.set(campaign.closes_at)
    run("purge_traces")
    assert count(session, Trace) == 0
    again = sign_in()
    assert id_of(again) != id_of(token)
    assert http.get("/me/ballots", token=again).get_json()["items"] == []
    assert count(session, Ballot) == 1


def test_a_campaign_that_was_extended_keeps_the_traces(http, token, clock, run, session, campaign):
    http.delete("/me", token=token)
    session.execute(text("UPDATE campaigns SET closes_at = closes_at + interval '1 day'"))
    session.commit()
    clock.set(campaign.closes_at)
    run("purge_traces")
    assert count(session, Trace) == 3


def test_who_never_voted_leaves_traces_for_half_a_minute_only(http, sign_in, clock, run, session):
    http.delete("/me", token=sign_in())
    run("purge_traces")
    assert count(session, Trace) == 2
    clock.advance(seconds=31)
    run("purge_traces")
    assert count(session, Trace) == 0


def test_a_number_that_no_campaign_demanded_leaves_no_lasting_trace(
    http, wechat, sign_in, make, clock, run, session
):
    campaign = make.campaign()
    token = sign_in()
    http.post("/me/phone", {"code": wechat.phone_code(PHONE)}, token=token)
    http.vote(campaign.id, make.entries(campaign)[0], token=token)
    http.delete("/me", token=token)
    clock.advance(minutes=1)
    run("purge_traces")
    assert set(session.scalars(select(Trace.kind))) == {"openid", "unionid"}


def test_a_disabled_account_stays_disabled_when_its_owner_comes_back(
    http, wechat, token, session, clock
):
    http.delete("/me", token=token)
    session.scalars(select(Citizen)).one().disabled_at = clock.now()
    session.commit()
    answer = http.sign_in(wechat.login_code(OPENID))
    assert code_of(answer) == "account_disabled"
    assert count(session, WeChatIdentity) == 0


class ErasingBox(BallotBox):
    """Between reading and writing the voter is erased."""

    erase = None

    def _settle_once(self, requests):
        with self._engine.connect() as connection:
            real = connection.execute

            def execute(statement, parameters):
                result = real(statement, parameters)
                if self.erase is not None:
                    erase, self.erase = self.erase, None
                    rows = result.all()
                    erase()
                    return Rows(rows)
                return result

            connection.execute = execute
            return settle(connection, requests, shard=0)


class Rows(list):
    def all(self):
        return self


def test_a_ballot_that_is_in_the_box_meanwhile_counts_once(
    http, sign_in, make, config, clock, run, session
):
    campaign = make.campaign(ballots_per_day=1, closes_at=clock.now() + timedelta(days=1))
    entry_id = make.entries(campaign)[0]
    token = sign_in()
    citizen_id, session_id = (int(part) for part in token.split(".")[:2])
    box = ErasingBox(config.database_url)
    box.erase = lambda: http.delete("/me", token=token)
    now = clock.now()
    request = CastRequest(
        campaign.id, entry_id, citizen_id, session_id, uuid4().hex, now, local_day(now)
    )
    assert box.cast(request).number == 1
    box.close()
    assert session.scalars(select(Citizen.deleted_at)).one() is not None
    clock.advance(minutes=5)
    run("purge_traces")
    again = sign_in()
    assert id_of(again) == citizen_id
    assert code_of(http.vote(campaign.id, entry_id, token=again)) == "daily_limit_reached"
    assert_tally(http, campaign, 1)


def test_signing_in_waits_for_an_erasure_and_finds_what_it_left(
    app, wechat, token, session, campaign
):
    citizen_id, session_id = (int(part) for part in token.split(".")[:2])
    code = wechat.login_code(OPENID, unionid=UNIONID)
    with ThreadPoolExecutor(1) as pool, app.app_context():
        ctx = runtime().context(actor=Actor(citizen_id, session_id))
        privacy.erase_own_account(ctx)
        signing_in = pool.submit(HTTPClient(app.test_client()).sign_in, code)
        wait_until(lambda: signing_in.done() or someone_waits_for_a_lock(session), seconds=10)
        assert not signing_in.done()
        ctx.session.commit()
        answer = signing_in.result()
    assert answer.status_code == 200
    again = answer.get_json()["access_token"]
    assert id_of(again) == citizen_id
    profile = HTTPClient(app.test_client()).get("/me", token=again).get_json()
    assert profile["consent"]["is_current"] is True, "the one from before was withdrawn"
    assert count(session, WeChatIdentity) == 1
    assert session.scalars(select(Citizen.deleted_at)).one() is None


def test_ballots_do_not_wait_for_an_erasure(app, token, session):
    """The box holds everybody's ballots, so it must never wait for one person's row."""
    citizen_id, session_id = (int(part) for part in token.split(".")[:2])
    with app.app_context():
        ctx = runtime().context(actor=Actor(citizen_id, session_id))
        privacy.erase_own_account(ctx)
        session.execute(
            text("SELECT FROM citizens WHERE id = :id FOR KEY SHARE NOWAIT"), {"id": citizen_id}
        )
        session.rollback()
        ctx.session.rollback()


def test_erasures_and_sign_ins_in_any_order_keep_one_voter(
    app, wechat, token, campaign, entry_id, session
):
    codes = [wechat.login_code(OPENID, unionid=UNIONID) for _ in range(12)]

    def come_and_go(code: str) -> set[int]:
        client = HTTPClient(app.test_client())
        fresh = client.sign_in(code).get_json()["access_token"]
        client.vote(campaign.id, entry_id, token=fresh)
        assert client.delete("/me", token=fresh).status_code in {204, 401}
        return {id_of(fresh)}

    with ThreadPoolExecutor(6) as pool:
        ids = set().union(*pool.map(come_and_go, codes))
    assert ids == {id_of(token)}
    assert count(session, Ballot) == 1
    is_erased = session.scalars(select(Citizen.deleted_at)).one() is not None
    assert is_erased == (count(session, WeChatIdentity) == 0)
