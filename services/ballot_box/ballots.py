"""What goes into the ballot box and what comes out."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class BallotOrigin:
    """Where a ballot comes from: keyed hashes below 2⁶³, and for a while the address itself."""

    address_key: int | None = None
    network_key: int | None = None
    device_key: int | None = None
    address: str | None = None


UNKNOWN_ORIGIN = BallotOrigin()


@dataclass(frozen=True, slots=True)
class CastRequest:
    """What a voter asks for.

    `request_key` is equal for retries of one request: 32 hexadecimal digits. `source` is one of
    models.voting.BALLOT_SOURCES, or None.
    """

    campaign_id: int
    entry_id: int
    voter_id: int
    session_id: int
    request_key: str
    cast_at: datetime
    cast_on: date
    source: str | None = None
    origin: BallotOrigin = UNKNOWN_ORIGIN


@dataclass(frozen=True, slots=True)
class Limits:
    """The campaign's rules: how many ballots a voter has."""

    per_day: int
    per_entry_per_day: int
    in_all: int | None


@dataclass(frozen=True, slots=True)
class CastBallot:
    """A ballot on disk, its place among the voter's ballots, and the rules it was cast under."""

    id: int
    campaign_id: int
    entry_id: int
    cast_at: datetime
    receipt_secret: int
    number: int
    number_today: int
    number_today_for_entry: int
    limits: Limits
