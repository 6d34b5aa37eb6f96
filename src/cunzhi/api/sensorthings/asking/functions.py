"""The functions of SensorThings 1.1: what each takes, and what it is in SQL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, FloatField, IntegerField, Value
from django.db.models.functions import (
    Cast,
    Concat,
    ExtractDay,
    ExtractHour,
    ExtractMinute,
    ExtractMonth,
    ExtractSecond,
    ExtractYear,
    Greatest,
    Length,
    Lower,
    StrIndex,
    Substr,
    Trim,
    TruncDate,
    TruncTime,
    Upper,
)
from django.db.models.lookups import Exact, GreaterThan

from cunzhi.api.sensorthings.asking.sql import Arithmetic, Fraction, Rounded, Text
from cunzhi.api.sensorthings.asking.values import Term, as_kind, moment
from cunzhi.base import clock
from cunzhi.base.errors import Refused

SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%"}
FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True)
class Function:
    """The kinds of its arguments, the kind of its value, and how it is made of them."""

    takes: tuple[str, ...]
    gives: str
    make: Callable[..., Any]
    optional: int = 0


def _starts(text: Any, part: Any) -> Any:
    return Exact(Substr(text, Value(1), Length(part)), part)


def _ends(text: Any, part: Any) -> Any:
    begin = Length(text) - Length(part) + Value(1)
    fits = GreaterThan(begin, Value(0))
    return Exact(Substr(text, Greatest(begin, Value(1)), Length(text)), part) & fits


def _part(text: Any, start: Any, length: Any = None) -> Any:
    begin = Cast(start, IntegerField()) + Value(1)
    return Text(Substr(text, begin) if length is None else Substr(text, begin, Cast(length, IntegerField())))


def _number(make: Any) -> Callable[[Any], Any]:
    return lambda at: Cast(make(at, tzinfo=UTC), FloatField())


FUNCTIONS: dict[str, Function] = {
    "substringof": Function(("text", "text"), "condition", lambda part, text: GreaterThan(StrIndex(text, part), 0)),
    "contains": Function(("text", "text"), "condition", lambda text, part: GreaterThan(StrIndex(text, part), 0)),
    "startswith": Function(("text", "text"), "condition", _starts),
    "endswith": Function(("text", "text"), "condition", _ends),
    "length": Function(("text",), "number", lambda text: Cast(Length(text), FloatField())),
    "indexof": Function(
        ("text", "text"), "number", lambda text, part: Cast(StrIndex(text, part) - Value(1), FloatField())
    ),
    "substring": Function(("text", "number", "number"), "text", _part, optional=1),
    "tolower": Function(("text",), "text", lambda text: Text(Lower(text))),
    "toupper": Function(("text",), "text", lambda text: Text(Upper(text))),
    "trim": Function(("text",), "text", lambda text: Text(Trim(text))),
    "concat": Function(("text", "text"), "text", lambda one, other: Text(Concat(one, other))),
    "year": Function(("moment",), "number", _number(ExtractYear)),
    "month": Function(("moment",), "number", _number(ExtractMonth)),
    "day": Function(("moment",), "number", _number(ExtractDay)),
    "hour": Function(("moment",), "number", _number(ExtractHour)),
    "minute": Function(("moment",), "number", _number(ExtractMinute)),
    "second": Function(("moment",), "number", _number(ExtractSecond)),
    "fractionalseconds": Function(("moment",), "number", Fraction),
    "date": Function(("moment",), "date", lambda at: TruncDate(at, tzinfo=UTC)),
    "time": Function(("moment",), "time", lambda at: TruncTime(at, tzinfo=UTC)),
    "totaloffsetminutes": Function(("moment",), "number", lambda at: Value(0.0, output_field=FloatField())),
    "now": Function((), "moment", lambda: moment(clock.now())),
    "mindatetime": Function((), "moment", lambda: moment(FIRST)),
    "maxdatetime": Function((), "moment", lambda: moment(LAST)),
    "round": Function(("number",), "number", lambda number: Rounded("ROUND", number)),
    "floor": Function(("number",), "number", lambda number: Rounded("FLOOR", number)),
    "ceiling": Function(("number",), "number", lambda number: Rounded("CEILING", number)),
}


def call(name: str, terms: Sequence[Term]) -> Term:
    """The value of a function or of an arithmetic operator."""
    if name in SIGNS:
        return _arithmetic(name, *terms)
    function = FUNCTIONS.get(name)
    if function is None:
        raise Refused("api.sta.no_function", name=name[:40])
    if not len(function.takes) - function.optional <= len(terms) <= len(function.takes):
        raise Refused("api.sta.arguments", name=name, count=len(function.takes))
    values = [_argument(one, kind) for one, kind in zip(terms, function.takes, strict=False)]
    return Term(function.gives, function.make(*(one.sql for one in values)))


def _argument(term: Term, kind: str) -> Term:
    return Term("moment", term.sql) if kind == "moment" and term.kind == "span" else as_kind(term, kind)


def _arithmetic(name: str, left: Term, right: Term) -> Term:
    """Numbers with numbers; moments with durations."""
    if "duration" in (left.kind, right.kind):
        return _later(name, left, right)
    left, right = as_kind(left, "number"), as_kind(right, "number")
    return Term("number", Arithmetic(left.sql, SIGNS[name], right.sql))


def _later(name: str, left: Term, right: Term) -> Term:
    if left.kind == "duration":
        left, right = right, left
    length = right.constant
    if name not in ("add", "sub") or left.kind not in ("moment", "span") or not isinstance(length, timedelta):
        raise Refused("api.sta.unlike", left=left.kind, right=right.kind)
    step = Value(length if name == "add" else -length, output_field=DurationField())
    moved = [
        None if one is None else ExpressionWrapper(one + step, output_field=DateTimeField())
        for one in (left.sql, left.end)
    ]
    return Term(left.kind, moved[0], end=moved[1])
