"""Whether somebody should be sent to a fire: pure rules over what is known of it and the numbers in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cunzhi.fires.models import Event

ORDER = ("low", "nominal", "high")
SEASONS = ("spring", "autumn")


@dataclass(frozen=True)
class Known:
    """What is known of a fire when it is judged."""

    first_day: date
    last_at: datetime
    confidence: str
    is_static: bool
    in_zone: bool


@dataclass(frozen=True)
class Rules:
    """The numbers in force at a place. `windows`: month and day of the harvests' first and last days, as 501 for 1 May.

    `everywhere`: nothing may be burned in the whole place; if not, within drawn zones only.
    """

    windows: Mapping[str, int]
    everywhere: bool
    least: int
    fresh_hours: int
    static_months: int
    static_days: int

    @classmethod
    def of(cls, numbers: Mapping[str, int | Mapping[str, int]]) -> "Rules":
        """From the parameters of the scenario straw_burning."""
        windows = numbers["windows"]
        assert isinstance(windows, Mapping)  # noqa: S101  its file says so and is checked
        names = ("least_confidence", "fresh_hours", "static_months", "static_days")
        least, fresh, months, days = (int(numbers[name]) for name in names)  # type: ignore[arg-type]
        return cls(windows, numbers["no_burn_everywhere"] == 1, least, fresh, months, days)

    def in_window(self, day: date) -> bool:
        """Whether a day lies in one of the harvest windows; one that ends before it begins goes over New Year."""
        at = day.month * 100 + day.day
        for season in SEASONS:
            first, last = self.windows.get(f"{season}_first", 0), self.windows.get(f"{season}_last", 0)
            if first and last and (first <= at <= last if first <= last else at >= first or at <= last):
                return True
        return False


def judge(known: Known, rules: Rules, now: datetime) -> str:
    """`sent` when somebody should go there, or why nobody needs to."""
    if known.is_static:
        return Event.Standing.STATIC
    if ORDER.index(known.confidence) < rules.least:
        return Event.Standing.FAINT
    if not rules.in_window(known.first_day):
        return Event.Standing.NO_WINDOW
    if not (rules.everywhere or known.in_zone):
        return Event.Standing.NO_ZONE
    if now - known.last_at > timedelta(hours=rules.fresh_hours):
        return Event.Standing.OLD
    return Event.Standing.SENT
