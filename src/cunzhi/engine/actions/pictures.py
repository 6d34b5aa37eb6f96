"""Takes pictures in: checked, cleaned of hidden data, kept in the file store under the hash of their content."""

from cunzhi.adapters.pictures.inspect import inspect_picture
from cunzhi.base.actor import Actor
from cunzhi.engine.actions.attaching import attach
from cunzhi.engine.keeping import paths, require_room, store
from cunzhi.engine.models import Attachment


def keep_picture(*, by: Actor, data: bytes, field: str, place_code: str, name: str = "") -> Attachment:
    """Keep a picture until a case binds it. The file is written first: a killed process leaves a file, never a
    record without one."""
    require_room(by, field)
    picture = inspect_picture(data)
    path, thumbnail = paths(picture.sha256)
    store({path: picture.clean, thumbnail: picture.thumbnail})
    sent = Attachment(
        field=field,
        place_code=place_code,
        file=path,
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
    return attach(by=by, what="picture", sent=sent, detail={"sha256": picture.sha256})
