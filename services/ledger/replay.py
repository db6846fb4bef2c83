"""What the log says when it is read from the start: votes, decisions, closings, results."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Row, text

from services.context import Context
from services.ledger.faults import Faults
from services.ledger.records import encode, encode_ballot, nonce, pseudonym

STATES = {"quarantine": "quarantined", "release": "released", "annulment": "annulled"}
# From which state a decision may come; None is a ballot that was never set aside.
MOVES = {
    "quarantine": (None, "released"),
    "release": ("quarantined", "annulled"),
    "annulment": (None, "quarantined", "released"),
}
READ_BALLOTS = text("""
    SELECT record.index, record.ballot_id, record.campaign_id, ballot.entry_id,
           ballot.receipt_secret
    FROM ledger_records AS record JOIN ballots AS ballot ON ballot.id = record.ballot_id
    WHERE record.index = ANY(:places)
""")
READ_WAITING_BALLOTS = text("SELECT id AS ballot_id, entry_id FROM ballots WHERE id = ANY(:ids)")


@dataclass(slots=True)
class CampaignReplay:
    """A campaign as the log tells it."""

    ballots: int = 0
    hidden: int = 0
    opened: int = 0
    last_opened: int = -1
    is_closed: bool = False
    has_result: bool = False
    rules: dict[str, object] | None = None
    result: list[list[int]] = field(default_factory=list)


class Replay:
    """Takes the records in order, and names those that do not follow from what came before.

    By the end `votes` are ballots by entry, `states` what became of those set aside, by ballot.
    """

    def __init__(self, ctx: Context, faults: Faults) -> None:
        self.votes: Counter[int] = Counter()
        self.quarantined: Counter[int] = Counter()
        self.annulled: Counter[int] = Counter()
        self.states: dict[int, str] = {}
        self.entries: dict[int, list] = {}
        self.withdrawn: set[int] = set()
        self.campaigns: dict[int, CampaignReplay] = {}
        self._ctx = ctx
        self._faults = faults

    def take(self, row: Row) -> None:
        """Take one record, with the ballot it is said to be."""
        campaign = self.campaigns.setdefault(row.campaign_id, CampaignReplay())
        if campaign.has_result and row.kind in (*STATES, "ballot", "withdrawal"):
            self._faults.add("after_result", index=row.index, campaign=row.campaign_id)
        if row.kind == "ballot":
            self._take_ballot(row, campaign)
            return
        try:
            self._take_content(row.index, row.kind, row.campaign_id, self._read(row))
        except (ValueError, LookupError, TypeError, AttributeError):
            self._faults.add("record_form", index=row.index)

    def take_waiting(self, item: Row) -> None:
        """Take what is noted and has no place yet."""
        if item.kind in STATES:
            ids = {"ids": list(item.ballot_ids)}
            rows = self._ctx.session.execute(READ_WAITING_BALLOTS, ids).all()
            self._decide(None, item.kind, rows)
        elif item.kind not in ("closing", "result"):
            self.campaigns.setdefault(item.campaign_id, CampaignReplay())
            self._take_content(None, item.kind, item.campaign_id, item.content)

    def finish(self) -> None:
        """Check what can only be said at the end."""
        for campaign_id, campaign in self.campaigns.items():
            if campaign.is_closed and campaign.opened != campaign.hidden:
                self._faults.add(
                    "not_opened", campaign=campaign_id, ballots=campaign.hidden - campaign.opened
                )

    @staticmethod
    def _read(row: Row) -> Mapping:
        """The content; raises ValueError for one of another kind, or written in another way."""
        content = json.loads(row.data)
        if (content["type"], content["campaign"]) != (row.kind, row.campaign_id):
            raise ValueError(row.kind)
        if encode(content) != row.data:
            raise ValueError(row.index)
        return content

    def _take_ballot(self, row: Row, campaign: CampaignReplay) -> None:
        if campaign.is_closed:
            self._faults.add("after_closing", index=row.index, campaign=row.campaign_id)
        campaign.ballots += 1
        if row.cast_in is None:
            self._faults.add("ballot_gone", index=row.index, ballot=row.ballot_id)
            return
        self.votes[row.entry_id] += 1
        is_hidden = b'"commitment":' in row.data
        campaign.hidden += is_hidden
        if row.data != self._expected(row, is_shown=not is_hidden) or (
            row.cast_in != row.campaign_id
        ):
            self._faults.add("ballot_differs", index=row.index, ballot=row.ballot_id)

    def _expected(self, row: Row, *, is_shown: bool) -> bytes:
        crypto = self._ctx.services.crypto
        return encode_ballot(
            campaign_id=row.cast_in,
            entry_id=row.entry_id,
            day=row.cast_on,
            voter=pseudonym(crypto, campaign_id=row.cast_in, voter_id=row.voter_id),
            nonce=nonce(crypto, ballot_id=row.ballot_id, receipt_secret=row.receipt_secret),
            is_shown=is_shown,
        )

    def _take_content(
        self, index: int | None, kind: str, campaign_id: int, content: Mapping
    ) -> None:
        campaign = self.campaigns[campaign_id]
        if kind == "rules":
            campaign.rules = content["rules"]
        elif kind == "entries":
            self.entries |= {entry[0]: entry for entry in content["entries"]}
        elif kind == "withdrawal":
            self.withdrawn.add(content["entry"])
        elif kind in STATES:
            self._decide(index, kind, self._read_ballots(index, campaign_id, content["ballots"]))
        else:
            self._take_end(index, kind, campaign_id, content)

    def _take_end(self, index: int | None, kind: str, campaign_id: int, content: Mapping) -> None:
        campaign = self.campaigns[campaign_id]
        if kind == "closing":
            campaign.is_closed = True
            if content["ballots"] != campaign.ballots:
                self._faults.add("closing_number", index=index, campaign=campaign_id)
        elif kind == "openings":
            self._open(index, campaign_id, content["ballots"])
        elif kind == "result":
            campaign.result += content["standings"]
            if content["part"] == content["parts"]:
                self._check_result(index, campaign_id, content)

    def _read_ballots(self, index: int | None, campaign_id: int, places: list[int]) -> list[Row]:
        """The ballots at these places; names a record that speaks of others."""
        rows = self._ctx.session.execute(READ_BALLOTS, {"places": places}).all()
        is_right = len(rows) == len(places) and places == sorted(set(places))
        if not is_right or any(row.campaign_id != campaign_id for row in rows):
            self._faults.add("names_other_ballots", index=index, campaign=campaign_id)
        return rows

    def _decide(self, index: int | None, kind: str, ballots: Sequence[Row]) -> None:
        for ballot in ballots:
            before = self.states.get(ballot.ballot_id)
            if before not in MOVES[kind]:
                self._faults.add("move", index=index, ballot=ballot.ballot_id, kind=kind)
            self._count(before, ballot.entry_id, -1)
            self.states[ballot.ballot_id] = STATES[kind]
            self._count(STATES[kind], ballot.entry_id, 1)

    def _count(self, state: str | None, entry_id: int, change: int) -> None:
        if state == "quarantined":
            self.quarantined[entry_id] += change
        elif state == "annulled":
            self.annulled[entry_id] += change

    def _open(self, index: int | None, campaign_id: int, openings: list[list]) -> None:
        """Compare what is opened with the ballots, which are what their commitments say."""
        campaign = self.campaigns[campaign_id]
        places = [place for place, _, _ in openings]
        crypto = self._ctx.services.crypto
        expected = {
            row.index: [
                row.index,
                row.entry_id,
                nonce(crypto, ballot_id=row.ballot_id, receipt_secret=row.receipt_secret),
            ]
            for row in self._read_ballots(index, campaign_id, places)
        }
        if openings != list(map(expected.get, places)) or places[0] <= campaign.last_opened:
            self._faults.add("opening_differs", index=index, campaign=campaign_id)
        campaign.opened += len(places)
        campaign.last_opened = places[-1]

    def _check_result(self, index: int | None, campaign_id: int, content: Mapping) -> None:
        campaign = self.campaigns[campaign_id]
        campaign.has_result = True
        counted = {entry_id: self.count(entry_id) for entry_id, _ in campaign.result}
        is_right = (
            all(counted[entry_id] == votes for entry_id, votes in campaign.result)
            and sum(counted.values()) == content["counted"]
            and self.withdrawn.isdisjoint(counted)
        )
        if not is_right:
            self._faults.add("result_differs", index=index, campaign=campaign_id)

    def count(self, entry_id: int) -> int:
        """An entry's ballots that are neither quarantined nor annulled."""
        return self.votes[entry_id] - self.quarantined[entry_id] - self.annulled[entry_id]
