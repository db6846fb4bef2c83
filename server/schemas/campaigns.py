"""Wire formats of campaigns, entries and nominations for the staff who run and fill them."""

import re

from marshmallow import Schema, fields

from server.schemas.common import (
    LARGEST_ID,
    Choice,
    Flag,
    Line,
    Moment,
    PageQuery,
    RowId,
    Text,
    Whole,
    Wire,
    page_of,
    sort_choices,
)
from server.schemas.organizations import OrganizationBrief
from server.schemas.voting import MODES, ContestView
from services import voting

STATUSES = ("draft", "scheduled", "open", "suspended", "closed")
LONGEST_TEXT = 5000
QUARTER = {"pattern": "^20[0-9]{2}Q[1-4]$", "example": "2026Q4"}


class Quarter(Text):
    """A calendar quarter."""

    default_error_messages = Text.default_error_messages | {"form": "field_quarter"}

    def __init__(self, **kwargs) -> None:
        super().__init__(longest=6, shortest=6, metadata=QUARTER, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(QUARTER["pattern"], text):
            raise self.make_error("form")
        return text


class Prose(Text):
    """Text of several lines, without the spaces around it; empty if it holds nothing else."""

    def __init__(self, **kwargs) -> None:
        super().__init__(longest=LONGEST_TEXT, shortest=0, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        return super()._deserialize(value, attr, data, **kwargs).strip()


class StaffCampaignView(Schema):
    """A campaign, drafts included, with what the caller may do with it."""

    id = fields.Integer(required=True, attribute="campaign.id")
    contest = fields.Nested(ContestView, required=True, attribute="campaign.contest")
    organization = fields.Nested(
        OrganizationBrief, required=True, attribute="campaign.organization"
    )
    quarter = fields.String(required=True, attribute="campaign.quarter")
    title = fields.String(required=True, attribute="campaign.title")
    title_mn = fields.String(required=True, allow_none=True, attribute="campaign.title_mn")
    introduction = fields.String(required=True, attribute="campaign.introduction")
    introduction_mn = fields.String(
        required=True, allow_none=True, attribute="campaign.introduction_mn"
    )
    status = fields.String(required=True, metadata={"enum": list(STATUSES)})
    opens_at = fields.AwareDateTime(required=True, attribute="campaign.opens_at")
    closes_at = fields.AwareDateTime(required=True, attribute="campaign.closes_at")
    ballots_per_day = fields.Integer(required=True, attribute="campaign.ballots_per_day")
    ballots_per_entry_per_day = fields.Integer(
        required=True, attribute="campaign.ballots_per_entry_per_day"
    )
    ballots_in_all = fields.Integer(
        required=True, allow_none=True, attribute="campaign.ballots_in_all"
    )
    phone_required = fields.Boolean(required=True, attribute="campaign.phone_required")
    standings_mode = fields.String(
        required=True, attribute="campaign.standings_mode", metadata={"enum": list(MODES)}
    )
    standings_delay_minutes = fields.Integer(
        required=True, attribute="campaign.standings_delay_minutes"
    )
    standings_freeze_minutes = fields.Integer(
        required=True, attribute="campaign.standings_freeze_minutes"
    )
    annulments_alone = fields.Integer(required=True, attribute="campaign.annulments_alone")
    nominations_close_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="campaign.nominations_close_at"
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
    entries_count = fields.Integer(required=True)
    nominations_waiting = fields.Integer(required=True)
    allowed_actions = fields.List(fields.String(), required=True)
    revision = fields.Integer(required=True, attribute="campaign.revision")


class StaffCampaignQuery(PageQuery):
    """Which campaigns, in which order."""

    q = Text(longest=64, metadata={"description": "Part of a title."})
    status = Choice(*STATUSES)
    contest = Text(longest=32)
    quarter = Quarter()
    organization_id = Whole(least=1, most=LARGEST_ID, metadata={"description": "A subtree."})
    sort = Choice(*sort_choices(voting.CAMPAIGN_SORTS), load_default="-opens_at")


class CampaignEditBody(Wire):
    """What may be changed of a campaign: everything in a draft, later its texts."""

    contest_code = Text(longest=32)
    quarter = Quarter()
    title = Line(longest=60)
    title_mn = Line(longest=120, allow_none=True)
    introduction = Prose()
    introduction_mn = Prose(allow_none=True)
    opens_at = Moment()
    closes_at = Moment()
    ballots_per_day = Whole(least=1, most=1000)
    ballots_per_entry_per_day = Whole(least=1, most=1000)
    ballots_in_all = Whole(least=1, most=100_000, allow_none=True)
    phone_required = Flag()
    standings_mode = Choice(*MODES)
    standings_delay_minutes = Whole(least=1, most=10_080)
    standings_freeze_minutes = Whole(
        least=0,
        most=10_080,
        metadata={"description": "How long before closing the public standings stand still."},
    )
    annulments_alone = Whole(
        least=0,
        most=1000,
        metadata={"description": "How many ballots one person may annul at a time."},
    )
    nominations_close_at = Moment(allow_none=True)


class CampaignBody(CampaignEditBody):
    """A new draft."""

    organization_id = RowId(required=True)
    contest_code = Text(longest=32, required=True)
    quarter = Quarter(required=True)
    title = Line(longest=60, required=True)
    introduction = Prose(load_default="")
    opens_at = Moment(required=True)
    closes_at = Moment(required=True)
    ballots_per_day = Whole(least=1, most=1000, load_default=3)
    ballots_per_entry_per_day = Whole(least=1, most=1000, load_default=1)
    ballots_in_all = Whole(least=1, most=100_000, allow_none=True, load_default=None)
    phone_required = Flag(load_default=False)
    standings_mode = Choice(*MODES, load_default="live")
    standings_delay_minutes = Whole(least=1, most=10_080, load_default=60)
    standings_freeze_minutes = Whole(least=0, most=10_080, load_default=0)
    annulments_alone = Whole(least=0, most=1000, load_default=20)
    nominations_close_at = Moment(allow_none=True, load_default=None)


class ExtensionBody(Wire):
    """Until when, and why."""

    closes_at = Moment(required=True)
    reason = Line(longest=500, required=True)


class EventView(Schema):
    """Something that happened to a campaign."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    staff_name = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    before = fields.Dict(required=True, allow_none=True)
    after = fields.Dict(required=True, allow_none=True)


class EventList(Schema):
    """The latest first."""

    items = fields.List(fields.Nested(EventView), required=True)


class StaffEntryView(Schema):
    """An entry; its votes where the caller may know them."""

    id = fields.Integer(required=True, attribute="entry.id")
    number = fields.Integer(required=True, attribute="entry.number")
    name = fields.String(required=True, attribute="entry.name")
    name_mn = fields.String(required=True, allow_none=True, attribute="entry.name_mn")
    organization = fields.Nested(
        OrganizationBrief, required=True, allow_none=True, attribute="entry.organization"
    )
    statement = fields.String(required=True, attribute="entry.statement")
    statement_mn = fields.String(required=True, allow_none=True, attribute="entry.statement_mn")
    portrait_id = fields.Integer(required=True, allow_none=True, attribute="entry.portrait_id")
    portrait_url = fields.String(required=True, allow_none=True, attribute="entry.portrait_url")
    thumbnail_url = fields.String(required=True, allow_none=True, attribute="entry.thumbnail_url")
    withdrawn_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="entry.withdrawn_at"
    )
    withdrawal_reason = fields.String(
        required=True, allow_none=True, attribute="entry.withdrawal_reason"
    )
    votes = fields.Integer(required=True, allow_none=True)
    revision = fields.Integer(required=True, attribute="entry.revision")


class StaffEntryFilters(Wire):
    """Which entries, in which order."""

    q = Text(longest=64, metadata={"description": "Part of a name, or a number."})
    sort = Choice(*sort_choices(voting.ENTRY_SORTS), load_default="number")


class StaffEntryQuery(StaffEntryFilters, PageQuery):
    """Which of them."""


class EntryEditBody(Wire):
    """What may be changed of an entry: after opening only how it is presented."""

    number = Whole(least=1, most=999_999)
    name = Line(longest=64)
    name_mn = Line(longest=128, allow_none=True)
    organization_id = RowId(allow_none=True)
    statement = Prose()
    statement_mn = Prose(allow_none=True)
    portrait_id = RowId(allow_none=True)


class EntryBody(EntryEditBody):
    """A new entry; without a number it gets the next."""

    name = Line(longest=64, required=True)


class OwnCallView(Schema):
    """A campaign that calls for nominations."""

    id = fields.Integer(required=True)
    contest = fields.Nested(ContestView, required=True)
    organization = fields.Nested(OrganizationBrief, required=True)
    title = fields.String(required=True)
    title_mn = fields.String(required=True, allow_none=True)
    introduction = fields.String(required=True)
    nominations_close_at = fields.AwareDateTime(required=True)


class CallList(Schema):
    """Those that end first come first."""

    items = fields.List(fields.Nested(OwnCallView), required=True)


class NominatedForView(Schema):
    """The campaign something is nominated for."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    nominations_close_at = fields.AwareDateTime(required=True, allow_none=True)


class NominationView(Schema):
    """An institution's nomination."""

    id = fields.Integer(required=True, attribute="nomination.id")
    campaign = fields.Nested(NominatedForView, required=True, attribute="nomination.campaign")
    organization = fields.Nested(
        OrganizationBrief, required=True, attribute="nomination.organization"
    )
    name = fields.String(required=True, attribute="nomination.name")
    name_mn = fields.String(required=True, allow_none=True, attribute="nomination.name_mn")
    statement = fields.String(required=True, attribute="nomination.statement")
    statement_mn = fields.String(
        required=True, allow_none=True, attribute="nomination.statement_mn"
    )
    portrait_id = fields.Integer(required=True, allow_none=True, attribute="nomination.portrait_id")
    portrait_url = fields.String(
        required=True, allow_none=True, attribute="nomination.portrait_url"
    )
    thumbnail_url = fields.String(
        required=True, allow_none=True, attribute="nomination.thumbnail_url"
    )
    state = fields.String(
        required=True,
        attribute="nomination.state",
        metadata={"enum": list(voting.NOMINATION_STATES)},
    )
    return_reason = fields.String(
        required=True, allow_none=True, attribute="nomination.return_reason"
    )
    submitted_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="nomination.submitted_at"
    )
    reviewed_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="nomination.reviewed_at"
    )
    entry_id = fields.Integer(required=True, allow_none=True, attribute="nomination.entry_id")
    allowed_actions = fields.List(fields.String(), required=True)
    revision = fields.Integer(required=True, attribute="nomination.revision")


class NominationQuery(PageQuery):
    """Which nominations, in which order."""

    state = Choice(*voting.NOMINATION_STATES)
    campaign_id = Whole(least=1, most=LARGEST_ID)
    organization_id = Whole(least=1, most=LARGEST_ID)
    sort = Choice(*sort_choices(voting.NOMINATION_SORTS), load_default="-submitted_at")


class NominationEditBody(Wire):
    """What may be changed of a nomination."""

    name = Line(longest=64)
    name_mn = Line(longest=128, allow_none=True)
    statement = Prose()
    statement_mn = Prose(allow_none=True)
    portrait_id = RowId(allow_none=True)


class NominationBody(NominationEditBody):
    """A new nomination, as a draft."""

    campaign_id = RowId(required=True)
    organization_id = RowId(required=True)
    name = Line(longest=64, required=True)
    statement = Prose(load_default="")


StaffCampaignPage = page_of(StaffCampaignView, "StaffCampaignPage")
StaffEntryPage = page_of(StaffEntryView, "StaffEntryPage")
NominationPage = page_of(NominationView, "NominationPage")
