"""Entities as the standard writes them in JSON."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from cunzhi.api.sensorthings.asking.options import Options
from cunzhi.api.sensorthings.context import Context
from cunzhi.api.sensorthings.pages import page
from cunzhi.perception.entities import BY_NAME, EntitySet, Link, Property
from cunzhi.perception.models import Datastream, Observation, Thing
from cunzhi.perception.reading import result_of
from cunzhi.perception.times import told, told_span


def tell_list(
    kind: EntitySet, rows: QuerySet[Any], options: Options, context: Context, address: str, *, one_stream: bool
) -> dict[str, Any]:
    """A set of entities with their number and the address of the next page, where these are asked for and exist."""
    joined = [link.path for link in kind.links if not link.many and link.name in options.expand]
    found = page(kind, rows.select_related(*joined) if joined else rows, options, one_stream=one_stream)
    content: dict[str, Any] = {}
    if found.count is not None:
        content["@iot.count"] = found.count
    if found.next:
        content["@iot.nextLink"] = next_link(address, options, found.next)
    content["value"] = [tell(kind, one, options, context) for one in found.rows]
    return content


def next_link(address: str, options: Options, token: str) -> str:
    """The same question, continued."""
    kept = {name: value for name, value in options.given.items() if name not in ("$skip", "$skiptoken")}
    return f"{address}?{urlencode({**kept, '$skiptoken': token}, safe='$(),/;=')}"


def tell(kind: EntitySet, entity: Any, options: Options, context: Context) -> dict[str, Any]:
    """One entity: its properties, and for each link the address or, when expanded, what it leads to."""
    context.count()
    chosen = options.select
    content: dict[str, Any] = {}
    if not chosen or "id" in chosen:
        content["@iot.id"] = entity.pk
        content["@iot.selfLink"] = context.link(kind.name, entity.pk)
    for one in kind.properties:
        if (not chosen or one.name in chosen) and (one.required or (value := value_of(one, entity)) is not None):
            content[one.name] = value_of(one, entity) if one.required else value
    if isinstance(entity, Observation) and (not chosen or "resultTime" in chosen):
        content["resultTime"] = told(entity.result_at)
    for link in kind.links:
        if link.name in options.expand:
            content |= _expanded(kind, entity, link, options.expand[link.name], context)
        elif not chosen or link.name in chosen:
            content[f"{link.name}@iot.navigationLink"] = f"{context.link(kind.name, entity.pk)}/{link.name}"
    return content


def value_of(one: Property, entity: Any) -> Any:
    """A property of an entity as the standard writes it."""
    if one.kind == "result":
        return result_of(entity.kind, entity.number, entity.text)
    value = getattr(entity, one.column)
    if one.kind == "moment":
        return told(value)
    if one.kind == "span":
        last = getattr(entity, one.until)
        if value is None:
            return None
        return told_span(value, value if last is None and isinstance(entity, Datastream) else last)
    if isinstance(entity, Thing) and one.name == "properties":
        return {**(value or {}), "place_code": entity.place_code}
    return value


def _expanded(kind: EntitySet, entity: Any, link: Link, options: Options, context: Context) -> Mapping[str, Any]:
    target = BY_NAME[link.target]
    if not link.many:
        end = getattr(entity, link.path)
        return {link.name: None if end is None else tell(target, end, options, context)}
    rows = getattr(entity, link.path).filter(context.scope.visible(target.model))
    address = f"{context.link(kind.name, entity.pk)}/{link.name}"
    found = tell_list(target, rows, options, context, address, one_stream=isinstance(entity, Datastream))
    content = {link.name: found["value"]}
    for extra in ("@iot.count", "@iot.nextLink"):
        if extra in found:
            content[f"{link.name}{extra}"] = found[extra]
    return content
