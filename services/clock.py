"""The days citizens live by: Asia/Shanghai, whatever the servers' clocks say."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")


def local_day(moment: datetime) -> date:
    """The calendar day in Asia/Shanghai on which an aware moment falls."""
    return moment.astimezone(LOCAL_ZONE).date()


def day_start(moment: datetime) -> datetime:
    """When the calendar day in Asia/Shanghai on which an aware moment falls begins, in UTC."""
    midnight = moment.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.astimezone(UTC)


def hour_start(moment: datetime) -> datetime:
    """The hour in which an aware moment falls, in UTC; it is an hour of Asia/Shanghai too."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of a year, 2026Q4 for example, with their first and last day."""

    code: str
    starts_on: date
    ends_on: date


def quarter_of(day: date) -> Quarter:
    """The quarter in which a day falls."""
    return quarter_named(f"{day.year}Q{(day.month + 2) // 3}")


def quarter_named(code: str) -> Quarter:
    """The quarter with this code; years are from 1 to 9998."""
    year, number = int(code[:4]), int(code[5])
    next_starts_on = date(year + number // 4, number * 3 % 12 + 1, 1)
    return Quarter(code, date(year, number * 3 - 2, 1), next_starts_on - timedelta(days=1))
