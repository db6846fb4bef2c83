"""The data a benchmark runs on: voters with sessions, a campaign, and a history of ballots."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from services.tokens import AccessClaims, TokenSigner

VOTERS = 20_000
ENTRIES = 30
BALLOTS_PER_PAST_VOTER = 20

MAKE_CAMPAIGN = text("""
    INSERT INTO campaigns (contest_code, organization_id, quarter, title, introduction, state,
                           opens_at, closes_at, ballots_per_day, ballots_per_entry_per_day,
                           phone_required, standings_mode, standings_delay_minutes,
                           is_demonstration)
    SELECT 'outreach', min(id), '2026Q4', '压力测试', '', 'announced', now() - interval '1 day',
           now() + interval '1 day', 1000, 1000, false, 'live', 60, true
    FROM organizations RETURNING id
""")
MAKE_ENTRIES = text("""
    INSERT INTO entries (campaign_id, number, name, statement, search_text, is_demonstration)
    SELECT :campaign_id, number, '参评对象' || number, repeat('讲中医养生。', 20),
           '参评对象' || number, true
    FROM generate_series(1, :entries) AS number RETURNING id
""")
MAKE_VOTERS = text("""
    WITH voters AS (
        INSERT INTO citizens (created_at) SELECT now() FROM generate_series(1, :voters)
        RETURNING id
    )
    INSERT INTO login_sessions (citizen_id, created_at, expires_at)
    SELECT id, now(), now() + interval '1 day' FROM voters RETURNING id, citizen_id
""")
# In rounds and in random order, as votes come in over days.
MAKE_HISTORY = text("""
    INSERT INTO ballots (campaign_id, entry_id, voter_id, receipt_secret, cast_at, request_key,
                         cast_on, number, number_today, number_today_for_entry)
    SELECT :campaign_id, :first_entry + voter % :entries, voter, 1,
           now() - make_interval(days => :rounds - :round), gen_random_uuid(),
           current_date - (:rounds - :round), :round, 1, 1
    FROM generate_series(CAST(:first_voter AS int), CAST(:last_voter AS int)) AS voter
    ORDER BY hashint4(voter + :round)
""")
FOREIGN_KEYS = {
    "fk_ballots_voter_id": "FOREIGN KEY (voter_id) REFERENCES citizens (id)",
    "fk_ballots_campaign_id_entry_id": (
        "FOREIGN KEY (campaign_id, entry_id) REFERENCES entries (campaign_id, id)"
    ),
}


@dataclass(frozen=True)
class World:
    """Where the votes go, and who casts them."""

    campaign_id: int
    voters: Path

    @property
    def ballots_path(self) -> str:
        return f"/api/v1/campaigns/{self.campaign_id}/ballots"


def make_world(engine: Engine, signer: TokenSigner, folder: Path) -> World:
    """An open campaign and signed-in voters, their tokens in a file for wrk."""
    with engine.begin() as connection:
        campaign_id = connection.scalar(MAKE_CAMPAIGN)
        made = {"campaign_id": campaign_id, "entries": ENTRIES}
        entries = connection.scalars(MAKE_ENTRIES, made).all()
        sessions = connection.execute(MAKE_VOTERS, {"voters": VOTERS}).all()
    now = datetime.now(UTC) + timedelta(seconds=1)
    voters = folder / "voters.txt"
    with voters.open("w") as file:
        for place, (session_id, citizen_id) in enumerate(sessions):
            token = signer.issue(AccessClaims(citizen_id, session_id), now=now)
            file.write(f"{token} {entries[place % ENTRIES]}\n")
    return World(campaign_id, voters)


def fill_history(engine: Engine, ballots: int) -> None:
    """Bring the table to about so many ballots, cast by other citizens in a past campaign."""
    voters = ballots // BALLOTS_PER_PAST_VOTER
    with engine.begin() as connection:
        _drop_foreign_keys(connection)
        campaign_id = connection.scalar(MAKE_CAMPAIGN)
        made = {"campaign_id": campaign_id, "entries": ENTRIES}
        first_entry = min(connection.scalars(MAKE_ENTRIES, made).all())
        new = connection.execute(MAKE_VOTERS, {"voters": voters}).all()
        citizens = [citizen_id for _, citizen_id in new]
        for number in range(1, BALLOTS_PER_PAST_VOTER + 1):
            connection.execute(
                MAKE_HISTORY,
                made
                | {
                    "first_entry": first_entry,
                    "first_voter": min(citizens),
                    "last_voter": max(citizens),
                    "round": number,
                    "rounds": BALLOTS_PER_PAST_VOTER,
                },
            )
        _add_foreign_keys(connection)
    settle_down(engine)


def settle_down(engine: Engine) -> None:
    """Take statistics and write everything out, so that no leftover work disturbs a measurement."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def _drop_foreign_keys(connection) -> None:
    """Checking ten million rows one by one takes minutes; adding the keys again checks them all."""
    for name in FOREIGN_KEYS:
        connection.execute(text(f"ALTER TABLE ballots DROP CONSTRAINT {name}"))


def _add_foreign_keys(connection) -> None:
    for name, definition in FOREIGN_KEYS.items():
        connection.execute(text(f"ALTER TABLE ballots ADD CONSTRAINT {name} {definition}"))
