"""The CSV of FIRMS: VIIRS and MODIS, near real time and standard, from the API, the archive and the regional files."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.text import Text

LARGEST = 64 * 1024 * 1024
SAID = 100
"""How much of an answer that is no table is repeated."""
SATELLITES = {
    "n": "N", "suomi npp": "N", "npp": "N", "n20": "N20", "1": "N20", "noaa-20": "N20", "noaa20": "N20",
    "n21": "N21", "2": "N21", "noaa-21": "N21", "noaa21": "N21",
    "t": "Terra", "terra": "Terra", "a": "Aqua", "aqua": "Aqua",
}  # fmt: skip
WORDS = {
    "l": "low", "low": "low", "n": "nominal", "nominal": "nominal", "h": "high", "high": "high",
}  # fmt: skip
BANDS = (30, 80)
"""MODIS says confidence in per cent: low below 30, high from 80."""
BRIGHTNESS = {"viirs": "bright_ti4", "modis": "brightness"}
"""The column by which the instrument is known, for some files have no column that names it."""
NEEDED = ("latitude", "longitude", "acq_date", "acq_time", "satellite", "confidence", "version", "daynight")
CLOSED = ("daynight", "type")
"""Columns of one letter or digit: a last line that ends in one of these is whole also without a line end."""
TOO_EARLY = datetime(1999, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=1)


@dataclass(frozen=True)
class Reading:
    """One row as we keep it. `standard`: from the standard product, not in near real time."""

    satellite: str
    instrument: str
    at: datetime
    latitude: float
    longitude: float
    confidence: str
    power: float | None
    by_day: bool
    kind: int | None
    standard: bool


@dataclass(frozen=True)
class Problem:
    """What is wrong with a line of the file, the first line being the header."""

    line: int
    refused: Refused


class LinesRefused(Refused):
    """Some lines cannot be read, so nothing of the file was taken."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        first = problems[0]
        reason = Text(zh_Hans=first.refused.say("zh-hans"), en=first.refused.say("en"))
        super().__init__("fires.lines", count=len(problems), line=first.line, reason=reason)


def read(data: bytes) -> list[Reading]:
    """Every row of a file, or Refused: the whole file or nothing of it."""
    if len(data) > LARGEST:
        raise Refused("fires.too_large", most=LARGEST // 1024 // 1024)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("fires.no_text") from None
    columns, rows = _table(text)
    instrument = next((name for name, column in BRIGHTNESS.items() if column in columns), "")
    missing = [name for name in NEEDED if name not in columns] + ([] if instrument else ["bright_ti4/brightness"])
    if missing:
        raise Refused("fires.columns", missing=", ".join(missing))
    if len(columns) != len(set(columns)):
        raise Refused("fires.columns_twice")
    return _readings(columns, rows, instrument, whole=text.endswith(("\n", "\r")) or columns[-1] in CLOSED)


def _table(text: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows. FIRMS answers a wrong key or an overload with a sentence and the status of success."""
    first = text.lstrip().partition("\n")[0].strip()
    if "latitude" not in first.lower().split(","):
        said = " ".join(first[:SAID].split())
        raise Refused("fires.no_table", said=said) if said else Refused("fires.empty")
    try:
        rows = list(csv.reader(io.StringIO(text.lstrip(), newline=""), strict=True))
    except csv.Error:
        raise Refused("fires.no_csv") from None
    return [name.strip().lower() for name in rows[0]], rows[1:]


def _readings(columns: list[str], rows: list[list[str]], instrument: str, *, whole: bool) -> list[Reading]:
    found, problems = [], []
    for line, row in enumerate(rows, 2):
        if not row:
            continue
        try:
            if len(row) != len(columns) or (line == len(rows) + 1 and not whole):
                raise Refused("fires.cut", wanted=len(columns), given=len(row))
            found.append(_reading(dict(zip(columns, map(str.strip, row), strict=True)), instrument))
        except Refused as refused:
            problems.append(Problem(line, refused))
    if problems:
        raise LinesRefused(problems)
    return found


def _reading(row: Mapping[str, str], instrument: str) -> Reading:
    return Reading(
        satellite=_satellite(row["satellite"], instrument),
        instrument=instrument,
        at=_moment(row["acq_date"], row["acq_time"]),
        latitude=_degrees(row, "latitude", 90),
        longitude=_degrees(row, "longitude", 180),
        confidence=_confidence(row["confidence"], instrument),
        power=_power(row.get("frp", "")),
        by_day=_by_day(row["daynight"]),
        kind=_kind(row.get("type", "")),
        standard=_standard(row["version"]),
    )


def _satellite(given: str, instrument: str) -> str:
    found = SATELLITES.get(given.lower())
    if found is None or (found in ("Terra", "Aqua")) != (instrument == "modis"):
        raise Refused("fires.satellite", given=given, instrument=instrument.upper())
    return found


def _moment(day: str, time: str) -> datetime:
    """Always UTC. The API writes 46 for 00:46, files write 0046 or 00:46."""
    digits = time.replace(":", "", 1) if len(time) == 5 and time[2] == ":" else time
    try:
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 4):
            raise ValueError
        found = datetime.strptime(f"{day} {digits:>04}", "%Y-%m-%d %H%M").replace(tzinfo=UTC)
    except ValueError:
        raise Refused("fires.moment", given=f"{day} {time}") from None
    if not TOO_EARLY <= found <= clock.now() + AHEAD:
        raise Refused("fires.when", given=f"{day} {time}")
    return found


def _degrees(row: Mapping[str, str], name: str, most: int) -> float:
    found = _number(row[name])
    if found is None or abs(found) > most:
        raise Refused("fires.degrees", column=name, given=row[name], most=most)
    return round(found, 5)


def _confidence(given: str, instrument: str) -> str:
    """l, n, h or the whole words for VIIRS; per cent for MODIS."""
    if instrument == "viirs" and given.lower() in WORDS:
        return WORDS[given.lower()]
    if instrument == "modis" and given.isascii() and given.isdecimal() and int(given) <= 100:
        low, high = BANDS
        return "low" if int(given) < low else "high" if int(given) >= high else "nominal"
    raise Refused(f"fires.confidence.{instrument}", given=given)


def _power(given: str) -> float | None:
    """Radiative power in megawatts; the archive has rows without it."""
    if given in ("", "null", "None"):
        return None
    found = _number(given)
    if found is None or found < 0:
        raise Refused("fires.power", given=given)
    return found


def _by_day(given: str) -> bool:
    if given.upper() not in ("D", "N"):
        raise Refused("fires.daynight", given=given)
    return given.upper() == "D"


def _kind(given: str) -> int | None:
    if given not in ("", "0", "1", "2", "3"):
        raise Refused("fires.kind", given=given)
    return int(given) if given else None


def _standard(given: str) -> bool:
    """2.0NRT, 6.1URT and the like are near real time; 2 or 61.03 is standard."""
    if not given or not given[0].isdecimal():
        raise Refused("fires.version", given=given)
    return not given.upper().endswith("RT")


def _number(given: str) -> float | None:
    try:
        found = float(given) if given.isascii() and "_" not in given else None
    except ValueError:
        return None
    return found if found is not None and isfinite(found) else None
