"""Public warnings are issued, updated and cancelled; each is a CAP message that is kept as it was sent."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from cunzhi.alarms.cap.message import Alert, Area, Info, Reference
from cunzhi.alarms.cap.writing import written
from cunzhi.alarms.hazards import SEVERITY, WORDS, require_hazard
from cunzhi.alarms.models import Alarm, Colour, Warned, WarnedPlace
from cunzhi.alarms.queries.warnings import ISSUE, still_held
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.clock import ZONE
from cunzhi.base.errors import Conflict, Refused
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.rules import checked_words, unless_taken
from cunzhi.registry.queries.places import name_of, require_place

LONGEST_HEADLINE, LONGEST_TEXT = 140, 2000
LONGEST = timedelta(days=7)
"""A warning that should hold longer is updated: what nobody looks after ends by itself."""
URGENCY = {"red": "Immediate", "orange": "Expected", "yellow": "Expected", "blue": "Future"}
RESPONSE = {"red": "Execute", "orange": "Prepare", "yellow": "Prepare", "blue": "Monitor"}
DIVISION, COLOUR = "CN-division", "colour"
SERIALS = 10


@dataclass(frozen=True)
class Draft:
    """What is to be said to everybody."""

    place_code: str
    hazard: str
    colour: str
    headline: str
    description: str
    instruction: str
    expires: datetime
    contact: str = ""
    web: str = ""
    exercise: bool = False
    alarm: Alarm | None = None


@transaction.atomic
def issue(*, by: Actor, draft: Draft, replaces: Warned | None = None) -> Warned:
    """Warn everybody at a place. With `replaces` it is an Update, which names every message that it stands for."""
    Access(by).require(ISSUE, draft.place_code)
    _check(draft)
    old = _chain(replaces, draft.place_code) if replaces else []
    if replaces is None and still_held([draft.place_code], draft.hazard):
        raise Conflict("alarms.warning.update_instead", field="hazard")
    kind = Warned.Type.UPDATE if old else Warned.Type.ALERT
    made = _sent(by, draft, kind, old, draft.colour, _info(draft, clock.now()))
    _replace(old, made)
    verb = "warning.updated" if old else "warning.issued"
    _note(by, verb, made, old)
    return made


@transaction.atomic
def cancel(*, by: Actor, warned: Warned, reason: str) -> Warned:
    """The warning holds no longer. The Cancel names it and what it had replaced, as far as that would still hold."""
    place = warned.places.get().place_code if not warned.received else ""
    if not place:
        raise Refused("alarms.warning.not_ours")
    Access(by).require(ISSUE, place)
    old = _chain(warned, place)
    reason = checked_words(reason, "reason")
    headline = f"解除：{warned.headline}"[:LONGEST_HEADLINE]
    draft = Draft(
        place_code=place, hazard=warned.hazard, colour=warned.colour, headline=headline, description=reason,
        instruction="", expires=warned.expires, exercise=warned.status == Warned.Status.EXERCISE,
        contact=warned.contact,
    )  # fmt: skip
    made = _sent(by, draft, Warned.Type.CANCEL, old, warned.colour, _info(draft, clock.now(), response="AllClear"))
    _replace(old, made)
    _note(by, "warning.cancelled", made, old)
    return made


def _check(draft: Draft) -> None:
    require_place(draft.place_code)
    require_hazard(draft.hazard)
    if draft.colour not in Colour.values:
        raise Refused("alarms.no_such_colour", field="colour")
    checked_words(draft.headline, "headline", LONGEST_HEADLINE)
    for name in ("description", "instruction"):
        text = getattr(draft, name).strip()
        if not text or len(text) > LONGEST_TEXT:
            raise Refused("alarms.warning.text", field=name, longest=LONGEST_TEXT)
    if not clock.now() < draft.expires <= clock.now() + LONGEST:
        raise Refused("alarms.warning.expires", field="expires", days=LONGEST.days)


def _chain(warned: Warned, place_code: str) -> list[Warned]:
    """The message that holds, and those before it that are not expired. It must not be replaced or over already."""
    now = Warned.objects.select_for_update(of=("self",)).get(pk=warned.pk)
    if now.received or not now.places.filter(place_code=place_code).exists():
        raise Refused("alarms.warning.not_ours")
    if now.replaced_by_id is not None or now.kind == Warned.Type.CANCEL or now.expires <= clock.now():
        raise Conflict("alarms.warning.over")
    chain, newest = [now], [now.pk]
    while newest:
        before = list(Warned.objects.filter(replaced_by__in=newest, expires__gt=clock.now()))
        chain, newest = chain + before, [one.pk for one in before]
    return chain


def _info(draft: Draft, now: datetime, response: str = "") -> Info:
    hazard = require_hazard(draft.hazard)
    code = ("CN-event", hazard.code) if hazard.code else ("cunzhi", draft.hazard)
    return Info(
        category=hazard.category, event=hazard.title.zh_Hans, response=response or RESPONSE[draft.colour],
        urgency="Past" if response else URGENCY[draft.colour], severity=SEVERITY[draft.colour],
        certainty="Observed" if draft.alarm or response else "Likely", event_codes=(code,), effective=now,
        expires=draft.expires, sender_name=f"{name_of(draft.place_code)}（村治平台）", headline=draft.headline.strip(),
        description=draft.description.strip(), instruction=draft.instruction.strip(), web=draft.web,
        contact=draft.contact, parameters=((COLOUR, WORDS[draft.colour]),),
        areas=(Area(name_of(draft.place_code), codes=((DIVISION, draft.place_code),)),),
    )  # fmt: skip


def _sent(by: Actor, draft: Draft, kind: str, old: list[Warned], colour: str, info: Info) -> Warned:
    now = clock.now().replace(microsecond=0)
    status = Warned.Status.EXERCISE if draft.exercise else Warned.Status.ACTUAL
    sender = f"{draft.place_code[:6]:0<6}{settings.CUNZHI_WARNING_UNIT}"
    references = tuple(Reference(one.sender, one.identifier, one.sent) for one in old)
    exercise = "演练，不是真实预警。Drill, no real warning." if draft.exercise else ""
    alert = Alert(
        identifier=_identifier(sender, now), sender=sender, sent=now, status=status, kind=kind, note=exercise,
        references=references, infos=(info,),
    )  # fmt: skip
    xml = written(alert)
    values: dict[str, Any] = {
        "identifier": alert.identifier, "sender": sender, "sent": now, "status": status, "kind": kind,
        "hazard": draft.hazard, "event": info.event, "event_code": info.event_codes[0][1], "colour": colour,
        "effective": now, "expires": info.expires, "headline": info.headline, "description": info.description,
        "instruction": info.instruction, "sender_name": info.sender_name, "contact": info.contact,
        "taken_at": now, "digest": hashlib.sha256(xml.encode()).hexdigest(), "xml": xml, "alarm": draft.alarm,
    }  # fmt: skip
    with unless_taken("alarms.warning.twice"):
        made = Warned.objects.create(**values)
    WarnedPlace.objects.create(warned=made, place_code=draft.place_code, words=info.areas[0].words)
    return made


def _identifier(sender: str, now: datetime) -> str:
    """ZZZZZZDDDUUUXX_YYYYMMDDhhmmss_N by GB/T 35965.1: area, sector, unit, extension, Beijing time, serial."""
    stem = f"{sender}_{now.astimezone(ZONE):%Y%m%d%H%M%S}_"
    serial = Warned.objects.filter(sender=sender, identifier__startswith=stem).count()
    if serial >= SERIALS:
        raise Conflict("alarms.warning.twice")
    return f"{stem}{serial}"


def _replace(old: list[Warned], made: Warned) -> None:
    Warned.objects.filter(pk__in=[one.pk for one in old], replaced_by__isnull=True).update(replaced_by=made)


def _note(by: Actor, verb: str, made: Warned, old: list[Warned]) -> None:
    detail: dict[str, Any] = {name: getattr(made, name) for name in ("identifier", "colour", "hazard", "status")}
    detail |= {"replaces": [one.identifier for one in old]} if old else {}
    place = made.places.get().place_code
    note(by=by, verb=verb, record=made.record, place_code=place, detail=detail, public=made.xml.encode())
