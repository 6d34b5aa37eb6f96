"""What is held about a person or household, as a page shows it: in words, with day, source and freshness."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cunzhi.catalogue.queries import element as element_of
from cunzhi.catalogue.spec import Element
from cunzhi.registry.queries.facts import Known
from cunzhi.web.formats import day
from cunzhi.web.language import t, words


@dataclass(frozen=True)
class ShownFact:
    """One line of the list. `value` is None when the reader's office does not need to see it."""

    title: str
    value: str | None
    as_of: date
    source: str
    fresh: bool


def shown(facts: Iterable[Known], *, sensitive: bool) -> list[ShownFact]:
    """Facts in the order of their titles; sensitive ones (health, hardship) only for whom they are meant."""
    lines = []
    for known in facts:
        spec = element_of(known.element)
        hidden = spec.sensitivity == "sensitive" and not sensitive
        value = None if hidden else in_words(spec, known.value)
        lines.append(ShownFact(words(spec.title), value, known.as_of, known.source, known.fresh))
    return sorted(lines, key=lambda line: line.title)


def in_words(spec: Element, value: Any) -> str:
    """A stored value as people read it: choices by their titles, days written out, numbers with their unit."""
    if isinstance(value, list):
        return t("web.list_comma").join(_choice(spec, one) for one in value)
    if spec.choices:
        return _choice(spec, value)
    if spec.type == "date":
        return day(date.fromisoformat(value))
    if spec.unit:
        return f"{value} {words(spec.unit)}"
    return str(value)


def _choice(spec: Element, name: Any) -> str:
    found = spec.choice(str(name))
    return words(found.title) if found else str(name)
