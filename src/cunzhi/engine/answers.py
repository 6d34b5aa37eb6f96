"""Raw answers, typed by people or sent by programs, to checked values; every problem with its field."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.engine.choices import Setting, options
from cunzhi.engine.spec.form import Form, FormField

Raw = Mapping[str, Any]
LONGEST = 1000


class AnswersRefused(Refused):
    """Some answers cannot be taken; `problems` holds a Refused for each field."""

    def __init__(self, problems: dict[str, Refused]) -> None:
        self.problems = problems
        first = next(iter(problems.values()))
        super().__init__(first.code, field=first.field, **first.params)


def read(form: Form, raw: Raw, setting: Setting, held: Mapping[str, Any]) -> dict[str, Any]:
    """The checked answers of one form. Fields held and fresh need not be sent; irrelevant ones are not kept."""
    values: dict[str, Any] = {}
    problems: dict[str, Refused] = {}
    known = {one.name for one in form.fields}
    for name in raw:
        if name not in known:
            problems[name] = Refused("engine.answer.unknown", field=name, name=name)
    for one in form.fields:
        if one.type == "note" or not is_relevant(one, values):
            continue
        try:
            value = _value(one, raw.get(one.name), setting)
            if value is None and one.name in held:
                value = held[one.name]
            if value is None and one.required:
                raise Refused("engine.answer.missing", field=one.name)
            if value is not None:
                values[one.name] = value
        except Refused as refused:
            problems[one.name] = refused
    if problems:
        raise AnswersRefused(problems)
    return values


def is_answered(raw: Any) -> bool:
    """Whether somebody wrote or chose anything."""
    return raw is not None and raw != [] and str(raw).strip() != ""


def is_relevant(one: FormField, values: Mapping[str, Any]) -> bool:
    """Whether the field is asked at all, given the answers before it."""
    if one.relevant is None:
        return True
    given = values.get(one.relevant.field)
    chosen = given if isinstance(given, list) else [given]
    return any(str(each) in one.relevant.in_ for each in chosen if each is not None)


def _value(one: FormField, raw: Any, setting: Setting) -> Any:
    if raw is None or raw == "" or raw == []:
        return None
    return READERS[one.type](one, raw, setting)


def _text(one: FormField, raw: Any, setting: Setting) -> str | None:
    if not isinstance(raw, str):
        raise Refused("engine.answer.text", field=one.name)
    text = raw.replace("\x00", "").replace("\r\n", "\n").strip()
    longest = one.constraint.max_length or LONGEST
    if len(text) > longest:
        raise Refused("engine.answer.long", field=one.name, longest=longest, length=len(text))
    return text or None


def _in_bounds(one: FormField, number: float) -> None:
    low, high = one.constraint.min, one.constraint.max
    if low is not None and number < low:
        raise Refused("engine.answer.low", field=one.name, low=f"{low:g}")
    if high is not None and number > high:
        raise Refused("engine.answer.high", field=one.name, high=f"{high:g}")


def _integer(one: FormField, raw: Any, setting: Setting) -> int:
    if isinstance(raw, bool) or not re.fullmatch(r"[-+]?\d{1,15}", str(raw).strip()):
        raise Refused("engine.answer.integer", field=one.name, given=str(raw)[:40])
    number = int(raw)
    _in_bounds(one, number)
    return number


def _decimal(one: FormField, raw: Any, setting: Setting) -> float:
    try:
        number = float(str(raw).strip())
    except ValueError:
        raise Refused("engine.answer.decimal", field=one.name, given=str(raw)[:40]) from None
    if not math.isfinite(number) or isinstance(raw, bool):
        raise Refused("engine.answer.decimal", field=one.name, given=str(raw)[:40])
    _in_bounds(one, number)
    return number


def _date(one: FormField, raw: Any, setting: Setting) -> str:
    try:
        day = date.fromisoformat(str(raw).strip())
    except ValueError:
        raise Refused("engine.answer.date", field=one.name, given=str(raw)[:40]) from None
    if one.constraint.past and day > clock.today():
        raise Refused("engine.answer.future", field=one.name)
    return day.isoformat()


def _select_one(one: FormField, raw: Any, setting: Setting) -> str:
    allowed = {option.value for option in options(one, setting)}
    if str(raw) not in allowed:
        raise Refused("engine.answer.choice", field=one.name, given=str(raw)[:40])
    return str(raw)


def _select_multiple(one: FormField, raw: Any, setting: Setting) -> list[str]:
    given = raw.split() if isinstance(raw, str) else raw
    if not isinstance(given, list):
        raise Refused("engine.answer.choice", field=one.name, given=str(raw)[:40])
    allowed = {option.value for option in options(one, setting)}
    for each in given:
        if str(each) not in allowed:
            raise Refused("engine.answer.choice", field=one.name, given=str(each)[:40])
    return sorted({str(each) for each in given})


def _sent(one: FormField, raw: Any, setting: Setting) -> list[int]:
    given: Sequence[Any] = raw if isinstance(raw, list) else [raw]
    if len(given) > one.constraint.max_count:
        raise Refused(f"engine.answer.too_many_{one.type}s", field=one.name, most=one.constraint.max_count)
    if not all(re.fullmatch(r"\d{1,15}", str(each)) for each in given):
        raise Refused(f"engine.answer.{one.type}", field=one.name)
    return [int(each) for each in given]


def _geopoint(one: FormField, raw: Any, setting: Setting) -> dict[str, float]:
    """XLSForm's 'latitude longitude [altitude accuracy]'."""
    parts = str(raw).replace(",", " ").split()
    try:
        latitude, longitude = float(parts[0]), float(parts[1])
    except (ValueError, IndexError):
        raise Refused("engine.answer.point", field=one.name, given=str(raw)[:40]) from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Refused("engine.answer.point", field=one.name, given=str(raw)[:40])
    return {"latitude": latitude, "longitude": longitude}


READERS: dict[str, Callable[[FormField, Any, Setting], Any]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "select_one": _select_one,
    "select_multiple": _select_multiple,
    "image": _sent,
    "file": _sent,
    "geopoint": _geopoint,
}
