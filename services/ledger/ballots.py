"""The records of ballots, and of what has to be known before the first of them."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Row, select

from models import Campaign, Entry
from services.context import Context
from services.ledger.noting import entries_contents, rules_content
from services.ledger.records import encode_ballot, moment, nonce, pseudonym
from services.ledger.statements import FIND_KNOWN
from services.ledger.writing import Writer

log = logging.getLogger(__name__)

ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Known:
    """What the sealer knows of a campaign. Ballots cast from `hidden_from` on are hidden."""

    hidden_from: datetime | None
    has_rules: bool
    is_closed: bool


class Campaigns:
    """The campaigns met in one sealing, each looked up once."""

    def __init__(self, ctx: Context, writer: Writer) -> None:
        self._ctx = ctx
        self._writer = writer
        self._known: dict[int, _Known] = {}

    def look_up(self, campaign_ids: Iterable[int]) -> None:
        """Learn of those campaigns that have not been met yet."""
        new = set(campaign_ids) - self._known.keys()
        if not new:
            return
        found = self._ctx.session.execute(FIND_KNOWN, {"campaign_ids": sorted(new)})
        noted = {tuple(row) for row in found}
        # A draft may be deleted before what was noted of it has its place.
        self._known |= {campaign_id: _Known(None, True, False) for campaign_id in new}
        for campaign in self._ctx.session.scalars(select(Campaign).where(Campaign.id.in_(new))):
            self._known[campaign.id] = _Known(
                _hidden_from(campaign),
                (campaign.id, "rules") in noted,
                (campaign.id, "closing") in noted,
            )

    def is_closed(self, campaign_id: int) -> bool:
        return self._known[campaign_id].is_closed

    def note_closed(self, campaign_id: int) -> None:
        self._known[campaign_id].is_closed = True

    def note_rules(self, campaign_id: int) -> None:
        self._known[campaign_id].has_rules = True

    def is_shown(self, campaign_id: int, cast_at: datetime) -> bool:
        hidden_from = self._known[campaign_id].hidden_from
        return hidden_from is None or cast_at < hidden_from

    def ensure_rules(self, campaign_id: int) -> None:
        """Write what a campaign is about that nobody has noted: one from before there was a log."""
        if self._known[campaign_id].has_rules:
            return
        self.note_rules(campaign_id)
        campaign = self._ctx.session.get_one(Campaign, campaign_id)
        at = {"at": moment(self._ctx.now)}
        self._writer.add("rules", campaign_id, at | rules_content(campaign, event="found"))
        entries = self._ctx.session.scalars(
            select(Entry).where(Entry.campaign_id == campaign_id).order_by(Entry.number)
        ).all()
        for content in entries_contents(entries):
            self._writer.add("entries", campaign_id, at | content)
        for entry in entries:
            if entry.withdrawn_at is not None:
                content = {"entry": entry.id, "reason": entry.withdrawal_reason, "persons": 1}
                self._writer.add("withdrawal", campaign_id, at | content)


def _hidden_from(campaign: Campaign) -> datetime | None:
    """From when on a ballot is hidden until the end; None for never."""
    if campaign.standings_mode != "live":
        return ALWAYS
    if campaign.standings_freeze_minutes:
        return campaign.freezes_at
    return None


def write_ballots(ctx: Context, writer: Writer, campaigns: Campaigns, ballots: list[Row]) -> int:
    """Append these ballots, and say how many; not those of campaigns whose end is in the log."""
    campaigns.look_up({ballot.campaign_id for ballot in ballots})
    crypto = ctx.services.crypto
    late = 0
    for ballot_id, campaign_id, entry_id, voter_id, receipt_secret, cast_at, day, *_ in ballots:
        if campaigns.is_closed(campaign_id):
            late += 1
            continue
        campaigns.ensure_rules(campaign_id)
        record = encode_ballot(
            campaign_id=campaign_id,
            entry_id=entry_id,
            day=day,
            voter=pseudonym(crypto, campaign_id=campaign_id, voter_id=voter_id),
            nonce=nonce(crypto, ballot_id=ballot_id, receipt_secret=receipt_secret),
            is_shown=campaigns.is_shown(campaign_id, cast_at),
        )
        writer.add_encoded("ballot", campaign_id, record, ballot_id)
    if late:
        log.critical("%s ballots turned up after their campaign's closing was sealed", late)
    return len(ballots) - late
