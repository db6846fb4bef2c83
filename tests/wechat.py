"""The WeChat simulator, run in a thread, and its control plane."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

import requests
from werkzeug.serving import make_server

from devtools.wechat_simulator import create_app


@contextmanager
def running_simulator() -> Iterator[str]:
    """The simulator on a free port; yields its base URL."""
    server = make_server("127.0.0.1", 0, create_app(), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class WeChatControl:
    """What a test can make WeChat do."""

    base_url: str

    def login_code(self, openid: str = "o-citizen", **values) -> str:
        return self._post("login-codes", {"openid": openid} | values)["code"]

    def web_code(self, **values) -> str:
        """A code as the official account's page sends it back."""
        return self._post("web-codes", values)["code"]

    def login_code_of(self, person: str) -> str:
        """A code of wx.login by one of the simulator's people."""
        return self._post("login-codes", {"person": person})["code"]

    def phone_code(self, phone: str = "13812345678", **values) -> str:
        return self._post("phone-codes", {"phone": phone} | values)["code"]

    def choose_subscription(self, openid: str, template_id: str, status: str) -> None:
        """What somebody answered when the mini-program asked to send them a message."""
        choice = {"openid": openid, "template_id": template_id, "status": status}
        self._post("subscriptions", choice)

    def subscribe(self, openid: str, template_id: str, *, times: int = 1) -> None:
        """The person accepts so many messages; from now on they are known."""
        choice = {"openid": openid, "template_id": template_id, "status": "accept"}
        self._post("subscriptions", choice | {"times": times})

    def messages(self, openid: str | None = None) -> list[dict]:
        """What was sent, oldest first."""
        params = {"openid": openid} if openid else {}
        answer = requests.get(f"{self.base_url}/_control/messages", params=params, timeout=5)
        return answer.json()["messages"]

    def visit(self, openid: str, *, seconds_ago: int = 0, risk_rank: int = 0) -> None:
        """Somebody was in the mini-program, and this is how risky WeChat thinks they are."""
        self._post("users", {"openid": openid, "last_visit_seconds_ago": seconds_ago})
        self._post("risk", {"openid": openid, "rank": risk_rank})

    def block(self, openid: str) -> None:
        self._post("users", {"openid": openid, "blocked": True})

    def advance(self, seconds: int) -> None:
        self._post("time", {"advance_seconds": seconds})

    def fail(self, path: str, kind: str, times: int = 1, **values) -> None:
        self._post("faults", {"path": path, "kind": kind, "times": times} | values)

    def set_app(self, appid: str = "wxsimulator0000000", **settings) -> None:
        self._post("apps", {"appid": appid} | settings)

    def push(self, **what) -> dict:
        """Send, replay, drop or verify, as /_control/push describes."""
        return self._post("push", what)

    def hold_media(self) -> None:
        self._post("media", {"hold": True})

    def conclude_media(self, trace_id: str, **verdict) -> None:
        self._post("media-results", {"trace_id": trace_id} | verdict)

    def calls(self, path: str) -> list[dict]:
        """The bodies sent to a path since the last reset."""
        answer = requests.get(f"{self.base_url}/_control/calls", params={"path": path}, timeout=5)
        return [json.loads(call["body"]) for call in answer.json()["calls"]]

    def reset(self) -> None:
        self._post("reset", {})

    def _post(self, name: str, body: dict) -> dict:
        answer = requests.post(f"{self.base_url}/_control/{name}", json=body, timeout=5)
        assert answer.ok, answer.text
        return answer.json()
