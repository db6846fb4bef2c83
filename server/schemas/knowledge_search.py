"""Wire formats of searching health knowledge."""

from marshmallow import Schema, fields

from server.schemas.common import (
    LARGEST_ID,
    TEXT_MESSAGES,
    Choice,
    Line,
    PageQuery,
    Text,
    Whole,
    Wire,
    page_of,
)
from server.schemas.knowledge_content import CardView
from services.knowledge.kinds import KINDS
from services.knowledge.searching import synonyms

LONGEST_NAME = 200


class Typed(fields.String):
    """Whatever somebody typed: nothing is refused, and what cannot be meant is left out."""

    default_error_messages = TEXT_MESSAGES


class SearchQuery(PageQuery):
    """What is searched for, and among which items."""

    q = Typed(
        required=True,
        metadata={"description": "Of a very long text only the beginning is searched for."},
    )
    kind = Choice(*KINDS)
    topic_id = Whole(least=1, most=LARGEST_ID)


class MarkedTextView(Schema):
    """A part of a text; `is_match` where it is what was searched for."""

    text = fields.String(required=True)
    is_match = fields.Boolean(required=True)


def _segments() -> fields.List:
    return fields.List(fields.Nested(MarkedTextView), required=True)


class MatchView(Schema):
    """Where an item matched, and what stands there."""

    field = fields.String(required=True, metadata={"enum": ["name", "alias", "latin", "text"]})
    passages = fields.List(fields.List(fields.Nested(MarkedTextView)), required=True)


class FoundItemView(CardView):
    """A card, and where it matched."""

    match = fields.Nested(MatchView, required=True)
    name_segments = _segments()
    name_mn_segments = _segments()


class FoundKindView(Schema):
    """How many of a kind were found, whatever kind is asked for."""

    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    count = fields.Integer(required=True)


class FoundTopicView(Schema):
    """How many of a topic were found, whatever topic is asked for."""

    topic_id = fields.Integer(required=True)
    count = fields.Integer(required=True)


class FacetsView(Schema):
    """How what was found divides, the most first."""

    kinds = fields.List(fields.Nested(FoundKindView), required=True)
    topics = fields.List(fields.Nested(FoundTopicView), required=True)


class SuggestionView(Schema):
    """A name, and an item that has it."""

    text = fields.String(required=True)
    item_id = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    segments = _segments()


class SuggestionQuery(Wire):
    """What is being typed."""

    q = Typed(required=True)


class SuggestionList(Schema):
    """The likeliest first."""

    items = fields.List(fields.Nested(SuggestionView), required=True)


class HotWordView(Schema):
    """A name that many search for."""

    text = fields.String(required=True)


class HotWordList(Schema):
    """The most wanted first."""

    items = fields.List(fields.Nested(HotWordView), required=True)


class SearchedNameBody(Wire):
    """The name that was searched for."""

    name = Text(longest=LONGEST_NAME, required=True)


class SynonymsView(Schema):
    """Words that mean the same."""

    id = fields.Integer(required=True)
    words = fields.List(fields.String(), required=True)
    revision = fields.Integer(required=True)


class SynonymsQuery(PageQuery):
    """Which groups."""

    search = Text(longest=64, metadata={"description": "How a word of the group begins."})


class SynonymsBody(Wire):
    """All words of a group."""

    words = fields.List(
        Line(longest=synonyms.LONGEST_WORD),
        required=True,
        error_messages={"invalid": "field_not_list", "required": "field_required"},
    )


SearchPage = page_of(
    FoundItemView,
    "KnowledgeSearchPage",
    query=fields.String(required=True),
    used_query=fields.String(
        required=True,
        metadata={"description": "Another than `query` when that alone found nothing."},
    ),
    total=fields.Integer(required=True),
    total_is_least=fields.Boolean(
        required=True, metadata={"description": "There are more than were counted."}
    ),
    facets=fields.Nested(FacetsView, required=True),
    nearest=fields.List(
        fields.Nested(CardView),
        required=True,
        metadata={"description": "Others of a similar name, when little or nothing was found."},
    ),
)
SynonymsPage = page_of(SynonymsView, "SynonymsPage")
