"""What became of a ballot, for whoever has its receipt code."""

import io
from dataclasses import dataclass
from datetime import date

import segno
from sqlalchemy import select

from models import Ballot, Campaign, Entry, SetAsideBallot
from services import ledger
from services.context import Context
from services.downloads import Download
from services.errors import Missing
from services.voting.ballots import BASE32, CODE_ID_LENGTH, CODE_SECRET_LENGTH, receipt_code
from services.voting.campaigns import CampaignView

# What people and telephones make of the letters that look alike.
ALIKE = str.maketrans("ILO", "110", "- ")
LARGEST_SECRET = 2**63 - 1
# Where the citizens' pages show a receipt.
PAGE = "#/pages-vote/receipt/index"
QR_SCALE, QR_BORDER = 8, 4


@dataclass(frozen=True, slots=True)
class Receipt:
    """A ballot as it stands now, and what the ledger says of it up to `head`.

    `reason` is the public one, of what is set aside. `head` is None while the ledger is empty.
    """

    code: str
    campaign: CampaignView
    entry: Entry
    day: date
    nonce: str
    state: str
    reason: str | None
    steps: list[ledger.Step]
    head: ledger.Head | None
    verifier_key: str


def get_receipt(ctx: Context, *, code: str) -> Receipt:
    """The receipt of a code as people type it; raises Missing. It never says whose ballot it is."""
    ballot = _find_ballot(ctx, code)
    campaign = ctx.session.get_one(Campaign, ballot.campaign_id)
    head = ledger.read_head(ctx)
    steps = ledger.list_steps(ctx, head=head, campaign_id=campaign.id, ballot_id=ballot.id)
    state, reason = _state(ctx, ballot, steps)
    return Receipt(
        code=receipt_code(ballot.id, ballot.receipt_secret),
        campaign=CampaignView(campaign, campaign.status_at(ctx.now)),
        entry=ctx.session.get_one(Entry, ballot.entry_id),
        day=ballot.cast_on,
        nonce=ledger.ballot_nonce(ctx, ballot),
        state=state,
        reason=reason,
        steps=steps,
        head=head if head.size else None,
        verifier_key=ctx.services.ledger_signer.verifier_key,
    )


def draw_receipt_code(ctx: Context, *, code: str) -> Download:
    """A picture that leads to the receipt's page; raises Missing."""
    ballot = _find_ballot(ctx, code)
    plain = receipt_code(ballot.id, ballot.receipt_secret)
    picture = io.BytesIO()
    qr = segno.make_qr(f"{ctx.services.site_url}/{PAGE}?code={plain}")
    qr.save(picture, kind="png", scale=QR_SCALE, border=QR_BORDER)
    return Download(f"{plain}.png", picture.getvalue())


def _find_ballot(ctx: Context, code: str) -> Ballot:
    parts = _read_code(code)
    ballot = None
    if parts is not None:
        ballot_id, secret = parts
        ballot = ctx.session.scalar(
            select(Ballot).where(Ballot.id == ballot_id, Ballot.receipt_secret == secret)
        )
    if ballot is None:
        raise Missing("receipt_not_found")
    return ballot


def _read_code(code: str) -> tuple[int, int] | None:
    """A ballot's id and secret; None when nobody was given such a code."""
    digits = code.upper().translate(ALIKE)
    if len(digits) != CODE_ID_LENGTH + CODE_SECRET_LENGTH or set(digits) - set(BASE32):
        return None
    secret = _number(digits[CODE_ID_LENGTH:])
    return (_number(digits[:CODE_ID_LENGTH]), secret) if secret <= LARGEST_SECRET else None


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number << 5 | BASE32.index(digit)
    return number


def _state(ctx: Context, ballot: Ballot, steps: list[ledger.Step]) -> tuple[str, str | None]:
    """What counts now, in the words of the database, and why it does not count."""
    set_aside = ctx.session.get(SetAsideBallot, ballot.id)
    if set_aside is None or set_aside.state == "released":
        return ("counted" if steps else "unsealed"), None
    reasons = [step.reason for step in steps if step.reason is not None]
    return set_aside.state, set_aside.reason or (reasons[-1] if reasons else None)
