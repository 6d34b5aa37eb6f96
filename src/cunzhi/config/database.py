"""The database of this installation, from its URL: SQLite out of the box, PostgreSQL when grown."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    # recursive_triggers: so that REPLACE, which deletes on its way, meets the triggers that refuse deletion
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; PRAGMA cache_size=-32000"
    ),
}

KEPT_OPEN = 600
"""Seconds for which a connection is kept: opening one costs more than a page."""

ASKED_BEFORE_PREPARED = 2
"""How often a prepared query is sent before the server is told to keep its plan; Django's own statements never are."""


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's settings for a URL such as postgresql://user:password@host:5432/name or sqlite:////path/file.

    `?prepared=no` is for a pooler that hands connections on between transactions and knows no prepared statements.
    """
    if not url:
        return sqlite(home / "cunzhi.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(parts.path[1:])
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"DATABASE_URL begins with {parts.scheme!r}; it must begin with postgresql:// or sqlite:///")
    query: dict[str, Any] = dict(parse_qsl(parts.query))
    prepared = None if query.pop("prepared", "") == "no" else ASKED_BEFORE_PREPARED
    return {
        "ENGINE": "cunzhi.config.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": KEPT_OPEN,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"prepare_threshold": prepared, **query},
    }


def sqlite(file: Path | str) -> dict[str, Any]:
    return {
        "ENGINE": "cunzhi.config.sqlite",
        "NAME": file,
        "CONN_MAX_AGE": KEPT_OPEN,
        "OPTIONS": SQLITE_OPTIONS,
    }
