"""Wire formats of health knowledge as it is read, and of what its readers leave."""

from marshmallow import Schema, fields, validate

from server.schemas.common import (
    LARGEST_ID,
    MISSING_MESSAGES,
    Choice,
    Flag,
    Line,
    PageQuery,
    RowId,
    Text,
    Whole,
    Wire,
    page_of,
)
from server.schemas.knowledge_content import (
    BriefOrganizationView,
    CardView,
    ShownLinkView,
    TopicView,
)
from services import knowledge
from services.knowledge.kinds import KINDS
from services.organizations import ORGANIZATION_KINDS

LONGEST_REPORT = 1000
LONGEST_COMMENT = 500
# With its title and where it is from, what WeChat looks at in one piece.
LONGEST_CONTRIBUTION = 2000
LONGEST_PLACE = 100
MOST_PICTURES = 9
REASONS = knowledge.UNHELPFUL_REASONS


class Said(Text):
    """What somebody writes: some lines, without the empty ones around them."""

    def _deserialize(self, value, attr, data, **kwargs):
        return super()._deserialize(value, attr, data, **kwargs).strip()


class TopicList(Schema):
    """All topics in their order."""

    items = fields.List(fields.Nested(TopicView), required=True)


class ItemQuery(PageQuery):
    """Which items, in which order."""

    kind = Choice(*KINDS)
    topic_id = Whole(least=1, most=LARGEST_ID)
    organization_id = Whole(
        least=1, most=LARGEST_ID, metadata={"description": "Takes in those below it."}
    )
    sort = Choice("latest", "popular", load_default="latest")


class KnowledgeInstitutionView(Schema):
    """An organization, and what items say of it: its doctors and so on, then those that name it."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    name_mn = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True, metadata={"enum": list(ORGANIZATION_KINDS)})
    address = fields.String(required=True, allow_none=True)
    items_count = fields.Integer(required=True)
    links = fields.List(fields.Nested(ShownLinkView), required=True)


class PublicNameView(Schema):
    """What a published item is called."""

    id = fields.Integer(required=True)
    name = fields.String(required=True, allow_none=True)
    name_mn = fields.String(required=True, allow_none=True)


class ShownCommentView(Schema):
    """A comment as others see it."""

    id = fields.Integer(required=True)
    text = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    author_label = fields.String(
        required=True,
        metadata={
            "example": "市民 8F3A",
            "description": "The same for one person below one item, another below another.",
        },
    )


class OpinionBody(Wire):
    """Whether it helped; a reason only goes with false."""

    is_helpful = Flag(required=True)
    reason = Choice(*REASONS, allow_none=True, load_default=None)


class OpinionView(Schema):
    """Whether it helped."""

    is_helpful = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True, metadata={"enum": [*REASONS, None]})


class OwnKnowledgeView(Schema):
    """What one left at an item."""

    is_favourite = fields.Boolean(required=True)
    opinion = fields.Nested(OpinionView, required=True, allow_none=True)


class ErrorReportBody(Wire):
    """What is wrong."""

    text = Said(shortest=5, longest=LONGEST_REPORT, required=True)


class OwnReportView(Schema):
    """An error one reported; `item` while it is public."""

    id = fields.Integer(required=True)
    item_id = fields.Integer(required=True)
    item = fields.Nested(PublicNameView, required=True, allow_none=True)
    text = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, metadata={"enum": list(knowledge.REPORT_STATES)})
    answer = fields.String(required=True, allow_none=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)


class CommentBody(Wire):
    """What one has to say."""

    text = Said(shortest=2, longest=LONGEST_COMMENT, required=True)


class OwnCommentView(Schema):
    """A comment of one's own; `item` while it is public, `reason` why others do not see it."""

    id = fields.Integer(required=True)
    item_id = fields.Integer(required=True)
    item = fields.Nested(PublicNameView, required=True, allow_none=True)
    text = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, metadata={"enum": list(knowledge.COMMENT_STATES)})
    reason = fields.String(required=True, allow_none=True)


class ReceiverList(Schema):
    """The commissions one can send something to."""

    items = fields.List(fields.Nested(BriefOrganizationView), required=True)


class ContributionBody(Wire):
    """Traditional knowledge, and where it is from."""

    title = Line(longest=LONGEST_PLACE, required=True)
    text = Said(shortest=10, longest=LONGEST_CONTRIBUTION, required=True)
    collected_from = Line(longest=LONGEST_PLACE, required=True)
    collected_in = Line(longest=LONGEST_PLACE, required=True)
    known_since = Line(longest=LONGEST_PLACE, allow_none=True, load_default=None)
    picture_ids = fields.List(
        RowId(),
        load_default=list,
        validate=validate.Length(max=MOST_PICTURES, error="field_most {max}"),
        error_messages=MISSING_MESSAGES | {"invalid": "field_not_list"},
    )
    organization_id = RowId(required=True, metadata={"description": "One of the receivers."})


class OwnPictureView(Schema):
    """A picture one sent along."""

    id = fields.Integer(required=True, attribute="file.id")
    url = fields.String(required=True, attribute="file.url")
    thumbnail_url = fields.String(required=True, attribute="file.thumbnail_url")
    width = fields.Integer(required=True, attribute="file.width")
    height = fields.Integer(required=True, attribute="file.height")


class OwnContributionView(Schema):
    """What one sent in; `item_id` once everybody can read what became of it."""

    id = fields.Integer(required=True, attribute="contribution.id")
    title = fields.String(required=True, attribute="contribution.title")
    text = fields.String(required=True, attribute="contribution.text")
    collected_from = fields.String(
        required=True, allow_none=True, attribute="contribution.collected_from"
    )
    collected_in = fields.String(
        required=True, allow_none=True, attribute="contribution.collected_in"
    )
    known_since = fields.String(
        required=True, allow_none=True, attribute="contribution.known_since"
    )
    organization = fields.Nested(BriefOrganizationView, required=True)
    pictures = fields.List(fields.Nested(OwnPictureView), required=True)
    created_at = fields.AwareDateTime(required=True, attribute="contribution.created_at")
    state = fields.String(
        required=True,
        attribute="contribution.state",
        metadata={"enum": list(knowledge.CONTRIBUTION_STATES)},
    )
    answer = fields.String(required=True, allow_none=True, attribute="contribution.answer")
    decided_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="contribution.decided_at"
    )
    item_id = fields.Integer(required=True, allow_none=True)


CardPage = page_of(CardView, "KnowledgeCardPage")
ShownCommentPage = page_of(ShownCommentView, "ShownCommentPage")
OwnReportPage = page_of(OwnReportView, "OwnReportPage")
OwnCommentPage = page_of(OwnCommentView, "OwnCommentPage")
OwnContributionPage = page_of(OwnContributionView, "OwnContributionPage")
