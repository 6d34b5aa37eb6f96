"""The ways into the journal: a note beside an act, or its values for a statement that writes both."""

import hashlib
import hmac
import json
from datetime import date, time
from decimal import Decimal
from typing import Any, NotRequired, TypedDict, Unpack

from django.conf import settings
from django.db import connection

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.transparency import canonical as jcs

COLUMNS = "at, actor, on_behalf_of, channel, verb, record, place_code, detail, private_hash, public_hash"
INSERT = f"INSERT INTO journal_entry ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608  constants


class NotInTransaction(RuntimeError):
    """An act and its note stand or fall together; a note outside a transaction is a mistake of ours."""


def _written(value: object) -> str:
    """Dates and exact numbers have one spelling; anything else would be spelt as its class happens to do it."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in the journal: {value!r}")


ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=_written)


def canonical(content: Any) -> str:
    """One text for one content, whatever the order in which it was put together."""
    return ENCODER.encode(content)


def private_hash(record: str, content: Any) -> str:
    """A hash of what may not stand in the journal, salted by record with the deployment's key.

    Nobody can guess the content from it without the salt; whoever is given the salt of one record can check that
    record and no other.
    """
    return hmac.new(salt(record), canonical(content).encode(), hashlib.sha256).hexdigest()


def salt(record: str) -> bytes:
    return hmac.digest(settings.SECRETS.pepper, f"journal:{record}".encode(), "sha256")


def public_hash(content: Any) -> str:
    """SHA-256 of what everybody may see: of the bytes of a file, or of the content's RFC 8785 spelling.

    It has no salt: whoever holds the file or the content finds its entry by it.
    """
    return hashlib.sha256(content if isinstance(content, bytes) else jcs.canonical(content)).hexdigest()


class Act(TypedDict):
    """Who did what on which record, where. `detail` stands in the entry; of `private` and `public` it holds hashes.

    What is `public` makes it a public act: its verb, record and place stand in the public log with the content's hash.
    """

    by: Actor
    verb: str
    record: str
    place_code: str
    detail: NotRequired[dict[str, Any] | None]
    private: NotRequired[Any]
    public: NotRequired[Any]


def note(*, corrects: int | str | None = None, **act: Unpack[Act]) -> int:
    """Append an act to the journal in the transaction of the act itself, as of now; the entry's id.

    `corrects` names the entry (by its id) or the record that this one sets right.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(act["verb"])
    if corrects is not None:
        act["detail"] = {**(act.get("detail") or {}), "corrects": corrects}
    with connection.cursor() as cursor:
        cursor.execute(f"{INSERT} RETURNING id", note_row(**act))
        return int(cursor.fetchone()[0])


def note_row(**act: Unpack[Act]) -> list[Any]:
    """The values of a note in the order of COLUMNS, for a statement that writes an act together with its note."""
    by, record = act["by"], act["record"]
    at = connection.ops.adapt_datetimefield_value(clock.now())
    private, public = act.get("private"), act.get("public")
    hidden = "" if private is None else private_hash(record, private)
    shown = "" if public is None else public_hash(public)
    detail = canonical(act.get("detail") or {})
    return [at, by.ref, by.for_ref, by.channel, act["verb"], record, act["place_code"], detail, hidden, shown]
