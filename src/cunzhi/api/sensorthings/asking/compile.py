"""Turns the tree of a $filter or $orderby into conditions and expressions of Django."""

from typing import Any

from django.db.models import F, FloatField, Q
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, IsNull, LessThan, LessThanOrEqual

from cunzhi.api.sensorthings.asking.functions import call
from cunzhi.api.sensorthings.asking.geometry import GEO, TURNED, geo_comparison, geo_condition
from cunzhi.api.sensorthings.asking.tree import Call, Constant, Node, Path
from cunzhi.api.sensorthings.asking.values import FIELDS, Term, alike, as_kind, constant_term, property_term
from cunzhi.base.errors import Refused
from cunzhi.perception.entities import BY_NAME, EntitySet

COMPARED: dict[str, Any] = {
    "eq": Exact, "ne": Exact, "gt": GreaterThan, "ge": GreaterThanOrEqual, "lt": LessThan, "le": LessThanOrEqual,
}  # fmt: skip
LOGIC = {"and", "or", "not"}


class Compiler:
    """Compiles for one entity set; remembers in `many` whether a link with many ends was crossed."""

    def __init__(self, kind: EntitySet) -> None:
        self.kind = kind
        self.many = False

    def condition(self, node: Node) -> Q:
        """A tree that says yes or no."""
        if isinstance(node, Call) and node.name in LOGIC:
            parts = [self.condition(one) for one in node.over]
            if node.name == "not":
                return ~parts[0]
            return parts[0] & parts[1] if node.name == "and" else parts[0] | parts[1]
        if isinstance(node, Call) and node.name in COMPARED:
            return self._comparison(node)
        if isinstance(node, Call) and node.name in GEO:
            return geo_condition(self.term, node)
        found = self.term(node)
        if found.kind == "condition":
            return Q(found.sql)
        if found.kind == "bool" and found.constant is not None:
            return ~Q(pk__in=[]) if found.constant else Q(pk__in=[])
        if found.kind in ("result", "json"):
            return Q(as_kind(found, "bool").sql)
        raise Refused("api.sta.no_condition")

    def _comparison(self, node: Call) -> Q:
        if any(isinstance(one, Call) and one.name in GEO for one in node.over):
            return geo_comparison(self.term, node)
        left, right = (self.term(one) for one in node.over)
        if left.constant is not None and right.constant is None:
            return _compare(TURNED[node.name], right, left)
        return _compare(node.name, left, right)

    def term(self, node: Node) -> Term:
        """What a node stands for."""
        if isinstance(node, Constant):
            return constant_term(node)
        if isinstance(node, Path):
            return self._path(node)
        return call(node.name, [self.term(one) for one in node.over])

    def _path(self, node: Path) -> Term:
        """A property of this entity or of one that it is linked with."""
        kind, prefix = self.kind, ""
        steps = list(node.steps)
        while steps and (link := kind.link(steps[0])):
            self.many = self.many or link.many
            prefix += f"{link.path}__"
            kind = BY_NAME[link.target]
            steps.pop(0)
        if steps in (["id"], ["@iot.id"]):
            return Term("number", Cast(F(f"{prefix}id"), FloatField()))
        found = kind.property(steps[0]) if steps else None
        if found is None or (len(steps) > 1 and found.kind not in ("json", "object")):
            raise Refused("api.sta.no_property", name="/".join(node.steps)[:80], kind=self.kind.name)
        return property_term(found, prefix, tuple(steps[1:]), kind)


def _compare(name: str, left: Term, right: Term) -> Q:
    """Two terms of one kind."""
    if "null" in (left.kind, right.kind):
        return _with_null(name, left if right.kind == "null" else right)
    if "condition" in (left.kind, right.kind):
        return _with_truth(name, left, right)
    left, right = alike(left, right)
    if "span" in (left.kind, right.kind):
        return _spans(name, left, right)
    if left.kind != right.kind or left.kind not in FIELDS:
        raise Refused("api.sta.unlike", left=left.kind, right=right.kind)
    condition = Q(COMPARED[name](left.sql, right.sql))
    return condition if name != "ne" else ~condition | Q(IsNull(left.sql, True))


def _with_truth(name: str, left: Term, right: Term) -> Q:
    """startswith(name, 'x') eq true"""
    condition, other = (left, right) if left.kind == "condition" else (right, left)
    if name not in ("eq", "ne") or other.kind != "bool" or other.constant is None:
        raise Refused("api.sta.unlike", left=left.kind, right=right.kind)
    return Q(condition.sql) if other.constant == (name == "eq") else ~Q(condition.sql)


def _with_null(name: str, term: Term) -> Q:
    if name not in ("eq", "ne"):
        raise Refused("api.sta.null_order")
    if term.kind in ("null", "result") or term.constant is not None or term.sql is None:
        never = (name == "eq") == (term.kind != "null")
        return Q(pk__in=[]) if never else ~Q(pk__in=[])
    sql = as_kind(term, "text").sql if term.kind == "json" and term.keys else term.sql
    return Q(IsNull(sql, name == "eq"))


def _spans(name: str, left: Term, right: Term) -> Q:
    """A span lies before a moment when it ends before, after it when it begins after."""
    if {left.kind, right.kind} - {"span", "moment"}:
        raise Refused("api.sta.unlike", left=left.kind, right=right.kind)
    begin, end = left.sql, left.sql if left.end is None else left.end
    other_begin, other_end = right.sql, right.sql if right.end is None else right.end
    if name in ("eq", "ne"):
        same = Q(Exact(begin, other_begin)) & Q(Exact(end, other_end))
        return same if name == "eq" else ~same
    if name in ("gt", "ge"):
        return Q(COMPARED[name](begin, other_end))
    return Q(COMPARED[name](end, other_begin))
