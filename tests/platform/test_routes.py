"""Every route, by who may call it: one table, and no route without a row.

The console's routes have a table of their own: tests/staff/test_permissions.py.
"""

import pytest
from flask import Flask

from tests.factories import SignedIn
from tests.http import code_of
from tests.knowledge.publications import publish
from tests.knowledge.readers import make_left_by
from tests.platform.builds import leave_build

CALLERS = ("no token", "expired token", "foreign token", "citizen")

# What each caller gets. "open" means that the route does its work, whatever the token.
ACCESS = {
    ("GET", "/healthz"): "open",
    ("GET", "/readyz"): "open",
    ("GET", "/metrics"): "operator",
    # Not there until it is set up; then WeChat's signature decides, see tests/wechat_push.
    ("GET", "/wechat/push"): "operator",
    ("POST", "/wechat/push"): "operator",
    ("GET", "/"): "open",
    ("GET", "/verify"): "open",
    ("GET", "/k/<id:item_id>"): "open",
    ("GET", "/assets/<path:name>"): "open",
    ("GET", "/static/<path:name>"): "open",
    ("GET", "/docs/"): "open",
    ("GET", "/files/<name>"): "open",
    ("GET", "/verify_ledger.py"): "open",
    ("GET", "/docs/<name>"): "open",
    ("GET", "/ledger/checkpoint"): "open",
    ("GET", "/ledger/tile/<path:path>"): "open",
    ("GET", "/console/"): "open",
    ("GET", "/console/<path:name>"): "open",
    ("GET", "/api/v1/openapi.json"): "open",
    ("POST", "/api/v1/auth/wechat"): "open",
    ("GET", "/api/v1/auth/wechat-official/address"): "open",
    ("POST", "/api/v1/auth/wechat-official"): "open",
    ("POST", "/api/v1/auth/refresh"): "open",
    ("GET", "/api/v1/settings"): "open",
    ("POST", "/api/v1/auth/sign-out"): "citizen",
    ("POST", "/api/v1/auth/sign-out-everywhere"): "citizen",
    ("GET", "/api/v1/policies/privacy"): "open",
    ("GET", "/api/v1/me"): "citizen",
    ("DELETE", "/api/v1/me"): "citizen",
    ("GET", "/api/v1/me/export"): "citizen",
    ("POST", "/api/v1/me/phone"): "citizen",
    ("DELETE", "/api/v1/me/phone"): "citizen",
    ("GET", "/api/v1/me/consents"): "citizen",
    ("POST", "/api/v1/me/consents"): "citizen",
    ("DELETE", "/api/v1/me/consents"): "citizen",
    ("GET", "/api/v1/me/ballots"): "citizen",
    ("GET", "/api/v1/me/ballots/<id:ballot_id>"): "citizen",
    ("GET", "/api/v1/me/campaigns/<id:campaign_id>/remaining"): "citizen",
    ("GET", "/api/v1/me/campaigns/<id:campaign_id>/set-aside"): "citizen",
    ("POST", "/api/v1/me/campaigns/<id:campaign_id>/objection"): "citizen",
    ("GET", "/api/v1/me/notices"): "citizen",
    ("GET", "/api/v1/me/notices/unread"): "citizen",
    ("POST", "/api/v1/me/notices/<id:notice_id>/read"): "citizen",
    ("POST", "/api/v1/me/notices/read-all"): "citizen",
    ("POST", "/api/v1/me/subscriptions"): "citizen",
    ("GET", "/api/v1/divisions"): "open",
    ("GET", "/api/v1/contests"): "open",
    ("GET", "/api/v1/campaigns"): "open",
    ("GET", "/api/v1/campaigns/<id:campaign_id>"): "open",
    ("GET", "/api/v1/campaigns/<id:campaign_id>/entries"): "open",
    ("GET", "/api/v1/campaigns/<id:campaign_id>/entries/<id:entry_id>"): "open",
    ("POST", "/api/v1/campaigns/<id:campaign_id>/ballots"): "citizen",
    ("GET", "/api/v1/campaigns/<id:campaign_id>/standings"): "open",
    ("GET", "/api/v1/campaigns/<id:campaign_id>/ballot-count"): "open",
    ("GET", "/api/v1/campaigns/<id:campaign_id>/code"): "open",
    ("GET", "/api/v1/campaigns/<id:campaign_id>/entries/<id:entry_id>/code"): "open",
    ("GET", "/api/v1/scenes/<token>"): "open",
    ("GET", "/api/v1/knowledge/topics"): "open",
    ("GET", "/api/v1/knowledge/search"): "open",
    ("GET", "/api/v1/knowledge/suggestions"): "open",
    ("GET", "/api/v1/knowledge/hot-words"): "open",
    ("POST", "/api/v1/knowledge/searched-names"): "open",
    ("GET", "/api/v1/knowledge/items"): "open",
    ("GET", "/api/v1/knowledge/items/<id:item_id>"): "open",
    ("GET", "/api/v1/knowledge/items/<id:item_id>/qr"): "open",
    ("GET", "/api/v1/knowledge/institutions/<id:organization_id>"): "open",
    ("POST", "/api/v1/knowledge/items/<id:item_id>/views"): "open",
    ("GET", "/api/v1/knowledge/items/<id:item_id>/comments"): "open",
    ("GET", "/api/v1/knowledge/receivers"): "open",
    ("GET", "/api/v1/me/knowledge/favourites"): "citizen",
    ("PUT", "/api/v1/me/knowledge/favourites/<id:item_id>"): "citizen",
    ("DELETE", "/api/v1/me/knowledge/favourites/<id:item_id>"): "citizen",
    ("GET", "/api/v1/me/knowledge/items/<id:item_id>"): "citizen",
    ("PUT", "/api/v1/me/knowledge/items/<id:item_id>/opinion"): "citizen",
    ("POST", "/api/v1/me/knowledge/items/<id:item_id>/reports"): "citizen",
    ("GET", "/api/v1/me/knowledge/reports"): "citizen",
    ("POST", "/api/v1/me/knowledge/items/<id:item_id>/comments"): "citizen",
    ("GET", "/api/v1/me/knowledge/comments"): "citizen",
    ("DELETE", "/api/v1/me/knowledge/comments/<id:comment_id>"): "citizen",
    ("POST", "/api/v1/me/pictures"): "citizen",
    ("POST", "/api/v1/me/contributions"): "citizen",
    ("GET", "/api/v1/me/contributions"): "citizen",
    ("GET", "/api/v1/me/contributions/<id:contribution_id>"): "citizen",
    ("GET", "/api/v1/ledger"): "open",
    ("GET", "/api/v1/receipts/<code>"): "open",
    ("GET", "/api/v1/receipts/<code>/qr"): "open",
}
STAFF = "/api/v1/staff/"
PICTURE = "1" * 32 + ".jpg"
REFUSED = {
    "no token": "sign_in_required",
    "expired token": "access_token_expired",
    "foreign token": "access_token_invalid",
}


def routes_of(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(STAFF)
    }


def test_every_route_has_a_row_and_every_row_a_route(app):
    assert routes_of(app) == set(ACCESS)


def test_every_api_route_declares_its_access(app):
    """A route that flask would serve without going through Routes.endpoint has no access check."""
    from server.api import PREFIX, all_endpoints

    declared = {
        (endpoint.method, rule): endpoint.access
        for rule, endpoint in all_endpoints()
        if not rule.startswith(STAFF)
    }
    in_table = {key for key in ACCESS if key[1].startswith(PREFIX) and "openapi" not in key[1]}
    assert set(declared) == in_table
    for key, access in declared.items():
        assert (access == "anyone") == (ACCESS[key] == "open"), key


@pytest.fixture
def expired_token(make, clock) -> str:
    token = make.citizen().token
    clock.advance(hours=1)
    return token


@pytest.fixture
def citizen(make, expired_token) -> SignedIn:
    return make.citizen()


@pytest.fixture
def tokens(citizen, expired_token) -> dict[str, str | None]:
    return {
        "no token": None,
        "expired token": expired_token,
        "foreign token": citizen.token[:-4] + "AAAA",
        "citizen": citizen.token,
    }


@pytest.mark.parametrize(("method", "rule"), sorted(ACCESS))
def test_who_may_call(app, http, make, run, citizen, tokens, tmp_path, monkeypatch, method, rule):
    campaign = make.campaign()
    entry_id = make.entries(campaign)[0]
    ballot = http.vote(campaign.id, entry_id, token=tokens["citizen"]).get_json()
    monkeypatch.setitem(app.config, "SITE_FILES", leave_build(tmp_path, "citizens"))
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "sign-in").touch()
    app.extensions["sain"].services.storage.put(PICTURE, b"picture", "image/jpeg")
    if "/ledger/" in rule:
        run("seal_ledger")
    path = rule.replace("<id:campaign_id>", str(campaign.id))
    path = path.replace("/docs/<name>", "/docs/page.css").replace("<name>", PICTURE)
    path = path.replace("<code>", ballot["receipt_code"])
    path = path.replace("<path:path>", "entries/000.p/1")
    path = path.replace("/assets/<path:name>", "/assets/index-abc123.js")
    path = path.replace("<path:name>", "sign-in")
    path = path.replace("<id:entry_id>", str(entry_id))
    path = path.replace("<id:ballot_id>", str(ballot["id"]))
    path = path.replace("<id:organization_id>", str(campaign.organization_id))
    if "<id:item_id>" in path or "knowledge" in path or "contributions" in path:
        path = with_knowledge(path, make, citizen)
    path = path.replace("<id:notice_id>", str(make.notice(citizen.citizen_id).id))
    path = path.replace("<token>", make.scene(campaign).token)
    for caller in CALLERS:
        token = tokens[caller]
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = app.test_client().open(path, method=method, headers=headers)
        check(answer, ACCESS[method, rule], caller)
        answer.close()


def with_knowledge(path: str, make, citizen: SignedIn) -> str:
    """The path with ids of an item, and of what the citizen left there."""
    item_id = publish(make).item_id
    left = make_left_by(make, citizen.citizen_id, item_id=item_id)
    path = path.replace("<id:item_id>", str(item_id))
    path = path.replace("<id:comment_id>", str(left.comment.id))
    return path.replace("<id:contribution_id>", str(left.contribution.id))


def check(answer, access: str, caller: str) -> None:
    if access == "operator":
        assert answer.status_code == 404, caller
    elif access == "citizen" and caller != "citizen":
        assert (answer.status_code, code_of(answer)) == (401, REFUSED[caller]), caller
    else:
        # A 4xx for the missing body is an answer of the route itself; a worker need not run here.
        assert answer.status_code in {200, 204, 302, 400, 415, 422, 503}, caller
        assert answer.status_code not in {401, 403}, caller


def test_a_session_and_a_citizen_that_do_not_belong_together_are_nobody(app, http, make, clock):
    one, other = make.citizen(), make.citizen()
    mixed = make.signed_in(one.citizen_id, other.session_id)
    assert code_of(http.get("/me", token=mixed.token)) == "session_ended"
    campaign = make.campaign()
    vote = http.vote(campaign.id, make.entries(campaign)[0], token=mixed.token)
    assert code_of(vote) == "session_ended"


def test_only_documented_methods(app):
    client = app.test_client()
    for method in ("PUT", "PATCH", "DELETE", "TRACE"):
        answer = client.open("/api/v1/campaigns", method=method)
        assert (answer.status_code, code_of(answer)) == (405, "method_not_allowed")
        assert "GET" in answer.headers["Allow"]
