"""Case numbers that survive handwriting and the telephone, and codes to pick something up with."""

import hashlib
import hmac
import unicodedata

from stdnum.iso7064 import mod_37_2

from cunzhi.base.errors import Refused

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_DIGITS = DIGITS + "U"
"""ISO 7064 needs an odd count of characters to see every swap; U, otherwise unused, is only ever a check character."""
MISREAD = str.maketrans("OIL", "011")
DASHES = str.maketrans("", "", "-‐‑‒–—―−－_ \t\n　")


class NumberRefused(Refused, ValueError):
    """A text is not one of our numbers."""


def number_for(sequence: int, *, year: int) -> str:
    """The number of the year's `sequence`-th case: (3157, 2026) -> '26-032N-3', the last its check character."""
    if sequence < 0 or not 2000 <= year <= 2099:
        raise ValueError(f"no case number for sequence {sequence} of year {year}")
    body = f"{year % 100:02}" + _in_base_32(sequence).rjust(4, "0")
    return _written(body + mod_37_2.calc_check_digit(body, alphabet=CHECK_DIGITS))


def check_number(text: str) -> str:
    """The number as we write it, from what people type; refuses what cannot be one of ours."""
    typed = unicodedata.normalize("NFKC", text).translate(DASHES).upper().translate(MISREAD)
    if len(typed) < 7:
        raise NumberRefused("base.number.short", text=text)
    if not typed[:2].isdecimal() or not set(typed[:-1]) <= set(DIGITS) or typed[-1] not in CHECK_DIGITS:
        raise NumberRefused("base.number.characters", text=text)
    if not mod_37_2.is_valid(typed, alphabet=CHECK_DIGITS):
        raise NumberRefused("base.number.check", text=text)
    return _written(typed)


def pickup_code(key: bytes, text: str) -> str:
    """Six figures that only the holder of `key` can work out from `text`."""
    digest = hmac.digest(key, text.encode(), hashlib.sha256)
    return f"{int.from_bytes(digest) % 1_000_000:06}"


def _written(characters: str) -> str:
    return f"{characters[:2]}-{characters[2:-1]}-{characters[-1]}"


def _in_base_32(number: int) -> str:
    head, last = divmod(number, 32)
    return (_in_base_32(head) if head else "") + DIGITS[last]
