"""What satellites saw in the simulated county in its last week: made up, marked as such, in real outlines.

Where villages and grids lie is made up too: no list of such points is published.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from cunzhi.base import clock
from cunzhi.cli.demo.cast import BY, Village, actor
from cunzhi.cli.demo.doings import Doings
from cunzhi.cli.demo.pictures import drawn
from cunzhi.cli.fires.handing import SCENARIO, one_round
from cunzhi.engine.actions.activations import activate, set_parameter
from cunzhi.engine.actions.cases import move
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.models import Case
from cunzhi.fires.actions.taking import take
from cunzhi.fires.geometry import bounds, county_at
from cunzhi.registry.actions.points import set_point

DAYS = 7
LOOKS = ((5, 12, "N"), (5, 48, "N20"), (6, 21, "N21"), (18, 4, "N20"))
"""Hour and minute (UTC) and satellite of the passes at which something is seen."""
LATE = timedelta(hours=3)
HEADER = (
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,"
    "frp,daynight"
)
FOUND = ("straw", "straw", "straw", "other_fire", "industry", "nothing")
SPREAD = 0.012
"""Degrees around a grid's point within which fires are strewn."""
Point = tuple[float, float]


class Burning:
    """A week of fires: most near villages, a kiln that is hot month after month, one in the hills."""

    def __init__(self, doings: Doings, villages: Sequence[Village], county: str, end: datetime, random: Random) -> None:
        self.doings, self.villages, self.county, self.random = doings, villages, county, random
        self.begin = end - timedelta(days=DAYS)
        box = bounds([county])
        if box is None:
            return
        self.points = self._strewn(box)
        self.kiln = self._inside(box)
        doings.at(self.begin - timedelta(days=1), partial(self._switch_on))
        for day in range(DAYS):
            for number, (hour, minute, satellite) in enumerate(LOOKS):
                at = (self.begin + timedelta(days=day)).astimezone(UTC).replace(hour=hour, minute=minute, second=0)
                certain = day == DAYS - 1 and number == 0  # the last day has a fire, whatever the seed
                doings.at(at + LATE, partial(self._look, at, satellite, certain=certain))
        for day in range(1, DAYS + 1):
            doings.at(self.begin + timedelta(days=day, hours=-2), self._check)

    def _strewn(self, box: tuple[float, float, float, float]) -> dict[str, Point]:
        """A point for every grid, those of one village near one another."""
        found = {}
        for village in self.villages:
            middle = self._inside(box)
            for grid in village.grids:
                found[grid.code] = self._near(middle, 0.01)
        return found

    def _inside(self, box: tuple[float, float, float, float]) -> Point:
        west, south, east, north = box
        while True:
            point = self.random.uniform(south, north), self.random.uniform(west, east)
            if county_at(point) == self.county:
                return point

    def _near(self, point: Point, spread: float) -> Point:
        return tuple(round(each + self.random.uniform(-spread, spread), 5) for each in point)  # type: ignore[return-value]

    def _switch_on(self) -> None:
        today = clock.today()
        on = activate(by=BY, scenario=SCENARIO, place_code=self.county, basis="模拟：区县秸秆禁烧通告", since=today)
        first, last = today - timedelta(days=30), today + timedelta(days=30)
        window = {"spring_first": 501, "spring_last": 630}
        autumn = {"autumn_first": first.month * 100 + first.day, "autumn_last": last.month * 100 + last.day}
        basis = "模拟：演示所在的月份算作秋收"
        set_parameter(by=BY, activation=on, name="windows", since=today, basis=basis, table=window | autumn)
        for code, (latitude, longitude) in self.points.items():
            set_point(by=BY, place_code=code, point=(longitude, latitude))
        noon = clock.now().astimezone(UTC).replace(hour=5, minute=12, second=0)
        past = [noon - timedelta(days=20 * number) for number in range(2, 12)]
        self._take("simulated-past.csv", [self._line(at, "N", self._near(self.kiln, 0.001), "n") for at in past])

    def _look(self, at: datetime, satellite: str, *, certain: bool) -> None:
        """One pass: some fires in two pixels, now and then a faint one, and the kiln by night."""
        lines = []
        if self.random.random() < 0.55 or certain:
            spot = self._near(self.random.choice(list(self.points.values())), SPREAD)
            lines.append(self._line(at, satellite, spot, self.random.choice("nnnhl")))
            if self.random.random() < 0.5:
                lines.append(self._line(at, satellite, (spot[0] + 0.0034, spot[1]), "n"))
        if at.hour > 12:
            lines.append(self._line(at, satellite, self._near(self.kiln, 0.001), "n"))
        self._take(f"simulated-{satellite}-{at:%m%d-%H%M}.csv", lines)

    def _line(self, at: datetime, satellite: str, point: Point, confidence: str) -> str:
        by_day = "D" if at.hour < 12 else "N"
        power = round(self.random.uniform(0.8, 9.5), 2)
        return (
            f"{point[0]:.5f},{point[1]:.5f},332.1,0.39,0.36,{at:%Y-%m-%d},{at.hour * 100 + at.minute},{satellite},"
            f"VIIRS,{confidence},2.0NRT,291.0,{power},{by_day}"
        )

    def _take(self, source: str, lines: Sequence[str]) -> None:
        take(by=BY, data="\n".join([HEADER, *lines, ""]).encode(), source=source, simulated=True)
        one_round(BY)

    def _check(self) -> None:
        """Most of those who were sent go and look; the village confirms most of what they say."""
        for case in Case.objects.filter(scenario=SCENARIO, state="given").select_related("assignee"):
            if case.assignee is None or self.random.random() < 0.25:
                continue
            by = actor(case.assignee)
            found = self.random.choice(FOUND)
            photo = keep_picture(by=by, data=drawn(self.random), field="check_photos", place_code=case.place_code)
            answers = {"found": found, "check_photos": [photo.pk]}
            answers |= {"now": "burnt_out"} if found in ("straw", "other_fire") else {}
            move(by=by, case=case, transition="check", version=case.version, answers=answers)
            village = next(one for one in self.villages if case.place_code.startswith(one.place.code))
            if self.random.random() < 0.8:
                self.doings.move(actor(village.officers["village_cadre"][0]), case, "confirm")
        one_round(BY)


def plan_fires(doings: Doings, villages: Sequence[Village], county: str, end: datetime, random: Random) -> None:
    """Strew the week over the last days of the year."""
    Burning(doings, villages, county, end, random)
