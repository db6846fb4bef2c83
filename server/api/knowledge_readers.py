"""What a citizen leaves at items of health knowledge, and sends in."""

from server.endpoint import Routes
from server.problems import IMAGE_REFUSALS
from server.schemas.common import PageQuery
from server.schemas.files import ImageView
from server.schemas.knowledge_reading import (
    CardPage,
    CommentBody,
    ContributionBody,
    ErrorReportBody,
    OpinionBody,
    OwnCommentPage,
    OwnCommentView,
    OwnContributionPage,
    OwnContributionView,
    OwnKnowledgeView,
    OwnReportPage,
    OwnReportView,
)
from services import knowledge
from services.images import LARGEST_BYTES

routes = Routes("knowledge_readers", __name__, description="What one leaves at health knowledge")


@routes.endpoint(
    "GET",
    "/me/knowledge/favourites",
    access="citizen",
    rate="account",
    summary="What one keeps, the latest first",
    query=PageQuery(),
    returns=CardPage,
    refusals=("cursor_invalid",),
)
def list_favourites(ctx, **query):
    """Without what was taken down."""
    return knowledge.list_favourites(ctx, **query)


@routes.endpoint(
    "PUT",
    "/me/knowledge/favourites/<id:item_id>",
    access="citizen",
    rate="favourite",
    summary="Keep an item",
    status=204,
    refusals=("knowledge_not_public",),
)
def keep_favourite(ctx, item_id):
    """Again changes nothing."""
    knowledge.keep_favourite(ctx, item_id=item_id)


@routes.endpoint(
    "DELETE",
    "/me/knowledge/favourites/<id:item_id>",
    access="citizen",
    rate="favourite",
    summary="Keep an item no longer",
    status=204,
)
def drop_favourite(ctx, item_id):
    """Again changes nothing, nor does one that was never kept."""
    knowledge.drop_favourite(ctx, item_id=item_id)


@routes.endpoint(
    "GET",
    "/me/knowledge/items/<id:item_id>",
    access="citizen",
    rate="account",
    summary="What one left at an item",
    returns=OwnKnowledgeView(),
    refusals=("knowledge_not_public",),
)
def get_own_state(ctx, item_id):
    """Whether one keeps it, and whether it helped."""
    return knowledge.get_own_state(ctx, item_id=item_id)


@routes.endpoint(
    "PUT",
    "/me/knowledge/items/<id:item_id>/opinion",
    access="citizen",
    rate="opinion",
    summary="Say whether an item helped",
    body=OpinionBody(),
    status=204,
    refusals=("knowledge_not_public", "opinion_reason_unfit"),
)
def give_opinion(ctx, item_id, **opinion):
    """In place of what one said before."""
    knowledge.give_opinion(ctx, item_id=item_id, **opinion)


@routes.endpoint(
    "POST",
    "/me/knowledge/items/<id:item_id>/reports",
    access="citizen",
    rate="report_error",
    summary="Report an error in an item",
    body=ErrorReportBody(),
    returns=OwnReportView(),
    status=201,
    is_idempotent=True,
    refusals=("knowledge_not_public",),
)
def report_error(ctx, item_id, **report):
    """For those who wrote and reviewed it; the answer comes as a notice."""
    return knowledge.report_error(ctx, item_id=item_id, **report)


@routes.endpoint(
    "GET",
    "/me/knowledge/reports",
    access="citizen",
    rate="account",
    summary="The errors one reported, the latest first",
    query=PageQuery(),
    returns=OwnReportPage,
    refusals=("cursor_invalid",),
)
def list_own_reports(ctx, **query):
    """With what was answered."""
    return knowledge.list_own_reports(ctx, **query)


@routes.endpoint(
    "POST",
    "/me/knowledge/items/<id:item_id>/comments",
    access="citizen",
    rate="comment",
    summary="Comment on an item",
    body=CommentBody(),
    returns=OwnCommentView(),
    status=201,
    is_idempotent=True,
    refusals=("knowledge_not_public", "comments_closed", "text_risky"),
)
def write_comment(ctx, item_id, **comment):
    """WeChat looks at it first, then people do; until they let it through nobody else sees it."""
    return knowledge.write_comment(ctx, item_id=item_id, **comment)


@routes.endpoint(
    "GET",
    "/me/knowledge/comments",
    access="citizen",
    rate="account",
    summary="One's own comments, the latest first",
    query=PageQuery(),
    returns=OwnCommentPage,
    refusals=("cursor_invalid",),
)
def list_own_comments(ctx, **query):
    """Those too that wait or that others do not see."""
    return knowledge.list_own_comments(ctx, **query)


@routes.endpoint(
    "DELETE",
    "/me/knowledge/comments/<id:comment_id>",
    access="citizen",
    rate="comment",
    summary="Delete a comment of one's own",
    status=204,
    refusals=("comment_not_found",),
)
def delete_own_comment(ctx, comment_id):
    """For good."""
    knowledge.delete_own_comment(ctx, comment_id=comment_id)


@routes.endpoint(
    "POST",
    "/me/pictures",
    access="citizen",
    rate="upload_picture",
    summary="Upload a picture to send along",
    # Room for a picture that is too large to be told so in words about pictures.
    largest_upload=2 * LARGEST_BYTES,
    returns=ImageView(),
    status=201,
    refusals=IMAGE_REFUSALS,
)
def upload_picture(ctx, content):
    """The raw bytes as the body. WeChat looks at it too; what is not sent within a day is
    deleted."""
    return knowledge.upload_picture(ctx, content=content)


@routes.endpoint(
    "POST",
    "/me/contributions",
    access="citizen",
    rate="contribute",
    summary="Send in traditional knowledge",
    body=ContributionBody(),
    returns=OwnContributionView(),
    status=201,
    is_idempotent=True,
    refusals=("organization_not_found", "file_not_found", "text_risky"),
)
def send_contribution(ctx, **contribution):
    """Staff decide on it; what they take up is reviewed before anybody reads it."""
    return knowledge.send_contribution(ctx, **contribution)


@routes.endpoint(
    "GET",
    "/me/contributions",
    access="citizen",
    rate="account",
    summary="What one sent in, the latest first",
    query=PageQuery(),
    returns=OwnContributionPage,
    refusals=("cursor_invalid",),
)
def list_own_contributions(ctx, **query):
    """With what became of it."""
    return knowledge.list_own_contributions(ctx, **query)


@routes.endpoint(
    "GET",
    "/me/contributions/<id:contribution_id>",
    access="citizen",
    rate="account",
    summary="One thing one sent in",
    returns=OwnContributionView(),
    refusals=("contribution_not_found",),
)
def get_own_contribution(ctx, contribution_id):
    """Another's is not found."""
    return knowledge.get_own_contribution(ctx, contribution_id=contribution_id)
