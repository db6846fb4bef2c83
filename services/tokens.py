"""Access tokens: signed, short-lived, naming a session that must still be alive when used."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.errors import SignInRequired

REFRESH_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says."""

    citizen_id: int
    session_id: int


class TokenSigner:
    """Signs and reads access tokens.

    A token is `citizen.session.expiry.signature`: decimal numbers, expiry in seconds since 1970,
    and the HMAC-SHA-256 of what stands before it, in hex. There is no algorithm to choose, so none
    to confuse. `secret_keys` is ordered oldest first: the last one signs, all are accepted.
    """

    def __init__(self, secret_keys: list[str], *, lifetime: timedelta) -> None:
        self.lifetime = lifetime
        # The prefix keeps these keys apart from any other use of the same secrets.
        self._keys = [f"sain.access-token:{key}".encode() for key in reversed(secret_keys)]

    def issue(self, claims: AccessClaims, *, now: datetime) -> str:
        expires_at = int((now + self.lifetime).timestamp())
        signed = f"{claims.citizen_id}.{claims.session_id}.{expires_at}"
        return f"{signed}.{_sign(self._keys[0], signed)}"

    def read(self, token: str, *, now: datetime) -> AccessClaims:
        """What the token says; raises SignInRequired when it is forged, foreign or expired."""
        signed, _, signature = token.rpartition(".")
        if not signature.isascii() or not self._is_ours(signed, signature):
            raise SignInRequired("access_token_invalid")
        citizen_id, session_id, expires_at = map(int, signed.split("."))
        if now.timestamp() >= expires_at:
            raise SignInRequired("access_token_expired")
        return AccessClaims(citizen_id, session_id)

    def csrf_token(self, session_token: str) -> str:
        """What our pages send along with a session's cookie; other sites cannot know it."""
        return _sign(self._keys[0], f"csrf:{session_token}")

    def is_csrf_token(self, token: str, *, session_token: str) -> bool:
        return token.isascii() and self._is_ours(f"csrf:{session_token}", token)

    def _is_ours(self, signed: str, signature: str) -> bool:
        return any(hmac.compare_digest(_sign(key, signed), signature) for key in self._keys)


def _sign(key: bytes, signed: str) -> str:
    return hmac.digest(key, signed.encode(), "sha256").hex()


def new_refresh_token() -> str:
    return secrets.token_urlsafe(REFRESH_TOKEN_BYTES)


def hash_refresh_token(token: str) -> bytes:
    """What is stored of a refresh token: it has 256 random bits, so a plain hash suffices."""
    return hashlib.sha256(token.encode()).digest()
