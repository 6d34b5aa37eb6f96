"""Cuts the text of $filter and $orderby into words. What is no word is refused with the place where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cunzhi.base.errors import Refused

LONGEST = 4000
DAY = r"\d{4}-\d{2}-\d{2}"
CLOCK = r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
MOMENT = rf"{DAY}T{CLOCK}(?:Z|[+-]\d{{2}}:?\d{{2}})"
WORDS = re.compile(
    rf"""(?P<space>\s+)
    |(?P<typed>(?:duration|geography|geometry|datetimeoffset)'(?:[^']|'')*')
    |(?P<text>'(?:[^']|'')*')
    |(?P<span>{MOMENT}/{MOMENT})
    |(?P<moment>{MOMENT})
    |(?P<date>{DAY})(?![\dT:])
    |(?P<time>{CLOCK})(?![\d])
    |(?P<number>-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{{1,3}})?)(?![\w.])
    |(?P<name>[^\W\d][\w.-]*|@iot\.id)
    |(?P<sign>[(),/])""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """A word, of which kind it is, and where it begins."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    """The words of a text, without what lies between them."""
    if len(text) > LONGEST:
        raise Refused("api.sta.too_long", longest=LONGEST)
    at = 0
    while at < len(text):
        found = WORDS.match(text, at)
        if found is None or found.lastgroup is None:
            raise Refused("api.sta.no_word", at=at + 1, text=text[at : at + 20])
        if found.lastgroup != "space":
            yield Token(found.lastgroup, found[0], at)
        at = found.end()
