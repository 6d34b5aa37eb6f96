"""A page of entities: filtered, counted, sorted, and continued by where the last one stood, not by how many came."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, F, FloatField, Model, OrderBy, Q, QuerySet, TextField, Value
from django.db.models.lookups import Exact, GreaterThan, IsNull, LessThan

from cunzhi.api.sensorthings.asking.compile import Compiler
from cunzhi.api.sensorthings.asking.options import Options
from cunzhi.api.sensorthings.asking.parser import Order
from cunzhi.api.sensorthings.asking.sql import Inside, InsideNumber, Text
from cunzhi.api.sensorthings.asking.tree import Path
from cunzhi.base.errors import Refused
from cunzhi.perception.entities import EntitySet

FIELDS: dict[str, Any] = {"number": FloatField, "text": TextField, "moment": DateTimeField}
BY_TIME = [Order(Path(("phenomenonTime",)))]
MOST_ORDERS = 8


@dataclass(frozen=True)
class Page:
    """What was found; `next` continues behind the last of them."""

    rows: list[Any]
    count: int | None
    next: str


@dataclass(frozen=True)
class Key:
    """One expression that rows are sorted by."""

    name: str
    kind: str
    sql: Any
    descending: bool


def page(kind: EntitySet, rows: QuerySet[Any], options: Options, *, one_stream: bool = False) -> Page:
    """Filter, count, sort, skip, and take so many, in this order."""
    rows = filtered(kind, rows, options)
    count = rows.count() if options.count else None
    order = options.order or (BY_TIME if one_stream and kind.name == "Observations" else [])
    keys = _keys(kind, order)
    rows = rows.annotate(**{one.name: one.sql for one in keys})
    if options.token:
        rows = rows.filter(_behind(keys, _read(options.token, keys)))
    rows = rows.order_by(*(_sorted(one) for one in keys), "pk")
    found = list(rows[options.skip : options.skip + options.top + 1])
    more = len(found) > options.top and options.top > 0
    return Page(found[: options.top], count, _token(keys, found[options.top - 1]) if more else "")


def filtered(kind: EntitySet, rows: QuerySet[Any], options: Options) -> QuerySet[Any]:
    """Only the rows that the filter lets through, each once."""
    if options.filter is None:
        return rows
    compiler = Compiler(kind)
    condition = compiler.condition(options.filter)
    if not compiler.many:
        return rows.filter(condition)
    return rows.filter(pk__in=kind.model._default_manager.filter(condition).values("pk"))


def _keys(kind: EntitySet, order: Sequence[Order]) -> list[Key]:
    compiler = Compiler(kind)
    found: list[Key] = []
    for one in order[:MOST_ORDERS]:
        term = compiler.term(one.by)
        if compiler.many:
            raise Refused("api.sta.order_many")
        for part, sql in _parts(term):
            found.append(Key(f"_key{len(found)}", part, sql, one.descending))
    return found


def _parts(term: Any) -> list[tuple[str, Any]]:
    """Results and JSON sort as numbers, and behind that as texts."""
    if term.kind == "result":
        return [("number", F(f"{term.column}number")), ("text", F(f"{term.column}text"))]
    if term.kind == "json" and term.keys:
        column = F(term.column)
        return [("number", InsideNumber(column, term.keys)), ("text", Inside(column, term.keys))]
    if term.kind == "json":
        return [("text", Text(F(term.column)))]
    if term.kind in ("span", "moment") and term.constant is None:
        return [("moment", term.sql)]
    if term.kind in ("number", "text") and term.constant is None:
        return [(term.kind, term.sql)]
    raise Refused("api.sta.no_order", kind=term.kind)


def _sorted(key: Key) -> OrderBy:
    """What is missing comes before everything, and so last when the order is turned."""
    if key.descending:
        return OrderBy(F(key.name), descending=True, nulls_last=True)
    return OrderBy(F(key.name), nulls_first=True)


def _behind(keys: Sequence[Key], values: Sequence[Any]) -> Q:
    """The rows that come after one with these values."""
    last = values[-1]
    condition = Q(pk__gt=last)
    for key, value in reversed(list(zip(keys, values[:-1], strict=True))):
        if value is None:
            same = Q(IsNull(F(key.name), True))
            further = Q(pk__in=[]) if key.descending else Q(IsNull(F(key.name), False))
        else:
            given = Value(value, output_field=FIELDS[key.kind]())
            same = Q(Exact(F(key.name), given))
            further = Q((LessThan if key.descending else GreaterThan)(F(key.name), given))
            if key.descending:
                further |= Q(IsNull(F(key.name), True))
        condition = further | (same & condition)
    return condition


def _token(keys: Sequence[Key], row: Model) -> str:
    values = [getattr(row, key.name) for key in keys]
    written = [one.isoformat() if isinstance(one, datetime) else one for one in values]
    return urlsafe_b64encode(json.dumps([*written, row.pk], ensure_ascii=False).encode()).decode()


def _read(token: str, keys: Sequence[Key]) -> list[Any]:
    try:
        values = json.loads(urlsafe_b64decode(token))
        assert isinstance(values, list)  # noqa: S101  told below
        assert len(values) == len(keys) + 1  # noqa: S101
        assert type(values[-1]) is int  # noqa: S101
        assert 0 <= values[-1] < 2**63  # noqa: S101
        return [*(_of_kind(value, key.kind) for value, key in zip(values, keys, strict=False)), values[-1]]
    except (binascii.Error, ValueError, AssertionError, RecursionError, TypeError):
        raise Refused("api.sta.no_token") from None


def _of_kind(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "moment":
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment
    if kind == "number":
        return float(value)
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    return value
