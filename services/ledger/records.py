"""What the ledger's records say, byte for byte; docs/ledger.md describes them to outsiders."""

import binascii
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime

from models import Ballot
from services.context import Context
from services.crypto import CryptoProvider

# RFC 6962 has no limit, the bundles of tlog-tiles do: a length is 16 bits.
LONGEST_RECORD = 65_535
PSEUDONYM_BYTES = 16
NONCE_BYTES = 16
LETTERS_OF_URLS = bytes.maketrans(b"+/", b"-_")

_write = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
).encode


def encode(content: Mapping[str, object]) -> bytes:
    """The one way a record is written: JSON without spaces, keys in order, UTF-8."""
    return _write(content).encode()


def encode_ballot(
    *, campaign_id: int, entry_id: int, day: date, voter: str, nonce: str, is_shown: bool
) -> bytes:
    """A ballot with its entry, or with no more than a commitment to it.

    It is what `encode` would write, put together by hand as there are millions of them.
    """
    if is_shown:
        choice = f'"day":"{day.isoformat()}","entry":{entry_id},"nonce":"{nonce}"'
    else:
        hidden = commitment(campaign_id, entry_id, nonce)
        choice = f'"commitment":"{hidden}","day":"{day.isoformat()}"'
    return f'{{"campaign":{campaign_id},{choice},"type":"ballot","voter":"{voter}"}}'.encode()


def commitment(campaign_id: int, entry_id: int, nonce: str) -> str:
    """What binds a ballot to its entry and, without the nonce, tells nobody which it is."""
    return to_text(hashlib.sha256(f"{campaign_id}:{entry_id}:{nonce}".encode()).digest())


def pseudonym(crypto: CryptoProvider, *, campaign_id: int, voter_id: int) -> str:
    """What a voter is called in one campaign, and in no other."""
    key = crypto.blind_index(str(voter_id), purpose=f"ledger.voter.{campaign_id}")
    return to_text(key[:PSEUDONYM_BYTES])


def nonce(crypto: CryptoProvider, *, ballot_id: int, receipt_secret: int) -> str:
    """A ballot's nonce: worked out of its 63 random bits, so that it need not be kept."""
    key = crypto.blind_index(f"{ballot_id}:{receipt_secret}", purpose="ledger.nonce")
    return to_text(key[:NONCE_BYTES])


def ballot_nonce(ctx: Context, ballot: Ballot) -> str:
    """The nonce in a ballot's record, for whoever holds its receipt."""
    crypto = ctx.services.crypto
    return nonce(crypto, ballot_id=ballot.id, receipt_secret=ballot.receipt_secret)


def name_digest(name: str) -> str:
    """A name by which somebody who knows it can tell that it was this one."""
    return to_text(hashlib.sha256(name.encode()).digest())


def moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def to_text(value: bytes) -> str:
    """Base64 with the letters of URLs, without padding."""
    encoded = binascii.b2a_base64(value, newline=False)
    return encoded.translate(LETTERS_OF_URLS).rstrip(b"=").decode()
