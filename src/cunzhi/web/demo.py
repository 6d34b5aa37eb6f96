"""Whether this installation shows simulated people and cases, and with which accounts one may look around."""

import json
from functools import cache
from typing import Any

from django.conf import settings

from cunzhi.registry.roles import roles
from cunzhi.web.language import t, words


@cache
def _read(modified: int) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((settings.HOME / "demo.json").read_text(encoding="utf-8"))
    return content


def demo() -> dict[str, Any] | None:
    """What the builder of the demonstration wrote down (seed, county, accounts); None where people are real."""
    try:
        modified = (settings.HOME / "demo.json").stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(modified)


def demo_accounts() -> list[tuple[str, str, str]]:
    """Role and name, phone and password of each account to look around with."""
    accounts = (demo() or {}).get("accounts", [])
    return [(f"{_title(one['role'])} {one['name']}", one["phone"], one["password"]) for one in accounts]


def _title(role: str) -> str:
    return words(roles()[role].title) if role in roles() else t("web.roles.villager")
