"""Access tokens, refreshing and signing out."""

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from itsdangerous import Signer
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import Citizen, LoginSession
from server.extensions import runtime
from services import accounts
from services.tokens import AccessClaims, TokenSigner
from tests.conftest import SECRET_KEYS
from tests.http import HTTPClient, code_of
from tests.served import someone_waits_for_a_lock, wait_until


@pytest.fixture
def tokens(http, wechat) -> dict:
    return http.sign_in(wechat.login_code()).get_json()


def refresh(http, token: str):
    return http.post("/auth/refresh", {"refresh_token": token})


def test_refreshing_brings_new_tokens_of_the_same_session(http, tokens, clock):
    clock.advance(minutes=31)
    assert code_of(http.get("/me", token=tokens["access_token"])) == "access_token_expired"

    renewed = refresh(http, tokens["refresh_token"])

    assert renewed.status_code == 200
    assert renewed.get_json()["refresh_token"] != tokens["refresh_token"]
    assert http.get("/me", token=renewed.get_json()["access_token"]).status_code == 200


def test_a_lost_answer_can_be_asked_for_again(http, tokens, clock):
    refresh(http, tokens["refresh_token"])
    clock.advance(seconds=30)
    again = refresh(http, tokens["refresh_token"])
    third = refresh(http, tokens["refresh_token"])
    assert (again.status_code, third.status_code) == (200, 200)
    assert refresh(http, third.get_json()["refresh_token"]).status_code == 200


def test_a_token_used_after_its_successor_ends_the_session(http, tokens):
    renewed = refresh(http, tokens["refresh_token"]).get_json()
    newest = refresh(http, renewed["refresh_token"]).get_json()

    stolen = refresh(http, tokens["refresh_token"])

    assert (stolen.status_code, code_of(stolen)) == (401, "refresh_token_reused")
    assert code_of(http.get("/me", token=newest["access_token"])) == "session_ended"
    assert code_of(refresh(http, newest["refresh_token"])) == "session_ended"


def test_a_token_used_again_too_late_ends_the_session(http, tokens, clock):
    refresh(http, tokens["refresh_token"])
    clock.advance(seconds=61)
    assert code_of(refresh(http, tokens["refresh_token"])) == "refresh_token_reused"


def test_a_superseded_token_ends_the_session(http, tokens):
    lost = refresh(http, tokens["refresh_token"]).get_json()
    refresh(http, tokens["refresh_token"])
    assert code_of(refresh(http, lost["refresh_token"])) == "refresh_token_reused"


def test_parallel_refreshes_leave_one_chain(app, http, tokens):
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(
                lambda _: app.test_client().post(
                    "/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}
                ),
                range(6),
            )
        )
    assert {answer.status_code for answer in answers} == {200}
    working = [
        answer
        for answer in answers
        if refresh(http, answer.get_json()["refresh_token"]).status_code == 200
    ]
    assert len(working) <= 1


def test_a_retry_that_meets_a_refresh_does_not_fork_the_chain(app, http, tokens, session):
    """The retry waits for the refresh in flight, and then knows that the successor was used."""
    first = tokens["refresh_token"]
    successor = refresh(http, first).get_json()["refresh_token"]
    path = "/api/v1/auth/refresh"
    with ThreadPoolExecutor(1) as pool, app.app_context():
        ctx = runtime().context()
        accounts.refresh_session(ctx, refresh_token=successor)
        ctx.session.flush()
        retry = pool.submit(app.test_client().post, path, json={"refresh_token": first})
        wait_until(lambda: retry.done() or someone_waits_for_a_lock(session), seconds=10)
        ctx.session.commit()
        answer = retry.result()
    assert (answer.status_code, code_of(answer)) == (401, "refresh_token_reused")


@pytest.mark.parametrize("token", ["no-such-token", "x" * 128])
def test_an_unknown_refresh_token(http, app, token):
    answer = refresh(http, token)
    assert (answer.status_code, code_of(answer)) == (401, "refresh_token_invalid")


def test_an_access_token_is_no_refresh_token_and_the_other_way_round(http, tokens):
    assert code_of(refresh(http, tokens["access_token"])) == "refresh_token_invalid"
    assert code_of(http.get("/me", token=tokens["refresh_token"])) == "access_token_invalid"


def test_a_session_expires_however_often_it_is_refreshed(http, tokens, clock):
    token = tokens["refresh_token"]
    for _ in range(3):
        clock.advance(days=9)
        token = refresh(http, token).get_json()["refresh_token"]
    clock.advance(days=4)
    assert code_of(refresh(http, token)) == "session_ended"


def test_signing_out_ends_every_token_at_once(http, make, tokens):
    campaign = make.campaign()
    assert http.post("/auth/sign-out", token=tokens["access_token"]).status_code == 204

    assert code_of(http.get("/me", token=tokens["access_token"])) == "session_ended"
    vote = http.vote(campaign.id, make.entries(campaign)[0], token=tokens["access_token"])
    assert code_of(vote) == "session_ended"
    assert code_of(refresh(http, tokens["refresh_token"])) == "session_ended"


def test_signing_out_leaves_other_devices_alone(http, wechat, tokens):
    other = http.sign_in(wechat.login_code()).get_json()
    http.post("/auth/sign-out", token=tokens["access_token"])
    assert http.get("/me", token=other["access_token"]).status_code == 200


def test_disabling_an_account_ends_its_sessions(http, tokens, session, clock):
    session.scalars(select(Citizen)).one().disabled_at = clock.now()
    session.commit()
    assert code_of(http.get("/me", token=tokens["access_token"])) == "session_ended"
    assert code_of(refresh(http, tokens["refresh_token"])) == "session_ended"


def forged_tokens(good: str, other: str) -> dict[str, str]:
    claims, _, signature = good.rpartition(".")
    later = ".".join([*claims.split(".")[:2], "4000000000"])
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    foreign = Signer("a foreign key", digest_method=hashlib.sha256, key_derivation="none")
    ours = Signer(SECRET_KEYS[-1], digest_method=hashlib.sha256, key_derivation="none")
    return {
        "alg none": f"{header}.{later}.",
        "no signature": claims,
        "empty signature": f"{claims}.",
        "later expiry": f"{later}.{signature}",
        "another's claims": f"{other.rpartition('.')[0]}.{signature}",
        "foreign key": foreign.sign(later).decode(),
        "our key for another use": ours.sign(later).decode(),
        "garbage": "…",
        "very long": "a" * 3000,
    }


def test_forged_tokens_are_refused(http, make):
    login = make.citizen()
    assert http.get("/me", token=login.token).status_code == 200
    for name, token in forged_tokens(login.token, make.citizen().token).items():
        answer = http.get(
            "/me", headers={"Authorization": f"Bearer {token}".encode().decode("latin-1")}
        )
        assert (name, answer.status_code, code_of(answer)) == (name, 401, "access_token_invalid")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_signed_with_the_old_key_still_works(http, make, clock):
    login = make.citizen()
    old = TokenSigner(SECRET_KEYS[:1], lifetime=timedelta(minutes=1))
    token = old.issue(AccessClaims(login.citizen_id, login.session_id), now=clock.now())
    assert http.get("/me", token=token).status_code == 200


def test_expired_sessions_are_purged_and_live_ones_kept(make, session, clock, run):
    expired = make.citizen()
    clock.advance(days=31)
    live = make.citizen()
    run("purge_expired_sessions")
    left = session.scalars(select(LoginSession.id)).all()
    assert left == [live.session_id]
    assert expired.session_id not in left


def test_signing_out_everywhere_ends_every_session_of_this_citizen_only(http, wechat, tokens, make):
    other = http.sign_in(wechat.login_code()).get_json()
    stranger = make.citizen()
    answer = http.post("/auth/sign-out-everywhere", token=tokens["access_token"])
    assert answer.status_code == 204
    for each in (tokens, other):
        assert code_of(http.get("/me", token=each["access_token"])) == "session_ended"
        assert code_of(refresh(http, each["refresh_token"])) == "session_ended"
    assert http.get("/me", token=stranger.token).status_code == 200
    again = http.post("/auth/sign-out-everywhere", token=tokens["access_token"])
    assert code_of(again) == "session_ended"


def test_a_refresh_that_meets_an_erased_session_is_refused(app, http, tokens, session):
    session.execute(text("DELETE FROM login_sessions"))
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(refresh, HTTPClient(app.test_client()), tokens["refresh_token"])
        other = Session(session.get_bind())
        wait_until(lambda: late.done() or someone_waits_for_a_lock(other), seconds=10)
        other.close()
        session.commit()
        assert code_of(late.result()) == "session_ended"
