"""The days citizens live by: Asia/Shanghai, whatever the servers' clocks say."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")


def local_day(moment: datetime) -> date:
    """The calendar day in Asia/Shanghai on which an aware moment falls."""
    return moment.astimezone(LOCAL_ZONE).date()


def hour_start(moment: datetime) -> datetime:
    """The hour in which an aware moment falls, in UTC; it is an hour of Asia/Shanghai too."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
