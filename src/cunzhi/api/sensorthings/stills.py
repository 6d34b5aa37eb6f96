"""Beside the standard: a camera box posts an event and one still picture in one request."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from cunzhi.adapters.pictures.port import DEFAULT_LIMITS
from cunzhi.api import throttle
from cunzhi.api.auth import refuse_long
from cunzhi.api.errors import TooMany, Unanswered, WrongKind
from cunzhi.api.reading import read_json
from cunzhi.api.sensorthings.callers import caller_of
from cunzhi.api.sensorthings.context import ADDRESS
from cunzhi.api.sensorthings.doing import NoSuchMethod
from cunzhi.api.sensorthings.views import dump, spoken
from cunzhi.base.errors import Refused
from cunzhi.base.strict_json import NUL
from cunzhi.engine.alarming import look_after_commit
from cunzhi.perception.actions.stills import take_still
from cunzhi.perception.times import told

PARTS = {"datastream", "result", "phenomenonTime", "key", "unit"}
LARGEST = 2**63


@spoken
def stills(request: HttpRequest) -> HttpResponse:
    """Parts: `datastream` (its number), `result` (true, false or a count), `phenomenonTime`,
    `picture`, and where wanted `key`, `unit`. Answers with the observation and until when the picture is kept."""
    if request.method != "POST":
        raise NoSuchMethod("api.no_such_method")
    refuse_long(request)
    caller, scope = caller_of(request)
    if throttle.over(f"stills:{caller.key}", throttle.LIMITS.stills):
        raise TooMany("api.too_many", seconds=throttle.seconds_to_wait())
    if request.content_type != "multipart/form-data":
        raise WrongKind("api.sta.not_multipart")
    stream, sent, data = _parts(request)
    seen = take_still(scope=scope, datastream=stream, data=data, sent=sent)
    if not seen.known:
        look_after_commit([stream])
    link = f"{request.build_absolute_uri(ADDRESS)}/Observations({seen.observation})"
    content = {
        "@iot.id": seen.observation,
        "@iot.selfLink": link,
        "still": f"/stills/{seen.still.pk}/",
        "keptUntil": told(seen.still.keep_until),
    }
    response = HttpResponse(dump(content), status=200 if seen.known else 201, content_type="application/json")
    response["Location"] = link
    return response


def _parts(request: HttpRequest) -> tuple[int, dict[str, Any], bytes]:
    """What was sent, part by part; what is not known is refused, not passed over."""
    if unknown := sorted({*request.POST, *request.FILES} - PARTS - {"picture"}):
        raise Refused("api.sta.unknown_part", field=unknown[0][:40], known=", ".join(sorted({*PARTS, "picture"})))
    number = request.POST.get("datastream", "")
    if not (number.isascii() and number.isdecimal() and 0 < int(number[:20]) < LARGEST):
        raise Refused("perception.no_datastream", field="datastream")
    files = request.FILES.getlist("picture")
    if not files:
        raise Refused("perception.missing", field="picture")
    if len(files) > 1:
        raise Refused("api.sta.one_picture", field="picture")
    file = files[0]
    if str(file.content_type or "").startswith("video/"):
        raise Refused("perception.no_video", field="picture")
    if any(NUL in one for values in request.POST.lists() for one in values[1]):
        raise Unanswered("api.nul")
    if not request.POST.get("phenomenonTime"):  # without it the same event sent again would be another one
        raise Refused("perception.missing", field="phenomenonTime")
    sent: dict[str, Any] = {"result": _result(request.POST.get("result", ""))}
    sent["phenomenonTime"] = request.POST["phenomenonTime"]
    if parameters := {name: request.POST[name] for name in ("key", "unit") if name in request.POST}:
        sent["parameters"] = parameters
    return int(number), sent, file.read(DEFAULT_LIMITS.bytes + 1)


def _result(text: str) -> Any:
    """true, false or a number, as JSON writes it."""
    try:
        found = read_json(text.encode())
    except Refused:
        found = None
    if not isinstance(found, bool | int | float):
        raise Refused("perception.no_event", field="result")
    return found
