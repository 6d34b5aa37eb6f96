"""Conditions on geometry. Neither database knows shapes: candidates are read and judged by shapely, here."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, Q
from shapely.errors import ShapelyError

from cunzhi.api.sensorthings.asking.tree import Call, Constant, Node
from cunzhi.api.sensorthings.asking.values import Term
from cunzhi.base.errors import Refused
from cunzhi.perception.shapes import geometry_of

MOST_SHAPES = 20_000
MEASURES = ("geo.distance", "geo.length")
JUDGED: dict[str, Callable[[float, float], bool]] = {
    "eq": lambda one, other: one == other,
    "ne": lambda one, other: one != other,
    "gt": lambda one, other: one > other,
    "ge": lambda one, other: one >= other,
    "lt": lambda one, other: one < other,
    "le": lambda one, other: one <= other,
}
TURNED = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
GEO = frozenset(
    {"geo.distance", "geo.length", "geo.intersects", "st_equals", "st_disjoint", "st_touches", "st_within",
     "st_overlaps", "st_crosses", "st_intersects", "st_contains", "st_relate"}
)  # fmt: skip
TermOf = Callable[[Node], Term]


def geo_comparison(term_of: TermOf, node: Call) -> Q:
    """geo.distance(location, geography'POINT (…)') lt 0.1, or the same the other way round."""
    left, right = node.over
    name = node.name
    if isinstance(left, Constant):
        left, right, name = right, left, TURNED[name]
    if not (isinstance(left, Call) and isinstance(right, Constant)):
        raise Refused("api.sta.geo")
    if left.name not in MEASURES:
        if right.kind != "bool" or name not in ("eq", "ne"):
            raise Refused("api.sta.geo")
        found = geo_condition(term_of, left)
        return found if right.value == (name == "eq") else ~found
    if right.kind != "number":
        raise Refused("api.sta.geo")
    measured = _measure(left)
    limit = float(right.value)
    return _where(term_of, left, lambda shape: JUDGED[name](measured(shape), limit))


def geo_condition(term_of: TermOf, node: Call) -> Q:
    """st_within(location, geography'POLYGON (…)')."""
    if node.name in MEASURES:
        raise Refused("api.sta.no_condition")
    pattern = ""
    if node.name == "st_relate":
        if len(node.over) != 3 or not (isinstance(node.over[2], Constant) and node.over[2].kind == "text"):
            raise Refused("api.sta.arguments", name=node.name, count=3)
        pattern = str(node.over[2].value)
        if len(pattern) != 9 or set(pattern) - set("TF*012"):
            raise Refused("api.sta.geo")
    elif len(node.over) != 2:
        raise Refused("api.sta.arguments", name=node.name, count=2)
    turned = isinstance(node.over[0], Constant)
    other = _constant_of(node)
    method = "intersects" if node.name == "geo.intersects" else node.name.removeprefix("st_")

    def judge(shape: Any) -> bool:
        one, two = (other, shape) if turned else (shape, other)
        return bool(one.relate_pattern(two, pattern) if pattern else getattr(one, method)(two))

    return _where(term_of, node, judge)


def _measure(node: Call) -> Callable[[Any], float]:
    """In degrees, as the coordinates are."""
    if node.name == "geo.length":
        if len(node.over) != 1:
            raise Refused("api.sta.arguments", name=node.name, count=1)
        return lambda shape: float(shape.length)
    if len(node.over) != 2:
        raise Refused("api.sta.arguments", name=node.name, count=2)
    other = _constant_of(node)
    return lambda shape: float(shape.distance(other))


def _constant_of(node: Call) -> Any:
    found = [one.value for one in node.over[:2] if isinstance(one, Constant) and one.kind == "geo"]
    if len(found) != 1:
        raise Refused("api.sta.geo")
    return found[0]


def _where(term_of: TermOf, node: Call, judge: Callable[[Any], bool]) -> Q:
    """The rows whose shape is judged well."""
    value = next((term_of(one) for one in node.over if not isinstance(one, Constant)), None)
    if value is None or value.kind != "json" or value.keys or value.owner is None:
        raise Refused("api.sta.geo")
    prefix, _, column = value.column.rpartition("__")
    found = [number for number, shape in _shapes(value.owner, column) if _holds(judge, shape)]
    return Q(**{f"{prefix}__in" if prefix else "pk__in": found})


def _holds(judge: Callable[[Any], bool], shape: Any) -> bool:
    try:
        return judge(shape)
    except (ShapelyError, ValueError):
        return False


def _shapes(model: type[Model], column: str) -> list[tuple[int, Any]]:
    rows = model._default_manager.filter(**{f"{column}__isnull": False}).order_by("pk")
    found = list(rows.values_list("pk", column)[: MOST_SHAPES + 1])
    if len(found) > MOST_SHAPES:
        raise Refused("api.sta.geo_many", most=MOST_SHAPES)
    return [(number, shape) for number, content in found if (shape := geometry_of(content)) is not None]
