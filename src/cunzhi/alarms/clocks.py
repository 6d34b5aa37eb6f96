"""When the next rung of the answered-warning tree is called: dated parameters, from data/clocks.yaml."""

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from cunzhi.base import strict_yaml
from cunzhi.base.clock import ZONE
from cunzhi.registry.roles import roles


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quiet(_Strict):
    """Between these hours phones stay silent for these colours."""

    since: int = Field(alias="from", ge=0, le=23)
    until: int = Field(ge=0, le=23)
    colours: tuple[str, ...]


class Clock(_Strict):
    """What holds from a day on, and who says so."""

    since: date
    source: str
    minutes: dict[str, tuple[int, int, int]]
    quiet: Quiet
    group_minutes: int
    calm_minutes: int


class Clocks(_Strict):
    """The whole file."""

    ladder: tuple[str, ...]
    clocks: tuple[Clock, ...]


@cache
def clocks() -> Clocks:
    path = Path(__file__).with_name("data") / "clocks.yaml"
    found = strict_yaml.load_as(Clocks, path.read_text(encoding="utf-8"), name=path.name)
    assert set(found.ladder) <= set(roles()), found.ladder  # noqa: S101  our own file
    return found


def clock_on(day: date) -> Clock:
    """The newest entry whose day has come; before the first one, the first."""
    held = [one for one in clocks().clocks if one.since <= day]
    return max(held or clocks().clocks[:1], key=lambda one: one.since)


def rung_after(rung: str) -> str:
    """The next rung, the first one for none yet; empty at the top."""
    ladder = clocks().ladder
    following = ladder.index(rung) + 1 if rung in ladder else 0
    return ladder[following] if following < len(ladder) else ""


def phones_from(moment: datetime, colour: str) -> datetime:
    """When a phone may ring: at once, or when the quiet hours are over. Never later for red."""
    quiet = clock_on(moment.astimezone(ZONE).date()).quiet
    local = moment.astimezone(ZONE)
    if colour == "red" or colour not in quiet.colours or quiet.until <= local.hour < quiet.since:
        return moment
    morning = datetime.combine(local.date(), time(quiet.until), ZONE)
    return morning if morning > local else morning + timedelta(days=1)


def due_after(begun: datetime, colour: str, rung: str) -> datetime | None:
    """By when a rung must have answered, counted from the first call; none at the top."""
    minutes = clock_on(begun.astimezone(ZONE).date()).minutes[colour]
    at = clocks().ladder.index(rung)
    return begun + timedelta(minutes=minutes[at]) if at < len(minutes) else None
