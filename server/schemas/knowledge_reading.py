"""Wire formats of health knowledge as it is read, and of what its readers leave."""

from marshmallow import Schema, fields

from server.schemas.common import LARGEST_ID, Choice, PageQuery, Whole, page_of
from server.schemas.knowledge_content import CardView, ShownLinkView, TopicView
from services.knowledge.kinds import KINDS
from services.organizations import ORGANIZATION_KINDS


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


class InstitutionView(Schema):
    """An organization, and what items say of it: its doctors and so on, then those that name it."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    name_mn = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True, metadata={"enum": list(ORGANIZATION_KINDS)})
    address = fields.String(required=True, allow_none=True)
    items_count = fields.Integer(required=True)
    links = fields.List(fields.Nested(ShownLinkView), required=True)


CardPage = page_of(CardView, "KnowledgeCardPage")
