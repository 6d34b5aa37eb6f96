"""Who did something, by name and office; who saw whole numbers, when and what for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cunzhi.base import clock
from cunzhi.registry.access import in_force
from cunzhi.registry.models import Appointment, Disclosure, Person
from cunzhi.registry.roles import roles
from cunzhi.web.language import t, words


@dataclass(frozen=True)
class Look:
    """That somebody saw a whole number, or a list on which the reader stands."""

    who: str
    at: datetime
    field: str
    purpose: str
    words: str


def doers(refs: Iterable[str]) -> dict[str, str]:
    """Name and present offices for each 'person:12'; the platform itself for the rest. Two queries."""
    wanted = set(refs)
    numbers = {int(ref.removeprefix("person:")) for ref in wanted if ref.startswith("person:")}
    names = dict(Person.objects.filter(pk__in=numbers).values_list("pk", "name"))
    offices: dict[int, list[str]] = defaultdict(list)
    held = Appointment.objects.filter(in_force(clock.today()), person_id__in=numbers)
    for person_id, role in held.values_list("person_id", "role").distinct():
        if role in roles():
            offices[person_id].append(words(roles()[role].title))
    said = {ref: t("web.me.platform") for ref in wanted}
    for number, name in names.items():
        said[f"person:{number}"] = " · ".join([name, *offices[number]])
    return said


def looks(seen: Iterable[Disclosure], names: dict[str, str]) -> list[Look]:
    """Disclosures in words."""
    return [
        Look(
            names.get(one.actor, one.actor),
            one.at,
            t(f"web.me.fields.{one.field}"),
            t(f"web.people.purposes.{one.purpose}"),
            one.words,
        )
        for one in seen
    ]
