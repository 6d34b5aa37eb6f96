"""Builds the simulated county: real divisions, simulated people, and twelve months of simulated doings."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from random import Random

from django.conf import settings
from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.fields import under
from cunzhi.cli.demo.burning import plan_fires
from cunzhi.cli.demo.cast import BY, Cast, Village
from cunzhi.cli.demo.deciding import plan_decisions, seat
from cunzhi.cli.demo.deliberating import plan_topics
from cunzhi.cli.demo.disclosing import Disclosing
from cunzhi.cli.demo.doings import Doings
from cunzhi.cli.demo.ecology import measure, plan_ecology
from cunzhi.cli.demo.electing import plan_elections
from cunzhi.cli.demo.emergency import plan_emergency
from cunzhi.cli.demo.sensing import sense
from cunzhi.cli.demo.warning import warn
from cunzhi.engine.actions.activations import activate, set_parameter
from cunzhi.engine.models import Case
from cunzhi.registry.actions.places import load_places
from cunzhi.registry.models import Person, Place
from cunzhi.registry.queries.places import require_place, units

HOUSEHOLDS = 22
TOWNSHIPS = 3
DAYS = 365
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Built:
    """What was built, for the person who asked for it."""

    county: str
    villages: int
    people: int
    cases: int
    accounts: list[dict[str, str]]


def build(*, county: str, villages: int, seed: int, progress: Progress) -> Built:
    """Fill an empty installation; refuses one that holds people already."""
    if Person.objects.exists():
        raise Refused("cli.demo.not_empty")
    end = datetime.combine(clock.today(), time(12), clock.ZONE)
    start = end - timedelta(days=DAYS)
    progress("places", 0.0)
    with clock.at(start):
        load_places(by=BY, county=county)
        seat = require_place(county, "county")
        cast = Cast(seed, end.date(), start.date())
        with transaction.atomic():
            activate(by=BY, scenario="points", place_code=county, basis="模拟：区县积分制实施方案", since=start.date())
            activate(
                by=BY,
                scenario="living_environment",
                place_code=county,
                basis="模拟：区县人居环境方案",
                since=start.date(),
            )
        made = _villages(cast, seat, villages, seed, progress)
    doings = Doings(seed, end)
    disclosing = Disclosing(doings, county, end)
    for number, village in enumerate(made):
        _plan(doings, village, start)
        disclosing.plan(village, slow=number % 4 == 3)
    plan_topics(doings, made, end, Random(seed + 2))
    plan_decisions(doings, made, county, end, Random(seed + 3))
    plan_elections(doings, made, end, Random(seed + 4))
    plan_fires(doings, made, county, end, Random(seed + 5))
    plan_ecology(doings, made, county, end, Random(seed + 6))
    plan_emergency(doings, made, county, end)
    _live(doings, start, end, progress)
    with transaction.atomic():
        sense(made, end, seed)
        warn(made, county, end)
        measure(made, end, seed)
    _note(county, seed, cast)
    return Built(seat.name, len(made), Person.objects.count(), Case.objects.count(), cast.accounts)


def _villages(cast: Cast, county: Place, wanted: int, seed: int, progress: Progress) -> list[Village]:
    """People for some villages of a few townships, and the officers above them."""
    chosen = _chosen(county.code, wanted, Random(seed))
    townships = sorted({place.code[:9] for place in chosen})
    officer = {code: [cast.officer("township_officer", require_place(code)) for _ in range(2)] for code in townships}
    above = cast.officer("county_officer", county)
    administrator = cast.officer("administrator", county)
    made = []
    for number, place in enumerate(chosen):
        progress("people", 0.02 + 0.13 * number / len(chosen))
        with transaction.atomic():
            village = cast.village(place, HOUSEHOLDS)
            seat(village, Random(f"{seed}-{place.code}"), cast.first_day)
        village.officers["township_officer"] = officer[place.code[:9]]
        made.append(village)
    first = made[0]
    own = next(one.person for one in first.villagers if one.age > 55 and not _holds(first, one.person))
    signing_in = {own.pk: (own, "villager")}
    for role, people in first.officers.items():  # somebody may hold two roles; where one can, another signs in
        near = first.seats.get((role, own.place_code))  # whoever serves the villager who signs in
        person = next((one for one in [near, *people] if one and one.pk not in signing_in), people[0])
        signing_in.setdefault(person.pk, (person, role))
    for person, role in signing_in.values():
        cast.may_sign_in(person, role)
    cast.may_sign_in(above, "county_officer")
    cast.may_sign_in(administrator, "administrator")
    own_number = next(index for index, one in enumerate(first.villagers) if one.person.pk == own.pk)
    first.villagers[own_number].zeal = 1.0
    return made


def _holds(village: Village, person: Person) -> bool:
    return any(person.pk == one.pk for people in village.officers.values() for one in people)


def _chosen(county: str, wanted: int, random: Random) -> list[Place]:
    """Villages of up to three townships, so that a township has something to compare."""
    places = units("village", clock.today()).filter(under(county, "code"))
    rural = list(places.filter(name__endswith="村委会")) or list(places)
    by_township: dict[str, list[Place]] = {}
    for place in rural:
        by_township.setdefault(place.code[:9], []).append(place)
    townships = random.sample(sorted(by_township), min(len(by_township), max(TOWNSHIPS, -(-wanted // 12))))
    pool = [place for code in sorted(townships) for place in by_township[code]]
    if len(pool) < wanted:
        pool = rural
    return sorted(random.sample(pool, min(wanted, len(pool))), key=lambda place: place.code)


def _plan(doings: Doings, village: Village, start: datetime) -> None:
    """Strew the year of a village with what its people will do."""
    random = doings.random
    _rules(doings, village, start)
    for quarter in range(1, 5):
        day = start + timedelta(days=(quarter - 1) * 91, hours=-2)
        doings.at(day, partial(doings.fund, village, random.randint(220, 420), f"第{quarter}季度"))
    for month in range(1, 13):
        day = start + timedelta(days=(month - 1) * 30 + 1, hours=-1)
        doings.at(day, partial(doings.stock, village, f"第{month}月"))
        doings.at(day + timedelta(days=20), partial(doings.answer_call_back, village))
    weights = [one.zeal for one in village.villagers]
    for rate, doing in ((70, doings.report_deed), (22, doings.redeem), (20, doings.report_problem)):
        for _ in range(int(rate * village.zeal * random.uniform(0.8, 1.2))):
            who = random.choices(village.villagers, weights)[0]
            doings.at(_moment(random, start), partial(doing, village, who))


def _rules(doings: Doings, village: Village, start: datetime) -> None:
    """One village in three sets a number of its own."""
    if doings.random.random() > 0.34:
        return
    code = village.place.code
    activation = activate(by=BY, scenario="points", place_code=code, basis="模拟：村民会议决议", since=start.date())
    set_parameter(
        by=village.officer("village_cadre", doings.random),
        activation=activation,
        name="daily_cap",
        since=start.date(),
        basis="模拟：村民会议决议，每日上限",
        value=doings.random.choice((12, 15, 30)),
    )


def _moment(random: Random, start: datetime) -> datetime:
    """Somewhere in the year by day, more often towards its end, as more people join."""
    day = int(DAYS * random.betavariate(1.5, 1.0))
    return start.replace(hour=7) + timedelta(days=day, minutes=random.randint(0, 13 * 60))


def _live(doings: Doings, start: datetime, end: datetime, progress: Progress) -> None:
    """Let the days pass; what one day does is one transaction, so a broken build leaves whole days."""
    day = start
    while day <= end:
        with transaction.atomic():
            doings.run_until(day)
        progress("doings", 0.15 + 0.85 * (day - start) / (end - start))
        day += timedelta(days=1)


def _note(county: str, seed: int, cast: Cast) -> None:
    content = {"simulated": True, "county": county, "seed": seed, "accounts": cast.accounts}
    (settings.HOME / "demo.json").write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
