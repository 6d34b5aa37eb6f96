"""Where: places by code, by name, by level, and what became of them.

Records carry codes of `settings.CUNZHI_PLACE_SYSTEM`; codes of six digits and fewer are the same in every system.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.fields import under
from cunzhi.base.prepared import Prepared
from cunzhi.registry.division_files import LEVELS, county_shapes
from cunzhi.registry.models import Place, Succession

__all__ = [
    "children",
    "county_shapes",
    "name_of",
    "names_of",
    "path_of",
    "place",
    "require_place",
    "search",
    "successors",
    "units",
]

LENGTHS = tuple(LEVELS)
MOST_FOUND = 50
FRESH = 60
"""Seconds for which a name is shown again before it is looked up again: places are renamed once in years."""
SIZES = (1, 4, 8, 16, 32, 64)
"""For how many codes at once the query of names is kept ready; fewer are filled up with the last one."""


def ours(system: str | None = None) -> QuerySet[Place]:
    """Places of one system, with the province and counties that all systems share."""
    return Place.objects.filter(system__in=(Place.System.GB, system or settings.CUNZHI_PLACE_SYSTEM))


def holding(on: date) -> Q:
    """Places whose code held on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def place(code: str) -> Place | None:
    """The place with a code, in force or not: records of abolished places keep their codes."""
    return ours().filter(code=code).order_by("-valid_from").first()


def require_place(code: str, field: str = "place_code") -> Place:
    """The same, or Refused."""
    found = place(code)
    if found is None:
        raise Refused("registry.no_such_place", field=field, code=code)
    return found


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Names by code for a list, in one query at most; a code that is unknown stands for itself."""
    system = settings.CUNZHI_PLACE_SYSTEM
    keys = {f"place:{system}:{code}": code for code in dict.fromkeys(codes)}
    kept = {keys[key]: name for key, name in cache.get_many(keys).items()}
    if missing := sorted(set(keys.values()) - kept.keys()):
        known = _looked_up(missing)
        cache.set_many({key: known[code] for key, code in keys.items() if code in known}, FRESH)
        kept |= known
    return {code: kept.get(code, code) for code in keys.values()}


def _looked_up(wanted: list[str]) -> dict[str, str]:
    size = next((size for size in SIZES if size >= len(wanted)), len(wanted))
    padded = wanted + wanted[-1:] * (size - len(wanted))
    given: dict[str, Any] = {f"code_{at}": code for at, code in enumerate(padded)}
    return dict(_naming(size).run(system=settings.CUNZHI_PLACE_SYSTEM, **given))


@lru_cache(maxsize=32)
def _naming(size: int) -> Prepared:
    """The query for so many codes."""

    def build(system: str, **codes: str) -> QuerySet[Place, tuple[str, str]]:
        rows = ours(system).filter(code__in=sorted(codes.values()))
        return rows.order_by("valid_from").values_list("code", "name")

    examples: dict[str, Any] = {f"code_{at}": f"a code {at}" for at in range(size)}
    return Prepared(build, system="a system", **examples)


def name_of(code: str) -> str:
    """The name of one place; names of places are the same in every language."""
    return names_of([code])[code]


def path_of(code: str) -> list[str]:
    """The names from the province down to the place itself."""
    codes = [code[:length] for length in LENGTHS if length <= len(code)]
    names = names_of(codes)
    return [names[one] for one in codes]


def children(code: str) -> list[Place]:
    """The places right below one, as they are now, in the order of their codes."""
    length = next((length for length in LENGTHS if length > len(code)), 0)
    return list(
        ours().filter(under(code, "code"), holding(clock.today()), level=LEVELS.get(length, "")).order_by("code")
    )


def search(text: str, within: str = "") -> list[Place]:
    """Places of today whose name holds the text or whose code begins with it, the larger ones first."""
    text = text.strip()
    if not text:
        return []
    named = Q(code__startswith=text) if text.isascii() and text.isdecimal() else Q(name__icontains=text)
    found = ours().filter(named, under(within, "code"), holding(clock.today()))
    return list(found.order_by(Length("code"), "code")[:MOST_FOUND])


def units(level: str, on: date, system: str | None = None) -> QuerySet[Place]:
    """All places of a level on a day; none before the day from which the list is known to hold."""
    return ours(system).filter(holding(on), level=level).order_by("code")


def successors(code: str, on: date, system: str | None = None) -> list[Place]:
    """The places that hold the ground of `code` on a day, in its own system or, by the crosswalk, in another."""
    own = settings.CUNZHI_PLACE_SYSTEM
    target = (Place.System.GB, system or own)
    found: dict[int, Place] = {}
    reached = [(one, date.min) for one in ours().filter(code=code)]
    while reached:
        here, since = reached.pop()
        if here.system in target and here.valid_from <= on and (here.valid_to is None or here.valid_to > on):
            found[here.pk] = here
        links = Succession.objects.filter(before=here, on__gt=since, on__lte=on, after__system__in=(*target, own))
        reached += [(link.after, link.on) for link in links.select_related("after")]
    return sorted(found.values(), key=lambda one: one.code)
