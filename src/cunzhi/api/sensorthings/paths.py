"""Reads the path of an address: sets, single entities, links between them, properties, $value and $ref."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cunzhi.api.errors import NotThere
from cunzhi.api.sensorthings.context import Context
from cunzhi.perception.entities import BY_NAME, EntitySet, Link, Property
from cunzhi.perception.models import Datastream

STEP = re.compile(r"(?P<name>[A-Za-z]+)(?:\((?P<id>[0-9]{1,19})\))?")
LAST_ID = 2**63 - 1
LONGEST = 12


@dataclass
class Target:
    """What an address leads to: a set of rows, or one entity, or a property of it."""

    kind: EntitySet
    rows: QuerySet[Any] | None = None
    entity: Any = None
    owner: Any = None
    link: Link | None = None
    asked: Property | None = None
    value: bool = False
    ref: bool = False

    @property
    def one_stream(self) -> bool:
        """Whether the rows are the values of one datastream."""
        return isinstance(self.owner, Datastream)


def find(path: str, context: Context) -> Target:
    """What lies at a path, as far as the caller may see it."""
    steps = path.strip("/").split("/")
    if len(steps) > LONGEST:
        raise NotThere("api.sta.no_path", path=path[:80])
    target = _set(steps[0], context)
    for step in steps[1:]:
        target = _further(target, step, context)
    return target


def _set(step: str, context: Context) -> Target:
    found = STEP.fullmatch(step)
    kind = BY_NAME.get(found["name"]) if found else None
    if found is None or kind is None:
        raise NotThere("api.sta.no_set", name=step[:40], known=", ".join(BY_NAME))
    rows = kind.model._default_manager.filter(context.scope.visible(kind.model))
    target = Target(kind, rows=rows)
    return _one(target, found["id"]) if found["id"] else target


def _one(target: Target, number: str) -> Target:
    entity = target.rows.filter(pk=int(number)).first() if target.rows is not None and int(number) <= LAST_ID else None
    if entity is None:
        raise NotThere("api.sta.no_entity", kind=target.kind.single, id=number)
    return Target(target.kind, entity=entity)


def _further(target: Target, step: str, context: Context) -> Target:
    """One step on: along a link, into a property, or to the last words of an address."""
    if target.value or target.ref:
        raise NotThere("api.sta.no_path", path=step[:40])
    if step == "$ref" and target.asked is None:
        target.ref = True
        return target
    if step == "$value" and target.asked is not None:
        target.value = True
        return target
    if target.asked is not None or target.entity is None:
        raise NotThere("api.sta.no_path", path=step[:40])
    found = STEP.fullmatch(step)
    if found and (link := target.kind.link(found["name"])):
        return _along(target, link, found["id"], context)
    one = target.kind.property(step)
    if one is None and step not in ("id", "@iot.id"):
        raise NotThere("api.sta.no_step", name=step[:40], kind=target.kind.single)
    target.asked = one or Property("id", "pk")
    return target


def _along(target: Target, link: Link, number: str | None, context: Context) -> Target:
    kind = BY_NAME[link.target]
    if link.many:
        rows = getattr(target.entity, link.path).filter(context.scope.visible(kind.model))
        further = Target(kind, rows=rows, owner=target.entity, link=link)
        return _one(further, number) if number else further
    end = getattr(target.entity, link.path)
    if number or end is None:
        raise NotThere("api.sta.no_entity", kind=kind.single, id=number or "–")
    return Target(kind, entity=end)
