"""What readers of health knowledge left, and what they are answered."""

from server.endpoint import Routes
from server.schemas.common import ReasonBody
from server.schemas.knowledge_readers import (
    AcceptContributionBody,
    CommentQuery,
    ContributionAnswerBody,
    ContributionQuery,
    ReportAnswerBody,
    ReportQuery,
    StaffCommentPage,
    StaffCommentView,
    StaffContributionPage,
    StaffContributionView,
    StaffReportPage,
    StaffReportView,
)
from services import knowledge
from services.access import Permission

routes = Routes(
    "staff_knowledge_readers", __name__, description="What readers of health knowledge left"
)
CONTRIBUTION = ("contribution_not_found", "contribution_decided")


@routes.endpoint(
    "GET",
    "/knowledge/reports",
    access="staff",
    requires=Permission.VIEW_KNOWLEDGE,
    rate="staff",
    summary="Errors that readers found",
    query=ReportQuery(),
    returns=StaffReportPage,
    refusals=("cursor_invalid",),
)
def list_reports(ctx, **query):
    """For those who write, review, publish and answer within whose reach the item is."""
    return knowledge.list_reports(ctx, **query)


@routes.endpoint(
    "POST",
    "/knowledge/reports/<id:report_id>/answer",
    access="staff",
    requires=Permission.ANSWER_READERS,
    rate="staff",
    summary="Answer the report of an error",
    body=ReportAnswerBody(),
    returns=StaffReportView(),
    refusals=("knowledge_report_not_found", "knowledge_report_answered"),
)
def answer_report(ctx, report_id, **answer):
    """For good; who reported it is told."""
    return knowledge.answer_report(ctx, report_id=report_id, **answer)


@routes.endpoint(
    "GET",
    "/knowledge/comments",
    access="staff",
    requires=Permission.ANSWER_READERS,
    rate="staff",
    summary="What readers say below items",
    query=CommentQuery(),
    returns=StaffCommentPage,
    refusals=("cursor_invalid",),
)
def list_comments(ctx, **query):
    """`safety` is what WeChat said of each."""
    return knowledge.list_staff_comments(ctx, **query)


@routes.endpoint(
    "POST",
    "/knowledge/comments/<id:comment_id>/show",
    access="staff",
    requires=Permission.ANSWER_READERS,
    rate="staff",
    summary="Let others see a comment",
    returns=StaffCommentView(),
    refusals=("comment_not_found", "comment_decided"),
)
def show_comment(ctx, comment_id):
    """Also one that was rejected."""
    return knowledge.show_comment(ctx, comment_id=comment_id)


@routes.endpoint(
    "POST",
    "/knowledge/comments/<id:comment_id>/reject",
    access="staff",
    requires=Permission.ANSWER_READERS,
    rate="staff",
    summary="Keep a comment from others",
    body=ReasonBody(),
    returns=StaffCommentView(),
    refusals=("comment_not_found", "comment_decided"),
)
def reject_comment(ctx, comment_id, reason):
    """Also one that was shown; its author is told why."""
    return knowledge.reject_comment(ctx, comment_id=comment_id, reason=reason)


@routes.endpoint(
    "GET",
    "/knowledge/contributions",
    access="staff",
    requires=Permission.ANSWER_READERS,
    rate="staff",
    summary="Traditional knowledge that citizens sent in",
    query=ContributionQuery(),
    returns=StaffContributionPage,
    refusals=("cursor_invalid",),
)
def list_contributions(ctx, **query):
    """Those sent to a commission within reach."""
    return knowledge.list_contributions(ctx, **query)


@routes.endpoint(
    "GET",
    "/knowledge/contributions/<id:contribution_id>",
    access="staff",
    requires=Permission.ANSWER_READERS,
    rate="staff",
    summary="One contribution",
    returns=StaffContributionView(),
    refusals=("contribution_not_found",),
)
def get_contribution(ctx, contribution_id):
    """With what WeChat said of its text and its pictures."""
    return knowledge.get_contribution(ctx, contribution_id=contribution_id)


@routes.endpoint(
    "POST",
    "/knowledge/contributions/<id:contribution_id>/accept",
    access="staff",
    requires=Permission.ANSWER_READERS,
    rate="staff",
    summary="Make a draft of a contribution",
    body=AcceptContributionBody(),
    returns=StaffContributionView(),
    refusals=(*CONTRIBUTION, "organization_not_found", "organization_closed"),
)
def accept_contribution(ctx, contribution_id, organization_id):
    """Of kind `collected`, by the caller, without pictures that WeChat refused."""
    return knowledge.accept_contribution(
        ctx, contribution_id=contribution_id, organization_id=organization_id
    )


@routes.endpoint(
    "POST",
    "/knowledge/contributions/<id:contribution_id>/decline",
    access="staff",
    requires=Permission.ANSWER_READERS,
    rate="staff",
    summary="Not take a contribution up",
    body=ContributionAnswerBody(),
    returns=StaffContributionView(),
    refusals=CONTRIBUTION,
)
def decline_contribution(ctx, contribution_id, answer):
    """Who sent it is told why."""
    return knowledge.decline_contribution(ctx, contribution_id=contribution_id, answer=answer)
