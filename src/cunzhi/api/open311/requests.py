"""Requests: what was reported, as everybody may read it.

No names, no free text, no pictures: people did not write these for the public. The place is the village's, a point is
rounded to about a hundred metres. Whoever may see the case, and says so with a key, gets text, address and the point.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import Exact
from django.http import HttpRequest, QueryDict

from cunzhi.api.auth import Caller
from cunzhi.api.cases.telling import setting_of
from cunzhi.api.errors import NotThere
from cunzhi.api.open311.reports import caller_of
from cunzhi.api.open311.services import ADDRESS, form_of, jurisdiction, kind_of, public_scenarios
from cunzhi.api.problems import language
from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.fields import under
from cunzhi.base.numbers import NumberRefused, check_number
from cunzhi.engine.choices import labels
from cunzhi.engine.models import Case
from cunzhi.engine.permission import titles, why_seen
from cunzhi.engine.queries.cases import scenario_of, state_of, whole
from cunzhi.registry.queries.places import path_of

SPAN = timedelta(days=90)
MOST = 1000
MOST_IDS = 100
DECIMALS = 3
YEARS = range(1990, 2200)


@dataclass(frozen=True)
class Window:
    """From when to when requests were made."""

    start: datetime
    end: datetime


def found_requests(request: HttpRequest) -> list[dict[str, Any]]:
    """The requests that the query asks for, the newest first."""
    asked = request.GET
    caller = caller_of(request)
    ids = _listed(asked, "service_request_id")
    if ids:
        return [_told(case, caller) for case in whole(_public().filter(number__in=_numbers(ids)).order_by("-id"))]
    if not asked.get("jurisdiction_id", "").strip():
        raise Refused("api.open311.no_jurisdiction", field="jurisdiction_id")
    window = _window(asked)
    rows = _public().filter(under(jurisdiction(asked["jurisdiction_id"].strip()).code))
    rows = rows.filter(opened_at__gte=window.start, opened_at__lte=window.end)
    rows = _of_status(_of_services(rows, _listed(asked, "service_code")), _listed(asked, "status"))
    size, page = _number(asked, "page_size", MOST), _number(asked, "page", MOST, 1)
    chosen = rows.order_by("-opened_at", "-id")[(page - 1) * size : page * size]
    return [_told(case, caller) for case in whole(chosen)]


def found_request(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """One request, in a list as the standard has it."""
    case = whole(_public().filter(number__in=_numbers([number]))).first()
    if case is None:
        raise NotThere("api.open311.request_unknown", id=number[:40])
    return [_told(case, caller_of(request))]


def _public() -> QuerySet[Case]:
    """Cases that are open to Open311 clients and whose answers are still kept."""
    condition = Q(pk__in=[])
    for scenario in public_scenarios():
        condition |= Q(scenario=scenario.slug, workflow=scenario.manifest.open311)
    return Case.objects.filter(condition, erased_at__isnull=True)


def _of_services(rows: QuerySet[Case], codes: list[str]) -> QuerySet[Case]:
    if not codes:
        return rows
    condition = Q(pk__in=[])
    for scenario in public_scenarios():
        form, prefix = form_of(scenario), f"{scenario.slug}.{scenario.manifest.open311}."
        for code in codes:
            if form is not None and code.startswith(prefix):
                kind = KeyTextTransform(kind_of(form).name, "answers")
                condition |= Q(scenario=scenario.slug) & Q(Exact(kind, Value(code.removeprefix(prefix))))
    return rows.filter(condition)


def _of_status(rows: QuerySet[Case], wanted: list[str]) -> QuerySet[Case]:
    for status in wanted:
        if status not in ("open", "closed"):
            raise Refused("api.open311.bad_status", field="status", status=status[:40])
    if len(set(wanted)) != 1:
        return rows
    return rows.filter(closed_at__isnull=wanted[0] == "open")


def _window(asked: QueryDict) -> Window:
    """Ninety days at most: those before now when nothing is said, those beside the one end that is."""
    start, end = _moment(asked, "start_date"), _moment(asked, "end_date")
    if end is None:
        end = start + SPAN if start else clock.now()
    if start is None:
        start = end - SPAN
    if end - start > SPAN or end < start:
        raise Refused("api.open311.bad_span", days=SPAN.days)
    return Window(start, end)


def _moment(asked: QueryDict, name: str) -> datetime | None:
    """A moment; without a zone, the villages'. A plus that was not escaped arrives as a space."""
    text = asked.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("api.open311.bad_date", field=name, name=name) from None
    if moment.year not in YEARS:
        raise Refused("api.open311.bad_date", field=name, name=name)
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)


def _listed(asked: QueryDict, name: str) -> list[str]:
    return [part.strip() for text in asked.getlist(name) for part in text.split(",") if part.strip()]


def _number(asked: QueryDict, name: str, most: int, usual: int | None = None) -> int:
    text = asked.get(name, "").strip()
    if not text:
        return usual or most
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= most):
        raise Refused("api.open311.bad_number", field=name, name=name, most=most)
    return int(text)


def _numbers(ids: list[str]) -> list[str]:
    """Case numbers as we write them; what cannot be one is no request."""
    if len(ids) > MOST_IDS:
        raise Refused("api.open311.too_many_ids", field="service_request_id", most=MOST_IDS)
    found = []
    for text in ids:
        try:
            found.append(check_number(text))
        except NumberRefused:
            continue
    return found


def _told(case: Case, caller: Caller | None) -> dict[str, Any]:
    scenario = scenario_of(case)
    form = form_of(scenario)
    chosen = str(case.answers.get(kind_of(form).name, "")) if form else ""
    named = labels(kind_of(form), setting_of(case), [chosen]) if form else {}
    known = caller is not None and why_seen(case, caller.access) is not None
    return {
        "service_request_id": case.number,
        "status": "closed" if case.closed_at else "open",
        "status_notes": state_of(case).title.in_(language()),
        "service_name": named[chosen].in_(language()) if chosen in named else chosen,
        "service_code": f"{case.scenario}.{case.workflow}.{chosen}",
        "description": _description(case) if known else None,
        "agency_responsible": titles([case.waits_for]).in_(language()) if case.waits_for else None,
        "service_notice": None,
        "requested_datetime": _written(case.opened_at),
        "updated_datetime": _written(case.closed_at or case.entered_at),
        "expected_datetime": _written(case.due_at),
        **_where(case, known=known),
        "media_url": None,
    }


def _where(case: Case, *, known: bool) -> dict[str, Any]:
    form = form_of(scenario_of(case))
    names = [one.name for one in form.fields if one.type == "geopoint"] if form else []
    point = next((case.answers[name] for name in names if name in case.answers), None)
    address = list(reversed(path_of(case.place_code)))
    if known and case.answers.get(ADDRESS):
        address.insert(0, str(case.answers[ADDRESS]))
    lat, long = [None if point is None else _shown(point[name], known=known) for name in ("latitude", "longitude")]
    return {"address": ", ".join(address), "address_id": case.place_code, "zipcode": None, "lat": lat, "long": long}


def _shown(degrees: float, *, known: bool) -> float:
    return degrees if known else round(degrees, DECIMALS)


def _description(case: Case) -> str:
    """All that was written in the form beside the address."""
    form = form_of(scenario_of(case))
    names = [one.name for one in form.fields if one.type == "text" and one.name != ADDRESS] if form else []
    return "\n".join(dict.fromkeys(str(case.answers[name]) for name in names if case.answers.get(name)))


def _written(moment: datetime | None) -> str | None:
    return moment.astimezone(clock.ZONE).isoformat(timespec="seconds") if moment else None
