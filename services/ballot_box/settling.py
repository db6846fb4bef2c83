"""Settling a batch: read the facts, decide by the rules, write what is accepted."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Row

from models.voting import campaign_status
from services.ballot_box.ballots import BallotOrigin, CastBallot, CastRequest, Limits
from services.ballot_box.statements import READ_BALLOTS, READ_FACTS, WRITE_BALLOTS
from services.errors import Conflict, Forbidden, Invalid, Missing, ServiceError, SignInRequired

# A ballot, a refusal, or None where another process took the number: then settle it again.
Outcome = CastBallot | ServiceError | None


def settle(connection: Connection, requests: Sequence[CastRequest], *, shard: int) -> list[Outcome]:
    """The outcome of each request, its ballot on disk; `connection` is in autocommit.

    `shard` is the part of the tallies that grows.

    No voter may occur twice: a second ballot can only be decided once the first is counted.
    Settling again after a lost connection is safe, since a ballot that had been written is found
    by its request key.
    """
    facts = connection.execute(READ_FACTS, _facts_parameters(requests)).all()
    earlier = _read_earlier(connection, facts)
    outcomes: list[Outcome] = [None] * len(requests)
    accepted: dict[int, _Accepted] = {}
    for place, (request, row) in enumerate(zip(requests, facts, strict=True)):
        try:
            _check_known(row)
            if row.same_request_id is None:
                accepted[place] = _accept(request, row)
            else:
                outcomes[place] = _repeat(request, row, earlier[row.same_request_id])
        except ServiceError as refusal:
            outcomes[place] = refusal
    if accepted:
        ids = _write(connection, list(accepted.values()), shard)
        for place, ballot in accepted.items():
            outcomes[place] = ballot.with_id(ids.get(ballot.request.voter_id))
    return outcomes


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A ballot that the rules allow, with its place among the voter's ballots."""

    request: CastRequest
    limits: Limits
    receipt_secret: int
    number: int
    number_today: int
    number_today_for_entry: int

    def with_id(self, ballot_id: int | None) -> CastBallot | None:
        if ballot_id is None:
            return None
        return CastBallot(
            ballot_id,
            self.request.campaign_id,
            self.request.entry_id,
            self.request.cast_at,
            self.receipt_secret,
            self.number,
            self.number_today,
            self.number_today_for_entry,
            self.limits,
        )


def _accept(request: CastRequest, facts: Row) -> _Accepted:
    """The ballot with its numbers; raises the refusal the rules ask for."""
    limits = decide(request, facts)
    return _Accepted(
        request,
        limits,
        # 63 random bits: a signed bigint that is never negative.
        secrets.randbits(63),
        facts.last_number + 1,
        facts.today + 1,
        facts.today_for_entry + 1,
    )


def decide(request: CastRequest, facts: Row) -> Limits:
    """The limits the ballot may be cast under; raises the refusal the rules ask for."""
    _check_campaign(request, facts)
    if not facts.is_entry_known:
        raise Invalid("entry_not_in_campaign")
    if facts.phone_required and not facts.is_phone_bound:
        raise Forbidden("phone_required")
    limits = _limits(facts)
    if limits.in_all is not None and facts.in_all >= limits.in_all:
        raise Conflict("total_limit_reached", limit=limits.in_all)
    if facts.today >= limits.per_day:
        raise Conflict("daily_limit_reached", limit=limits.per_day)
    if facts.today_for_entry >= limits.per_entry_per_day:
        raise Conflict("entry_limit_reached", limit=limits.per_entry_per_day)
    return limits


def _check_known(facts: Row) -> None:
    """What even the repetition of a counted ballot needs."""
    if not facts.is_signed_in:
        raise SignInRequired("session_ended")
    if not facts.is_campaign_known:
        raise Missing("campaign_not_found")


def _check_campaign(request: CastRequest, facts: Row) -> None:
    status = campaign_status(facts.state, facts.opens_at, facts.closes_at, request.cast_at)
    if status == "closed":
        raise Conflict("campaign_closed")
    if status != "open":
        raise Conflict("campaign_not_open")


def _read_earlier(connection: Connection, facts: Sequence[Row]) -> dict[int, Row]:
    """The ballots that some of the requests are repetitions of, by id."""
    ids = [row.same_request_id for row in facts if row.same_request_id is not None]
    if not ids:
        return {}
    return {row.id: row for row in connection.execute(READ_BALLOTS, {"ids": _array(ids)})}


def _repeat(request: CastRequest, facts: Row, ballot: Row) -> CastBallot:
    """The ballot of this request's first try."""
    if ballot.entry_id != request.entry_id:
        raise Invalid("idempotency_key_reused")
    return CastBallot(*ballot, limits=_limits(facts))


def _limits(facts: Row) -> Limits:
    return Limits(facts.ballots_per_day, facts.ballots_per_entry_per_day, facts.ballots_in_all)


def _write(connection: Connection, accepted: Sequence[_Accepted], shard: int) -> dict[int, int]:
    """Insert the ballots and bump the tallies; the ids by voter, lost numbers left out."""
    written = connection.execute(WRITE_BALLOTS, _ballot_parameters(accepted) | {"shard": shard})
    return {row.voter_id: row.id for row in written}


def _facts_parameters(requests: Sequence[CastRequest]) -> dict[str, str]:
    return {
        "campaign_ids": _array(request.campaign_id for request in requests),
        "entry_ids": _array(request.entry_id for request in requests),
        "voter_ids": _array(request.voter_id for request in requests),
        "session_ids": _array(request.session_id for request in requests),
        "request_keys": _array(request.request_key for request in requests),
        "days": _array(request.cast_on for request in requests),
        "moments": _array(request.cast_at for request in requests),
    }


def _ballot_parameters(accepted: Sequence[_Accepted]) -> dict[str, str]:
    parameters = _facts_parameters([ballot.request for ballot in accepted])
    del parameters["session_ids"]
    return parameters | {
        "sources": _array_of_optional(ballot.request.source for ballot in accepted),
        "receipt_secrets": _array(ballot.receipt_secret for ballot in accepted),
        "numbers": _array(ballot.number for ballot in accepted),
        "numbers_today": _array(ballot.number_today for ballot in accepted),
        "numbers_today_for_entry": _array(ballot.number_today_for_entry for ballot in accepted),
        **_origin_parameters([ballot.request.origin for ballot in accepted]),
    }


def _origin_parameters(origins: Sequence[BallotOrigin]) -> dict[str, str]:
    return {
        "address_keys": _array_of_optional(origin.address_key for origin in origins),
        "network_keys": _array_of_optional(origin.network_key for origin in origins),
        "device_keys": _array_of_optional(origin.device_key for origin in origins),
        "addresses": _array_of_optional(origin.address for origin in origins),
    }


def _array_of_optional(values: Iterable[int | str | None]) -> str:
    return _array("NULL" if value is None else value for value in values)


def _array(values: Iterable[int | str | date]) -> str:
    """An array in PostgreSQL's own notation.

    The driver would build it from a list element by element, which costs more than all else here;
    numbers, keys, moments, addresses and the words for sources need no quoting.
    """
    return "{" + ",".join(map(str, values)) + "}"
