"""Wire formats of proposals, which wait for a second person."""

from marshmallow import Schema, ValidationError, fields, validates_schema

from server.schemas.campaigns import LONGEST_TEXT
from server.schemas.common import Choice, Line, Moment, PageQuery, RowId, Text, Wire, page_of
from services import proposals

KINDS = (
    "annul_ballots",
    "extend",
    "close",
    "withdraw_entry",
    "change_screening",
    "publish_result",
)
STATES = ("open", "approved", "declined", "withdrawn", "lapsed")


class ProposedForView(Schema):
    """The campaign a proposal is about."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)


class ProposalView(Schema):
    """An act that waits for a second person, or what became of it."""

    id = fields.Integer(required=True, attribute="proposal.id")
    kind = fields.String(required=True, attribute="proposal.kind", metadata={"enum": list(KINDS)})
    campaign = fields.Nested(ProposedForView, required=True, attribute="proposal.campaign")
    content = fields.Dict(
        required=True,
        metadata={"description": "What the act takes, as its kind says; not which ballots."},
    )
    summary = fields.String(
        required=True, metadata={"description": "What happens if somebody agrees, in Chinese."}
    )
    reason = fields.String(required=True, attribute="proposal.reason")
    state = fields.String(
        required=True,
        attribute="proposal.state",
        metadata={
            "enum": list(STATES),
            "description": "A lapsed one could not be done any more when somebody agreed.",
        },
    )
    proposed_at = fields.AwareDateTime(required=True, attribute="proposal.proposed_at")
    proposed_by_name = fields.String(required=True)
    is_own = fields.Boolean(required=True)
    may_decide = fields.Boolean(required=True)
    decided_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="proposal.decided_at"
    )
    decided_by_name = fields.String(required=True, allow_none=True)
    decision_reason = fields.String(
        required=True, allow_none=True, attribute="proposal.decision_reason"
    )


class ProposalList(Schema):
    """Open ones first, then the latest."""

    items = fields.List(fields.Nested(ProposalView), required=True)


class ProposalQuery(PageQuery):
    """Which proposals, the latest first."""

    state = Choice(*STATES)
    scope = Choice(
        *proposals.SCOPES,
        load_default="to_decide",
        metadata={"description": "Those of others one may decide, one's own, or both."},
    )


class ProposalBody(Wire):
    """What shall be done, and why; with what an act of this kind takes."""

    kind = Choice(*proposals.VOTING_ACTS, required=True)
    reason = Line(longest=500, required=True)
    closes_at = Moment(metadata={"description": "To extend: until when."})
    entry_id = RowId(metadata={"description": "To withdraw an entry: which."})
    notice = Text(
        longest=LONGEST_TEXT,
        metadata={"description": "To publish the result: what is said to the public with it."},
    )

    @validates_schema
    def _takes_what_its_kind_says(self, data: dict, **kwargs) -> None:
        taken = set(proposals.VOTING_ACTS[data["kind"]].takes)
        given = set(data) - {"kind", "reason"}
        wrong = {name: ["field_required"] for name in taken - given}
        wrong |= {name: ["field_unknown"] for name in given - taken}
        if wrong:
            raise ValidationError(wrong)


ProposalPage = page_of(ProposalView, "ProposalPage")
