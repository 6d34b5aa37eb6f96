"""This deployment as a witness of others: the two addresses of tlog-witness."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from cunzhi.journal.log import witnessed_logs
from cunzhi.journal.models import Witnessed
from cunzhi.journal.witnessing import cosigned
from cunzhi.transparency.witness import LARGEST, Answer

TEXT = "text/plain; charset=utf-8"


@csrf_exempt  # asked by programs; what counts is the signature inside
@require_POST
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """Sign what a known log has grown to, or say by a number why not."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse("too large\n", status=413, content_type=TEXT)
    try:
        return HttpResponse(cosigned(request.body), content_type=TEXT)
    except Answer as answer:
        return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)


@require_safe
def latest_checkpoint(request: HttpRequest, origin_hash: str) -> HttpResponse:
    """What was signed here last of a log, by the hash of its name."""
    names = [party.key.name for party in witnessed_logs().logs]
    origin = next((name for name in names if hashlib.sha256(name.encode()).hexdigest() == origin_hash), None)
    found = Witnessed.objects.filter(origin=origin).order_by("-size").first() if origin else None
    if found is None:
        raise Http404
    response = HttpResponse(found.note, content_type=TEXT)
    response["Cache-Control"] = "public, max-age=60"
    return response
