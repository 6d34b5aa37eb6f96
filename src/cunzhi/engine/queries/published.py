"""Whether what was made public still stands as it was noted in the journal."""

from collections.abc import Iterator

from django.core.cache import cache

from cunzhi.engine.keeping import content_of
from cunzhi.engine.models import Notice
from cunzhi.engine.notice_content import content
from cunzhi.journal.actions import public_hash
from cunzhi.journal.queries import history
from cunzhi.transparency.canonical import canonical

NOTED = ("notice.publish", "notice.file")
FRESH = 60
"""Seconds for which what was found of a notice's files is told again before they are read again."""


def contents() -> Iterator[tuple[str, bytes]]:
    """Every notice with a page of its own: where it is to be had, and the bytes whose hash the log holds."""
    for notice in _public():
        yield f"notices/{notice.pk}/content.json", canonical(content(notice))


def altered() -> Iterator[tuple[Notice, str]]:
    """Notices that are not what they were when they were made public, and which part of them."""
    for notice in _public():
        if part := altered_part(notice):
            yield notice, part


def altered_part(notice: Notice) -> str:
    """The title or the file that differs from what the journal knows; empty when nothing does."""
    noted = set(history(notice.record).filter(verb__in=NOTED).values_list("public_hash", flat=True))
    if public_hash(content(notice)) not in noted:
        return notice.title
    for one in notice.files.select_related("attachment").order_by("id"):
        try:
            same = public_hash(content_of(one.attachment)) in noted
        except FileNotFoundError:
            same = False
        if not same:
            return str(one.attachment.name)
    return ""


def altered_lately(notice: Notice) -> str:
    """The same for a page that anybody may ask for as often as they like: large files are not read each time. What
    the database says is looked at each time."""
    key = f"altered:{notice.pk}:{public_hash(content(notice))}"
    return str(cache.get_or_set(key, lambda: altered_part(notice), FRESH))


def _public() -> Iterator[Notice]:
    return Notice.objects.exclude(public_hash="").select_related("corrects", "about").order_by("id").iterator(500)
