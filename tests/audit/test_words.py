"""Every act that is recorded is called something, in exports and at the console."""

import re
from pathlib import Path

from services.audit_wording import ACTIONS

ROOT = Path(__file__).parents[2]
AREAS = (
    "audit"
    "|ballots"
    "|campaign"
    "|citizen"
    "|entry"
    "|knowledge"
    "|ledger"
    "|message"
    "|nomination"
    "|objection"
    "|organization"
    "|proposal"
    "|publicity"
    "|staff"
    "audit|ballots|campaign|citizen|entry|knowledge|ledger|message|nomination|objection|organization"
    "|proposal|staff"
)
ACTION = re.compile(rf'"((?:{AREAS})[.][a-z_]+)"')
STEP = re.compile(r'note_step\(ctx, campaign, "([a-z_]+)"')
# What is encrypted or sealed under such a name is no act.
PURPOSES = {
    "audit.seal",
    "citizen.phone",
    "ledger.nonce",
    "organization.contact_phone",
    "staff.totp",
}


def recorded() -> set[str]:
    texts = [path.read_text() for path in (ROOT / "services").rglob("*.py")]
    found = {action for text in texts for action in ACTION.findall(text)} - PURPOSES
    return found | {f"campaign.{step}" for text in texts for step in STEP.findall(text)}


def test_exports_have_words_for_every_act():
    assert recorded() == set(ACTIONS)


def test_the_console_has_words_for_every_act():
    texts = (ROOT / "console/src/texts/audit.ts").read_text()
    assert [action for action in sorted(recorded()) if f'"{action}":' not in texts] == []
