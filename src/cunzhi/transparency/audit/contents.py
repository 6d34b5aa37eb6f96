"""What the entries say, one after the other: their spelling, their times, their versions, what they correct."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cunzhi.transparency.audit.finding import Finding, doubt, note, wrong
from cunzhi.transparency.canonical import canonical

LATE = timedelta(hours=1)
"""How long a transaction may take: entries of the same round need not be in the order of their times."""


@dataclass(frozen=True)
class Told:
    """An entry that can be read."""

    number: int
    at: datetime
    kind: str
    content: dict[str, Any]


def read_entries(entries: Sequence[bytes], findings: list[Finding]) -> list[Told]:
    told = []
    for number, entry in enumerate(entries):
        try:
            content = json.loads(entry)
            at = datetime.fromisoformat(content["at"])
            if canonical(content) != entry or at.tzinfo is None:
                raise ValueError
            told.append(Told(number, at, str(content["kind"]), content))
        except (ValueError, TypeError, KeyError):
            findings.append(wrong("not_canonical", number))
    return told


def check_entries(told: Sequence[Told], now: datetime) -> Iterator[Finding]:
    latest = datetime.fromtimestamp(0, UTC)
    versions: dict[str, int] = {}
    for one in told:
        if one.at < latest - LATE:
            yield wrong("back_dated", one.number, at=_day(one.at), before=_day(latest))
        if one.at > now + LATE:
            yield wrong("ahead", one.number, at=_day(one.at))
        latest = max(latest, one.at)
        yield from _version(one, versions)
        named = one.content.get("corrects")
        if isinstance(named, int) and not 0 <= named < one.number:
            yield wrong("corrects", one.number, named=named)
        elif isinstance(named, str) and named not in versions:
            yield doubt("corrects", one.number, named=named)
        if one.kind == "log.begun":
            yield note("log_begun", one.number)


def _version(one: Told, versions: dict[str, int]) -> Iterator[Finding]:
    record = one.content.get("record")
    if record is None:
        return
    expected, version = versions.get(record, 0) + 1, one.content.get("version")
    if version != expected:
        yield wrong("version", one.number, record=record, version=version, expected=expected)
    versions[record] = version if isinstance(version, int) else expected


def _day(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")
