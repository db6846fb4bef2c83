"""Wire formats of publicity in the media."""

from urllib.parse import urlsplit

from marshmallow import Schema, fields, validate

from server.schemas.campaigns import Quarter
from server.schemas.common import (
    LARGEST_ID,
    TEXT_MESSAGES,
    Choice,
    Line,
    PageQuery,
    RowId,
    Text,
    Whole,
    Wire,
    page_of,
    sort_choices,
)
from server.schemas.files import ImageView, VideoView
from server.schemas.organizations import OrganizationBrief
from services import publicity

MOST_PICTURES = 9


class WebAddress(Line):
    """An http or https address without a user's name in it."""

    default_error_messages = TEXT_MESSAGES | {"form": "field_not_link"}

    def __init__(self, **kwargs) -> None:
        metadata = {"example": "https://mp.weixin.qq.com/s/Kx3"}
        super().__init__(longest=2000, metadata=metadata, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            parts = urlsplit(text)
            is_link = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            is_link = False
        if not is_link or "@" in parts.netloc or len(text.split()) > 1:
            raise self.make_error("form")
        return text


def _day(**kwargs) -> fields.Date:
    messages = {"required": "field_required", "null": "field_required", "invalid": "field_not_day"}
    return fields.Date(error_messages=messages, **kwargs)


class PublicityEditBody(Wire):
    """What may be changed of a record."""

    title = Line(longest=200)
    medium = Choice(*publicity.MEDIA)
    outlet = Line(longest=100)
    level = Choice(*publicity.MEDIA_LEVELS)
    appeared_on = _day()
    person_name = Line(longest=64, allow_none=True)
    url = WebAddress(allow_none=True)
    picture_ids = fields.List(
        RowId(),
        validate=validate.Length(max=MOST_PICTURES, error="field_most {max}"),
        error_messages={
            "null": "field_required",
            "required": "field_required",
            "invalid": "field_not_list",
        },
    )
    video_id = RowId(allow_none=True)


class PublicityBody(PublicityEditBody):
    """A new record."""

    organization_id = RowId(required=True)
    title = Line(longest=200, required=True)
    medium = Choice(*publicity.MEDIA, required=True)
    outlet = Line(longest=100, required=True)
    level = Choice(*publicity.MEDIA_LEVELS, required=True)
    appeared_on = _day(required=True)


class PublicityFilters(Wire):
    """Which records, in which order."""

    q = Text(longest=64, metadata={"description": "Part of a title, an outlet or a name."})
    state = Choice(*publicity.PUBLICITY_STATES)
    medium = Choice(*publicity.MEDIA)
    level = Choice(*publicity.MEDIA_LEVELS)
    quarter = Quarter()
    organization_id = Whole(least=1, most=LARGEST_ID, metadata={"description": "A subtree."})
    sort = Choice(*sort_choices(publicity.PUBLICITY_SORTS), load_default="-appeared_on")


class PublicityQuery(PublicityFilters, PageQuery):
    """Which of them."""


class FiguresQuery(Wire):
    """Which quarter, by default the present one, and where."""

    quarter = Quarter()
    organization_id = Whole(least=1, most=LARGEST_ID, metadata={"description": "A subtree."})


class SummaryQuery(Wire):
    """Whose publicity in which quarter."""

    quarter = Quarter(required=True)
    organization_id = Whole(least=1, most=LARGEST_ID, required=True)
    person_name = Line(longest=64)


class PublicityView(Schema):
    """A record."""

    id = fields.Integer(required=True, attribute="record.id")
    organization = fields.Nested(OrganizationBrief, required=True, attribute="record.organization")
    title = fields.String(required=True, attribute="record.title")
    medium = fields.String(
        required=True, attribute="record.medium", metadata={"enum": list(publicity.MEDIA)}
    )
    outlet = fields.String(required=True, attribute="record.outlet")
    level = fields.String(
        required=True, attribute="record.level", metadata={"enum": list(publicity.MEDIA_LEVELS)}
    )
    appeared_on = fields.Date(required=True, attribute="record.appeared_on")
    quarter = fields.String(required=True)
    person_name = fields.String(required=True, allow_none=True, attribute="record.person_name")
    url = fields.String(required=True, allow_none=True, attribute="record.url")
    pictures = fields.List(fields.Nested(ImageView), required=True)
    video = fields.Nested(VideoView, required=True, allow_none=True, attribute="record.video")
    state = fields.String(
        required=True, attribute="record.state", metadata={"enum": list(publicity.PUBLICITY_STATES)}
    )
    reason = fields.String(required=True, allow_none=True, attribute="record.reason")
    recorded_by_name = fields.String(required=True, attribute="record.recorded_by.name")
    recorded_at = fields.AwareDateTime(required=True, attribute="record.recorded_at")
    decided_by_name = fields.String(
        required=True, allow_none=True, attribute="record.decided_by_name"
    )
    decided_at = fields.AwareDateTime(required=True, allow_none=True, attribute="record.decided_at")
    allowed_actions = fields.List(fields.String(), required=True)
    revision = fields.Integer(required=True, attribute="record.revision")


class QuarterCountView(Schema):
    """A quarter's records by what became of them."""

    quarter = fields.String(required=True)
    confirmed = fields.Integer(required=True)
    recorded = fields.Integer(required=True)
    returned = fields.Integer(required=True)


class KindCountView(Schema):
    """How many confirmed appearances of a level in a medium."""

    level = fields.String(required=True, metadata={"enum": list(publicity.MEDIA_LEVELS)})
    medium = fields.String(required=True, metadata={"enum": list(publicity.MEDIA)})
    count = fields.Integer(required=True)


class InstitutionCountView(Schema):
    """An institution's confirmed appearances."""

    organization = fields.Nested(OrganizationBrief, required=True)
    count = fields.Integer(required=True)
    kinds = fields.List(fields.Nested(KindCountView), required=True)


class PersonCountView(Schema):
    """A person's confirmed appearances for an institution."""

    person_name = fields.String(required=True)
    organization = fields.Nested(OrganizationBrief, required=True)
    count = fields.Integer(required=True)


class FiguresView(Schema):
    """A quarter's confirmed publicity, most first, and the eight quarters up to it."""

    quarter = fields.String(required=True, metadata={"example": "2026Q4"})
    quarters = fields.List(fields.Nested(QuarterCountView), required=True)
    institutions = fields.List(fields.Nested(InstitutionCountView), required=True)
    people = fields.List(fields.Nested(PersonCountView), required=True)
    is_cut = fields.Boolean(
        required=True, metadata={"description": "There are more institutions; export them."}
    )


class LevelCountView(Schema):
    """How many confirmed appearances of a level."""

    level = fields.String(required=True, metadata={"enum": list(publicity.MEDIA_LEVELS)})
    count = fields.Integer(required=True)


class LatestView(Schema):
    """A confirmed appearance in brief."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    outlet = fields.String(required=True)
    level = fields.String(required=True, metadata={"enum": list(publicity.MEDIA_LEVELS)})
    appeared_on = fields.Date(required=True)
    person_name = fields.String(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True)


class SummaryView(Schema):
    """What an organization had confirmed in a quarter; those that name the person come first."""

    quarter = fields.String(required=True)
    confirmed = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    of_person = fields.Integer(required=True)
    levels = fields.List(fields.Nested(LevelCountView), required=True)
    latest = fields.List(fields.Nested(LatestView), required=True)


PublicityPage = page_of(PublicityView, "PublicityPage")
