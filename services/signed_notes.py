"""Signed notes (c2sp.org/signed-note) by the ledger's own Ed25519 key."""

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\x01"


class LedgerSigner:
    """Signs checkpoints. `origin` names the log and the key; `seed` is 32 secret bytes."""

    def __init__(self, origin: str, seed: bytes) -> None:
        self.origin = origin
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public_key = self._key.public_key().public_bytes_raw()
        self._key_id = hashlib.sha256(
            origin.encode() + b"\n" + ED25519 + self._public_key
        ).digest()[:4]

    @property
    def verifier_key(self) -> str:
        """The public key as Go's note package writes it: name+id+key."""
        key = base64.b64encode(ED25519 + self._public_key).decode()
        return f"{self.origin}+{self._key_id.hex()}+{key}"

    def sign(self, text: str) -> str:
        """The note: the text, which ends with a newline, and a line with our signature."""
        signature = self._key_id + self._key.sign(text.encode())
        return f"{text}\n— {self.origin} {base64.b64encode(signature).decode()}\n"
