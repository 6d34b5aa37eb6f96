"""Takes pictures in: checked, cleaned of hidden data, kept in the file store under the hash of their content."""

from contextlib import suppress
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from cunzhi.adapters.pictures.inspect import inspect_picture
from cunzhi.adapters.pictures.port import Picture
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.engine.models import Attachment
from cunzhi.journal.actions import note

UNBOUND_AT_MOST = 30
"""Pictures that one person may have waiting for a case; more is not a report but a flood."""
FORGOTTEN_AFTER = timedelta(days=2)


def keep_picture(*, by: Actor, data: bytes, field: str, place_code: str) -> Attachment:
    """Keep a picture until a case binds it. The file is written first: a killed process leaves a file, never a
    record without one."""
    if by.person_id is None:
        raise Forbidden("engine.sign_in_first")
    waiting = Attachment.objects.filter(uploaded_by_id=by.person_id, case__isnull=True).count()
    if waiting >= UNBOUND_AT_MOST:
        raise Refused("engine.too_many_pictures", field=field, most=UNBOUND_AT_MOST)
    picture = inspect_picture(data)
    _store(picture)
    return _row(by, picture, field, place_code)


def paths(sha256: str) -> tuple[str, str]:
    """Where a picture and its thumbnail lie in the file store."""
    folder = f"pictures/{sha256[:2]}/{sha256}"
    return f"{folder}.jpg", f"{folder}.small.jpg"


def _store(picture: Picture) -> None:
    """Both files, whole. One that a full disk or a killed process cut short is written anew."""
    written = []
    try:
        for path, content in zip(paths(picture.sha256), (picture.clean, picture.thumbnail), strict=True):
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


@transaction.atomic
def _row(by: Actor, picture: Picture, field: str, place_code: str) -> Attachment:
    attachment = Attachment.objects.create(
        field=field,
        uploaded_by_id=by.person_id,
        uploaded_at=clock.now(),
        place_code=place_code,
        file=paths(picture.sha256)[0],
        sha256=picture.sha256,
        width=picture.width,
        height=picture.height,
        taken_at=picture.taken_at,
        longitude=picture.longitude,
        latitude=picture.latitude,
        phash=picture.phash,
        phash_mirror=picture.phash_mirror,
        blur=picture.blur,
    )
    note(
        by=by,
        verb="picture.keep",
        record=f"picture:{attachment.pk}",
        place_code=place_code,
        detail={"sha256": picture.sha256},
    )
    return attachment


def forget_unbound(*, by: Actor) -> int:
    """Remove pictures that no case took within two days."""
    old = Attachment.objects.filter(case__isnull=True, uploaded_at__lt=clock.now() - FORGOTTEN_AFTER)
    gone = list(old.values_list("pk", "sha256"))
    Attachment.objects.filter(pk__in=[pk for pk, _ in gone]).delete()
    remove_files([sha256 for _, sha256 in gone])
    return len(gone)


def remove_files(hashes: list[str]) -> None:
    """Delete the files that no record names any more."""
    still = set(Attachment.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    for sha256 in set(hashes) - still:
        for path in paths(sha256):
            default_storage.delete(path)
