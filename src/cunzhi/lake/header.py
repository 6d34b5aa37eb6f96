"""The comment lines above an indicator's SELECT: what it is called, in which unit, and which way is better."""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from cunzhi.base.strict_yaml import Problem
from cunzhi.base.text import Text, nearest

Better = Literal["more", "less", "none"]
KEYS: Final = ("title_zh", "title_en", "unit_zh", "unit_en", "better")
LINE = re.compile(r"--\s*(?P<key>\w+)\s*:\s*(?P<words>.*)")


@dataclass(frozen=True)
class Header:
    """How an indicator is called and read. better: whether more of it is better, less, or neither can be said."""

    title: Text
    unit: Text
    better: Better


def read_header(text: str, *, name: str) -> tuple[Header | None, list[Problem]]:
    """The header, or None and what is wrong with it."""
    found, problems = _lines(text, name)
    missing = [key for key in KEYS if not found.get(key)]
    if missing:
        what = f"the comment header lacks {', '.join(missing)}: write `-- {missing[0]}: …` above the SELECT"
        problems.append(Problem(name, 1, "", what))
    better = found.get("better", "")
    if better and better not in get_args(Better):
        what = f"{better!r} is not known: write `more` or `less` when that is better, `none` when neither can be said"
        problems.append(Problem(name, 1, "better", what))
    if problems:
        return None, problems
    title = Text(zh_Hans=found["title_zh"], en=found["title_en"])
    return Header(title, Text(zh_Hans=found["unit_zh"], en=found["unit_en"]), better), []  # type: ignore[arg-type]


def _lines(text: str, name: str) -> tuple[dict[str, str], list[Problem]]:
    """The lines `-- key: words` above the SELECT; other comments there are left alone."""
    found: dict[str, str] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("--"):
            break
        match = LINE.fullmatch(line.strip())
        if match is None:
            continue
        key = match["key"]
        if key not in KEYS:
            meant = nearest(key, KEYS)
            hint = f"did you mean {meant!r}?" if meant else f"the header has {', '.join(KEYS)}"
            problems.append(Problem(name, number, key, f"unknown; {hint}"))
        elif key in found:
            problems.append(Problem(name, number, key, "stands twice: leave one"))
        else:
            found[key] = match["words"].strip()
    return found, problems
