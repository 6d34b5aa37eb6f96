"""GeoReport v2: discovery, services, requests, tokens."""

from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cunzhi.api.errors import NotThere
from cunzhi.api.open311 import requests, services
from cunzhi.api.open311.answers import answer, spoken
from cunzhi.api.open311.reports import take_report
from cunzhi.api.problems import language
from cunzhi.base.errors import Refused
from cunzhi.base.messages import say
from cunzhi.engine.models import Activation

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
LONG_AGO = "1970-01-01"


@spoken("GET", "HEAD")
def discovery(request: HttpRequest, format_: str) -> HttpResponse:
    """Where the endpoint is, and how one gets a key."""
    slugs = [one.slug for one in services.public_scenarios()]
    last = Activation.objects.filter(scenario__in=slugs).aggregate(last=Max("since"))["last"]
    changeset = f"{last or LONG_AGO} 00:00"
    endpoint: dict[str, Any] = {
        "specification": SPECIFICATION,
        "url": request.build_absolute_uri("/open311/v2"),
        "changeset": changeset,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    docs = request.build_absolute_uri(reverse("api-1:openapi-view"))
    tokens = request.build_absolute_uri(reverse("tokens"))
    content = {
        "changeset": changeset,
        "contact": say("api.open311.contact", language(), docs=docs),
        "key_service": say("api.open311.key_service", language(), address=tokens),
        "endpoints": [endpoint],
    }
    return answer("discovery", content, format_)


@spoken("GET", "HEAD")
def service_list(request: HttpRequest, format_: str) -> HttpResponse:
    """What can be reported at a place."""
    found = services.services_at(_jurisdiction(request))
    return answer("services", [services.told(one) for one in found], format_)


@spoken("GET", "HEAD")
def service_definition(request: HttpRequest, code: str, format_: str) -> HttpResponse:
    """What is asked for one service beside place and description."""
    service = services.service_at(_jurisdiction(request), code)
    return answer("service_definition", services.definition(service), format_)


@spoken("GET", "HEAD", "POST")
def request_list(request: HttpRequest, format_: str) -> HttpResponse:
    """Report something, or read what was reported."""
    if request.method != "POST":
        return answer("service_requests", requests.found_requests(request), format_)
    report = take_report(request)
    told = {"service_request_id": report.case.number, "service_notice": report.notice, "account_id": None}
    return answer("service_requests", [told], format_, status=201)


@spoken("GET", "HEAD")
def one_request(request: HttpRequest, number: str, format_: str) -> HttpResponse:
    """One request."""
    return answer("service_requests", requests.found_request(request, number), format_)


@spoken("GET", "HEAD")
def token(request: HttpRequest, token_id: str, format_: str) -> HttpResponse:
    """Every report gets its id at once, so there is no token to ask for."""
    raise NotThere("api.open311.token_unknown", id=token_id[:40])


def _jurisdiction(request: HttpRequest) -> str:
    code = request.GET.get("jurisdiction_id", "").strip()
    if not code:
        raise Refused("api.open311.no_jurisdiction", field="jurisdiction_id")
    found: str = services.jurisdiction(code).code
    return found
