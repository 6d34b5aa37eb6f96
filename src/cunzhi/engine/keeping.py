"""How pictures and files lie in the file store: under the hash of their content, whole or not at all."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cunzhi.adapters.documents.port import MEDIA
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.engine.models import Attachment

UNBOUND_AT_MOST = 30
"""Pictures and files that one person may have waiting for a case; more is not a report but a flood."""
FORGOTTEN_AFTER = timedelta(days=2)


def paths(sha256: str) -> tuple[str, str]:
    """Where a picture and its thumbnail lie in the file store."""
    folder = f"pictures/{sha256[:2]}/{sha256}"
    return f"{folder}.jpg", f"{folder}.small.jpg"


def file_path(sha256: str, kind: str) -> str:
    """Where a file lies that is no picture."""
    return f"files/{sha256[:2]}/{sha256}.{kind}"


def require_room(by: Actor, field: str) -> None:
    """Refuse more than one person can mean to send."""
    if by.person_id is None:
        raise Forbidden("engine.sign_in_first")
    waiting = Attachment.objects.filter(uploaded_by_id=by.person_id, case__isnull=True).count()
    if waiting >= UNBOUND_AT_MOST:
        raise Refused("engine.too_many_pictures", field=field, most=UNBOUND_AT_MOST)


def store(contents: Mapping[str, bytes]) -> None:
    """Write all, whole. What a full disk or a killed process cut short is written anew."""
    written = []
    try:
        for path, content in contents.items():
            if _is_whole(path, len(content)):
                continue
            default_storage.delete(path)
            written.append(path)
            default_storage.save(path, ContentFile(content))
    except OSError as error:
        for path in written:
            with suppress(OSError):
                default_storage.delete(path)
        raise Refused("engine.disk", detail=error.strerror or "") from error


def _is_whole(path: str, size: int) -> bool:
    return default_storage.exists(path) and default_storage.size(path) == size


def content_of(attachment: Attachment) -> bytes:
    """The bytes as they are kept and shown; FileNotFoundError when the file store lost them."""
    with default_storage.open(attachment.file) as file:
        return bytes(file.read())


def forget_unbound(*, by: Actor) -> int:
    """Remove pictures and files that no case took within two days."""
    old = Attachment.objects.filter(case__isnull=True, uploaded_at__lt=clock.now() - FORGOTTEN_AFTER)
    gone = list(old.values_list("pk", "sha256"))
    Attachment.objects.filter(pk__in=[pk for pk, _ in gone]).delete()
    remove_files([sha256 for _, sha256 in gone])
    return len(gone)


def remove_files(hashes: list[str]) -> None:
    """Delete the files that no record names any more."""
    still = set(Attachment.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    for sha256 in set(hashes) - still:
        for path in (*paths(sha256), *(file_path(sha256, kind) for kind in MEDIA)):
            default_storage.delete(path)
