"""Pictures and files of matters: served to whoever may see the matter, or to who sent them, and to no shared cache."""

from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cunzhi.adapters.documents.port import MEDIA
from cunzhi.engine.keeping import content_of, paths
from cunzhi.engine.models import Attachment, Case
from cunzhi.engine.queries.cases import sent_with, whole
from cunzhi.web.cases.acting import acting
from cunzhi.web.request import Request

AGE = 3600


@login_required
@require_safe
def picture(request: Request, picture_id: int, small: bool = False) -> HttpResponse:
    """One picture, whole or small."""
    found = get_object_or_404(Attachment.objects.exclude(phash=""), pk=picture_id)
    if not _may_see(request, found):
        raise Http404
    tag = f'"{found.sha256}{"s" if small else ""}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(_content(found, small=small), content_type="image/jpeg")
    response["ETag"] = tag
    response["Cache-Control"] = f"private, max-age={AGE}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@login_required
@require_safe
def file(request: Request, file_id: int) -> HttpResponse:
    """One file, to be saved: what it holds was looked through, and still runs nothing inside our pages."""
    found = get_object_or_404(Attachment, pk=file_id, phash="")
    if not _may_see(request, found):
        raise Http404
    response = as_file(found)
    response["Cache-Control"] = f"private, max-age={AGE}"
    return response


def as_file(found: Attachment) -> HttpResponse:
    """The bytes of a picture or file as they are kept, named as its sender named it."""
    try:
        response = HttpResponse(content_of(found), content_type=MEDIA[found.kind])
    except FileNotFoundError:
        raise Http404 from None
    name = quote(f"{found.name or found.sha256[:12]}.{found.kind}")
    response["Content-Disposition"] = f"{'inline' if found.is_picture else 'attachment'}; filename*=UTF-8''{name}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _content(found: Attachment, *, small: bool) -> bytes:
    """The bytes that are kept, at most some hundred thousand; a file that is gone is no page."""
    try:
        with default_storage.open(paths(found.sha256)[1 if small else 0]) as file:
            return bytes(file.read())
    except FileNotFoundError:
        raise Http404 from None


def _may_see(request: Request, found: Attachment) -> bool:
    if found.case_id is None:
        return found.uploaded_by_id == request.actor.person_id
    case = whole(Case.objects.all()).get(pk=found.case_id)
    readers = (request.access, acting(request).access)
    return any(sent_with(case, one).filter(pk=found.pk).exists() for one in readers)
