"""Messages through WeChat: what was sent, and what was not and why."""

from server.endpoint import Routes
from server.schemas.notifications import MessagePage, MessageQuery, MessageView
from services import notifications
from services.access import Permission

routes = Routes("staff_messages", __name__, description="Messages through WeChat")


@routes.endpoint(
    "GET",
    "/messages",
    access="staff",
    requires=Permission.MANAGE_MESSAGES,
    rate="staff",
    summary="Messages about what organizations within reach did",
    query=MessageQuery(),
    returns=MessagePage,
    refusals=("cursor_invalid",),
)
def list_messages(ctx, **query):
    """The latest first. Who gets one is told by a number only."""
    return notifications.list_messages(ctx, **query)


@routes.endpoint(
    "POST",
    "/messages/<id:message_id>/retry",
    access="staff",
    requires=Permission.MANAGE_MESSAGES,
    rate="staff",
    summary="Send a dead message again",
    returns=MessageView(),
    refusals=("message_not_found", "message_not_dead"),
)
def retry_message(ctx, message_id):
    """After what was wrong with it is mended. It is sent within seconds."""
    return notifications.retry_message(ctx, message_id=message_id)
