"""The public ledger: an append-only Merkle log of every ballot and what was decided about it."""

from services.ledger.noting import (
    note_all_entries,
    note_closing,
    note_decision,
    note_entries,
    note_event,
    note_result,
    note_rules,
    note_withdrawal,
)

__all__ = [
    "note_all_entries",
    "note_closing",
    "note_decision",
    "note_entries",
    "note_event",
    "note_result",
    "note_rules",
    "note_withdrawal",
]
