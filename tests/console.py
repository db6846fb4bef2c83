"""A browser at the console, for tests: the session's cookie, its CSRF token, JSON in and out."""

from dataclasses import dataclass

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PREFIX = "/api/v1/staff"


@dataclass
class ConsoleClient:
    """Sends what a page of the console would send; paths are below /api/v1/staff."""

    client: FlaskClient
    csrf_token: str = ""
    staff_id: int | None = None

    def get(self, path: str, **query) -> TestResponse:
        return self.client.get(PREFIX + path, query_string=query)

    def post(self, path: str, body=None, *, revision: int | None = None, **query) -> TestResponse:
        return self.send("POST", path, body, revision=revision, **query)

    def patch(self, path: str, body=None, *, revision: int | None = None) -> TestResponse:
        return self.send("PATCH", path, body, revision=revision)

    def delete(self, path: str, *, revision: int | None = None) -> TestResponse:
        return self.send("DELETE", path, revision=revision)

    def send(
        self, method: str, path: str, body=None, *, revision: int | None = None, **query
    ) -> TestResponse:
        headers = {"X-CSRF-Token": self.csrf_token}
        if revision is not None:
            headers["If-Match"] = f'"{revision}"'
        data = {"data": body} if isinstance(body, bytes) else {"json": body}
        if body is None:
            data = {}
        answer = self.client.open(
            PREFIX + path, method=method, headers=headers, query_string=query, **data
        )
        if answer.is_json and "csrf_token" in (answer.get_json(silent=True) or {}):
            self.csrf_token = answer.get_json()["csrf_token"]
        return answer

    def propose(self, campaign_id: int, kind: str, **values: object) -> TestResponse:
        """Propose what a second person has to agree to."""
        body = {"kind": kind, "reason": "会议决定"} | values
        return self.post(f"/campaigns/{campaign_id}/proposals", body)

    def sign_in(self, username: str, password: str) -> TestResponse:
        return self.post("/auth/sign-in", {"username": username, "password": password})

    def set_up_totp(self, clock) -> pyotp.TOTP:
        """Put the secret into an authenticator and confirm it."""
        totp = pyotp.TOTP(self.get("/auth/totp-setup").get_json()["secret"])
        answer = self.post("/auth/totp", {"code": totp.at(clock.now())})
        assert answer.status_code == 200, answer.get_json()
        return totp
