"""One notice for everybody: text, files, figures, questions and answers, and the proof that it is unchanged."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.base.periods import Period, in_words
from cunzhi.disclosures.actions import count_view
from cunzhi.disclosures.queries import views_of
from cunzhi.engine.models import Notice, NoticeFile
from cunzhi.engine.notice_content import content
from cunzhi.engine.queries.calendar import columns_of
from cunzhi.engine.queries.cases import workflow_of
from cunzhi.engine.queries.notices import answers_to, public_notices, questionable
from cunzhi.registry.queries.places import name_of, path_of
from cunzhi.transparency.canonical import canonical
from cunzhi.web.address import address
from cunzhi.web.cases.pictures import as_file
from cunzhi.web.language import words
from cunzhi.web.log.codes import proof_code
from cunzhi.web.pages import page
from cunzhi.web.request import Request


@require_safe
def notice(request: Request, notice_id: int) -> HttpResponse:
    """A notice whole, counted once a day for each device."""
    found = notice_or_404(notice_id)
    count_view(record=found.record, place_code=found.place_code, device=_device(request))
    titles = {one.name: words(one.duty.title) for one in columns_of(found.place_code, look_back=0)}
    files = found.files.filter(line__isnull=True).select_related("attachment").order_by("id")
    context: dict[str, Any] = {
        "told": found,
        "place": name_of(found.place_code),
        "names": path_of(found.place_code),
        "column": titles.get(found.column, ""),
        "period": words(in_words(Period.parse(found.period))) if found.period else "",
        "corrected_by": found.corrected_by.order_by("-at").first(),
        "files": list(files),
        "answers": list(answers_to(found)),
        "may_ask": questionable(found),
        "responses": _responses(found),
        "views": views_of([found.record])[found.record],
        "qr": proof_code(request, found.public_hash),
    }
    return page(request, "disclosures/notice.html", **context)


@require_safe
def content_of(request: Request, notice_id: int) -> HttpResponse:
    """The bytes whose SHA-256 stands in the journal."""
    found = get_object_or_404(Notice.objects.exclude(title=""), pk=notice_id)
    response = HttpResponse(canonical(content(found)), content_type="application/json; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def file(request: Request, notice_id: int, file_id: int) -> HttpResponse:
    """A file beside a notice, byte by byte as it was noted."""
    found = get_object_or_404(NoticeFile.objects.select_related("attachment"), pk=file_id, notice_id=notice_id)
    return as_file(found.attachment)


def notice_or_404(notice_id: int) -> Notice:
    """A notice that has a page; an answer stands on the page of what was asked about."""
    found = (
        public_notices()
        .filter(pk=notice_id)
        .select_related("corrects", "case__activation", "case__scenario_version")
        .first()
    )
    if found is None:
        raise Http404(notice_id)
    return found


def _responses(notice: Notice) -> list[tuple[str, str]]:
    """What the village may do about the matter while the notice lasts; who is not from there is told so then."""
    if notice.until is None or notice.until <= clock.now():
        return []
    leaving = workflow_of(notice.case).leaving(notice.case.state)
    return [(name, words(way.title)) for name, way in leaving.items() if "resident" in way.by and way.form is None]


def _device(request: Request) -> str:
    """What every browser sends anyway; it is hashed at once and kept nowhere."""
    return f"{address(request)}\0{request.headers.get('User-Agent', '')}"
