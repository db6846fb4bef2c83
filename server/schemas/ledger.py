"""Wire formats of the public ledger and of receipts."""

from marshmallow import Schema, fields

from server.schemas.voting import STATUSES

STATES = ("unsealed", "counted", "quarantined", "annulled")
STEPS = ("ballot", "openings", "quarantine", "release", "annulment")


class LedgerView(Schema):
    """The ledger's name, key and latest checkpoint."""

    origin = fields.String(required=True)
    verifier_key = fields.String(
        required=True, metadata={"description": "As in c2sp.org/signed-note: name+id+key."}
    )
    size = fields.Integer(required=True, attribute="head.size")
    root = fields.String(
        required=True, attribute="head.root_text", metadata={"description": "In base64."}
    )
    sealed_at = fields.AwareDateTime(required=True, allow_none=True, attribute="head.sealed_at")
    prefix = fields.String(
        required=True,
        metadata={"description": "What addresses of checkpoint and tiles begin with."},
    )


class ReceiptCampaignView(Schema):
    """The campaign a ballot was cast in."""

    id = fields.Integer(required=True, attribute="campaign.id")
    title = fields.String(required=True, attribute="campaign.title")
    title_mn = fields.String(required=True, allow_none=True, attribute="campaign.title_mn")
    contest_code = fields.String(required=True, attribute="campaign.contest_code")
    status = fields.String(required=True, metadata={"enum": list(STATUSES)})
    result_published_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="campaign.result_published_at"
    )


class ReceiptEntryView(Schema):
    """The entry a ballot is for."""

    id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    name = fields.String(required=True)
    name_mn = fields.String(required=True, allow_none=True)


class StepView(Schema):
    """A record of the ledger about the ballot."""

    kind = fields.String(required=True, metadata={"enum": list(STEPS)})
    at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    index = fields.Integer(required=True, metadata={"description": "Its place in the ledger."})
    record = fields.String(
        required=True, metadata={"description": "Exactly what is hashed, in UTF-8."}
    )
    proof = fields.String(
        required=True, metadata={"description": "That it is there, as a c2sp.org/tlog-proof."}
    )


class CheckpointView(Schema):
    """The signed head of the ledger that the proofs lead to."""

    size = fields.Integer(required=True)
    root = fields.String(required=True, attribute="root_text")
    sealed_at = fields.AwareDateTime(required=True)
    note = fields.String(required=True)


class ReceiptView(Schema):
    """What became of a ballot. It does not say whose it is."""

    code = fields.String(required=True)
    campaign = fields.Nested(ReceiptCampaignView, required=True)
    entry = fields.Nested(ReceiptEntryView, required=True)
    day = fields.Date(required=True)
    nonce = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": list(STATES)})
    reason = fields.String(required=True, allow_none=True)
    steps = fields.List(fields.Nested(StepView), required=True)
    checkpoint = fields.Nested(CheckpointView, required=True, allow_none=True, attribute="head")
    verifier_key = fields.String(required=True)
