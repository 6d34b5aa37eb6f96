"""The published lists of divisions, as they lie in `data`: rows of places and what became of them."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from cunzhi.base import strict_yaml
from cunzhi.registry.models import Place

DATA = Path(__file__).with_name("data")
PROVINCE = "50"
LEVELS = {2: "province", 6: "county", 9: "township", 12: "village", 15: "grid"}
SYSTEM_FILES = {"nbs": "chongqing_2023.csv", "mca": "chongqing_2026_to_township.csv"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class List(_Strict):
    """Since when a list is known to hold, and who published it."""

    known_from: date
    source: str


class Became(_Strict):
    """That a county became another, wholly or in part."""

    before: str
    after: str
    part: bool


class Moved(_Strict):
    """That a township came under another county than the rest of its old one."""

    nbs: str
    name: str
    to: str


class Change(_Strict):
    """What one decision changed on one day."""

    on: date
    document: str
    source: str
    abolished: tuple[str, ...]
    founded: tuple[str, ...]
    counties: tuple[Became, ...]
    townships: tuple[Moved, ...]


class Changes(_Strict):
    """The file changes.yaml."""

    lists: dict[Literal["counties", "nbs", "mca"], List]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Link:
    """A successor link by (system, code), before it has ids."""

    before: tuple[str, str]
    after: tuple[str, str]
    on: date
    basis: str


@cache
def changes() -> Changes:
    path = DATA / "changes.yaml"
    return strict_yaml.load_as(Changes, path.read_text(encoding="utf-8"), name=path.name)


@cache
def county_shapes() -> dict[str, Any]:
    """The county polygons as one GeoJSON FeatureCollection, as published; not to be changed by who asks."""
    shapes: dict[str, Any] = json.loads((DATA / "chongqing_counties_2024.geojson").read_text(encoding="utf-8"))
    return shapes


def places(county: str | None) -> Iterator[Place]:
    """The province, every county there was or is, and what lies under them (or only under `county`)."""
    yield from _counties().values()
    for system, file in SYSTEM_FILES.items():
        known_from = changes().lists[system].known_from  # type: ignore[index]
        for row in _rows(file):
            level = LEVELS[len(row["code"])]
            if level in ("township", "village") and row["code"].startswith(county or PROVINCE):
                yield Place(system=system, code=row["code"], name=row["name"], level=level, valid_from=known_from)


def county_codes() -> frozenset[str]:
    """Every county code that these files know, abolished ones too."""
    return frozenset(code for code in _counties() if len(code) == 6)


def links() -> Iterator[Link]:
    """What became of counties, and which statistical township is which civil-affairs one."""
    moved = {town.nbs: change for change in changes().changes for town in change.townships}
    for change in changes().changes:
        for became in change.counties:
            yield Link(("gb", became.before), ("gb", became.after), change.on, change.document)
    for row in _rows("chongqing_township_crosswalk_nbs2023_mca2026.csv"):
        if row["mca2026_code"]:
            change_of_county = moved.get(row["nbs2023_code"])
            on = change_of_county.on if change_of_county else changes().lists["mca"].known_from
            basis = change_of_county.document if change_of_county else f"crosswalk: {row['match']}"
            yield Link(("nbs", row["nbs2023_code"]), ("mca", row["mca2026_code"]), on, basis)


def _counties() -> dict[str, Place]:
    """Province and counties carry one code in both systems, so each stands once."""
    known_from = changes().lists["counties"].known_from
    founded = {code: change.on for change in changes().changes for code in change.founded}
    abolished = {code: change.on for change in changes().changes for code in change.abolished}
    points = {one["properties"]["code"]: one["properties"] for one in county_shapes()["features"]}
    found = {}
    for row in (row for file in SYSTEM_FILES.values() for row in _rows(file) if len(row["code"]) <= 6):
        code, point = row["code"], points.get(row["code"], {})
        found[code] = Place(
            system="gb",
            code=code,
            name=row["name"],
            level=LEVELS[len(code)],
            valid_from=founded.get(code, known_from),
            valid_to=abolished.get(code),
            longitude=point.get("lon"),
            latitude=point.get("lat"),
        )
    return found


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
