"""The addresses of the platform, filled in with records of the right place, and requests that would do something."""

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

from api.counties import HERE, drawn
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from matrix_alarms import on_alarms
from matrix_emergencies import on_emergencies
from matrix_world import GRID, PHONE, SHEET, TOWNSHIP, VILLAGE, Somebody, World

NO_SUCH_METHOD = 405
SENDING = ("api/v1/pictures", "api/v1/files")
"""Where the API takes a file and no JSON."""
ZIPPED = b"PK\x03\x04"
FIRES = b"latitude,longitude,acq_date,acq_time,satellite,confidence,version,daynight,bright_ti4\n"
SIGN_IN = "/sign-in/?next="
RECORDS = {
    "person_id", "double_id", "household_id", "appointment_id", "activation_id", "number", "picture_id", "notice_id",
    "file_id", "item_id", "book_id", "account_id", "token_id", "stream_id", "thing_id", "device_id", "path",
    "topic_id", "said_id", "hiding_id", "objection_id", "meeting_id", "event_id",
    "alarm_id", "mute_id", "warned_id", "sender_id",
}  # fmt: skip
"""What in an address names a record of a place. Whoever asks for one from elsewhere is refused, whatever the method."""


@dataclass
class Route:
    """One address as the resolver has it, and what it takes."""

    name: str
    pattern: str
    params: list[str] = field(default_factory=list)

    @property
    def names_a_record(self) -> bool:
        return bool(RECORDS & set(self.params))


@functools.cache
def routes() -> list[Route]:
    """Every address, once."""
    found = {}
    for pattern in _walk(get_resolver()):
        name = _plain(pattern)
        found[name] = Route(re.sub(r"\.?<format_>$", "", name), pattern, re.findall(r"<(?:\w+:)?(\w+)>", name))
    return list(found.values())


def _walk(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern)


@functools.cache
def _plain(pattern: str) -> str:
    """A pattern without what only regular expressions need: (?P<number>[^/]+) is <number>."""
    return re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", pattern).replace("^", "").replace("$", "").replace("\\", "")


def fillings(route: Route, world: World) -> Iterator[dict[str, Any]]:
    """What stands in the blanks of an address: records of the right place, and every word that a blank may take."""
    scenario = {"scenario": "points", "slug": "points", "workflow": "deed", "indicator": "deeds_reported"}
    known = {**world.values, **scenario, "format_": "json", "rest": "nothing", "part": "manifest"}
    special: dict[str, list[dict[str, Any]]] = {
        "people/<int:person_id>/change/<slug:name>/": [
            *({"name": name} for name in ("correct", "phone", "move", "out", "join", "death")),
            *({"name": name, "person_id": world.made["villager"]} for name in ("relation", "leave")),
        ],
        "households/<int:household_id>/change/<slug:name>/": [
            {"name": "address"},
            {"name": "close", "household_id": world.made["empty"]},
        ],
        "cases/<str:number>/<slug:transition>/": [
            {"transition": "decline"},
            {"number": world.made["deed"].number, "transition": "approve"},
        ],
        "places/<str:code>/fires/": [{"code": HERE}],
        "places/<str:code>/ecology/<int:stream_id>/": [{"stream_id": world.made["public_stream"]}],
        "notices/<int:notice_id>/": [world.made["public"]],
        "notices/<int:notice_id>/content.json": [world.made["public"]],
        "notices/<int:notice_id>/files/<int:file_id>/": [world.made["public"]],
        "board/<str:code>/accounts/<str:period>/": [{"period": "2026-02"}],
        "board/<str:code>/accounts/<str:period>/preview/": [{"period": "2026-03"}],
        "api/v1/cases/<number>/files/<file_id>": [{"number": world.made["public"]["number"]}],
        "cases/<str:number>/": [{"number": number} for number in world.numbers],
        "village/notices/<int:notice_id>/<slug:transition>/": [{"transition": "object"}],
        "rules/<int:activation_id>/<slug:name>/": [{"name": "daily_cap"}],
        "open311/v2/services?/<code>": [{"code": "living_environment.problem.lamp"}],
        "sensorthings/v1.1/<path>": [{"path": path} for path in world.made["sensorthings"]],
        "figures/<slug:scenario>/<slug:name>/": [{"name": "deeds_reported"}, {"name": "share_granted"}],
    }
    log = world.made["log"]
    special |= {route.name: [log] for route in routes() if route.name.startswith(("log/", "witness/"))}
    topics = world.made["topics"]
    for name, topic_id in topics["of"].items():
        special[f"topics/<int:topic_id>/{name}/"] = [{"topic_id": topic_id}]
    special["topics/<int:topic_id>/sheets/print/"] = [{"topic_id": topics["of"]["print"]}]
    special["topics/<int:topic_id>/sheets/void/"] = [{"topic_id": topics["of"]["sheets"]}]
    special["topics/<int:topic_id>/result/ballots.csv"] = [{"topic_id": topics["of"]["result"]}]
    for name in ("draw", "object"):
        special[f"topics/<int:topic_id>/roll/{name}/"] = [{"topic_id": topics["of"]["roll"]}]
    special["topics/hidden/<int:hiding_id>/judge/"] = [{"hiding_id": topics["judged"]}]
    figures = route.name.startswith("figures/<slug:scenario>/<slug:name>/records")
    for chosen in special.get(route.name, [{"name": "deeds_reported"}] if figures else [{}]):
        yield {name: {**known, **chosen}[name] for name in route.params}


def address(route: Route, filled: dict[str, Any]) -> str:
    """The address with its blanks filled; it must lead to where the pattern leads."""
    plain = _plain(route.pattern).replace("(v2/)?", "v2/").replace("services?/", "services/")
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda blank: str(filled[blank[1]]), plain)
    assert _plain(resolve(path).route) == _plain(route.pattern), f"{path} is not {route.pattern}"
    return path


ASKED = {
    "place": HERE,
    "place_code": VILLAGE,
    "jurisdiction_id": VILLAGE,
    "first": "2026-03",
    "last": "2026-03",
    "q": "庞双录",
    "text": "village",
    "level": "village",
    "on": "2026-03-02",
    "_place": GRID,
}
"""What every GET asks for besides: the right place by every name that a page might read."""


def body(route: Route, world: World) -> dict[str, Any]:
    """What would do something, if one were allowed: every field that any form asks for, and what differs for one."""
    fields = {
        **ASKED,
        "basis": "village meeting",
        "since": "2026-03-01",
        "on": "2026-03-02",
        "until": "2026-12-31",
        "name": "庞改名",
        "number": "H-7731-Q",
        "relation": "child",
        "address": "elsewhere",
        "sex": "female",
        "born_on": "1949-12-31",
        "phone": "13711112222",
        "field": "phone",
        "purpose": "visit",
        "words": "spring visit",
        "sure": "yes",
        "how": "face",
        "role": "village_cadre",
        "key": uuid4().hex,
        "_key": uuid4().hex,
        "_reason": "not so",
        "reason": "counted",
        "quantity": "1",
        "price": "12",
        "counted": "3",
        "amount": "5",
        "row_value": "20",
        "upto": "99999",
        "language": "en",
        "care": "1",
        "seen": "photo",
        "verbs": "case.see",
        "days": "30",
        "old": "",
        "new": "mountain-road-7",
        "again": "mountain-road-7",
    }
    return fields | _special(route, world)


def _special(route: Route, world: World) -> dict[str, Any]:
    photo = SimpleUploadedFile("yard.jpg", drawn("yellow"), "image/jpeg")
    deed = {"deed": "help_elder", "done_on": "2026-03-01", "photos.file": photo, "note": "x"}
    soap = world.made["soap"]
    topics = world.made["topics"]
    known: dict[str, dict[str, Any]] = {
        **_on_topics(topics, world),
        **_at_meetings(world.made["meeting"]),
        **on_alarms(VILLAGE),
        **on_emergencies(world.made["emergency"], VILLAGE),
        "people/take/": {"file": SimpleUploadedFile("list.csv", SHEET, "text/csv")},
        "fires/upload/": {"file": SimpleUploadedFile("fires.csv", FIRES, "text/csv")},
        "people/take/done/": {"token": world.made["preview"]},
        "people/<int:person_id>/unmask/": {"field": "identity"},
        "people/<int:person_id>/change/<slug:name>/": {"place_code": GRID, "number": world.made["empty number"]},
        "households/new/": {"place_code": GRID, "number": "H-99"},
        "appointments/new/": {"phone": PHONE},
        "scenarios/<slug:slug>/on/": {"place_code": TOWNSHIP},
        "report/<slug:scenario>/<slug:workflow>/": deed,
        "cases/<str:number>/<slug:transition>/": {"_version": "1"},
        "village/notices/<int:notice_id>/<slug:transition>/": {"_version": str(world.made["told"].version)},
        "shop/hand-over/": {"number": soap.number, "code": world.made["code"]},
        "sign-in/": {"phone": PHONE},
        "sign-in/password/": {"phone": PHONE, "password": "wrong"},
        "me/tokens/": {"name": "another"},
        "open311/v2/requests": {
            "jurisdiction_id": GRID,
            "service_code": "living_environment.problem.lamp",
            "description": "out again",
            "lat": "29.4056",
            "long": "106.5412",
        },
    }
    return known.get(route.name, {})


def _on_topics(topics: dict[str, Any], world: World) -> dict[str, dict[str, Any]]:
    office = {"way": "paper", "voter": "1", "option": "2", "witness": str(world.person("supervisor").pk)}
    decided = {"verdict": "yes", "text": "looked at"}
    announced = {
        "title": "lamps", "discuss_from": "2026-03-02", "discuss_until": "2026-03-05", "answer_by": "2026-03-20",
        "ballot": "open", "voice": "person", "quorum": "half", "least": "5", "vote_until": "2026-03-09",
        "options": "yes\nno", "record": "",
    }  # fmt: skip
    return {
        "topics/new/": announced,
        "topics/<int:topic_id>/vote/": {"option": "2"},
        "topics/<int:topic_id>/ballot/": {"option": "2", "code": topics["code"]},
        "topics/<int:topic_id>/receipt/": {"receipt": topics["receipt"]},
        "topics/<int:topic_id>/enter/": office,
        "topics/<int:topic_id>/sheets/": {"number": ["1"]},
        "topics/<int:topic_id>/roll/object/": {"text": "struck", "number": "1"},
        "topics/hidden/<int:hiding_id>/judge/": decided,
        "topics/objections/<int:objection_id>/": decided,
    }


def _at_meetings(meeting: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {
        "meetings/<int:meeting_id>/": {"seat": meeting["absent"], "how": "clerk"},
        "meetings/<int:meeting_id>/strike/": {"seat": meeting["came"]},
        "meetings/<int:meeting_id>/come/": {"code": meeting["code"]},
    }


def json_body(route: Route, world: World) -> dict[str, Any]:
    """The same for the API."""
    lamp = world.made["lamp"]
    answers = {"kind": "road", "where": "beside the bridge"}
    opening = {"scenario": "living_environment", "workflow": "problem", "place_code": GRID, "answers": answers}
    return {
        "api/v1/cases": opening,
        "api/v1/cases/<number>/steps": {"transition": "decline", "version": lamp.version, "reason": "not ours"},
        "api/v1/messages/read": {"upto": 99999},
        "sensorthings/v1.1/<path>": {"result": 2.5},
    }.get(route.name, {})


def ask(who: Somebody, method: str, route: Route, filled: dict[str, Any], world: World) -> tuple[HttpResponse, str]:
    """One request, and everything that it said itself: what comes back of that is an echo and no secret."""
    cache.clear()
    path = address(route, filled)
    headers, client, cookies = {"accept-language": "zh-hans"}, world.client, who.cookies
    if path.startswith(("/api/", "/open311/", "/sensorthings/")):
        headers["Idempotency-Key"], cookies = uuid4().hex, {}
        if who.secret:
            headers["Authorization"] = f"Bearer {who.secret}"
    client.cookies = SimpleCookie(cookies)
    if method == "GET":
        asked = {} if path.startswith("/sensorthings/") else ASKED  # which refuses what it does not know
        answer = client.get(path, asked, headers=headers)
        return answer, path + repr(asked)
    if path.startswith(("/api/", "/sensorthings/")) and route.name not in SENDING:
        sent = json_body(route, world)
        answer = client.post(path, json.dumps(sent), content_type="application/json", headers=headers)
    else:
        sent = body(route, world)
        if route.name in SENDING:
            sent = {"field": "photos", "place_code": GRID, "file": SimpleUploadedFile("a.jpg", drawn("pink"))}
        answer = client.post(path, sent, headers=headers)
    return answer, path + repr(sent)


def said(answer: HttpResponse) -> str:
    """Everything that came back, headers and the inside of a sheet included."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if content.startswith(ZIPPED):
        with ZipFile(BytesIO(content)) as sheet:
            content = b"".join(sheet.read(name) for name in sheet.namelist())
    return content.decode("utf-8", "replace") + repr(dict(answer.headers))


def refused(answer: HttpResponse) -> bool:
    """Whether the answer is a no."""
    return answer.status_code in (400, 401, 403, 404, NO_SUCH_METHOD, 409, 422) or (
        answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
    )
