"""Banan with a village whose two grids are known by points, and people who may be sent."""

from datetime import date

from cunzhi.base.actor import system
from cunzhi.engine.actions.activations import activate
from cunzhi.registry.actions.appointments import appoint
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.actions.points import set_point
from cunzhi.registry.models import Person, Place

BY = system("test")
COUNTY, VILLAGE = "500113", "500113104201"
NORTH, SOUTH = f"{VILLAGE}001", f"{VILLAGE}002"
POINTS = {NORTH: (106.54, 29.41), SOUTH: (106.54, 29.39)}
LONG_AGO = date(2020, 1, 1)
WORKERS = {"grid_worker": NORTH, "village_cadre": VILLAGE, "county_officer": COUNTY}


def make_county() -> dict[str, Person]:
    """Places with points, the scenario switched on, and who serves there."""
    levels = {COUNTY: "county", COUNTY + "104": "township", VILLAGE: "village", NORTH: "grid", SOUTH: "grid"}
    for code, level in levels.items():
        system_ = "gb" if level == "county" else "nbs"
        Place.objects.create(system=system_, code=code, name=f"{level}{code[-1]}", level=level, valid_from=LONG_AGO)
    for code, point in POINTS.items():
        set_point(by=BY, place_code=code, point=point)
    activate(by=BY, scenario="straw_burning", place_code=COUNTY, basis="county notice 1", since=LONG_AGO)
    people = {}
    for role, code in WORKERS.items():
        people[role] = register_person(name=f"张{role}", place_code=NORTH, by=BY)
        appoint(by=BY, person=people[role], role=role, place_code=code, basis="meeting")
    return people
