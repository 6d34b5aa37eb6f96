"""JSON as RFC 8259 has it: no NaN, no halves of surrogate pairs, and no NUL, which PostgreSQL refuses."""

import json
from typing import Any, NoReturn

NUL = "\x00"


class Unreadable(ValueError):
    """Not JSON, or JSON that no database can keep."""


class WithNul(Unreadable):
    """There is a NUL character in it."""


def load(body: bytes) -> Any:
    """The content of a JSON text in UTF-8."""
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if b"\\u" in body:  # nothing odd comes in otherwise: UTF-8 has no halves, and JSON no bare NUL
        _refuse_odd(content)
    return content


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_odd(content: Any) -> None:
    waiting = [content]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            if NUL in one:
                raise WithNul
            if not one.isascii() and any("\ud800" <= character <= "\udfff" for character in one):
                raise Unreadable
