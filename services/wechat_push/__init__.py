"""What WeChat pushes to us: events kept as they come, and handled."""

from services.wechat_push.events import handle_events, keep_event, purge_events

__all__ = ["handle_events", "keep_event", "purge_events"]
