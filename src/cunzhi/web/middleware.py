"""Who reads and in which language, known before any view; and the words of a rule that says no, as a page."""

from collections.abc import Callable
from typing import cast

from csp.constants import HEADER
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse

from cunzhi.base.actor import NOBODY, Actor
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.registry.access import Access, Grant
from cunzhi.web.language import language_of, reading, wants_care
from cunzhi.web.pages import page
from cunzhi.web.request import Request
from cunzhi.web.sessions import SessionStore

PERMISSIONS = "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()"


class PolicyMiddleware:
    """The policy of the settings on every answer. It is written once: no page has its own, as django-csp allows for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.policy)
        return response


def actor_of(request: HttpRequest) -> Actor:
    """The person who is signed in, acting for themselves."""
    if not request.user.is_authenticated:
        return NOBODY
    return Actor(person_id=request.user.person_id, channel="web")


def granted(request: HttpRequest) -> tuple[Grant, ...] | None:
    """What the reader may do, when it came with the session."""
    session = cast(SessionStore, request.session)
    return session.grants if request.user.is_authenticated and request.user is session.account else None


class ReaderMiddleware:
    """Puts `actor`, `access`, `language` and `care` on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reader = cast(Request, request)
        reader.actor = actor_of(request)
        reader.access = Access(reader.actor, granted(request))
        reader.language = language_of(request)
        reader.care = wants_care(request)
        with reading(reader.language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", reader.language)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        return page(cast(Request, request), "layout/refused.html", status=status_of(error), error=error)


def status_of(error: Refused) -> int:
    """403 when the person may not, 409 when somebody was quicker, 422 when a rule says no to the content."""
    if isinstance(error, Forbidden):
        return 403
    if isinstance(error, Conflict):
        return 409
    return 422
