"""Wire formats of what an item of health knowledge says; see services/knowledge/kinds.py.

One shape serves all kinds: a field that a kind lacks is absent on the way in and null on the way
out.
"""

from marshmallow import Schema, fields, validate

from server.schemas.common import Choice, Line, RowId, Text, Wire
from services.knowledge import kinds
from services.knowledge.kinds import CHOICES, LANGUAGES, LINK_TARGETS


def _line() -> Line:
    return Line(longest=kinds.LONGEST_LINE, shortest=0, allow_none=True)


def _text(longest: int = kinds.LONGEST_TEXT) -> Text:
    return Text(longest=longest, shortest=0, allow_none=True)


def _several(inner: fields.Field | type, most: int) -> fields.List:
    limits = validate.Length(max=most, error="field_most {max}")
    messages = {"invalid": "field_not_list"}
    return fields.List(inner, validate=limits, allow_none=True, error_messages=messages)


def _choice(name: str) -> Choice:
    return Choice(*CHOICES[name], allow_none=True)


def _nested(schema: type[Schema], **kwargs) -> fields.Nested:
    return fields.Nested(schema, error_messages={"type": "field_not_object"}, **kwargs)


class StepBody(Wire):
    """A step of a technique or an exercise, and a picture that shows it."""

    text = _text()
    picture_id = RowId(allow_none=True)


class HalfBody(Wire):
    """What is said in one language. `body` and `growing` are HTML, and are cleaned."""

    name = _line()
    aliases = _several(Line(longest=kinds.LONGEST_LINE, shortest=0), kinds.MOST_LINES)
    summary = _text()
    byline = _line()
    part_used = _line()
    properties = _text()
    actions = _text()
    usage = _text()
    cautions = _text()
    growing = _text(kinds.LONGEST_RICH)
    body = _text(kinds.LONGEST_RICH)
    source_text = _text()
    indications = _text()
    contraindications = _text()
    operators = _text()
    steps = _several(_nested(StepBody), kinds.MOST_STEPS)
    suitable_for = _text()
    period = _line()


class PictureBody(Wire):
    """An uploaded picture, and what stands below it."""

    file_id = RowId(required=True)
    caption = _line()
    caption_mn = _line()


class VideoBody(Wire):
    """An uploaded video."""

    file_id = RowId(required=True)


class ComponentBody(Wire):
    """One component of a formula. `item_id` is the herb's item, where there is one."""

    name = Line(longest=kinds.LONGEST_LINE, shortest=0, required=True)
    amount = Line(longest=20, shortest=0, allow_none=True)
    unit = _choice("unit")
    note = _line()
    item_id = RowId(allow_none=True)


class FactsBody(Wire):
    """What is the same in both languages."""

    latin_name = _line()
    pregnancy = _choice("pregnancy")
    toxicity = _choice("toxicity")
    source = _text()
    evidence_level = _choice("evidence_level")
    topic_ids = _several(RowId(), kinds.MOST_TOPICS)
    pictures = _several(_nested(PictureBody), kinds.MOST_PICTURES)
    video = _nested(VideoBody, allow_none=True)
    composition = _several(_nested(ComponentBody), kinds.MOST_COMPONENTS)
    product_form = _choice("product_form")
    culture_form = _choice("culture_form")
    collected_form = _choice("collected_form")
    collected_from = _line()
    collected_in = _line()
    collected_on = fields.Date(allow_none=True, error_messages={"invalid": "field_not_day"})
    known_since = _line()


class LinkBody(Wire):
    """A link: by `id`, or for doctors, activities and plants by `organization_id` and `name`."""

    target = Choice(*LINK_TARGETS, required=True)
    id = RowId(allow_none=True)
    organization_id = RowId(allow_none=True)
    name = _line()


class ContentBody(Wire):
    """The whole content; a language without a half is null."""

    zh = _nested(HalfBody, required=True, allow_none=True)
    mn = _nested(HalfBody, required=True, allow_none=True)
    facts = _nested(FactsBody, required=True)
    links = _several(_nested(LinkBody), kinds.MOST_LINKS)


def _maybe(field: type[fields.Field], **kwargs) -> fields.Field:
    return field(required=True, allow_none=True, **kwargs)


def _codes(name: str) -> fields.String:
    return _maybe(fields.String, metadata={"enum": [*CHOICES[name], None]})


def _views(schema: type[Schema]) -> fields.List:
    return fields.List(fields.Nested(schema), required=True, allow_none=True)


class BriefOrganizationView(Schema):
    """Whose something is, as everybody may know."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    name_mn = _maybe(fields.String)


class TopicView(Schema):
    """A topic."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    name_mn = _maybe(fields.String)


class ShownPictureView(Schema):
    """A picture with its size in pixels."""

    url = fields.String(required=True)
    thumbnail_url = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    caption = _maybe(fields.String)
    caption_mn = _maybe(fields.String)


class ShownVideoView(Schema):
    """A video with its size in pixels."""

    url = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class BlockView(Schema):
    """A part of a rich text in reading order: clean HTML without pictures and videos, or one of
    those by its url."""

    type = fields.String(required=True, metadata={"enum": ["html", "table", "image", "video"]})
    html = _maybe(fields.String)
    url = _maybe(fields.String)
    alt = _maybe(fields.String)
    width = _maybe(fields.Integer)
    height = _maybe(fields.Integer)


class ShownStepView(Schema):
    """A step."""

    text = fields.String(required=True)
    picture = fields.Nested(ShownPictureView, required=True, allow_none=True)


class ShownHalfView(Schema):
    """What is said in one language."""

    name = fields.String(required=True)
    aliases = fields.List(fields.String(), required=True)
    summary = _maybe(fields.String)
    byline = _maybe(fields.String)
    part_used = _maybe(fields.String)
    properties = _maybe(fields.String)
    actions = _maybe(fields.String)
    usage = _maybe(fields.String)
    cautions = _maybe(fields.String)
    growing = _views(BlockView)
    body = _views(BlockView)
    source_text = _maybe(fields.String)
    indications = _maybe(fields.String)
    contraindications = _maybe(fields.String)
    operators = _maybe(fields.String)
    steps = _views(ShownStepView)
    suitable_for = _maybe(fields.String)
    period = _maybe(fields.String)


class ShownComponentView(Schema):
    """A component; `item_id` where citizens can read of it."""

    name = fields.String(required=True)
    amount = _maybe(fields.String)
    unit = _codes("unit")
    note = _maybe(fields.String)
    item_id = _maybe(fields.Integer)


class ShownFactsView(Schema):
    """What is the same in both languages."""

    latin_name = _maybe(fields.String)
    pregnancy = _codes("pregnancy")
    toxicity = _codes("toxicity")
    source = _maybe(fields.String)
    evidence_level = _codes("evidence_level")
    topics = fields.List(fields.Nested(TopicView), required=True)
    pictures = fields.List(fields.Nested(ShownPictureView), required=True)
    video = fields.Nested(ShownVideoView, required=True, allow_none=True)
    composition = _views(ShownComponentView)
    product_form = _codes("product_form")
    culture_form = _codes("culture_form")
    collected_form = _codes("collected_form")
    collected_from = _maybe(fields.String)
    collected_in = _maybe(fields.String)
    collected_on = _maybe(fields.String, metadata={"description": "YYYY-MM-DD"})
    known_since = _maybe(fields.String)


class CardView(Schema):
    """An item in a list."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": list(kinds.KINDS)})
    name = _maybe(fields.String)
    name_mn = _maybe(fields.String)
    summary = _maybe(fields.String)
    summary_mn = _maybe(fields.String)
    thumbnail_url = _maybe(fields.String)
    organization = fields.Nested(BriefOrganizationView, required=True)
    published_at = fields.AwareDateTime(required=True)
    views = fields.Integer(required=True)
    is_sample = fields.Boolean(required=True)
    is_review_overdue = fields.Boolean(
        required=True, metadata={"description": "It was to be looked at again by now."}
    )


class ShownLinkView(Schema):
    """One end of a link: an item has its `card`, all else a name."""

    target = fields.String(required=True, metadata={"enum": list(LINK_TARGETS)})
    id = _maybe(fields.Integer)
    name = fields.String(required=True)
    name_mn = _maybe(fields.String)
    campaign_id = _maybe(
        fields.Integer, metadata={"description": "Of a contest entry, whose id is `id`."}
    )
    organization = fields.Nested(BriefOrganizationView, required=True, allow_none=True)
    card = fields.Nested(CardView, required=True, allow_none=True)


class ItemView(Schema):
    """An item as citizens read it, and as staff see it before they do."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": list(kinds.KINDS)})
    zh = fields.Nested(ShownHalfView, required=True, allow_none=True)
    mn = fields.Nested(ShownHalfView, required=True, allow_none=True)
    facts = fields.Nested(ShownFactsView, required=True)
    organization = fields.Nested(BriefOrganizationView, required=True)
    original_language = fields.String(required=True, metadata={"enum": list(LANGUAGES)})
    is_translation_stale = fields.Boolean(required=True)
    is_sample = fields.Boolean(required=True)
    published_at = _maybe(fields.AwareDateTime)
    reviewed_at = _maybe(fields.AwareDateTime)
    is_review_overdue = fields.Boolean(required=True)
    are_comments_open = fields.Boolean(required=True)
    views = fields.Integer(required=True)
    favourites = fields.Integer(required=True)
    helpful = fields.Integer(required=True)
    links = fields.List(
        fields.Nested(ShownLinkView),
        required=True,
        metadata={"description": "What it links to, and what links to it, each once."},
    )
    related = fields.List(
        fields.Nested(CardView),
        required=True,
        metadata={"description": "Others of its topics or alike, without those it links to."},
    )
