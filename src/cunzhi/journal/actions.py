"""The ways into the journal: a note beside an act, or its values for a statement that writes both."""

import hashlib
import hmac
import json
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection

from cunzhi.base import clock
from cunzhi.base.actor import Actor

COLUMNS = "at, actor, on_behalf_of, channel, verb, record, place_code, detail, private_hash"
INSERT = f"INSERT INTO journal_entry ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608  constants


class NotInTransaction(RuntimeError):
    """An act and its note stand or fall together; a note outside a transaction is a mistake of ours."""


def canonical(content: Any) -> str:
    """One text for one content, whatever the order in which it was put together."""
    return json.dumps(
        content, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=_written
    )


def private_hash(record: str, content: Any) -> str:
    """A hash of what may not stand in the journal, salted by record with the deployment's key.

    Nobody can guess the content from it without the salt; whoever is given the salt of one record can check that
    record and no other.
    """
    return hmac.new(salt(record), canonical(content).encode(), hashlib.sha256).hexdigest()


def salt(record: str) -> bytes:
    return hmac.digest(settings.SECRETS.pepper, f"journal:{record}".encode(), "sha256")


def _written(value: object) -> str:
    """Dates and exact numbers have one spelling; anything else would be spelt as its class happens to do it."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in the journal: {value!r}")


def note(
    *, by: Actor, verb: str, record: str, place_code: str, detail: dict[str, Any] | None = None, private: Any = None
) -> None:
    """Append who did what on which record, where and when, in the transaction of the act itself."""
    if not connection.in_atomic_block:
        raise NotInTransaction(verb)
    with connection.cursor() as cursor:
        row = note_row(by=by, verb=verb, record=record, place_code=place_code, detail=detail, private=private)
        cursor.execute(INSERT, row)


def note_row(
    *, by: Actor, verb: str, record: str, place_code: str, detail: dict[str, Any] | None = None, private: Any = None
) -> list[Any]:
    """The values of a note in the order of COLUMNS, for a statement that writes an act together with its note."""
    at = connection.ops.adapt_datetimefield_value(clock.now())
    hashed = "" if private is None else private_hash(record, private)
    return [at, by.ref, by.for_ref, by.channel, verb, record, place_code, canonical(detail or {}), hashed]
