"""The public ledger: an append-only Merkle log of every ballot and what was decided about it."""

from services.ledger.checkpoints import Head, LedgerFacts, describe_ledger, prove, read_head
from services.ledger.history import Step, list_steps
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
from services.ledger.records import ballot_nonce
from services.ledger.sealing import LedgerTrouble, Sealed, accept_loss, seal, seal_ledger
from services.ledger.tiles import read_tile
from services.ledger.verifying import Verdict, audit_ledger, verify

__all__ = [
    "Head",
    "LedgerFacts",
    "LedgerTrouble",
    "Sealed",
    "Step",
    "Verdict",
    "accept_loss",
    "audit_ledger",
    "ballot_nonce",
    "describe_ledger",
    "list_steps",
    "note_all_entries",
    "note_closing",
    "note_decision",
    "note_entries",
    "note_event",
    "note_result",
    "note_rules",
    "note_withdrawal",
    "prove",
    "read_head",
    "read_tile",
    "seal",
    "seal_ledger",
    "verify",
]
