"""Wire formats of health knowledge for those who write, review and publish it."""

from marshmallow import Schema, fields

from server.schemas.common import (
    LARGEST_ID,
    Choice,
    Flag,
    Line,
    PageQuery,
    RowId,
    Text,
    Whole,
    Wire,
    page_of,
    sort_choices,
)
from server.schemas.knowledge_content import ContentBody
from server.schemas.organizations import OrganizationBrief
from services import knowledge
from services.knowledge.kinds import CHOICES, KINDS, LANGUAGES, LINK_TARGETS

FORMS = sorted({field.form for kind in KINDS.values() for field in (*kind.half, *kind.facts)})


def _maybe(field: type[fields.Field], **kwargs) -> fields.Field:
    return field(required=True, allow_none=True, **kwargs)


def _enum(*codes: str | None) -> dict:
    return {"metadata": {"enum": list(codes)}}


def _list(schema: type[Schema], **kwargs) -> fields.List:
    return fields.List(fields.Nested(schema), required=True, **kwargs)


class ChoiceView(Schema):
    """One of a field's choices."""

    code = fields.String(required=True)
    title = fields.String(required=True)


class FieldView(Schema):
    """A field of a kind; its `choices` if it has any."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    form = fields.String(required=True, **_enum(*FORMS))
    is_required = fields.Boolean(required=True)
    hint = fields.String(required=True)
    choices = _list(ChoiceView, allow_none=True)


class KindView(Schema):
    """A kind: the fields of each language, and those that both share."""

    code = fields.String(required=True, **_enum(*KINDS))
    title = fields.String(required=True)
    half = _list(FieldView)
    facts = _list(FieldView)


class KindList(Schema):
    """All kinds, and what a component of a formula is measured in."""

    items = _list(KindView)
    units = _list(ChoiceView)


class StaffStepView(Schema):
    """A step, and its picture."""

    text = fields.String(required=True)
    picture_id = _maybe(fields.Integer)
    url = _maybe(fields.String)
    thumbnail_url = _maybe(fields.String)


class StaffHalfView(Schema):
    """What is said in one language. `body` and `growing` are clean HTML."""

    name = _maybe(fields.String)
    aliases = fields.List(fields.String(), required=True, allow_none=True)
    summary = _maybe(fields.String)
    byline = _maybe(fields.String)
    part_used = _maybe(fields.String)
    properties = _maybe(fields.String)
    actions = _maybe(fields.String)
    usage = _maybe(fields.String)
    cautions = _maybe(fields.String)
    growing = _maybe(fields.String)
    body = _maybe(fields.String)
    source_text = _maybe(fields.String)
    indications = _maybe(fields.String)
    contraindications = _maybe(fields.String)
    operators = _maybe(fields.String)
    steps = _list(StaffStepView, allow_none=True)
    suitable_for = _maybe(fields.String)
    period = _maybe(fields.String)


class StaffPictureView(Schema):
    """A picture of the whole."""

    file_id = fields.Integer(required=True)
    url = _maybe(fields.String)
    thumbnail_url = _maybe(fields.String)
    width = _maybe(fields.Integer)
    height = _maybe(fields.Integer)
    caption = _maybe(fields.String)
    caption_mn = _maybe(fields.String)


class StaffVideoView(Schema):
    """The video."""

    file_id = fields.Integer(required=True)
    url = _maybe(fields.String)
    width = _maybe(fields.Integer)
    height = _maybe(fields.Integer)


class StaffComponentView(Schema):
    """A component of a formula; `item_title` is what the item of `item_id` is called."""

    name = fields.String(required=True)
    amount = _maybe(fields.String)
    unit = _maybe(fields.String, **_enum(*CHOICES["unit"], None))
    note = _maybe(fields.String)
    item_id = _maybe(fields.Integer)
    item_title = _maybe(fields.String)


class StaffFactsView(Schema):
    """What is the same in both languages."""

    latin_name = _maybe(fields.String)
    pregnancy = _maybe(fields.String, **_enum(*CHOICES["pregnancy"], None))
    toxicity = _maybe(fields.String, **_enum(*CHOICES["toxicity"], None))
    source = _maybe(fields.String)
    evidence_level = _maybe(fields.String, **_enum(*CHOICES["evidence_level"], None))
    topic_ids = fields.List(fields.Integer(), required=True, allow_none=True)
    pictures = _list(StaffPictureView, allow_none=True)
    video = fields.Nested(StaffVideoView, required=True, allow_none=True)
    composition = _list(StaffComponentView, allow_none=True)
    product_form = _maybe(fields.String, **_enum(*CHOICES["product_form"], None))
    culture_form = _maybe(fields.String, **_enum(*CHOICES["culture_form"], None))
    collected_form = _maybe(fields.String, **_enum(*CHOICES["collected_form"], None))
    collected_from = _maybe(fields.String)
    collected_in = _maybe(fields.String)
    collected_on = _maybe(fields.String, metadata={"description": "YYYY-MM-DD"})
    known_since = _maybe(fields.String)


class StaffLinkView(Schema):
    """A link, and what it leads to is called."""

    target = fields.String(required=True, **_enum(*LINK_TARGETS))
    id = _maybe(fields.Integer)
    organization_id = _maybe(fields.Integer)
    name = _maybe(fields.String)
    label = _maybe(fields.String)


class ContentView(Schema):
    """The content as it is kept, with null for what is absent."""

    zh = fields.Nested(StaffHalfView, required=True, allow_none=True)
    mn = fields.Nested(StaffHalfView, required=True, allow_none=True)
    facts = fields.Nested(StaffFactsView, required=True)
    links = _list(StaffLinkView)


class GapView(Schema):
    """What is lacking before handing in: where (`zh.name`), and what it is called."""

    place = fields.String(required=True)
    title = fields.String(required=True)


class RemarkView(Schema):
    """What a reviewer remarks at a place (`zh.cautions`)."""

    place = fields.String(required=True)
    text = fields.String(required=True)


class HeadView(Schema):
    """What is written now."""

    number = fields.Integer(required=True, attribute="revision.number")
    author_name = fields.String(required=True, attribute="revision.author.name")
    saved_at = fields.AwareDateTime(required=True, attribute="revision.saved_at")
    is_open = fields.Boolean(required=True, attribute="revision.is_open")
    is_translation_stale = fields.Boolean(required=True, attribute="revision.is_translation_stale")
    content = fields.Nested(ContentView, required=True)


class PublishedView(Schema):
    """Which revision citizens see."""

    revision_number = fields.Integer(required=True)
    published_at = fields.AwareDateTime(required=True)


class StaffItemView(Schema):
    """An item as it stands, and what the caller may do with it."""

    id = fields.Integer(required=True, attribute="item.id")
    kind = fields.String(required=True, attribute="item.kind", **_enum(*KINDS))
    title = fields.String(required=True, attribute="item.title")
    state = fields.String(required=True, attribute="item.state", **_enum(*knowledge.ITEM_STATES))
    organization = fields.Nested(OrganizationBrief, required=True, attribute="item.organization")
    author_name = fields.String(required=True, attribute="item.author.name")
    original_language = fields.String(
        required=True, attribute="item.original_language", **_enum(*LANGUAGES)
    )
    code = _maybe(fields.String, attribute="item.code")
    head = fields.Nested(HeadView, required=True)
    gaps = _list(GapView)
    published = fields.Nested(PublishedView, required=True, allow_none=True)
    publish_at = _maybe(fields.AwareDateTime, attribute="item.publish_at")
    reason = _maybe(fields.String, attribute="item.reason")
    comments = _list(RemarkView)
    review_again_on = _maybe(fields.Date, attribute="item.review_again_on")
    are_comments_open = fields.Boolean(required=True, attribute="item.are_comments_open")
    is_sample = fields.Boolean(required=True, attribute="item.is_sample")
    allowed_actions = fields.List(
        fields.String(**_enum(*knowledge.ITEM_ACTIONS)),
        required=True,
        metadata={"description": "What the caller may do with it now."},
    )
    revision = fields.Integer(required=True, attribute="item.revision")
    content_version = fields.Integer(
        required=True,
        attribute="item.head_number",
        metadata={"description": "The number of the revision that is being written."},
    )


class SavedView(Schema):
    """What a save made of the content; send `revision` with the next."""

    revision = fields.Integer(required=True, attribute="item.revision")
    state = fields.String(required=True, attribute="item.state", **_enum(*knowledge.ITEM_STATES))
    title = fields.String(required=True, attribute="item.title")
    number = fields.Integer(required=True, attribute="head.revision.number")
    saved_at = fields.AwareDateTime(required=True, attribute="head.revision.saved_at")
    is_translation_stale = fields.Boolean(
        required=True, attribute="head.revision.is_translation_stale"
    )
    gaps = _list(GapView)
    content = fields.Nested(ContentView, required=True, attribute="head.content")


class StaffKnowledgeCardView(Schema):
    """An item in a list."""

    id = fields.Integer(required=True, attribute="item.id")
    kind = fields.String(required=True, attribute="item.kind", **_enum(*KINDS))
    title = fields.String(required=True, attribute="item.title")
    name = _maybe(fields.String)
    name_mn = _maybe(fields.String)
    code = _maybe(fields.String, attribute="item.code")
    state = fields.String(required=True, attribute="item.state", **_enum(*knowledge.ITEM_STATES))
    organization = fields.Nested(OrganizationBrief, required=True, attribute="item.organization")
    author_name = fields.String(required=True, attribute="item.author.name")
    changed_at = fields.AwareDateTime(required=True, attribute="item.changed_at")
    submitted_at = _maybe(fields.AwareDateTime, attribute="item.submitted_at")
    head_number = fields.Integer(required=True, attribute="item.head_number")
    published_number = _maybe(fields.Integer)
    publish_at = _maybe(fields.AwareDateTime, attribute="item.publish_at")
    is_translation_stale = fields.Boolean(required=True)
    is_sample = fields.Boolean(required=True, attribute="item.is_sample")
    review_again_on = _maybe(fields.Date, attribute="item.review_again_on")
    thumbnail_url = _maybe(fields.String)


class StaffItemQuery(PageQuery):
    """Which items, in which order."""

    state = Choice(*knowledge.ITEM_STATES)
    kind = Choice(*KINDS)
    organization_id = Whole(least=1, most=LARGEST_ID, metadata={"description": "A subtree."})
    search = Text(longest=64, metadata={"description": "Part of a name, or the whole code."})
    waiting = Choice(
        *knowledge.WAITING,
        metadata={
            "description": "For the caller's review, for publishing, the caller's own drafts, "
            "for another review soon, for a translation that follows its original."
        },
    )
    sort = Choice(*sort_choices(knowledge.ITEM_SORTS), load_default="-changed_at")


class ItemBody(Wire):
    """A new item."""

    kind = Choice(*KINDS, required=True)
    organization_id = RowId(required=True)
    original_language = Choice(*LANGUAGES, load_default="zh")


class SaveBody(Wire):
    """All that is written so far."""

    content = fields.Nested(
        ContentBody,
        required=True,
        error_messages={
            "type": "field_not_object",
            "required": "field_required",
            "null": "field_required",
        },
    )
    is_translation_current = Flag(
        load_default=False,
        metadata={
            "description": "Whether the writer says that the translation renders this original."
        },
    )


class ItemSettingsBody(Wire):
    """What may be changed of an item besides its content."""

    are_comments_open = Flag()
    code = Line(longest=64, allow_none=True)
    organization_id = RowId()


class TopicBody(Wire):
    """A new topic, the last unless it says where."""

    name = Line(longest=20, required=True)
    name_mn = Line(longest=60, allow_none=True, load_default=None)
    position = Whole(least=0, most=10_000, allow_none=True, load_default=None)


class TopicEditBody(Wire):
    """What may be changed of a topic."""

    name = Line(longest=20)
    name_mn = Line(longest=60, allow_none=True)
    position = Whole(least=0, most=10_000)


class StaffTopicView(Schema):
    """A topic for those who keep them."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    name_mn = _maybe(fields.String)
    position = fields.Integer(required=True)
    revision = fields.Integer(required=True)


class StaffTopicList(Schema):
    """In the order in which readers see them."""

    items = _list(StaffTopicView)


StaffKnowledgePage = page_of(StaffKnowledgeCardView, "StaffKnowledgePage")
