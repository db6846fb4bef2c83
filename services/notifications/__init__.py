"""What citizens are told: an inbox for everybody, and messages through WeChat for who wants them.

Whoever has news calls announce_to_voters, or tell_citizens for a few, in the transaction that makes
it true. Jobs do the rest.
"""

from models.notifications import (
    MESSAGE_REASONS,
    MESSAGE_STATES,
    NOTICE_KINDS,
    NOTICE_TARGETS,
    Target,
)
from services.notifications.administration import list_messages, retry_message
from services.notifications.announcing import announce_to_voters, expand_announcements
from services.notifications.description import describe_citizen
from services.notifications.inbox import count_unread, list_notices, mark_all_read, mark_read
from services.notifications.keeping import erase_citizen, purge_old_notices
from services.notifications.sending import send_messages
from services.notifications.subscriptions import (
    note_sent_event,
    note_subscription_event,
    record_choices,
)
from services.notifications.telling import tell_citizens

__all__ = [
    "MESSAGE_REASONS",
    "MESSAGE_STATES",
    "NOTICE_KINDS",
    "NOTICE_TARGETS",
    "Target",
    "announce_to_voters",
    "count_unread",
    "describe_citizen",
    "erase_citizen",
    "expand_announcements",
    "list_messages",
    "list_notices",
    "mark_all_read",
    "mark_read",
    "note_sent_event",
    "note_subscription_event",
    "purge_old_notices",
    "record_choices",
    "retry_message",
    "send_messages",
    "tell_citizens",
]
