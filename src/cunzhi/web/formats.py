"""Days, moments and numbers as people write them in the language of the page."""

from datetime import date, datetime

from cunzhi.base.clock import ZONE
from cunzhi.web.language import current

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date | None) -> str:
    """2026年11月22日 or 22 Nov 2026; an empty text for no day."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(ZONE).date()
    if current() == "en":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime | None) -> str:
    """The day and the minute, on the clock of the villages."""
    if value is None:
        return ""
    return f"{day(value)} {value.astimezone(ZONE):%H:%M}"


def number(value: float | None, digits: int = 0) -> str:
    """1234567.8 as 1,234,568; a dash for nothing."""
    return "–" if value is None else f"{value:,.{digits}f}"


def percent(value: float | None, digits: int = 0) -> str:
    """0.873 as 87%."""
    return "–" if value is None else f"{value * 100:.{digits}f}%"


def quantity(value: float | None, unit: str, digits: int = 0) -> str:
    """A number with its unit: 412件, 98.9%, 15 hours."""
    gap = " " if unit and unit.isascii() and unit != "%" else ""
    return "–" if value is None else f"{number(value, digits)}{gap}{unit}"
