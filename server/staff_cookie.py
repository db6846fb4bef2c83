"""The console's session cookie, and the header that only our own pages can send with it."""

import hashlib

from flask import Request, Response

from server.config import Config
from server.extensions import Runtime
from services.context import Origin
from services.errors import Forbidden, SignInRequired

# The prefix makes browsers insist on HTTPS, the whole host and the root path.
SECURE_NAME = "__Host-sain_staff"
# On a developer's machine there is no HTTPS.
PLAIN_NAME = "sain_staff"
LONGEST_TOKEN = 64


def read_cookie(request: Request) -> str:
    """The session token a browser sent; "" without one."""
    token = request.cookies.get(SECURE_NAME) or request.cookies.get(PLAIN_NAME) or ""
    return token if len(token) <= LONGEST_TOKEN else ""


def read_origin(request: Request, request_id: str) -> Origin:
    return Origin(
        address=request.remote_addr or "",
        user_agent=request.headers.get("User-Agent", ""),
        request_id=request_id,
        staff_token=read_cookie(request),
    )


def subject_of(token: str) -> str | None:
    """By what the rate limits know the session; never the token itself."""
    return f"staff:{hashlib.sha256(token.encode()).hexdigest()[:16]}" if token else None


def require_csrf_token(request: Request, token: str, runtime: Runtime) -> None:
    """Refuse what another site made a browser send; raises SignInRequired, Forbidden."""
    if not token:
        raise SignInRequired("sign_in_required")
    sent = request.headers.get("X-CSRF-Token", "")
    if not runtime.services.token_signer.is_csrf_token(sent, session_token=token):
        raise Forbidden("csrf_token_invalid")


def set_cookie(answer: Response, token: str, config: Config) -> None:
    """The cookie ends with the browser; how long it is worth anything the session decides."""
    answer.set_cookie(
        cookie_name(config),
        token,
        secure=config.is_production,
        httponly=True,
        samesite="Strict",
        path="/",
    )


def clear_cookie(answer: Response, config: Config) -> None:
    answer.delete_cookie(
        cookie_name(config),
        secure=config.is_production,
        httponly=True,
        samesite="Strict",
        path="/",
    )


def cookie_name(config: Config) -> str:
    return SECURE_NAME if config.is_production else PLAIN_NAME
