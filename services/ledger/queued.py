"""The records that were noted while the database changed, in the order of their noting."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from sqlalchemy import Row

from services.context import Context
from services.ledger.ballots import Campaigns
from services.ledger.records import nonce
from services.ledger.statements import (
    COUNT_BALLOTS,
    DROP_QUEUED,
    FIND_HIDDEN,
    FIND_PLACES,
    READ_QUEUE,
)
from services.ledger.writing import Writer

OPENINGS_IN_A_RECORD = 500
# What tells of no ballot, and should be known before the ballots that it is about.
PREAMBLE = ("rules", "entries")


class Queue:
    """What waits for its place. An item that cannot be placed yet holds up its campaign's later."""

    def __init__(self, ctx: Context, writer: Writer, campaigns: Campaigns, *, most: int) -> None:
        self._ctx = ctx
        self._writer = writer
        self._campaigns = campaigns
        self._items = ctx.session.execute(READ_QUEUE, {"most": most}).all()
        self._placed: list[int] = []
        campaigns.look_up({item.campaign_id for item in self._items})

    def write_preambles(self) -> None:
        """Place what every campaign's queue begins with, as far as ballots may rely on it."""
        by_campaign: dict[int, list[Row]] = {}
        for item in self._items:
            by_campaign.setdefault(item.campaign_id, []).append(item)
        for items in by_campaign.values():
            for item in takewhile(lambda each: each.kind in PREAMBLE, items):
                self._write(item, item.content)

    def write_rest(self, *, has_all_ballots: bool) -> None:
        """Place all else that can be; the ballots on disk have their places if `has_all_ballots`.

        Items with ballots that have none wait, and so does the end of a campaign.
        """
        self._writer.flush()
        held_up: set[int] = set()
        for item in self._items:
            if item.id in self._placed or item.campaign_id in held_up:
                continue
            if not self._place(item, is_final=has_all_ballots and item.is_settled):
                held_up.add(item.campaign_id)
        self._writer.flush()
        if self._placed:
            self._ctx.session.execute(DROP_QUEUED, {"ids": self._placed})

    def _place(self, item: Row, *, is_final: bool) -> bool:
        if item.kind in ("closing", "result") and not self._close(item, is_final):
            return False
        if item.kind == "closing":
            self._placed.append(item.id)
            return True
        places = self._find_places(item)
        if places is None:
            return False
        self._write(item, item.content | ({"ballots": places} if item.ballot_ids else {}))
        return True

    def _find_places(self, item: Row) -> Sequence[int] | None:
        """The places of the ballots an item is about; None while one of them has none."""
        wanted = set(item.ballot_ids or ())
        if not wanted:
            return []
        places = self._ctx.session.scalars(FIND_PLACES, {"ballot_ids": sorted(wanted)}).all()
        return places if len(places) == len(wanted) else None

    def _write(self, item: Row, content: dict[str, object]) -> None:
        if item.kind == "rules":
            self._campaigns.note_rules(item.campaign_id)
        else:
            self._campaigns.ensure_rules(item.campaign_id)
        self._writer.add(item.kind, item.campaign_id, content)
        self._placed.append(item.id)

    def _close(self, item: Row, is_final: bool) -> bool:
        """Write a campaign's closing and openings, once; False while a ballot may still come."""
        campaign_id = item.campaign_id
        if self._campaigns.is_closed(campaign_id):
            return True
        if not is_final:
            return False
        self._campaigns.ensure_rules(campaign_id)
        self._writer.flush()
        ballots = self._ctx.session.scalar(COUNT_BALLOTS, {"campaign_id": campaign_id})
        at = {"at": item.content["at"]}
        self._writer.add("closing", campaign_id, at | {"ballots": ballots})
        for openings in self._openings(campaign_id):
            self._writer.add("openings", campaign_id, at | {"ballots": openings})
        self._writer.flush()
        self._campaigns.note_closed(campaign_id)
        return True

    def _openings(self, campaign_id: int) -> Iterator[list[list]]:
        crypto = self._ctx.services.crypto
        asked = {"yield_per": OPENINGS_IN_A_RECORD}
        with self._ctx.session.execute(
            FIND_HIDDEN, {"campaign_id": campaign_id}, execution_options=asked
        ) as hidden:
            for part in hidden.partitions(OPENINGS_IN_A_RECORD):
                yield [
                    [index, entry_id, nonce(crypto, ballot_id=ballot_id, receipt_secret=secret)]
                    for index, ballot_id, entry_id, secret in part
                ]
