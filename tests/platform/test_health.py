"""Health, readiness, metrics and logs."""

import io
import json
import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from server.extensions import runtime
from server.telemetry import configure_logging
from services.context import unit_of_work
from services.jobs import HEARTBEAT, TIMETABLE, run_job


def beat(app) -> None:
    with app.app_context():
        ctx = runtime().context()
        with unit_of_work(ctx.session):
            run_job(ctx, HEARTBEAT)


def test_ready_when_database_redis_and_worker_were_seen(app, clock):
    client = app.test_client()
    assert client.get("/readyz").get_json()["parts"] == {
        "database": True,
        "redis": True,
        "worker": False,
    }
    assert client.get("/readyz").status_code == 503
    beat(app)
    assert client.get("/readyz").status_code == 200
    clock.advance(seconds=61)
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"database_url": "postgresql+psycopg://sain@127.0.0.1:9/sain"}, "database"),
        ({"redis_url": "redis://127.0.0.1:9/0"}, "redis"),
    ],
    ids=["no database", "no Redis"],
)
def test_not_ready_without(app, another_client, change, missing):
    beat(app)
    client = another_client(**change)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["parts"][missing] is False
    assert client.get("/healthz").status_code == 200


def test_without_a_database_the_api_answers_503_with_retry_after(another_client):
    client = another_client(database_url="postgresql+psycopg://sain@127.0.0.1:9/sain")
    answer = client.get("/api/v1/campaigns")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "service_unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_without_redis_reading_and_voting_go_on(another_client, make):
    client = another_client(redis_url="redis://127.0.0.1:9/0")
    campaign = make.campaign()
    answer = client.post(
        f"/api/v1/campaigns/{campaign.id}/ballots",
        json={"entry_id": make.entries(campaign)[0]},
        headers={"Authorization": f"Bearer {make.citizen().token}", "Idempotency-Key": "k"},
    )
    assert answer.status_code == 201
    assert client.get(f"/api/v1/campaigns/{campaign.id}/standings").status_code == 200


def test_metrics_are_for_the_holder_of_the_token(app, config, another_client):
    client = app.test_client()
    client.get("/api/v1/contests")
    headers = {"Authorization": f"Bearer {config.metrics_token}"}
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert 'sain_http_requests_total{method="GET",route="/api/v1/contests"' in answer.text
    for wrong in ("", "Bearer ", "Bearer wrong"):
        assert client.get("/metrics", headers={"Authorization": wrong}).status_code == 404
    closed = another_client(metrics_token=None)
    assert closed.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_an_invented_method_is_not_counted_under_its_name(app, config):
    client = app.test_client()
    client.open("/healthz", method="INVENTED")
    headers = {"Authorization": f"Bearer {config.metrics_token}"}
    assert "INVENTED" not in client.get("/metrics", headers=headers).text


def test_a_failed_statement_does_not_log_what_it_was_given(app, make, log_lines):
    with app.app_context():
        session = runtime().context().session
        with pytest.raises(DataError) as failure:
            session.execute(text("SELECT CAST(:secret AS int)"), {"secret": "canary"})
        session.rollback()
    assert "[SQL parameters hidden" in str(failure.value)


def test_a_request_id_is_kept_if_it_looks_like_one(app):
    client = app.test_client()
    given = client.get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})
    assert given.headers["X-Request-ID"] == "from-the-proxy-1"
    for odd in ("short", "x" * 65, "a b c d e f g h", "<script>alert</script>"):
        answer = client.get("/healthz", headers={"X-Request-ID": odd})
        assert answer.headers["X-Request-ID"] != odd


@pytest.fixture
def log_lines():
    """Everything logged since the last call, as the operator sees it."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    configure_logging("DEBUG", stream)

    def read() -> list[dict]:
        lines = stream.getvalue().splitlines()
        stream.seek(0)
        stream.truncate()
        return [json.loads(line) for line in lines]

    yield read
    root.handlers[:] = handlers
    root.setLevel(level)


def test_the_log_is_json_with_the_request_id_and_no_personal_data(http, wechat, log_lines):
    code = wechat.login_code("o-canary")
    answer = http.sign_in(code)
    token = answer.get_json()["access_token"]
    phone_code = wechat.phone_code("13812345678")
    log_lines()
    http.post("/me/phone", {"code": phone_code}, token=token)
    http.get("/campaigns/424242")

    everything = log_lines()
    lines = [line for line in everything if line["logger"] == "sain.access"]
    assert [line["message"] for line in lines] == [
        "POST /api/v1/me/phone 200",
        "GET /api/v1/campaigns/<id:campaign_id> 404",
    ]
    assert all(len(line["request_id"]) == 16 and "time" in line for line in lines)
    # Every logger, at the chattiest level: nothing of the person, and none of our secrets.
    text = json.dumps([line for line in everything if line["logger"] != "werkzeug"])
    for personal in ("13812345678", "o-canary", token, phone_code, "424242", "simulator-secret"):
        assert personal not in text


def test_every_job_of_the_timetable_runs_twice_without_harm(app):
    for job in TIMETABLE:
        for _ in range(2):
            with app.app_context():
                ctx = runtime().context()
                with unit_of_work(ctx.session):
                    run_job(ctx, job.name)
