"""Wire formats of the review of health knowledge, its publication, and what it said before."""

from marshmallow import Schema, fields, validate

from server.schemas.common import Line, Moment, Text, Whole, Wire
from server.schemas.knowledge_editing import FORMS, ContentView, RemarkView
from services.knowledge.kinds import LANGUAGES

MOST_REMARKS = 100
LONGEST_REMARK = 1000


def _list(schema: type[Schema]) -> fields.List:
    return fields.List(fields.Nested(schema), required=True)


class RemarkBody(Wire):
    """What a reviewer remarks at a place (`zh.cautions`)."""

    place = Line(longest=64, required=True)
    text = Text(longest=LONGEST_REMARK, required=True)


class ReturnBody(Wire):
    """Why an item goes back, and what is to be mended where."""

    reason = Text(longest=LONGEST_REMARK, required=True)
    comments = fields.List(
        fields.Nested(RemarkBody, error_messages={"type": "field_not_object"}),
        load_default=list,
        validate=validate.Length(max=MOST_REMARKS, error="field_most {max}"),
        error_messages={"invalid": "field_not_list", "null": "field_required"},
    )


class ReviewDayBody(Wire):
    """Until when the review holds; two years if it does not say."""

    review_again_on = fields.Date(
        load_default=None, allow_none=True, error_messages={"invalid": "field_not_day"}
    )


class PublishBody(Wire):
    """When citizens shall see it; at once if it does not say."""

    publish_at = Moment(load_default=None, allow_none=True)


class VerdictView(Schema):
    """What somebody said of a revision."""

    verdict = fields.String(required=True, metadata={"enum": ["approved", "returned"]})
    reviewer_name = fields.String(required=True, attribute="reviewer.name")
    reviewed_at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True, allow_none=True)
    comments = _list(RemarkView)


class RevisionView(Schema):
    """A revision; `is_published` says that citizens see it now."""

    number = fields.Integer(required=True, attribute="revision.number")
    author_name = fields.String(required=True, attribute="revision.author.name")
    created_at = fields.AwareDateTime(required=True, attribute="revision.created_at")
    saved_at = fields.AwareDateTime(required=True, attribute="revision.saved_at")
    is_open = fields.Boolean(required=True, attribute="revision.is_open")
    restored_from = fields.Integer(
        required=True, allow_none=True, attribute="revision.restored_from"
    )
    is_published = fields.Boolean(required=True)
    verdicts = _list(VerdictView)


class RevisionList(Schema):
    """The latest first."""

    items = _list(RevisionView)


class RevisionContentView(Schema):
    """What a revision says."""

    number = fields.Integer(required=True)
    content = fields.Nested(ContentView, required=True)


class ComparisonQuery(Wire):
    """Which two revisions."""

    one = Whole(least=1, most=1_000_000, required=True)
    other = Whole(least=1, most=1_000_000, required=True)


class PreviewQuery(Wire):
    """Which revision; the one that is being written if it does not say."""

    number = Whole(least=1, most=1_000_000)


class ComparedPartView(Schema):
    """Some text, and whether the other side lacks it."""

    text = fields.String(required=True)
    is_changed = fields.Boolean(required=True)


class DifferenceView(Schema):
    """A field that differs; rich texts may read the same and only look different."""

    place = fields.String(required=True)
    title = fields.String(required=True)
    language = fields.String(required=True, allow_none=True, metadata={"enum": [*LANGUAGES, None]})
    form = fields.String(required=True, metadata={"enum": [*FORMS, "links"]})
    one = _list(ComparedPartView)
    other = _list(ComparedPartView)


class ComparisonView(Schema):
    """Only the fields that differ."""

    fields = fields.List(fields.Nested(DifferenceView), required=True)
