"""The envelope of what WeChat pushes: whether it is from WeChat, fresh, and for us.

wechatpy compares signatures in varying time, knows no freshness, and fails in many ways on what is
no envelope; these few lines do what they must. In plain mode WeChat signs only the moment and a
nonce, not the message, so production demands safe mode, in which the cipher text is signed.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from redis import Redis, RedisError

from services.errors import Forbidden, Invalid
from services.push_channel.parsing import Content, parse

log = logging.getLogger(__name__)

FRESH_SECONDS = 300
# As long as any envelope that is fresh now stays so.
REMEMBERED_SECONDS = 2 * FRESH_SECONDS
TIMESTAMP = re.compile("[0-9]{1,12}")
LONGEST_NONCE = 128
BLOCK = 16
RANDOM_BYTES = 16
LARGEST_PADDING = 32


@dataclass(frozen=True, slots=True)
class Delivery:
    """A push that is from WeChat. `is_repeated` if this very envelope was dealt with before."""

    content: Content
    is_repeated: bool
    name: str
    digest: bytes


class PushChannel:
    """Opens WeChat's envelopes with the token, and the AES key of safe mode.

    With an AES key plain messages are refused. Redis only spares the repetition of an envelope its
    way to the database, where a unique key decides; in plain mode it also refuses another message
    under a nonce that was used, as well as it can.
    """

    def __init__(self, token: str, aes_key: str | None, *, appid: str, redis: Redis) -> None:
        self._token = token
        self._key = None if aes_key is None else decode_aes_key(aes_key)
        self._appid = appid.encode()
        self._redis = redis

    def verify_address(self, query: Mapping[str, str], *, now: datetime) -> str:
        """What WeChat wants echoed when the address is entered; raises Forbidden, Invalid."""
        self._check(query, "signature", now=now)
        if not query.get("echostr"):
            raise _malformed()
        return query["echostr"]

    def open(self, query: Mapping[str, str], body: bytes, *, now: datetime) -> Delivery:
        """The message in an envelope.

        Raises Forbidden for one that is not WeChat's, not fresh or for another app, and Invalid for
        one that cannot be read.
        """
        if self._key is None:
            self._check(query, "signature", now=now)
            content = parse(body)
        else:
            encrypted = parse(body).get("Encrypt")
            if not isinstance(encrypted, str):
                raise _refused()
            self._check(query, "msg_signature", encrypted, now=now)
            content = parse(self._decrypt(encrypted))
        name = f"sain:wechat-push:{query['timestamp']}:{query['nonce']}"
        digest = hashlib.sha256(body).digest()
        return Delivery(content, self._is_repeated(name, digest), name, digest)

    def remember(self, delivery: Delivery) -> None:
        """Note that the delivery is dealt with; only to be said once its effect is on disk."""
        try:
            self._redis.set(delivery.name, delivery.digest, ex=REMEMBERED_SECONDS)
        except RedisError:
            log.warning("Redis is away; a repeated push will ask the database")

    def _is_repeated(self, name: str, digest: bytes) -> bool:
        try:
            known = self._redis.get(name)
        except RedisError:
            return False
        if known is not None and known != digest and self._key is None:
            raise _refused()
        return known == digest

    def _check(self, query: Mapping[str, str], name: str, *more: str, now: datetime) -> None:
        """Raise Forbidden unless this signature is right and of this moment."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not TIMESTAMP.fullmatch(timestamp) or not 0 < len(nonce) <= LONGEST_NONCE:
            raise _refused()
        parts = sorted([self._token, timestamp, nonce, *more])
        signature = hashlib.sha1("".join(parts).encode(errors="replace")).hexdigest()
        given = query.get(name, "").encode(errors="replace")
        if not hmac.compare_digest(signature.encode(), given):
            raise _refused()
        if abs(now.timestamp() - int(timestamp)) > FRESH_SECONDS:
            raise _refused()

    def _decrypt(self, encrypted: str) -> bytes:
        """The text in `random(16) length(4) text appid padding`; raises Invalid, Forbidden."""
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError):
            raise _malformed() from None
        if not sealed or len(sealed) % BLOCK:
            raise _malformed()
        decryptor = Cipher(algorithms.AES(self._key), modes.CBC(self._key[:BLOCK])).decryptor()
        return self._unwrap(decryptor.update(sealed) + decryptor.finalize())

    def _unwrap(self, padded: bytes) -> bytes:
        if not 1 <= padded[-1] <= LARGEST_PADDING:
            raise _malformed()
        plain = padded[RANDOM_BYTES : -padded[-1]]
        end = 4 + int.from_bytes(plain[:4], "big")
        if len(plain) < end:
            raise _malformed()
        if not hmac.compare_digest(plain[end:], self._appid):
            raise _refused()
        return plain[4:end]


def decode_aes_key(encoded: str) -> bytes:
    """The 32 bytes of an EncodingAESKey of 43 characters; raises ValueError."""
    key = base64.b64decode(f"{encoded}=", validate=True)
    if len(encoded) != 43 or len(key) != 32:
        raise ValueError("an EncodingAESKey has 43 characters")
    return key


def _malformed() -> Invalid:
    return Invalid("malformed_request")


def _refused() -> Forbidden:
    return Forbidden("push_refused")
