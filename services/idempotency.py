"""Requests that are sent again must not be done again."""

import hashlib
from uuid import UUID


def request_key(idempotency_key: str) -> UUID:
    """128 bits of an Idempotency-Key, as a UUID column holds them."""
    return UUID(hex=hashlib.sha256(idempotency_key.encode()).hexdigest()[:32])
