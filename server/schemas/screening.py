"""Wire formats of ballots that were set aside, and of how they come to be."""

from marshmallow import Schema, fields, validate

from server.schemas.common import (
    LARGEST_ID,
    MISSING_MESSAGES,
    Choice,
    Flag,
    Line,
    PageQuery,
    ReasonBody,
    RowId,
    Text,
    Whole,
    Wire,
    page_of,
)
from server.schemas.voting import BALLOT_STATES

SET_ASIDE_STATES = ("quarantined", "released", "annulled")
GROUP_STATES = ("open", "proposed", "dismissed", "decided")
GROUP_ORIGINS = ("screening", "search", "staff")
OBJECTION_STATES = ("open", "upheld", "rejected")
MOST_BALLOTS = 500
LARGEST_VALUE = 100_000
NOT_AN_OBJECT = MISSING_MESSAGES | {"invalid": "field_not_object"}


class ReasonCountView(Schema):
    """Ballots annulled for one reason."""

    reason = fields.String(required=True)
    ballots = fields.Integer(required=True)


class EntryCountView(Schema):
    """An entry's ballots by what became of them."""

    entry_id = fields.Integer(required=True)
    counted = fields.Integer(required=True)
    quarantined = fields.Integer(required=True)
    annulled = fields.Integer(required=True)


class BallotCountView(Schema):
    """cast = counted + withdrawn + quarantined + annulled, where exact votes are shown."""

    cast = fields.Integer(required=True, allow_none=True)
    counted = fields.Integer(required=True, allow_none=True)
    withdrawn = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "For entries that no longer stand."},
    )
    quarantined = fields.Integer(required=True)
    annulled = fields.Integer(required=True)
    reasons = fields.List(fields.Nested(ReasonCountView), required=True)
    by_entry = fields.List(fields.Nested(EntryCountView), required=True)
    is_final = fields.Boolean(required=True)
    as_of = fields.AwareDateTime(required=True)


class OwnSetAsideBallotView(Schema):
    """One's own ballot that was set aside; `counted` once it was released."""

    ballot_id = fields.Integer(required=True)
    entry_id = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"enum": list(BALLOT_STATES)})
    reason = fields.String(required=True, allow_none=True)
    quarantined_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)


class ObjectionView(Schema):
    """One's objection, and what was answered."""

    text = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, metadata={"enum": list(OBJECTION_STATES)})
    answer = fields.String(required=True, allow_none=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)


class OwnSetAsideView(Schema):
    """What was set aside of one's own ballots in a campaign."""

    ballots = fields.List(fields.Nested(OwnSetAsideBallotView), required=True)
    objection = fields.Nested(ObjectionView, required=True, allow_none=True)
    may_object = fields.Boolean(required=True)


class ObjectionBody(Wire):
    """What one has to say."""

    text = Text(shortest=5, longest=1000, required=True)


class ScreeningSettingsView(Schema):
    """A ballot whose points reach the threshold is set aside."""

    threshold = fields.Integer(required=True)
    signals = fields.Dict(
        required=True,
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        metadata={"description": "By name: its `weight` in points and its parameters."},
    )


class ScreeningCountsView(Schema):
    """A campaign's ballots by state; released ones are counted again."""

    cast = fields.Integer(required=True)
    counted = fields.Integer(required=True)
    quarantined = fields.Integer(required=True)
    annulled = fields.Integer(required=True)
    released = fields.Integer(required=True)


class RiskRanksView(Schema):
    """What WeChat was asked about the campaign's voters."""

    asked = fields.Integer(required=True)
    unavailable_reason = fields.String(
        required=True, allow_none=True, metadata={"enum": ["unauthorized", "failed", None]}
    )


class ScreeningView(Schema):
    """A campaign's screening. `revision` is the campaign's."""

    settings = fields.Nested(ScreeningSettingsView, required=True)
    defaults = fields.Nested(ScreeningSettingsView, required=True)
    counts = fields.Nested(ScreeningCountsView, required=True)
    risk_ranks = fields.Nested(RiskRanksView, required=True)
    open_groups = fields.Integer(required=True)
    open_objections = fields.Integer(required=True)
    annulments_alone = fields.Integer(required=True)
    revision = fields.Integer(required=True)


class ScreeningChangedView(Schema):
    """The screening after a change, or as it is while a second person is waited for."""

    settings = fields.Nested(ScreeningSettingsView, required=True)
    annulments_alone = fields.Integer(required=True)
    revision = fields.Integer(required=True)
    proposal_id = fields.Integer(required=True, allow_none=True)


class ScreeningBody(Wire):
    """What shall be otherwise; what is left out stays."""

    threshold = Whole(least=1, most=1000)
    signals = fields.Dict(
        keys=Text(longest=32),
        values=fields.Dict(
            keys=Text(longest=32),
            values=Whole(least=0, most=LARGEST_VALUE),
            error_messages=NOT_AN_OBJECT,
        ),
        error_messages=NOT_AN_OBJECT,
    )
    annulments_alone = Whole(least=0, most=1000)
    reason = Line(longest=500, metadata={"description": "Public, once the campaign is announced."})


class EntryNameView(Schema):
    """An entry by number and name."""

    id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    name = fields.String(required=True)


class GroupCountsView(Schema):
    """A group's ballots by state; those of a proposed group still count."""

    quarantined = fields.Integer(required=True)
    released = fields.Integer(required=True)
    annulled = fields.Integer(required=True)
    proposed = fields.Integer(required=True)


class GroupView(Schema):
    """Ballots that show one pattern."""

    id = fields.Integer(required=True)
    campaign_id = fields.Integer(required=True)
    origin = fields.String(required=True, metadata={"enum": list(GROUP_ORIGINS)})
    state = fields.String(required=True, metadata={"enum": list(GROUP_STATES)})
    pattern = fields.String(required=True)
    entry = fields.Nested(EntryNameView, required=True, allow_none=True)
    ballots = fields.Nested(GroupCountsView, required=True)
    signals = fields.Dict(
        required=True,
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        metadata={"description": "By name of the signal: how many `ballots` show it."},
    )
    first_cast_at = fields.AwareDateTime(required=True, allow_none=True)
    last_cast_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    revision = fields.Integer(required=True)


class BucketView(Schema):
    """How many ballots a stretch of time holds that begins at this moment."""

    at = fields.AwareDateTime(required=True)
    ballots = fields.Integer(required=True)


class ExplanationView(Schema):
    """What a signal means."""

    name = fields.String(required=True)
    ballots = fields.Integer(required=True)
    text = fields.String(required=True)


class GroupDetailView(GroupView):
    """A group with when its ballots were cast, and what its signals mean."""

    timeline = fields.List(fields.Nested(BucketView), required=True)
    explanations = fields.List(fields.Nested(ExplanationView), required=True)


class GroupDecidedView(Schema):
    """The group after the decision; unchanged while a second person is waited for."""

    group = fields.Nested(GroupView, required=True)
    proposal_id = fields.Integer(required=True, allow_none=True)


class GroupQuery(PageQuery):
    """Which groups."""

    state = Choice(*GROUP_STATES)


class SetAsideBallotView(Schema):
    """One ballot; what stands for voter, network and device means nothing elsewhere."""

    ballot_id = fields.Integer(required=True)
    voter = fields.String(required=True)
    entry = fields.Nested(EntryNameView, required=True)
    cast_at = fields.AwareDateTime(required=True)
    source = fields.String(required=True, allow_none=True)
    network = fields.String(required=True, allow_none=True, metadata={"example": "网段A1"})
    device = fields.String(required=True, allow_none=True, metadata={"example": "设备B2"})
    account_age_hours = fields.Float(required=True)
    phone_bound = fields.Boolean(required=True)
    risk_rank = fields.Integer(required=True, allow_none=True)
    risk_refusal = fields.String(required=True, allow_none=True)
    score = fields.Integer(required=True)
    signals = fields.Dict(required=True, keys=fields.String(), values=fields.Integer())
    state = fields.String(required=True, metadata={"enum": [*SET_ASIDE_STATES, "proposed"]})
    reason = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_by_name = fields.String(required=True, allow_none=True)
    is_objected = fields.Boolean(required=True)


class SetAsideQuery(PageQuery):
    """Which of a campaign's ballots."""

    group_id = Whole(least=1, most=LARGEST_ID)
    state = Choice(*SET_ASIDE_STATES)


class BallotsBody(ReasonBody):
    """Which ballots, in which state the caller saw them, and the public reason."""

    ballot_ids = fields.List(
        RowId(),
        required=True,
        validate=validate.Length(min=1, max=MOST_BALLOTS, error="field_length {min} {max}"),
        error_messages=MISSING_MESSAGES | {"invalid": "field_not_list"},
    )
    state = Choice(*SET_ASIDE_STATES, load_default="quarantined")


class ReleasedView(Schema):
    """How many ballots count again."""

    released = fields.Integer(required=True, attribute="ballots")
    proposal_id = fields.Integer(required=True, allow_none=True)


class AnnulledView(Schema):
    """How many ballots were annulled; 0 while a second person is waited for."""

    annulled = fields.Integer(required=True, attribute="ballots")
    proposal_id = fields.Integer(required=True, allow_none=True)


class FarmSearchView(Schema):
    """How many groups are newly proposed."""

    proposed = fields.Integer(required=True)


class StaffObjectionView(Schema):
    """An objection, with the ballots it is about."""

    id = fields.Integer(required=True)
    voter = fields.String(required=True)
    text = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, metadata={"enum": list(OBJECTION_STATES)})
    answer = fields.String(required=True, allow_none=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    answered_by_name = fields.String(required=True, allow_none=True)
    ballots = fields.List(fields.Nested(SetAsideBallotView), required=True)


class ObjectionQuery(PageQuery):
    """Which objections."""

    state = Choice(*OBJECTION_STATES)


class AnswerBody(Wire):
    """Whether the person is right, and what they are told."""

    uphold = Flag(required=True)
    answer = Text(longest=1000, required=True)


class AnsweredView(Schema):
    """What was answered, and how many ballots count again by it."""

    id = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"enum": list(OBJECTION_STATES)})
    answer = fields.String(required=True)
    answered_at = fields.AwareDateTime(required=True)
    released = fields.Integer(required=True)


GroupPage = page_of(GroupView, "GroupPage")
SetAsideBallotPage = page_of(SetAsideBallotView, "SetAsideBallotPage")
StaffObjectionPage = page_of(StaffObjectionView, "StaffObjectionPage")
