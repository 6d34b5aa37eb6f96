"""One spelling for one content: the JSON Canonicalization Scheme, RFC 8785."""

import json.encoder
from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import isfinite

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
EXACT = 2**53 - 1
"""Whole numbers beyond this are different numbers to different readers of JSON."""
PLAIN_DIGITS, LEAST_POINT = 21, -6
"""Where ECMAScript begins to write numbers with an exponent."""


def canonical(content: Json) -> bytes:
    """The bytes that everybody gets who writes this content by RFC 8785; TypeError or ValueError when nobody can."""
    return _written(content).encode()


def _written(content: Json) -> str:
    if content is None or isinstance(content, bool):
        return {None: "null", True: "true", False: "false"}[content]
    if isinstance(content, str):
        return json.encoder.encode_basestring(content)
    if isinstance(content, int):
        return _whole(content)
    if isinstance(content, float):
        return _number(content)
    if isinstance(content, Mapping):
        names = sorted(content, key=_in_sixteen_bits)
        return "{" + ",".join(f"{_written(name)}:{_written(content[name])}" for name in names) + "}"
    if isinstance(content, list | tuple):
        return "[" + ",".join(map(_written, content)) + "]"
    raise TypeError(f"{type(content).__name__} has no one spelling in JSON: {content!r}")


def _in_sixteen_bits(name: object) -> bytes:
    if not isinstance(name, str):
        raise TypeError(f"a name in JSON is a text, not {name!r}")
    return name.encode("utf-16-be")


def _whole(number: int) -> str:
    if abs(number) > EXACT:
        raise ValueError(f"{number} is too large to be the same number everywhere; write it as a text")
    return str(int(number))


def _number(number: float) -> str:
    """As ECMAScript writes it: the fewest digits that give this number back."""
    if not isfinite(number):
        raise ValueError(f"{number} has no spelling in JSON")
    sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    figures = "".join(map(str, digits))
    point = len(figures) + int(exponent)
    return ("-" if sign and figures != "0" else "") + _placed(figures, point)


def _placed(figures: str, point: int) -> str:
    if figures == "0":
        return "0"
    if len(figures) <= point <= PLAIN_DIGITS:
        return figures + "0" * (point - len(figures))
    if 0 < point <= PLAIN_DIGITS:
        return f"{figures[:point]}.{figures[point:]}"
    if LEAST_POINT < point <= 0:
        return "0." + "0" * -point + figures
    rest = f".{figures[1:]}" if len(figures) > 1 else ""
    return f"{figures[0]}{rest}e{point - 1:+d}"
