"""The control plane, and the simulator as a program."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from devtools.wechat_simulator import DEFAULT_APPID, create_app
from devtools.wechat_simulator.__main__ import main

ROOT = Path(__file__).parents[2]


def test_calls_are_listed_and_counted(weixin):
    weixin.login(weixin.login_code())
    weixin.login("wrong")
    weixin.control("/faults", path="/sns/jscode2session", kind="html")
    weixin.login("wrong")
    weixin.token()
    listed = weixin.control("/calls", "GET", path="/sns/jscode2session")
    assert listed["count"] == 3
    assert [call["errcode"] for call in listed["calls"]] == [0, 40029, None]
    assert [call["fault"] for call in listed["calls"]] == [None, None, "html"]
    assert listed["calls"][1]["query"]["js_code"] == "wrong"
    everything = weixin.control("/calls", "GET")
    assert everything["counts"] == {"/sns/jscode2session": 3, "/cgi-bin/stable_token": 1}
    assert "grant_type" in everything["calls"][-1]["body"]
    assert weixin.control("/calls", "GET", path="/wxa/getwxacode")["count"] == 0


def test_reset_forgets_everything_and_brings_the_clock_back(weixin):
    code, token = weixin.login_code(), weixin.token()
    weixin.control("/apps", appid="wxnew", secret="s")
    weixin.advance(100)
    weixin.control("/reset")
    assert weixin.state.now() == 1_800_000_000
    assert weixin.login(code).json()["errcode"] == 40029
    assert weixin.token_errcode(token) == 40001
    assert weixin.control("/calls", "GET", path="/cgi-bin/stable_token")["count"] == 0
    unknown = weixin.try_control("/login-codes", openid="o", appid="wxnew")
    assert unknown.status_code == 400


def test_an_app_can_be_created_and_changed_field_by_field(weixin):
    template = {"template_id": "t-1", "keys": ["thing1"], "kind": "long_term"}
    weixin.control("/apps", appid="wxnew", secret="s", templates=[template])
    weixin.control("/apps", appid="wxnew", published_pages=["pages/a/a"])
    assert weixin.token("wxnew", "s")
    app = weixin.state.apps["wxnew"]
    assert app.published_pages == ["pages/a/a"]
    assert app.templates["t-1"].kind == "long_term"


def test_time_answers_with_the_new_time(weixin):
    assert weixin.control("/time", advance_seconds=5)["now"] == 1_800_000_005


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("/login-codes", {}, "openid"),
        ("/login-codes", {"openid": 5}, "openid"),
        ("/login-codes", {"openid": "o", "appid": "wxnone"}, "wxnone"),
        ("/phone-codes", {"phone": "abc"}, "digits"),
        ("/time", {"advance_seconds": -1}, "advance_seconds"),
        ("/time", {"advance_seconds": True}, "advance_seconds"),
        ("/risk", {"openid": "o", "rank": 5}, "rank"),
        ("/users", {"openid": "o", "blocked": "yes"}, "blocked"),
        ("/users", {"openid": "o", "age": 5}, "age"),
        ("/quotas", {"path": "/no", "window": "day", "limit": 1}, "/no"),
        ("/quotas", {"path": "/cgi-bin/token", "window": "hour", "limit": 1}, "window"),
        ("/subscriptions", {"openid": "o", "template_id": "x", "status": "accept"}, "x"),
        ("/subscriptions", {"openid": "o", "template_id": "x", "status": "maybe"}, "status"),
        ("/apps", {"appid": "wxnew"}, "secret"),
        ("/apps", {"appid": DEFAULT_APPID, "aes_key": "short"}, "aes_key"),
        ("/apps", {"appid": DEFAULT_APPID, "callback_url": "ftp://x"}, "callback_url"),
        ("/apps", {"appid": DEFAULT_APPID, "drift": {"list": "tuple"}}, "list"),
        ("/apps", {"appid": DEFAULT_APPID, "templates": [{"template_id": "t"}]}, "keys"),
        (
            "/apps",
            {"appid": DEFAULT_APPID, "templates": [{"template_id": "t", "keys": ["poem1"]}]},
            "poem1",
        ),
        ("/content-verdicts", {"next": [{"suggest": "pass", "label": 7}]}, "label"),
        ("/media-results", {"trace_id": "none"}, "trace_id"),
    ],
)
def test_invalid_input_is_400_with_a_sentence(weixin, path, body, word):
    answer = weixin.try_control(path, **body)
    assert answer.status_code == 400
    assert word in answer.json()["error"]
    assert answer.json()["error"].endswith(".")


@pytest.mark.parametrize("body", [b"{", b"[1]", b"a=1"])
def test_a_control_body_must_be_a_json_object(weixin, body):
    answer = weixin.post("/_control/users", body)
    assert answer.status_code == 400
    assert answer.json()["error"] == "The body must be a JSON object."


def test_an_invalid_change_of_an_app_changes_nothing(weixin):
    answer = weixin.try_control(
        "/apps", appid=DEFAULT_APPID, published_pages=[], drift={"list": "tuple"}
    )
    assert answer.status_code == 400
    assert weixin.state.apps[DEFAULT_APPID].published_pages


def test_an_unknown_control_is_404(weixin):
    assert weixin.try_control("/no-such").status_code == 404
    assert weixin.try_control("/reset", "GET").status_code == 404


def test_the_control_plane_answers_only_this_machine():
    client = create_app().test_client()
    elsewhere = {"REMOTE_ADDR": "203.0.113.5"}
    assert client.post("/_control/reset", environ_base=elsewhere).status_code == 403
    assert client.get("/cgi-bin/token", environ_base=elsewhere).status_code == 200
    assert client.post("/_control/reset").status_code == 200


def test_own_apps_replace_the_preconfigured_ones_also_after_reset():
    app = create_app(apps=[{"appid": "wxmine", "secret": "s"}])
    client = app.test_client()
    client.post("/_control/reset")
    assert list(app.extensions["wechat_simulator"].apps) == ["wxmine"]


def test_the_clock_runs_by_itself_when_none_is_given():
    state = create_app().extensions["wechat_simulator"]
    assert abs(state.now() - time.time()) < 5


def test_production_refuses_the_simulator(monkeypatch):
    monkeypatch.setenv("SAIN_ENV", "production")
    with pytest.raises(RuntimeError, match="production"):
        create_app()


def start(port):
    return subprocess.Popen(
        [sys.executable, "-m", "devtools.wechat_simulator"],
        cwd=ROOT,
        env={**os.environ, "SIMULATOR_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_program_starts_answers_and_stops_cleanly(stop):
    port = free_port()
    with start(port) as program:
        try:
            ready = program.stdout.readline()
            assert ready == f"WeChat simulator ready on http://127.0.0.1:{port}\n"
            answer = requests.get(f"http://127.0.0.1:{port}/cgi-bin/token?secret=x", timeout=5)
            assert answer.json()["errcode"] == 40002
            program.send_signal(stop)
            _, log = program.communicate(timeout=60)
        finally:
            program.kill()
    assert program.returncode == 0
    assert "Traceback" not in log
    assert "secret" not in log


def test_a_port_in_use_is_one_clear_sentence():
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", 0))
        occupied.listen()
        with start(occupied.getsockname()[1]) as program:
            out, words = program.communicate(timeout=5)
    assert program.returncode == 1
    assert out == ""
    assert "cannot use port" in words
    assert len(words.splitlines()) == 1


@pytest.mark.parametrize(("name", "value"), [("SAIN_ENV", "production"), ("SIMULATOR_PORT", "x")])
def test_the_program_refuses_wrong_settings(monkeypatch, capsys, name, value):
    monkeypatch.setenv(name, value)
    assert main() == 1
    assert name in capsys.readouterr().err
