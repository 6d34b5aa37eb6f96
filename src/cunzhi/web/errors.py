"""Kind pages for what went wrong."""

from pathlib import Path
from typing import cast

from django.http import HttpRequest, HttpResponse

from cunzhi.web.pages import page
from cunzhi.web.request import Request

FOLDER = Path(__file__).with_name("layout")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _said(request, "not_found", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request was no request of a browser; who reads is not known yet, so the page is as plain as can be."""
    return HttpResponse((FOLDER / "bad_request.html").read_text(encoding="utf-8"), status=400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _said(request, "not_allowed", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's secret does not fit: the page lay open for too long, or cookies are off."""
    return _said(request, "form_expired", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """A mistake of ours. The page asks the database nothing, for that may be what is broken."""
    return HttpResponse((FOLDER / "broken.html").read_text(encoding="utf-8"), status=500)


def _said(request: HttpRequest, key: str, *, status: int) -> HttpResponse:
    return page(cast(Request, request), "layout/error.html", status=status, key=key)
