"""The days citizens live by: Asia/Shanghai, whatever the servers' clocks say."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")


def local_day(moment: datetime) -> date:
    """The calendar day in Asia/Shanghai on which an aware moment falls."""
    return moment.astimezone(LOCAL_ZONE).date()
