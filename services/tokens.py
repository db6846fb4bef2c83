"""Access tokens: signed, short-lived, naming a session that must still be alive when used."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from services.errors import SignInRequired

REFRESH_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says."""

    citizen_id: int
    session_id: int


class TokenSigner:
    """Signs and reads access tokens with HMAC-SHA-256.

    `secret_keys` is ordered oldest first: the last one signs, all of them are accepted.
    """

    def __init__(self, secret_keys: list[str], *, lifetime: timedelta) -> None:
        self.lifetime = lifetime
        self._serializer = URLSafeSerializer(
            secret_keys,
            salt="sain.access-token",
            signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )

    def issue(self, claims: AccessClaims, *, now: datetime) -> str:
        expires_at = int((now + self.lifetime).timestamp())
        return self._serializer.dumps([claims.citizen_id, claims.session_id, expires_at])

    def read(self, token: str, *, now: datetime) -> AccessClaims:
        """What the token says; raises SignInRequired when it is forged, foreign or expired."""
        try:
            citizen_id, session_id, expires_at = self._serializer.loads(token)
        except BadData:
            raise SignInRequired("access_token_invalid") from None
        if now.timestamp() >= expires_at:
            raise SignInRequired("access_token_expired")
        return AccessClaims(citizen_id, session_id)


def new_refresh_token() -> str:
    return secrets.token_urlsafe(REFRESH_TOKEN_BYTES)


def hash_refresh_token(token: str) -> bytes:
    """What is stored of a refresh token: it has 256 random bits, so a plain hash suffices."""
    return hashlib.sha256(token.encode()).digest()
