"""A client for tests: JSON in, JSON out, a token where there is one."""

import uuid
from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.policies import CURRENT_PRIVACY_VERSION

PREFIX = "/api/v1"


@dataclass(frozen=True)
class HTTPClient:
    """Sends requests to the app; paths are below /api/v1 unless they start with a slash twice."""

    client: FlaskClient

    def get(self, path: str, *, token: str | None = None, headers=None, **query) -> TestResponse:
        return self.client.get(PREFIX + path, query_string=query, headers=_headers(token, headers))

    def post(self, path: str, body=None, *, token: str | None = None, headers=None) -> TestResponse:
        return self.client.post(PREFIX + path, json=body, headers=_headers(token, headers))

    def upload(self, path: str, content: bytes, *, token: str | None = None) -> TestResponse:
        return self.client.post(PREFIX + path, data=content, headers=_headers(token, None))

    def put(self, path: str, body=None, *, token: str | None = None, headers=None) -> TestResponse:
        return self.client.put(PREFIX + path, json=body, headers=_headers(token, headers))

    def delete(self, path: str, *, token: str | None = None, headers=None) -> TestResponse:
        return self.client.delete(PREFIX + path, headers=_headers(token, headers))

    def sign_in(self, code: str, policy_version: str = CURRENT_PRIVACY_VERSION) -> TestResponse:
        """Sign in with a `wx.login` code, consenting to the privacy policy."""
        return self.post("/auth/wechat", {"code": code, "policy_version": policy_version})

    def vote(
        self,
        campaign_id: int,
        entry_id: int,
        *,
        token: str | None,
        key: str | None = None,
        **more: object,
    ) -> TestResponse:
        """Cast a ballot under a fresh idempotency key, or the one given."""
        return self.post(
            f"/campaigns/{campaign_id}/ballots",
            {"entry_id": entry_id} | more,
            token=token,
            headers={"Idempotency-Key": key or str(uuid.uuid4())},
        )


def _headers(token: str | None, headers: dict | None) -> dict:
    return ({"Authorization": f"Bearer {token}"} if token else {}) | (headers or {})


def code_of(response: TestResponse) -> str:
    """The stable code of a problem answer, its shape checked on the way."""
    assert response.mimetype == "application/problem+json", response.get_data(as_text=True)
    problem = response.get_json()
    assert problem["status"] == response.status_code
    assert problem["request_id"] == response.headers["X-Request-ID"]
    assert problem["detail"]
    assert problem["title"]
    return problem["code"]
