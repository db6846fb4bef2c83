"""Wire formats of the console's first page."""

from marshmallow import Schema, fields

from server.schemas.voting import STATUSES
from services.dashboard import KINDS_OF_WORK


class WaitingView(Schema):
    """Some work that waits; `campaign_id` when all of it concerns one campaign."""

    kind = fields.String(required=True, metadata={"enum": list(KINDS_OF_WORK)})
    count = fields.Integer(required=True)
    campaign_id = fields.Integer(required=True, allow_none=True)


class SoonCampaignView(Schema):
    """A campaign that opens or closes within 14 days."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    title_mn = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, metadata={"enum": ["draft", *STATUSES]})
    opens_at = fields.AwareDateTime(required=True)
    closes_at = fields.AwareDateTime(required=True)


class DayBallotsView(Schema):
    """The ballots of a calendar day in Asia/Shanghai."""

    on = fields.Date(required=True)
    ballots = fields.Integer(required=True)


class ContestBallotsView(Schema):
    """The ballots in one contest."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    ballots = fields.Integer(required=True)


class QuarterView(Schema):
    """The quarter's announced campaigns; who votes in two of them is two voters."""

    code = fields.String(required=True, metadata={"example": "2026Q4"})
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    campaigns = fields.Integer(required=True)
    entries = fields.Integer(required=True)
    institutions = fields.Integer(required=True)
    ballots = fields.Integer(required=True)
    voters = fields.Integer(required=True)
    ballots_by_day = fields.List(fields.Nested(DayBallotsView), required=True)
    ballots_by_contest = fields.List(fields.Nested(ContestBallotsView), required=True)


class DashboardView(Schema):
    """What one's permissions reach."""

    waiting = fields.List(fields.Nested(WaitingView), required=True)
    closing_soon = fields.List(fields.Nested(SoonCampaignView), required=True)
    quarter = fields.Nested(
        QuarterView,
        required=True,
        allow_none=True,
        metadata={"description": "null for who may not see campaigns."},
    )
