"""A report of an Open311 client becomes a case: its parameters become the answers of the scenario's form."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from cunzhi.api.auth import Caller, caller_by_token, counted
from cunzhi.api.errors import NotSignedIn, Unanswered
from cunzhi.api.kinds import request_key
from cunzhi.api.open311.services import Service, jurisdiction, room, service_at
from cunzhi.api.problems import language
from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.messages import say
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.answers import AnswersRefused
from cunzhi.engine.models import Case
from cunzhi.engine.permission import titles
from cunzhi.registry.models import Person

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
NOT_KEPT = ("email", "device_id", "account_id", "first_name", "last_name", "phone", "media_url", "address_id")
"""Of whoever sits behind the client nothing is kept: the holder of the key reports. And nothing is fetched."""
ATTRIBUTE = re.compile(r"attribute\[(?P<code>[^\]]*)\](\[\])?")
VILLAGE = 12


@dataclass(frozen=True)
class Report:
    """A case that was opened, and what is said to the client about it."""

    case: Case
    notice: str


def take_report(request: HttpRequest) -> Report:
    """Open the case in the name of the holder of the key. The same report twice on one day is one case."""
    if request.content_type not in FORMS:
        raise Unanswered("api.open311.no_form")
    given = request.POST
    if any("\x00" in part for name, values in given.lists() for part in (name, *values)):
        raise Unanswered("api.open311.nul")
    caller = caller_of(request, given.get("api_key", ""))
    if caller is None:
        raise NotSignedIn("api.open311.no_key")
    place_code = _village(given.get("jurisdiction_id", "").strip(), caller)
    service = service_at(place_code, given.get("service_code", "").strip())
    answers = _answers(given, service)
    case = _opened(caller, service, place_code, answers)
    return Report(case, _notice(given, case))


def caller_of(request: HttpRequest, key: str = "") -> Caller | None:
    """The holder of the key that came with the request, in its body or its header; None for nobody."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    secret = key or (secret if scheme.lower() == "bearer" else "")
    if not secret:
        return None
    try:
        return counted(caller_by_token(request, secret))
    except NotSignedIn:
        raise NotSignedIn("api.open311.wrong_key") from None


def _village(code: str, caller: Caller) -> str:
    """The village or grid that the report is about; for a wider one, the reporter's own when it lies there."""
    home: str = Person.objects.values_list("place_code", flat=True).get(pk=caller.person_id)
    if not code:
        return home
    place = jurisdiction(code)
    if len(place.code) >= VILLAGE:
        return str(place.code)
    if home.startswith(place.code):
        return home
    raise Refused("api.open311.jurisdiction_wide", field="jurisdiction_id", code=place.code)


def _opened(caller: Caller, service: Service, place_code: str, answers: dict[str, Any]) -> Case:
    content = json.dumps([service.code, place_code, answers, clock.today().isoformat()], sort_keys=True)
    try:
        return open_case(
            by=caller.actor,
            scenario=service.setting.scenario.slug,
            workflow=service.workflow,
            place_code=place_code,
            answers=answers,
            key=request_key(caller.person_id, "open311", hashlib.sha256(content.encode()).hexdigest()),
        )
    except AnswersRefused as refused:
        raise AnswersRefused({name: _renamed(one, service) for name, one in refused.problems.items()}) from None


def _answers(given: QueryDict, service: Service) -> dict[str, Any]:
    answers: dict[str, Any] = {service.kind.name: service.choice, **_attributes(given, service)}
    point = _point(given)
    address = given.get("address_string", "").strip()
    if not point and not address:
        raise Refused("api.open311.no_location")
    if point and service.point is not None:
        answers[service.point.name] = point
    if service.address is not None:
        answers[service.address.name] = address or point.replace(" ", ", ")
    _describe(given.get("description", "").strip(), answers, service)
    return answers


def _point(given: QueryDict) -> str:
    """'latitude longitude' as forms take it, or nothing."""
    parts = [given.get(name, "").strip() for name in ("lat", "long")]
    if not any(parts):
        return ""
    if not all(re.fullmatch(r"[-+]?[0-9]{1,3}(\.[0-9]{1,20})?", part) for part in parts):
        raise Refused("api.open311.half_location")
    return " ".join(parts)


def _describe(description: str, answers: dict[str, Any], service: Service) -> None:
    """The description goes whole into the field with the most room; other fields that must be filled get its start."""
    if not description:
        return
    if service.texts:
        widest, *others = service.texts
        answers[widest.name] = description
        answers.update({one.name: description[: room(one)] for one in others if one.required})
        return
    if service.address is None:
        raise Refused("api.open311.too_far", field="description", most=0)
    joined = f"{answers[service.address.name]} — {description}"
    if len(joined) > room(service.address):
        raise Refused("api.open311.too_far", field="description", most=room(service.address))
    answers[service.address.name] = joined


def _attributes(given: QueryDict, service: Service) -> dict[str, Any]:
    known = {one.name: one for one in service.attributes}
    found: dict[str, Any] = {}
    for name, values in given.lists():
        match = ATTRIBUTE.fullmatch(name)
        if match is None or not any(values):
            continue
        if match["code"] not in known:
            raise Refused("api.open311.attribute_unknown", field=name[:60], code=match["code"][:40])
        many = known[match["code"]].type == "select_multiple"
        day = known[match["code"]].type == "date"
        found[match["code"]] = values if many else values[-1][:10] if day else values[-1]
    return found


def _renamed(refused: Refused, service: Service) -> Refused:
    """A refusal speaks of the client's parameter, not of our field."""
    if service.address is not None and refused.field == service.address.name:
        name = "address_string"
    elif refused.field in [one.name for one in service.texts]:
        name = "description"
    elif service.point is not None and refused.field == service.point.name:
        name = "lat, long"
    else:
        name = f"attribute[{refused.field}]"
    return Refused(refused.code, field=name, **refused.params)


def _notice(given: QueryDict, case: Case) -> str:
    said = []
    if case.waits_for:
        said.append(say("api.open311.received", language(), who=titles([case.waits_for])))
    left = [name for name in NOT_KEPT if given.get(name, "").strip()]
    if left:
        said.append(say("api.open311.not_kept", language(), names=", ".join(left)))
    return " ".join(said)
