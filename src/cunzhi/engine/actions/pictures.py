"""Takes pictures in: checked, cleaned of hidden data, kept in the file store under the hash of their content."""

from django.db import transaction

from cunzhi.adapters.pictures.inspect import inspect_picture
from cunzhi.adapters.pictures.port import Picture
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.engine.keeping import paths, require_room, store
from cunzhi.engine.models import Attachment
from cunzhi.journal.actions import note


def keep_picture(*, by: Actor, data: bytes, field: str, place_code: str, name: str = "") -> Attachment:
    """Keep a picture until a case binds it. The file is written first: a killed process leaves a file, never a
    record without one."""
    require_room(by, field)
    picture = inspect_picture(data)
    store(dict(zip(paths(picture.sha256), (picture.clean, picture.thumbnail), strict=True)))
    return _row(by, picture, field, place_code, name)


@transaction.atomic
def _row(by: Actor, picture: Picture, field: str, place_code: str, name: str) -> Attachment:
    attachment = Attachment.objects.create(
        field=field,
        uploaded_by_id=by.person_id,
        uploaded_at=clock.now(),
        place_code=place_code,
        file=paths(picture.sha256)[0],
        name=name,
        size=len(picture.clean),
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
