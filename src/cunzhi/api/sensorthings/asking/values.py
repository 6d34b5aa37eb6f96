"""Values of a filter on their way into SQL: an expression of Django and its kind."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, DateField, DateTimeField, F, FloatField, Model, TextField, TimeField, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from cunzhi.api.sensorthings.asking.sql import Inside, InsideNumber, Text, Written
from cunzhi.api.sensorthings.asking.tree import Constant
from cunzhi.base.errors import Refused
from cunzhi.perception.entities import EntitySet, Property

FIELDS: dict[str, Callable[[], Any]] = {
    "number": FloatField,
    "text": TextField,
    "moment": DateTimeField,
    "date": DateField,
    "time": TimeField,
    "bool": BooleanField,
}


@dataclass(frozen=True)
class Term:
    """An expression and its kind. A span has an end; a constant is known; JSON knows its column and the way inside."""

    kind: str
    sql: Any = None
    end: Any = None
    constant: Any = None
    column: str = ""
    keys: tuple[str, ...] = ()
    owner: type[Model] | None = None


def constant_term(node: Constant) -> Term:
    """A constant as a parameter of the statement."""
    if node.kind == "span":
        first, last = node.value
        return Term("span", moment(first), end=moment(last or first), constant=node.value)
    if node.kind in FIELDS:
        value = float(node.value) if node.kind == "number" else node.value
        return Term(node.kind, Value(value, output_field=FIELDS[node.kind]()), constant=node.value)
    return Term(node.kind, None, constant=node.value)


def moment(at: datetime) -> Value:
    """A moment as a parameter."""
    return Value(at, output_field=DateTimeField())


def property_term(one: Property, prefix: str, keys: tuple[str, ...], kind: EntitySet) -> Term:
    """A property, behind the links in `prefix`."""
    column = f"{prefix}{one.column}"
    if one.kind in ("json", "object"):
        return Term("json", F(column), column=column, keys=keys, owner=kind.model)
    if one.kind == "result":
        return Term("result", F(f"{prefix}number"), column=prefix)
    if one.kind == "span":
        return Term("span", F(column), end=Coalesce(F(f"{prefix}{one.until}"), F(column)))
    return Term("moment" if one.kind == "moment" else "text", F(column))


def as_kind(term: Term, kind: str) -> Term:
    """A result or a piece of JSON read as a number, a text or a truth; everything else must be it already."""
    if term.kind == "result" and kind in ("number", "text", "bool"):
        number, text = F(f"{term.column}number"), F(f"{term.column}text")
        if kind == "text":
            return replace(term, kind="text", sql=Text(Coalesce(text, Written(number))))
        if kind == "number":
            return replace(term, kind="number", sql=number)
        return replace(term, kind="bool", sql=Exact(number, Value(1.0)))
    if term.kind == "json" and kind in ("number", "text", "bool"):
        if kind == "number":
            return replace(term, kind="number", sql=InsideNumber(F(term.column), term.keys))
        inner = Inside(F(term.column), term.keys)
        return replace(term, kind=kind, sql=inner if kind == "text" else Exact(inner, Value("true")))
    if term.kind == kind:
        return term
    raise Refused("api.sta.unlike", left=term.kind, right=kind)


def alike(left: Term, right: Term) -> tuple[Term, Term]:
    """Two terms of one kind: results and JSON become what the other side is."""
    loose = ("result", "json")
    if left.kind in loose and right.kind in loose:
        kind = "number" if "result" in (left.kind, right.kind) else "text"
        return as_kind(left, kind), as_kind(right, kind)
    if left.kind in loose:
        return as_kind(left, right.kind), right
    if right.kind in loose:
        return left, as_kind(right, left.kind)
    return left, right
