"""Still pictures of camera boxes: one with an event, kept for its days, looked at only with a reason that is noted."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from cunzhi.adapters.pictures.inspect import inspect_picture
from cunzhi.adapters.pictures.kinds import kind_of
from cunzhi.adapters.pictures.port import Picture
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Conflict, Refused
from cunzhi.journal.actions import note
from cunzhi.perception.actions.observations import take_one
from cunzhi.perception.models import Datastream, Observation, Still
from cunzhi.perception.queries.scope import SEE, Scope
from cunzhi.perception.queries.stills import content_of, path_of
from cunzhi.perception.reading import Reading, read

DAYS, MOST_DAYS = 30, 90
"""How long a still is kept: as long as the single values of its datastream, and never longer than this."""
FILMS = (b"RIFF", b"\x1aE\xdf\xa3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"FLV", b"\x00\x00\x00\x01", b"G@")
AT_ONCE = 500
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """An event with its still; `known` when both were there already."""

    observation: int
    still: Still
    known: bool


def take_still(*, scope: Scope, datastream: int, data: bytes, sent: Mapping[str, Any]) -> Seen:
    """Keep an event (true, false or a count) and its still. The same again is answered with what is there.

    Whether the device may send for the datastream is asked before its picture is opened. The file is written first: a
    killed process leaves a file, never a row without one.
    """
    stream = Datastream.objects.filter(pk=datastream).first()
    if stream is None:
        raise Refused("perception.no_datastream", field="datastream")
    scope.sends_for(stream)
    reading = read(sent)
    count = reading.number or 0.0
    if reading.kind not in "nb" or not count.is_integer() or count < 0:
        raise Refused("perception.no_event", field="result")
    picture = _looked_into(data)
    _store(picture)
    return _kept(scope, stream, reading, picture)


@transaction.atomic
def _kept(scope: Scope, stream: Datastream, reading: Reading, picture: Picture) -> Seen:
    taken = take_one(by=scope.actor, datastream=stream.pk, reading=reading, scope=scope)
    there = Still.objects.filter(observation=taken.id).first()
    if there is not None:
        if there.sha256 != picture.sha256:
            raise Conflict("perception.other_still", field="picture")
        return Seen(taken.id, there, known=True)
    still = Still.objects.create(
        datastream=stream,
        observation=taken.id,
        place_code=stream.place_code,
        at=reading.at,
        taken_at=clock.now(),
        keep_until=clock.now() + timedelta(days=min(stream.days_kept or DAYS, MOST_DAYS)),
        sha256=picture.sha256,
        size=len(picture.clean),
        width=picture.width,
        height=picture.height,
    )
    seen = Observation.objects.get(pk=taken.id)  # it may have come before its picture, with parameters of its own
    Observation.objects.filter(pk=taken.id).update(
        parameters=(seen.parameters or {}) | {"still": f"/stills/{still.pk}/"}
    )
    detail = {"sha256": still.sha256, "until": still.keep_until.date().isoformat()}
    note(by=scope.actor, verb="still.keep", record=still.record, place_code=still.place_code, detail=detail)
    return Seen(taken.id, still, known=False)


def _looked_into(data: bytes) -> Picture:
    """Checked and cleaned like every picture; what is a film is told so."""
    film = kind_of(data).name == "MP4/MOV" or (data.startswith(FILMS) and data[8:12] != b"WEBP")
    if film:
        raise Refused("perception.no_video", field="picture")
    return inspect_picture(data)


def _store(picture: Picture) -> None:
    path = path_of(picture.sha256)
    if default_storage.exists(path) and default_storage.size(path) == len(picture.clean):
        return
    default_storage.delete(path)
    try:
        default_storage.save(path, ContentFile(picture.clean))
    except OSError as error:
        with suppress(OSError):
            default_storage.delete(path)
        raise Refused("perception.no_disk", field="picture", detail=error.strerror or "") from error


@transaction.atomic
def look_at(*, scope: Scope, still: Still, purpose: str) -> bytes:
    """The picture, for whoever looks after the place and says what for; that they looked is noted."""
    scope.access.require(SEE, still.place_code)
    purpose = " ".join(purpose.replace("\x00", "").split())
    if not purpose:
        raise Refused("perception.missing", field="purpose")
    content = content_of(still)
    detail = {"at": still.at.isoformat()}
    note(
        by=scope.actor, verb="still.see", record=still.record, place_code=still.place_code, detail=detail,
        private=purpose[:200],
    )  # fmt: skip
    return content


def let_go_stills(*, by: Actor) -> int:
    """Delete the pictures whose days are over: first the file, so that a killed round is taken up by the next. A file
    that cannot be deleted holds up no other; its row stays and says that it is still there."""
    over = Still.objects.filter(keep_until__lte=clock.now()).order_by("keep_until", "pk")
    return sum(_let_go(still, by) for still in over[:AT_ONCE])


@transaction.atomic
def _let_go(still: Still, by: Actor) -> int:
    if not Still.objects.filter(sha256=still.sha256, keep_until__gt=clock.now()).exists():
        try:
            default_storage.delete(path_of(still.sha256))
        except OSError as error:
            log.error("%s could not be deleted: %s", still.record, error)
            return 0
    record = still.record
    gone, _ = Still.objects.filter(pk=still.pk).delete()
    if gone:
        note(by=by, verb="still.erase", record=record, place_code=still.place_code)
    return gone
