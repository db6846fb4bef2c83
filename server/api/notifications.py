"""A citizen's inbox, and which messages they agreed to get."""

from server.endpoint import Routes
from server.schemas.common import PageQuery
from server.schemas.notifications import NoticePage, SubscriptionBody, UnreadView
from services import notifications

routes = Routes("notifications", __name__, description="One's own inbox")


@routes.endpoint(
    "GET",
    "/me/notices",
    access="citizen",
    rate="account",
    summary="One's own notices, the latest first",
    query=PageQuery(),
    returns=NoticePage,
    refusals=("cursor_invalid",),
)
def list_notices(ctx, **query):
    """They are kept for a year."""
    return notifications.list_notices(ctx, **query)


@routes.endpoint(
    "GET",
    "/me/notices/unread",
    access="citizen",
    rate="account",
    summary="How many of one's notices are unread",
    returns=UnreadView(),
)
def count_unread(ctx):
    """The same number as `unread_notices` of one's account."""
    return {"count": notifications.count_unread(ctx)}


@routes.endpoint(
    "POST",
    "/me/notices/<id:notice_id>/read",
    access="citizen",
    rate="account",
    summary="Note that a notice was read",
    status=204,
    refusals=("notice_not_found",),
)
def mark_read(ctx, notice_id):
    """Again changes nothing."""
    notifications.mark_read(ctx, notice_id=notice_id)


@routes.endpoint(
    "POST",
    "/me/notices/read-all",
    access="citizen",
    rate="account",
    summary="Note that all notices were read",
    status=204,
)
def mark_all_read(ctx):
    """Those of this moment."""
    notifications.mark_all_read(ctx)


@routes.endpoint(
    "POST",
    "/me/subscriptions",
    access="citizen",
    rate="account",
    summary="Report what wx.requestSubscribeMessage answered",
    body=SubscriptionBody(),
    status=204,
)
def record_choices(ctx, choices):
    """Each acceptance allows one message. A code that is not among `message_templates` of the
    settings is passed over."""
    notifications.record_choices(ctx, choices=choices)
