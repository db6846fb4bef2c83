"""Where invented ballots come from: honest ones from everywhere, one farm from a single place."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from models import Citizen, LoginSession
from services.ballot_box import BallotOrigin, CastRequest
from services.clock import local_day
from services.context import Context, Origin, unit_of_work
from services.voting.origins import trace_origin

PHONES = (
    "Mozilla/5.0 (Linux; Android 14; PJF110) MicroMessenger/8.0.50",
    "Mozilla/5.0 (Linux; Android 13; V2241A) MicroMessenger/8.0.49",
    "Mozilla/5.0 (Linux; Android 12; ALN-AL00) MicroMessenger/8.0.50",
    "Mozilla/5.0 (Linux; Android 14; 23127PN0CC) MicroMessenger/8.0.51",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) MicroMessenger/8.0.50",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) MicroMessenger/8.0.53",
)
SOURCES = ("list", "list", "search", "share", "share", "scan")
FARM_ACCOUNTS = 36
FARM_PROGRAM = "okhttp/4.9.1"
FARM_ADDRESS = "198.51.100.{}"


def honest_origin(ctx: Context, campaign_id: int, chance: random.Random) -> BallotOrigin:
    """A phone somewhere in a provider's shared addresses (RFC 6598)."""
    numbers = (chance.randint(64, 127), chance.randint(0, 255), chance.randint(1, 254))
    address = "100.{}.{}.{}".format(*numbers)
    return _origin(ctx, campaign_id, address, chance.choice(PHONES))


def _origin(ctx: Context, campaign_id: int, address: str, agent: str) -> BallotOrigin:
    seen = replace(ctx, origin=Origin(address=address, user_agent=agent))
    # The address itself would be forgotten after hours anyway.
    return replace(trace_origin(seen, campaign_id), address=None)


def cast_farmed_ballots(ctx: Context, campaign_id: int, entry_id: int, start: datetime) -> int:
    """New accounts behind one address, each with a vote for one entry, as regular as a clock."""
    for number, (voter_id, session_id) in enumerate(_register_accounts(ctx, start)):
        cast_at = start + timedelta(minutes=8, seconds=20 * number)
        ctx.services.ballot_box.cast(
            CastRequest(
                campaign_id=campaign_id,
                entry_id=entry_id,
                voter_id=voter_id,
                session_id=session_id,
                request_key=f"{number:032x}",
                cast_at=cast_at,
                cast_on=local_day(cast_at),
                origin=_origin(ctx, campaign_id, FARM_ADDRESS.format(number % 4 + 1), FARM_PROGRAM),
            )
        )
    return FARM_ACCOUNTS


def _register_accounts(ctx: Context, start: datetime) -> list[tuple[int, int]]:
    moments = [start + timedelta(seconds=15 * number) for number in range(FARM_ACCOUNTS)]
    with unit_of_work(ctx.session):
        citizens = [Citizen(created_at=moment) for moment in moments]
        ctx.session.add_all(citizens)
        ctx.session.flush()
        sessions = [
            LoginSession(
                citizen_id=citizen.id,
                created_at=citizen.created_at,
                expires_at=start + timedelta(hours=1),
            )
            for citizen in citizens
        ]
        ctx.session.add_all(sessions)
        ctx.session.flush()
        return [(session.citizen_id, session.id) for session in sessions]
