"""Wire formats of contests, campaigns, entries, ballots and standings."""

from marshmallow import Schema, fields

from server.schemas.common import Choice, PageQuery, RowId, Text, Whole, Wire, page_of
from services.voting import BALLOT_SOURCES

STATUSES = ("scheduled", "open", "suspended", "closed")
BALLOT_STATES = ("counted", "quarantined", "annulled")
MODES = ("live", "delayed", "ranks_only", "hidden")


class ContestView(Schema):
    """One of the nine contests."""

    code = fields.String(required=True, metadata={"example": "outreach"})
    name = fields.String(required=True, metadata={"example": "比科普宣传"})
    name_mn = fields.String(required=True, allow_none=True)
    title = fields.String(required=True, metadata={"example": "健康达人"})
    title_mn = fields.String(required=True, allow_none=True)


class ContestList(Schema):
    """The nine contests in the order of the region's plan."""

    items = fields.List(fields.Nested(ContestView), required=True)


class OrganizationView(Schema):
    """The organization that runs a campaign or that an entry belongs to."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    name_mn = fields.String(required=True, allow_none=True)
    division_code = fields.String(required=True)


class RulesView(Schema):
    """How many ballots a voter has. A day is a calendar day in Asia/Shanghai."""

    ballots_per_day = fields.Integer(required=True)
    ballots_per_entry_per_day = fields.Integer(required=True)
    ballots_in_all = fields.Integer(required=True, allow_none=True)
    phone_required = fields.Boolean(required=True)


class CampaignView(Schema):
    """A public vote."""

    id = fields.Integer(required=True, attribute="campaign.id")
    contest = fields.Nested(ContestView, required=True, attribute="campaign.contest")
    quarter = fields.String(
        required=True, attribute="campaign.quarter", metadata={"example": "2026Q4"}
    )
    title = fields.String(required=True, attribute="campaign.title")
    title_mn = fields.String(required=True, allow_none=True, attribute="campaign.title_mn")
    introduction = fields.String(required=True, attribute="campaign.introduction")
    introduction_mn = fields.String(
        required=True, allow_none=True, attribute="campaign.introduction_mn"
    )
    organization = fields.Nested(OrganizationView, required=True, attribute="campaign.organization")
    status = fields.String(required=True, metadata={"enum": list(STATUSES)})
    opens_at = fields.AwareDateTime(required=True, attribute="campaign.opens_at")
    closes_at = fields.AwareDateTime(required=True, attribute="campaign.closes_at")
    rules = fields.Nested(RulesView, required=True, attribute="campaign")
    standings_mode = fields.String(
        required=True, attribute="campaign.standings_mode", metadata={"enum": list(MODES)}
    )
    standings_freeze_minutes = fields.Integer(
        required=True,
        attribute="campaign.standings_freeze_minutes",
        metadata={"description": "How long before closing the standings stand still; 0 for never."},
    )
    suspension_reason = fields.String(
        required=True, allow_none=True, attribute="campaign.suspension_reason"
    )
    result_notice = fields.String(
        required=True, allow_none=True, attribute="campaign.result_notice"
    )
    result_published_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="campaign.result_published_at"
    )
    is_demonstration = fields.Boolean(required=True, attribute="campaign.is_demonstration")


class CampaignQuery(PageQuery):
    """Which campaigns."""

    status = Choice(*STATUSES)
    contest = Text(longest=32, metadata={"description": "A contest's code."})
    division = Text(
        longest=6,
        metadata={"description": "GB/T 2260 code; takes in every division below it."},
    )


class EntryView(Schema):
    """Who or what competes."""

    id = fields.Integer(required=True)
    campaign_id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    name = fields.String(required=True)
    name_mn = fields.String(required=True, allow_none=True)
    organization = fields.Nested(OrganizationView, required=True, allow_none=True)
    statement = fields.String(required=True)
    statement_mn = fields.String(required=True, allow_none=True)
    portrait_url = fields.String(required=True, allow_none=True)
    thumbnail_url = fields.String(required=True, allow_none=True)
    is_demonstration = fields.Boolean(required=True)


class EntryQuery(PageQuery):
    """Which entries, in which order."""

    q = Text(longest=64, metadata={"description": "Part of a name, or a number."})
    order = Choice(
        "shuffled",
        "number",
        load_default="shuffled",
        metadata={"description": "Shuffled is stable for one viewer or one seed."},
    )
    seed = Whole(
        least=0, most=255, metadata={"description": "The same seed shuffles the same way."}
    )


class SceneView(Schema):
    """What a scanned mini-program code leads to: a campaign, or one of its entries."""

    campaign_id = fields.Integer(required=True)
    entry_id = fields.Integer(required=True, allow_none=True)


class BallotBody(Wire):
    """A vote for one entry."""

    entry_id = RowId(required=True, metadata={"example": 42})
    source = Choice(
        *BALLOT_SOURCES,
        metadata={"description": "Where the voter came from; absent where nobody knows."},
    )


class RemainingView(Schema):
    """How many ballots the voter has left in this campaign."""

    today = fields.Integer(required=True)
    today_for_entry = fields.Integer(required=True)
    in_all = fields.Integer(required=True, allow_none=True)


class EntryTodayView(Schema):
    """An entry one gave ballots today."""

    entry_id = fields.Integer(required=True)
    cast = fields.Integer(required=True)
    left = fields.Integer(
        required=True, metadata={"description": "How many more it may get today."}
    )


class RemainingNowView(RemainingView):
    """What is left before voting. All of today's figures are 0 unless the campaign is open."""

    today_for_entry = fields.Integer(
        required=True, metadata={"description": "For an entry that is not in `entries_today`."}
    )
    entries_today = fields.List(fields.Nested(EntryTodayView), required=True)


class BallotReceiptView(Schema):
    """The ballot is on disk."""

    id = fields.Integer(required=True)
    campaign_id = fields.Integer(required=True)
    entry_id = fields.Integer(required=True)
    cast_at = fields.AwareDateTime(required=True)
    receipt_code = fields.String(required=True, metadata={"example": "0000-02M3-XKQ7-D2AB-9YJ0"})
    remaining = fields.Nested(RemainingView, required=True)


class NamedView(Schema):
    """A thing by id and name."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    name_mn = fields.String(required=True, allow_none=True)


class OwnCampaignView(Schema):
    """The campaign a ballot was cast in."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    title_mn = fields.String(required=True, allow_none=True)


class OwnBallotView(Schema):
    """One of one's own ballots."""

    id = fields.Integer(required=True)
    cast_at = fields.AwareDateTime(required=True)
    receipt_code = fields.String(required=True)
    state = fields.String(
        required=True,
        metadata={
            "enum": list(BALLOT_STATES),
            "description": "Whether it counts, awaits review, or was annulled.",
        },
    )
    campaign = fields.Nested(OwnCampaignView, required=True)
    entry = fields.Nested(NamedView, required=True)


class StandingsItemView(Schema):
    """An entry's place; equal votes share a rank."""

    entry_id = fields.Integer(required=True)
    rank = fields.Integer(required=True)
    votes = fields.Integer(required=True, allow_none=True)


class StandingsView(Schema):
    """The standings as the campaign shows them."""

    items = fields.List(fields.Nested(StandingsItemView), required=True)
    total_votes = fields.Integer(required=True, allow_none=True)
    as_of = fields.AwareDateTime(required=True)
    shown = fields.String(required=True, metadata={"enum": list(MODES)})
    is_final = fields.Boolean(required=True)
    is_frozen = fields.Boolean(
        required=True, metadata={"description": "They stand still until the campaign closes."}
    )


CampaignPage = page_of(CampaignView, "CampaignPage")
EntryPage = page_of(
    EntryView,
    "EntryPage",
    seed=fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Sent again, it gives the same shuffled order."},
    ),
)
OwnBallotPage = page_of(OwnBallotView, "OwnBallotPage")
