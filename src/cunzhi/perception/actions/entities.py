"""Setting up what observes: an entity with all that hangs on it, in one transaction, noted in the journal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.journal.actions import note
from cunzhi.perception.actions.observations import Taken, take_one
from cunzhi.perception.checks import GEOMETRY, check_geometry, columns
from cunzhi.perception.entities import BY_NAME, EntitySet, Link
from cunzhi.perception.models import Datastream, HistoricalLocation, Location, Observation, Thing
from cunzhi.perception.queries.scope import MANAGE, Scope
from cunzhi.perception.reading import read
from cunzhi.registry.models import Place
from cunzhi.registry.queries.places import require_place

PLACE = "place_code"


@dataclass
class Draft:
    """An entity that is not written yet: its properties by the standard's names, and its links.

    A link leads to the id of what is there, to a draft of what is made with it, or to what was made just now.
    """

    kind: EntitySet
    sent: dict[str, Any]
    links: dict[str, list[Any]] = field(default_factory=dict)


@dataclass
class Made:
    """What was made, or was there already and is the same."""

    kind: EntitySet
    id: int
    known: bool = False


@transaction.atomic
def create(*, scope: Scope, draft: Draft, place_code: str = "") -> Made:
    """An entity with all that is sent with it, or nothing of it."""
    made = _create(scope, draft, place_code)
    if isinstance(made, Taken):
        return Made(draft.kind, made.id, made.known)
    return Made(draft.kind, made.pk)


def thing_of(place: Place, name: str, *, scope: Scope, encoding: str, location: Any) -> int:
    """A thing that stands for a place, made with where it is when it is first needed."""
    there = Thing.objects.filter(place_code=place.code, name=name).order_by("pk").first()
    if there is not None:
        return there.pk
    where = {"name": place.name, "description": "", "encodingType": encoding, "location": location}
    inner = {"Locations": [Draft(BY_NAME["Locations"], where)]}
    thing = Draft(BY_NAME["Things"], {"name": name, "description": ""}, inner)
    return create(scope=scope, draft=thing, place_code=place.code).id


def _create(scope: Scope, draft: Draft, place_code: str) -> Any:
    kind, ends = draft.kind, {}
    place_code = _named_place(draft) or place_code
    for link in kind.links:
        if link.required and not draft.links.get(link.name):
            raise Refused("perception.missing", field=link.name)
        if not link.many and draft.links.get(link.name):
            ends[link.path] = end = linked(scope, link, draft.links[link.name][0], place_code)
            place_code = end.place_code if isinstance(end, Thing) else place_code
    if kind.model is Observation:
        feature = ends["feature"].pk if "feature" in ends else None
        reading = read(draft.sent, feature)
        return take_one(by=scope.actor, datastream=ends["datastream"].pk, reading=reading, scope=scope)
    made = _written(scope, draft, ends, place_code)
    for link in kind.links:
        if link.many and draft.links.get(link.name):
            _attach(scope, made, link, draft.links[link.name])
    return made


def _written(scope: Scope, draft: Draft, ends: dict[str, Any], place_code: str) -> Any:
    kind = draft.kind
    values = columns(kind, draft.sent, whole=True)
    if kind.name in GEOMETRY:
        check_geometry(kind, values["encoding_type"], draft.sent[GEOMETRY[kind.name]])
    place_code = place_code or _own_place(scope)
    require_place(place_code, "properties.place_code")
    scope.require(place_code)
    if kind.model is not HistoricalLocation:
        values[PLACE] = place_code
    if kind.model is Datastream:
        values["made_at"] = clock.now()
    made = kind.model._default_manager.create(**values, **ends)
    noted(scope, "add", made, place_code)
    return made


def _named_place(draft: Draft) -> str:
    properties = draft.sent.get("properties")
    code = properties.get(PLACE, "") if isinstance(properties, dict) else ""
    if not isinstance(code, str):
        raise Refused("perception.no_text", field="properties.place_code")
    return code


def _own_place(scope: Scope) -> str:
    """Where somebody who sets up sensors at one place alone must mean."""
    if scope.actor.device_id:
        raise Forbidden("perception.device_only_sends")
    places = scope.access.places(MANAGE)
    if not places:
        scope.access.require(MANAGE, "")
    if len(places) > 1 or not places[0]:
        raise Refused("perception.which_place", field="properties.place_code")
    return places[0]


def linked(scope: Scope, link: Link, target: Any, place_code: str = "") -> Any:
    """What a link leads to: made now, or there and to be seen."""
    if isinstance(target, Draft):
        return _create(scope, target, place_code)
    if not isinstance(target, int):
        return target
    model = BY_NAME[link.target].model
    found = model._default_manager.filter(scope.visible(model), pk=target).first()
    if found is None:
        raise Refused("perception.no_link", field=link.name, id=target)
    return found


def _attach(scope: Scope, owner: Any, link: Link, targets: Sequence[Any]) -> None:
    """The many ends of a link; what is made with its owner knows it without saying so."""
    place_code = getattr(owner, PLACE, "") or owner.thing.place_code
    back = next(one for one in BY_NAME[link.target].links if one.path == link.back)
    found = []
    for target in targets:
        if isinstance(target, Draft) and (not back.many or back.required):
            target.links[back.name] = [owner]
        end = linked(scope, link, target, place_code)
        if not isinstance(end, Taken):
            found.append(end)
    connect(scope, owner, link, found)


def connect(scope: Scope, owner: Any, link: Link, targets: Sequence[Any]) -> None:
    """Link what exists; a thing that comes to new locations remembers since when."""
    if isinstance(owner, Thing) and link.name == "Locations":
        _move(owner, targets)
    elif isinstance(owner, Location) and link.name == "Things":
        for thing in targets:
            scope.require(thing.place_code)
            _move(thing, [owner])
    elif isinstance(owner, HistoricalLocation | Location):
        getattr(owner, link.path).add(*targets)
    else:
        for target in targets:
            _repoint(scope, target, link.back, owner)


def _repoint(scope: Scope, target: Any, column: str, owner: Any) -> None:
    """Let an existing entity belong to another owner."""
    if getattr(target, f"{column}_id") == owner.pk:
        return
    if isinstance(target, Observation):
        raise Refused("perception.stays", field="Observations")
    if isinstance(target, HistoricalLocation):
        scope.require(target.thing.place_code)
    else:
        scope.require(target.place_code)
    setattr(target, column, owner)
    if isinstance(target, Datastream):
        target.place_code = target.thing.place_code
    target.save()
    noted(scope, "change", target, owner.place_code)


def _move(thing: Thing, locations: Sequence[Location]) -> None:
    thing.locations.set(locations)
    if locations:
        history = HistoricalLocation.objects.create(thing=thing, time=clock.now())
        history.locations.set(locations)


def noted(scope: Scope, what: str, entity: Any, place_code: str, **detail: Any) -> None:
    """Into the journal: which kind of entity, what was done with it. Its words are no matter of the journal."""
    verb = f"{entity.record.split(':')[0]}.{what}"
    note(by=scope.actor, verb=verb, record=entity.record, place_code=place_code, detail=detail)
