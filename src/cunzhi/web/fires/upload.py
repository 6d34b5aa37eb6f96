"""A file of FIRMS handed in on a page: first what would come of it, then the same taken in."""

import zlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cunzhi.base.errors import Forbidden, Refused
from cunzhi.fires.actions.taking import preview, take, takes_for
from cunzhi.fires.queries.events import last_look
from cunzhi.fires.reading import LinesRefused, Reading, read
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.fires.words import power_of
from cunzhi.web.formats import moment
from cunzhi.web.language import current, t
from cunzhi.web.request import Request

LARGEST = 2 * 1024 * 1024
"""Some fifteen thousand rows: what is more is for the command line."""
SHOWN = 50
COLUMNS = ("at", "satellite", "confidence", "power", "spot")


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """The form; what would come of a file, with its lines that are wrong; and the file taken in."""
    if not takes_for(request.access):
        raise Forbidden("fires.not_yours_to_take")
    context: dict[str, Any] = {"look": last_look(), "most": LARGEST // 1024}
    context |= {"found": None, "refused": "", "problems": []}
    if request.method == "GET":
        return matter_page(request, "fires/upload.html", **context)
    try:
        if "content" in request.POST:
            return _taken(request)
        context |= _previewed(request)
    except LinesRefused as refused:
        context["problems"] = [(one.line, one.refused.say(current())) for one in refused.problems[:SHOWN]]
        context["refused"] = refused.say(current())
    except Refused as refused:
        context["refused"] = refused.say(current())
    return matter_page(request, "fires/upload.html", status=422 if context["refused"] else 200, **context)


def _previewed(request: Request) -> dict[str, Any]:
    """What would come, and the file itself packed for the second step: nothing is kept between the two."""
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused("fires.no_file")
    if (sent.size or 0) > LARGEST:
        raise Refused("fires.too_large", most=LARGEST // 1024 // 1024)
    data = sent.read()
    readings = read(data)
    return {
        "name": (sent.name or "")[:100],
        "found": preview(by=request.actor, data=data),
        "packed": b64encode(zlib.compress(data)).decode(),
        "rows": [_cells(one) for one in readings[:SHOWN]],
        "columns": [(t(f"web.fires.column.{name}"), "text") for name in COLUMNS],
        "count": len(readings),
    }


def _taken(request: Request) -> HttpResponse:
    data = _unpacked(request.POST["content"])
    taken = take(by=request.actor, data=data, source=request.POST.get("name", "").replace("\x00", "")[:100] or "upload")
    counts = {"new": taken.new, "known": taken.known, "outside": taken.outside}
    messages.success(request, t("web.fires.upload.taken", **counts))
    return redirect("fires")


def _unpacked(text: str) -> bytes:
    """The file as it was handed in; no more than fits, whatever somebody packed into it."""
    try:
        machine = zlib.decompressobj()
        data = machine.decompress(b64decode(text, validate=True), LARGEST + 1)
    except (NotBase64, ValueError, zlib.error):
        raise Refused("fires.no_csv") from None
    if len(data) > LARGEST:
        raise Refused("fires.too_large", most=LARGEST // 1024 // 1024)
    if not machine.eof:
        raise Refused("fires.no_csv")
    return data


def _cells(one: Reading) -> list[str]:
    return [
        moment(one.at), one.satellite, t(f"web.fires.confidence.{one.confidence}"), power_of(one.power),
        f"{one.latitude:.4f}, {one.longitude:.4f}",
    ]  # fmt: skip
