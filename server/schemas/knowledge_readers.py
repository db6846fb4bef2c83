"""Wire formats of what readers of health knowledge left, as staff work on it."""

from marshmallow import Schema, fields

from server.schemas.common import LARGEST_ID, Choice, PageQuery, RowId, Whole, Wire, page_of
from server.schemas.knowledge_content import BriefOrganizationView
from server.schemas.knowledge_reading import Said
from services import knowledge
from services.knowledge.kinds import KINDS

LONGEST_ANSWER = 500
PICTURE_CHECKS = ("pending", "passed", "rejected", "review")


class ItemNameView(Schema):
    """The item something is about."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})


class ReportQuery(PageQuery):
    """Which reports; the open ones come oldest first."""

    state = Choice(*knowledge.REPORT_STATES)
    item_id = Whole(least=1, most=LARGEST_ID)


class StaffReportView(Schema):
    """An error somebody found; whose report it is nobody is told."""

    id = fields.Integer(required=True, attribute="report.id")
    item = fields.Nested(ItemNameView, required=True)
    organization = fields.Nested(BriefOrganizationView, required=True)
    revision_number = fields.Integer(required=True, attribute="report.revision_number")
    text = fields.String(required=True, attribute="report.text")
    created_at = fields.AwareDateTime(required=True, attribute="report.created_at")
    state = fields.String(
        required=True, attribute="report.state", metadata={"enum": list(knowledge.REPORT_STATES)}
    )
    answer = fields.String(required=True, allow_none=True, attribute="report.answer")
    answered_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="report.answered_at"
    )
    answered_by_name = fields.String(required=True, allow_none=True)
    may_answer = fields.Boolean(required=True)


class ReportAnswerBody(Wire):
    """What became of it, in words for who reported it."""

    state = Choice("corrected", "declined", required=True)
    answer = Said(longest=LONGEST_ANSWER, required=True)


class CommentQuery(PageQuery):
    """Which comments; those that wait come oldest first."""

    state = Choice(*knowledge.COMMENT_STATES)
    item_id = Whole(least=1, most=LARGEST_ID)


class StaffCommentView(Schema):
    """A comment; whose it is nobody is told."""

    id = fields.Integer(required=True, attribute="comment.id")
    item = fields.Nested(ItemNameView, required=True)
    organization = fields.Nested(BriefOrganizationView, required=True)
    text = fields.String(required=True, attribute="comment.text")
    created_at = fields.AwareDateTime(required=True, attribute="comment.created_at")
    author_label = fields.String(required=True)
    state = fields.String(
        required=True,
        attribute="comment.state",
        metadata={"enum": list(knowledge.COMMENT_STATES)},
    )
    safety = fields.String(
        required=True,
        attribute="comment.safety",
        metadata={
            "enum": list(knowledge.COMMENT_CHECKS),
            "description": "What WeChat's content check said.",
        },
    )
    reason = fields.String(required=True, allow_none=True, attribute="comment.reason")
    decided_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="comment.decided_at"
    )
    decided_by_name = fields.String(required=True, allow_none=True)


class ContributionQuery(PageQuery):
    """Which contributions; those that wait come oldest first."""

    state = Choice(*knowledge.CONTRIBUTION_STATES)


class SentPictureView(Schema):
    """A picture that was sent along, and what WeChat's look at it came to."""

    id = fields.Integer(required=True, attribute="file.id")
    url = fields.String(required=True, attribute="file.url")
    thumbnail_url = fields.String(required=True, attribute="file.thumbnail_url")
    width = fields.Integer(required=True, attribute="file.width")
    height = fields.Integer(required=True, attribute="file.height")
    check = fields.String(required=True, metadata={"enum": list(PICTURE_CHECKS)})


class StaffContributionView(Schema):
    """What somebody sent in; whose it is nobody is told. `item_id` is the draft made of it."""

    id = fields.Integer(required=True, attribute="contribution.id")
    organization = fields.Nested(BriefOrganizationView, required=True)
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
    pictures = fields.List(fields.Nested(SentPictureView), required=True)
    created_at = fields.AwareDateTime(required=True, attribute="contribution.created_at")
    state = fields.String(
        required=True,
        attribute="contribution.state",
        metadata={"enum": list(knowledge.CONTRIBUTION_STATES)},
    )
    safety = fields.String(
        required=True,
        attribute="contribution.safety",
        metadata={"enum": list(knowledge.COMMENT_CHECKS)},
    )
    answer = fields.String(required=True, allow_none=True, attribute="contribution.answer")
    item_id = fields.Integer(required=True, allow_none=True, attribute="contribution.item_id")
    decided_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="contribution.decided_at"
    )
    decided_by_name = fields.String(required=True, allow_none=True)


class AcceptContributionBody(Wire):
    """Whose the draft is to be."""

    organization_id = RowId(required=True)


class ContributionAnswerBody(Wire):
    """Why it is not taken up, in words for who sent it."""

    answer = Said(longest=LONGEST_ANSWER, required=True)


StaffReportPage = page_of(StaffReportView, "StaffReportPage")
StaffCommentPage = page_of(StaffCommentView, "StaffCommentPage")
StaffContributionPage = page_of(StaffContributionView, "StaffContributionPage")
