"""Changing and taking down what observes, and single values."""

from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from cunzhi.base import clock
from cunzhi.base.errors import Conflict, Refused
from cunzhi.perception import rules
from cunzhi.perception.actions.entities import PLACE, Draft, connect, linked, noted
from cunzhi.perception.checks import GEOMETRY, check_geometry, columns
from cunzhi.perception.models import (
    Datastream,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    Observation,
    ObservedProperty,
    Sensor,
    Thing,
)
from cunzhi.perception.queries.scope import Scope
from cunzhi.perception.reading import Reading, read, result_of
from cunzhi.perception.times import told, told_span
from cunzhi.registry.queries.places import require_place


@transaction.atomic
def change(*, scope: Scope, entity: Any, draft: Draft, whole: bool = False) -> None:
    """Change what is sent, or, if `whole`, everything. Links are to what is there; nothing is made on the way."""
    _require(scope, entity)
    entity = type(entity).objects.select_for_update(of=("self",)).get(pk=entity.pk)
    if isinstance(entity, Observation):
        _change_observation(scope, entity, draft, whole=whole)
        return
    kind = draft.kind
    values = columns(kind, draft.sent, whole=whole)
    for name, value in values.items():
        setattr(entity, name, value)
    if kind.name in GEOMETRY and GEOMETRY[kind.name] in draft.sent:
        column = GEOMETRY[kind.name]
        check_geometry(kind, entity.encoding_type, getattr(entity, column))
        if isinstance(entity, Location):  # what was derived from it stays where the thing was then
            FeatureOfInterest.objects.filter(of_location=entity).update(of_location=None)
    moved = _move_place(scope, entity, draft)
    for link in kind.links:
        if not link.many and link.name in draft.links:
            setattr(entity, link.path, linked(scope, link, draft.links[link.name][0]))
    if isinstance(entity, Datastream) and "Thing" in draft.links:
        scope.require(entity.thing.place_code)
        entity.place_code = entity.thing.place_code
    entity.save()
    for link in kind.links:
        if link.many and link.name in draft.links:
            connect(scope, entity, link, [linked(scope, link, one) for one in draft.links[link.name]])
    noted(scope, "change", entity, place_of(entity), columns=sorted(values), moved=moved)


def _move_place(scope: Scope, entity: Any, draft: Draft) -> bool:
    """To another place, if the properties say so and the actor may set up sensors there too."""
    properties = draft.sent.get("properties")
    code = properties.get(PLACE) if isinstance(properties, dict) else None
    if code is None or isinstance(entity, Datastream) or code == getattr(entity, PLACE, code):
        return False
    if not isinstance(code, str):
        raise Refused("perception.no_text", field="properties.place_code")
    require_place(code, "properties.place_code")
    scope.require(code)
    entity.place_code = code
    if isinstance(entity, Thing):
        entity.datastreams.update(place_code=code)
    return True


def _change_observation(scope: Scope, entity: Observation, draft: Draft, *, whole: bool) -> None:
    """A value put right: judged like a new one, and rolled up anew."""
    if "Datastream" in draft.links and draft.links["Datastream"][0] != entity.datastream_id:
        raise Refused("perception.stays", field="Datastream")
    feature = entity.feature_id
    if "FeatureOfInterest" in draft.links:
        link = draft.kind.link("FeatureOfInterest")
        assert link is not None  # noqa: S101  every observation has this link
        feature = linked(scope, link, draft.links["FeatureOfInterest"][0]).pk
    reading = read(draft.sent if whole else _sent_again(entity) | draft.sent, feature)
    stream = Datastream.objects.select_for_update(of=("self",)).get(pk=entity.datastream_id)
    rules.check(stream, reading, clock.now())
    before = entity.at
    _set(entity, reading)
    try:
        with transaction.atomic():
            entity.save()
    except IntegrityError:
        raise Conflict("perception.other_value", field="phenomenonTime") from None
    settle([stream.pk], stale=(min(before, entity.at), max(before, entity.at)))
    noted(scope, "change", entity, stream.place_code)


def _sent_again(entity: Observation) -> dict[str, Any]:
    """An observation as somebody would send it."""
    return {
        "result": result_of(entity.kind, entity.number, entity.text),
        "phenomenonTime": told_span(entity.at, entity.until),
        "resultTime": told(entity.result_at),
        "validTime": told_span(entity.valid_from, entity.valid_until) if entity.valid_from else None,
        "resultQuality": entity.quality,
        "parameters": entity.parameters,
    }


def _set(entity: Observation, reading: Reading) -> None:
    plain = replace(reading, feature=None)
    for name in (
        "kind", "number", "text", "at", "until", "result_at", "valid_from", "valid_until", "quality", "parameters",
        "key",
    ):  # fmt: skip
        setattr(entity, name, getattr(plain, name))
    entity.feature_id = reading.feature


@transaction.atomic
def remove(*, scope: Scope, entity: Any) -> None:
    """Take an entity down, with what the standard lets go with it."""
    for code in sorted(_places_touched(entity)):
        scope.require(code)
    streams = list(_streams_left(entity).values_list("pk", flat=True))
    span = _span_of(entity) if streams else None
    noted(scope, "remove", entity, place_of(entity))
    if isinstance(entity, Location):
        HistoricalLocation.objects.filter(locations=entity).delete()
    entity.delete()
    if streams:
        settle(streams, stale=span)


def _require(scope: Scope, entity: Model) -> None:
    scope.require(place_of(entity))


def place_of(entity: Any) -> str:
    """Where an entity lies; values lie where their datastream does."""
    if isinstance(entity, Observation):
        return str(entity.datastream.place_code)
    if isinstance(entity, HistoricalLocation):
        return str(entity.thing.place_code)
    return str(entity.place_code)


def _places_touched(entity: Any) -> set[str]:
    """Where something would be lost."""
    lost: QuerySet[Datastream] | None = None
    if isinstance(entity, Sensor | ObservedProperty):
        lost = entity.datastreams.all()
    elif isinstance(entity, FeatureOfInterest):
        lost = _streams_left(entity)
    codes = set(lost.values_list(PLACE, flat=True)) if lost is not None else set()
    if isinstance(entity, Location):
        codes |= set(Thing.objects.filter(locations=entity).values_list(PLACE, flat=True))
    return codes | {place_of(entity)}


def _streams_left(entity: Any) -> QuerySet[Datastream]:
    """The datastreams that stay and lose values."""
    if isinstance(entity, Observation):
        return Datastream.objects.filter(pk=entity.datastream_id)
    if isinstance(entity, FeatureOfInterest):
        return Datastream.objects.filter(pk__in=entity.observations.values("datastream").distinct())
    return Datastream.objects.none()


def _span_of(entity: Any) -> tuple[Any, Any]:
    if isinstance(entity, Observation):
        return entity.at, entity.at
    moments = entity.observations.order_by("at").values_list("at", flat=True)
    return moments.first(), moments.last()


def settle(streams: list[int], stale: tuple[Any, Any] | None) -> None:
    """Let datastreams know anew from when to when they reach, and what has to be rolled up again."""
    for stream in Datastream.objects.select_for_update(of=("self",)).filter(pk__in=streams).order_by("pk"):
        rows = stream.observations.order_by("at")
        first, last = rows.first(), rows.last()
        stream.first_at = first.at if first else None
        stream.last_at = (last.until or last.at) if last else None
        if stale is not None:
            stream.stale_from = min(filter(None, (stream.stale_from, stale[0])))
            stream.stale_until = max(filter(None, (stream.stale_until, stale[1])))
        stream.save(update_fields=["first_at", "last_at", "stale_from", "stale_until"])
