"""Periods as people write them: years, quarters or months, never mixed, never spreadsheet dates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cunzhi.evaluation.errors import DataRefused, named

HOW = "write every period of the column in one form: 2021, 2021Q3 or 2021-07"
FORMS = {
    "year": re.compile(r"(?P<year>1[89]\d\d|2[01]\d\d)(\.0)?年?"),
    "quarter": re.compile(r"(?P<year>1[89]\d\d|2[01]\d\d)[-年]?Q(?P<part>[1-4])", re.IGNORECASE),
    "month": re.compile(r"(?P<year>1[89]\d\d|2[01]\d\d)[-/年](?P<part>0?[1-9]|1[0-2])月?"),
}
PARTS = {"year": 1, "quarter": 4, "month": 12}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}.*")
DAY_NUMBER = re.compile(r"[2-6]\d{4}(\.0)?")


@dataclass(frozen=True)
class Period:
    """A period: its one spelling, its kind (year, quarter, month) and its start in years."""

    label: str
    kind: str
    time: float


def parse_periods(texts: Sequence[str]) -> dict[str, Period]:
    """Read the distinct period texts of a column; DataRefused for unknown or mixed forms."""
    read = {text: _parse(text) for text in texts}
    unknown = [text for text, period in read.items() if period is None]
    if unknown:
        raise DataRefused("Periods that cannot be read", f"the values {named(_explained(unknown))}", HOW)
    known = {text: period for text, period in read.items() if period is not None}
    by_kind = {period.kind: text for text, period in known.items()}
    if len(by_kind) > 1:
        found = "; ".join(f"{kind}: {text}" for kind, text in sorted(by_kind.items()))
        raise DataRefused("Years, quarters and months are mixed in one column", f"the period column ({found})", HOW)
    return known


def _parse(text: str) -> Period | None:
    for kind, form in FORMS.items():
        match = form.fullmatch(text.strip())
        if match is None:
            continue
        year, part = int(match["year"]), int(match.groupdict().get("part") or 1)
        label = {"year": f"{year}", "quarter": f"{year}Q{part}", "month": f"{year}-{part:02d}"}[kind]
        return Period(label, kind, year + (part - 1) / PARTS[kind])
    return None


def _explained(texts: Sequence[str]) -> list[str]:
    return [f"{text!r}{_suspicion(text)}" for text in texts]


def _suspicion(text: str) -> str:
    if DAY_NUMBER.fullmatch(text):
        day = date(1899, 12, 30) + timedelta(days=int(float(text)))
        return f" (a spreadsheet's day number, {day.isoformat()}: perhaps {day.year})"
    if DAY.fullmatch(text):
        return f" (a date that a spreadsheet made of a period: perhaps {text[:4]})"
    return ""
