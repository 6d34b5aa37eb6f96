"""One observation as it is sent, in the JSON of SensorThings, checked as far as one can without its datastream."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.perception.times import instant, span

LARGEST = 1e300
LONGEST_TEXT = 20_000
LONGEST_KEY = 64
DEEPEST = 20


@dataclass(frozen=True)
class Reading:
    """What was seen and when; `feature` is what it is about, when that is said."""

    kind: str
    number: float | None
    text: str | None
    at: datetime
    until: datetime | None = None
    result_at: datetime | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    quality: Any = None
    parameters: dict[str, Any] | None = None
    key: str = ""
    feature: int | None = None

    @property
    def end(self) -> datetime:
        return self.until or self.at


def read(sent: Mapping[str, Any], feature: int | None = None) -> Reading:
    """A reading from the body of an observation; its links to other entities are the face's to resolve."""
    if "result" not in sent:
        raise Refused("perception.missing", field="result")
    kind, number, text = value_of(sent["result"])
    at, until = _when(sent.get("phenomenonTime"))
    result_at = instant(sent["resultTime"], "resultTime") if sent.get("resultTime") is not None else None
    valid_from, valid_until = (
        span(sent["validTime"], "validTime") if sent.get("validTime") is not None else (None, None)
    )
    parameters = sent.get("parameters")
    if parameters is not None:
        parameters = object_of(parameters, "parameters")
    quality = sent.get("resultQuality")
    if quality is not None:
        written(quality, "resultQuality")
    key = key_of(parameters)
    return Reading(kind, number, text, at, until, result_at, valid_from, valid_until, quality, parameters, key, feature)


def _when(sent: Any) -> tuple[datetime, datetime | None]:
    """What is sent without a time is seen now."""
    return (clock.now(), None) if sent is None else span(sent, "phenomenonTime")


def value_of(result: Any) -> tuple[str, float | None, str | None]:
    """The kind of a result, and the result itself in one of two columns."""
    if isinstance(result, bool):
        return "b", float(result), None
    if isinstance(result, int | float):
        return "n", _number(result), None
    if isinstance(result, str):
        if len(result) > LONGEST_TEXT:
            raise Refused("perception.too_long", field="result", longest=LONGEST_TEXT)
        return "t", None, result
    if result is None:
        raise Refused("perception.missing", field="result")
    return "j", None, written(result, "result")


def _number(result: float) -> float:
    try:
        number = float(result)
    except OverflowError:
        number = float("inf")
    if not isfinite(number) or abs(number) > LARGEST:
        raise Refused("perception.not_finite", field="result")
    return number


def written(content: Any, field: str) -> str:
    """JSON in one spelling, if it is not too long or too deep to be kept."""
    if _depth(content) > DEEPEST:
        raise Refused("perception.too_deep", field=field)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if len(text) > LONGEST_TEXT:
        raise Refused("perception.too_long", field=field, longest=LONGEST_TEXT)
    return text


def object_of(content: Any, field: str) -> dict[str, Any]:
    """A JSON object of bearable size."""
    if not isinstance(content, dict):
        raise Refused("perception.no_object", field=field)
    written(content, field)
    return content


def key_of(parameters: Mapping[str, Any] | None) -> str:
    """What the sender calls this observation: two of one moment are told apart by it, one sent twice is known by it."""
    key = (parameters or {}).get("key", "")
    if not isinstance(key, str) or len(key) > LONGEST_KEY:
        raise Refused("perception.key", field="parameters.key", longest=LONGEST_KEY)
    return key


def result_of(kind: str, number: float | None, text: str | None) -> Any:
    """A result as it is told again; whole numbers as whole numbers."""
    if kind == "t":
        return text
    if kind == "j":
        return json.loads(text or "null")
    if kind == "b":
        return bool(number)
    return int(number) if number is not None and number.is_integer() and abs(number) < 2**53 else number


def _depth(content: Any) -> int:
    deepest, waiting = 0, [(content, 1)]
    while waiting and deepest <= DEEPEST:
        one, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(one, dict):
            waiting += [(value, depth + 1) for value in one.values()]
        elif isinstance(one, list):
            waiting += [(value, depth + 1) for value in one]
    return deepest
