"""Reads of the journal."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from cunzhi.base.fields import under_any
from cunzhi.journal.models import Entry


def history(record: str) -> QuerySet[Entry]:
    """All that was done on one record, oldest first."""
    return Entry.objects.filter(record=record).order_by("id")


def entries(
    places: Sequence[str],
    *,
    verb: str = "",
    actor: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Entry]:
    """What was done under any of the places, newest first; `verb` ends with a dot to mean all that begin so.

    The journal knows nothing of rights: the faces pass `Access(by).places("journal.see")`.
    """
    found = Entry.objects.filter(under_any(list(places)))
    if verb:
        found = found.filter(verb__startswith=verb) if verb.endswith(".") else found.filter(verb=verb)
    if actor:
        found = found.filter(actor=actor)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return found.order_by("-id")


def entry_with(public_hash: str) -> Entry | None:
    """The first entry that noted this public content, by its SHA-256 in hexadecimal; None when nobody noted it."""
    return Entry.objects.filter(public_hash=public_hash.lower()).exclude(public_hash="").order_by("id").first()
