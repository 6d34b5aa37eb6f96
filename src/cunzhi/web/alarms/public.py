"""What is in force: for everybody, without a sign-in, in few bytes; a feed and the messages themselves for programs."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.views.decorators.http import require_safe

from cunzhi.alarms.cap.signature import carries_signature
from cunzhi.alarms.models import Warned
from cunzhi.alarms.queries.warnings import ISSUE, in_feed, in_force
from cunzhi.base import clock
from cunzhi.engine.leading import places_led
from cunzhi.registry.queries.places import children, path_of, place
from cunzhi.web.language import current, t
from cunzhi.web.log.codes import proof_code
from cunzhi.web.pages import page
from cunzhi.web.request import Request

MOST = 40
CAP = "application/cap+xml"


@require_safe
def everywhere(request: Request) -> HttpResponse:
    """All that is in force, the gravest first."""
    return _shown(request, "", "")


@require_safe
def here(request: Request, code: str) -> HttpResponse:
    """What is in force at a place: its own, what holds above it, and in parts of it."""
    found = place(code)
    if found is None:
        raise Http404(code)
    return _shown(request, code, found.name)


def _shown(request: Request, code: str, name: str) -> HttpResponse:
    held = list(in_force(code)[:MOST])
    context: dict[str, Any] = {"held": held, "code": code, "place": name, "now": clock.now()}
    context["path"] = path_of(code)[:-1] if code else []
    context["near"] = children(code)[:MOST] if code and len(code) <= len("500113") else []
    response = page(request, "alarms/public.html", **context)
    response["Cache-Control"] = response.get("Cache-Control", "no-cache")
    return response


@require_safe
def one(request: Request, warned_id: int) -> HttpResponse:
    """One warning whole, also after its end: then the page says what became of it."""
    found = get_object_or_404(Warned.objects.select_related("replaced_by"), pk=warned_id)
    context: dict[str, Any] = {
        "warned": found,
        "places": list(found.places.order_by("place_code")),
        "stands": standing_of(found),
        "qr": None if found.received else proof_code(request, found.digest),
        "unverified": found.received and not found.signed_by and carries_signature(found.xml),
        "led": places_led(request.access, found),
        "may": not found.received and all(request.access.may(ISSUE, one.place_code) for one in found.places.all()),
    }
    return page(request, "alarms/warning.html", **context)


def standing_of(warned: Warned) -> str:
    """in_force, later, expired, updated, cancelled; a Cancel says that it is one."""
    now = clock.now()
    if warned.kind == Warned.Type.CANCEL:
        return "cancel"
    if warned.replaced_by is not None:
        return "cancelled" if warned.replaced_by.kind == Warned.Type.CANCEL else "updated"
    if warned.expires <= now:
        return "expired"
    return "later" if warned.effective > now else "in_force"


@require_safe
def message(request: Request, warned_id: int) -> HttpResponse:
    """The CAP message, byte for byte as it was issued or received; its hash stands in the journal."""
    found = get_object_or_404(Warned, pk=warned_id)
    response = HttpResponse(found.xml.encode(), content_type=f"{CAP}; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def feed(request: Request) -> HttpResponse:
    """An Atom feed of what is in force, each entry with its CAP message."""
    address = request.build_absolute_uri
    made = Atom1Feed(
        title=t("web.warnings.feed"), link=address(reverse("warnings")), description=t("web.warnings.feed"),
        feed_url=address(reverse("warnings_feed")), language=current(),
    )  # fmt: skip
    for warned in in_feed()[:MOST]:
        xml = address(reverse("warning_message", args=[warned.pk]))
        made.add_item(
            title=warned.headline, link=address(reverse("warning", args=[warned.pk])), description=warned.description,
            unique_id=f"urn:cap:{warned.sender}:{warned.identifier}", pubdate=warned.sent, updateddate=warned.sent,
            author_name=warned.sender_name, categories=[warned.event],
            enclosures=[Enclosure(xml, str(len(warned.xml.encode())), CAP)],
        )  # fmt: skip
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
