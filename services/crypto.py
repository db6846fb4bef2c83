"""Encryption of personal data at rest, behind one provider that a hardware module can replace.

GB/T 39786-2021 level 3 asks for storage confidentiality by approved algorithms, so the cipher is a
setting: AES-256-GCM, or SM4-GCM for deployments under 密评.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

NONCE_BYTES = 12
TAG_BYTES = 16
CIPHERS = {"aes-256-gcm": (algorithms.AES, 32), "sm4-gcm": (algorithms.SM4, 16)}


class CryptoProvider(Protocol):
    """What a provider of encryption must do."""

    def encrypt(self, plaintext: str, *, purpose: str) -> bytes: ...

    def decrypt(self, stored: bytes, *, purpose: str) -> str: ...

    def blind_index(self, plaintext: str, *, purpose: str) -> bytes: ...


class SoftwareCrypto:
    """Encrypts in this process with keys from the settings.

    `keys` maps a key id to `(suite, key)`; the one named `active` encrypts, all of them decrypt.
    The stored form is `id length | id | nonce | ciphertext | tag`, so a key can be retired once no
    row names it. `purpose` (say "citizen.phone") is authenticated with the text: a value moved to
    another column does not decrypt.
    """

    def __init__(
        self, keys: Mapping[str, tuple[str, bytes]], *, active: str, index_key: bytes
    ) -> None:
        for suite, key in keys.values():
            if len(key) < CIPHERS[suite][1]:
                raise ValueError(f"{suite} needs a key of {CIPHERS[suite][1]} bytes")
        self._keys = dict(keys)
        self._active = active
        # Copied for each value, which takes half the time of beginning with the key.
        self._index = hmac.new(index_key, digestmod=hashlib.sha256)

    def encrypt(self, plaintext: str, *, purpose: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        encryptor = Cipher(self._algorithm(self._active), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(purpose.encode())
        ciphertext = encryptor.update(plaintext.encode()) + encryptor.finalize()
        key_id = self._active.encode()
        return bytes([len(key_id)]) + key_id + nonce + ciphertext + encryptor.tag

    def decrypt(self, stored: bytes, *, purpose: str) -> str:
        """The text; raises ValueError when it was changed, moved or its key is unknown."""
        id_end = 1 + stored[0]
        key_id, rest = stored[1:id_end].decode(), stored[id_end:]
        if key_id not in self._keys:
            raise ValueError(f"no key named {key_id!r}")
        nonce, tag = rest[:NONCE_BYTES], rest[-TAG_BYTES:]
        decryptor = Cipher(self._algorithm(key_id), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(purpose.encode())
        try:
            return (decryptor.update(rest[NONCE_BYTES:-TAG_BYTES]) + decryptor.finalize()).decode()
        except InvalidTag:
            raise ValueError("the stored value was changed or moved") from None

    def blind_index(self, plaintext: str, *, purpose: str) -> bytes:
        """A keyed hash by which equal values are found without decrypting any."""
        digest = self._index.copy()
        digest.update(f"{purpose}:{plaintext}".encode())
        return digest.digest()

    def _algorithm(self, key_id: str) -> algorithms.AES | algorithms.SM4:
        suite, key = self._keys[key_id]
        algorithm, length = CIPHERS[suite]
        return algorithm(key[:length])
