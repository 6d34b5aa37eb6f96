"""May this person do this here, and why: the one check for page, API, export and search."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce, JSONArray

from cunzhi.base import clock
from cunzhi.base.actor import ACT, Actor
from cunzhi.base.errors import Forbidden
from cunzhi.base.fields import under, under_any
from cunzhi.base.messages import say
from cunzhi.base.prepared import Prepared
from cunzhi.registry.models import Appointment, Person, Place
from cunzhi.registry.roles import roles, verbs

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Grant:
    """The answer to 'why may I': this role, for this place, since this day, by this decision."""

    role: str
    place_code: str
    since: date
    basis: str

    def covers(self, place_code: str) -> bool:
        return place_code.startswith(self.place_code)


SYSTEM = Grant(role="system", place_code="", since=date.min, basis="")


def in_force(on: date) -> Q:
    """What holds on a day, of anything that has a `since` and an `until`: appointments, memberships, activations."""
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


class NotHere(Forbidden):
    """No appointment covers this. What was not allowed is said in the reader's words."""

    def __init__(self, *, verb: str, place: str) -> None:
        self.verb = verb
        super().__init__("registry.not_here", place=place)

    def say(self, language: str) -> str:
        return say(self.code, language, verb=say(f"registry.verbs.{self.verb}", language), **self.params)


def selves(person_id: int) -> QuerySet[Person]:
    """A person and the doubles that were merged into them: what belongs to one of these belongs to the person."""
    return Person.objects.filter(Q(pk=person_id) | Q(merged_into_id=person_id))


GRANT = ("role", "place_code", "since", "basis")


def _held(person: int, day: date) -> QuerySet[Appointment, tuple[str, str, date, str]]:
    holding = selves(person).filter(died_on__isnull=True)
    held = Appointment.objects.filter(in_force(day), person_id__in=holding.values("id")).order_by("id")
    return held.values_list(*GRANT)


HELD = Prepared(_held, person=271828182, day=clock.EXAMPLE.date())


class Listed(Subquery):
    """The rows of a subquery as one text of JSON."""

    template = "(SELECT JSON_GROUP_ARRAY(JSON(one)) FROM (%(subquery)s) AS listed)"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        template = "(SELECT CAST(JSON_AGG(one) AS TEXT) FROM (%(subquery)s) AS listed)"
        return self.as_sql(compiler, connection, template=template)


def held_with(rows: QuerySet[Any, Any], person: str, day: date) -> Any:
    """Rows about people with what each holds on a day (`held`), and whether doubles were merged into them."""
    own = Appointment.objects.filter(in_force(day), person_id=OuterRef(person)).order_by("id")
    doubles = Person.objects.filter(merged_into_id=OuterRef(person))
    return rows.annotate(held=Listed(own.values(one=JSONArray(*GRANT))), doubled=Exists(doubles))


def grants_of(person: Person, held: str | None, *, doubled: bool) -> tuple[Grant, ...] | None:
    """What was read by `held_with`; None for the few with doubles, who are asked for by a query of their own."""
    if doubled:
        return None
    rows = json.loads(held or "[]") if person.died_on is None else []
    return _grants((role, place_code, date.fromisoformat(since), basis) for role, place_code, since, basis in rows)


def _grants(rows: Iterable[tuple[str, str, date, str]]) -> tuple[Grant, ...]:
    return tuple(Grant(*row) for row in rows if row[0] in roles())


class Access:
    """What one actor may do. Make one per request or action; it asks the database once, unless it is told."""

    def __init__(self, actor: Actor, grants: tuple[Grant, ...] | None = None) -> None:
        self.actor = actor
        if grants is not None:
            self.grants = grants

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """Every role the actor holds today."""
        if self.actor.is_system:
            return (SYSTEM,)
        if self.actor.person_id is None:
            return ()
        return _grants(HELD.run(person=self.actor.person_id, day=clock.today()))

    def _granting(self, verb: str) -> Iterable[Grant]:
        if verb not in verbs():
            raise KeyError(verb)
        if not self.actor.allows(verb):
            return ()
        return (grant for grant in self.grants if grant is SYSTEM or verb in roles()[grant.role].may)

    def may(self, verb: str, place_code: str) -> Grant | None:
        """The grant under which the actor may do `verb` at `place_code`, or None."""
        return next((grant for grant in self._granting(verb) if grant.covers(place_code)), None)

    def require(self, verb: str, place_code: str) -> Grant:
        """The same, or Forbidden with words for the person."""
        grant = self.may(verb, place_code)
        if grant is None:
            raise NotHere(verb=verb, place=place_code)
        return grant

    def places(self, verb: str) -> list[str]:
        """The codes under which the actor may do `verb`; [''] is everywhere, [] is nowhere."""
        codes = sorted({grant.place_code for grant in self._granting(verb)})
        return [code for code in codes if not any(code != other and code.startswith(other) for other in codes)]

    def limit(self, rows: QuerySet[Row], verb: str, field: str = "place_code") -> QuerySet[Row]:
        """Only the rows that lie where the actor may do `verb`."""
        return rows.filter(under_any(self.places(verb), field))

    def roles_at(self, place_code: str) -> frozenset[str]:
        """The roles that the actor holds over a place; none by a token that takes no steps."""
        if not self.actor.allows(ACT):
            return frozenset()
        return frozenset(grant.role for grant in self.grants if grant.covers(place_code))


def holders(role: str, place_code: str) -> QuerySet[Person]:
    """The people who hold a role over a place today, from its grid up."""
    codes = [place_code[:length] for length in range(2, len(place_code) + 1)]
    held = Appointment.objects.filter(in_force(clock.today()), role=role, place_code__in=codes)
    return _who_hold(held)


def holders_below(role_names: Iterable[str], place_code: str) -> QuerySet[Person]:
    """The people who hold one of these roles at a place or anywhere below it today, by name."""
    held = Appointment.objects.filter(in_force(clock.today()), under(place_code), role__in=list(role_names))
    return _who_hold(held).order_by("name", "id")


def _who_hold(held: QuerySet[Appointment]) -> QuerySet[Person]:
    """The living holders of appointments; what a double holds, the person it was merged into holds."""
    people = held.annotate(holder=Coalesce("person__merged_into_id", "person_id")).values("holder")
    return Person.objects.filter(id__in=people, died_on__isnull=True, merged_into__isnull=True)


def explain(access: Access, verb: str, place_code: str, language: str) -> str:
    """The answer to 'why may I see this', or whom to ask when one may not."""
    grant = access.may(verb, place_code)
    words = {"verb": say(f"registry.verbs.{verb}", language), "place": _name(place_code)}
    if grant is SYSTEM:
        return say("registry.why.system", language, **words)
    if grant is not None:
        title, at = roles()[grant.role].title.in_(language), _name(grant.place_code)
        return say("registry.why.role", language, role=title, at=at, since=grant.since, basis=grant.basis, **words)
    titles = say("registry.why.or", language).join(
        role.title.in_(language) for role in roles().values() if verb in role.may
    )
    return say("registry.why.not", language, roles=titles, **words)


def _name(code: str) -> str:
    """The name of a place; the queries of places stand above this module and cannot be asked."""
    known = Place.objects.filter(code=code, system__in=(Place.System.GB, settings.CUNZHI_PLACE_SYSTEM))
    return known.order_by("valid_from").values_list("name", flat=True).last() or code
