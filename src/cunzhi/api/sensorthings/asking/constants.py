"""Reads the values that stand in a text."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from math import isfinite
from typing import Any

from shapely import from_wkt
from shapely.errors import ShapelyError

from cunzhi.api.sensorthings.asking.tokens import Token
from cunzhi.api.sensorthings.asking.tree import Constant
from cunzhi.base.errors import Refused
from cunzhi.perception.times import instant, span

DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>\d{1,6})D)?(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?"
    r"(?:(?P<seconds>\d{1,8}(?:\.\d{1,6})?)S)?)?"
)


def constant(token: Token) -> Constant:
    """The value of a word that is one."""
    if token.kind == "typed":
        name, text = token.text.split("'", 1)
        return READERS[name](_unquoted(f"'{text}"), token)
    return READERS[token.kind](token.text, token)


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")


def _number(text: str, token: Token) -> Constant:
    value = float(text)
    if not isfinite(value):
        raise Refused("api.sta.no_value", at=token.at + 1, text=token.text[:40])
    return Constant("number", int(value) if re.fullmatch(r"-?\d{1,15}", text) else value)


def _duration(text: str, token: Token) -> Constant:
    found = DURATION.fullmatch(text)
    parts = {name: float(part) for name, part in found.groupdict().items() if part and name != "sign"} if found else {}
    if found is None or not parts:
        raise Refused("api.sta.no_value", at=token.at + 1, text=token.text[:40])
    length = timedelta(**parts)
    return Constant("duration", -length if found["sign"] else length)


def _geometry(text: str, token: Token) -> Constant:
    text = re.sub(r"(?i)^SRID=4326;", "", text)
    try:
        shape = from_wkt(text)
    except (ShapelyError, ValueError):
        shape = None
    if shape is None or shape.is_empty or not all(isfinite(edge) for edge in shape.bounds):
        raise Refused("api.sta.no_value", at=token.at + 1, text=token.text[:40])
    return Constant("geo", shape)


def _calendar(kind: str, read: Callable[[str], Any]) -> Callable[[str, Token], Constant]:
    def reader(text: str, token: Token) -> Constant:
        try:
            return Constant(kind, read(text))
        except ValueError:
            raise Refused("api.sta.no_value", at=token.at + 1, text=token.text[:40]) from None

    return reader


READERS: dict[str, Callable[[str, Token], Constant]] = {
    "text": lambda text, token: Constant("text", _unquoted(text)),
    "number": _number,
    "moment": lambda text, token: Constant("moment", instant(text, "$filter")),
    "datetimeoffset": lambda text, token: Constant("moment", instant(text, "$filter")),
    "span": lambda text, token: Constant("span", span(text, "$filter")),
    "date": _calendar("date", date.fromisoformat),
    "time": _calendar("time", time.fromisoformat),
    "duration": _duration,
    "geography": _geometry,
    "geometry": _geometry,
}
