"""CAP messages from outside: taken from known senders, matched to our places, and answered like an alarm."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction

from cunzhi.alarms.actions.calling import Tell
from cunzhi.alarms.actions.life import Danger, clear_by_itself, raise_alarm
from cunzhi.alarms.cap.certificates import Paper, certificate_of, paper_of
from cunzhi.alarms.cap.message import Alert, Info
from cunzhi.alarms.cap.places import matched
from cunzhi.alarms.cap.reading import begin_of, read
from cunzhi.alarms.cap.signature import signed_part
from cunzhi.alarms.hazards import COLOURS, by_code, hazards
from cunzhi.alarms.models import Alarm, KnownSender, Warned, WarnedPlace
from cunzhi.alarms.queries.senders import known_now
from cunzhi.alarms.queries.warnings import ISSUE, in_force
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Conflict, Refused
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.rules import unless_taken

AHEAD = timedelta(minutes=10)
OTHER = "other"
CHINESE = {"红": "red", "橙": "orange", "黄": "yellow", "蓝": "blue", "red": "red", "orange": "orange",
           "yellow": "yellow", "blue": "blue"}  # fmt: skip


@transaction.atomic
def receive(*, by: Actor, data: bytes, tell: Tell, digest: str = "") -> Warned:
    """Take a message over and call whom it concerns. The same message again changes nothing.

    `digest` is the SHA-256 that the sender gave by another way, if it did.
    """
    alert = read(data)
    found = hashlib.sha256(data).hexdigest()
    if digest and digest.lower().strip() != found:
        raise Refused("alarms.cap.digest", field="digest", found=found)
    sender = _known(by, alert)
    there = Warned.objects.filter(sender=alert.sender, identifier=alert.identifier).first()
    if there is not None and there.digest == found:
        return there
    alert, paper = _vouched_for(alert, data, sender.place_code)
    _for_the_public(alert)
    if there is not None:
        raise Conflict("alarms.cap.other_content", identifier=alert.identifier)
    old = _referred(alert)
    alert = alert if alert.infos else replace(alert, infos=(_info_of(old),))
    places = matched(alert, sender.place_code)
    if not places:
        raise Refused("alarms.cap.not_here", place=sender.place_code)
    made = _kept(alert, sender, places, data.decode("utf-8-sig"), found, paper)
    Warned.objects.filter(pk__in=[one.pk for one in old], replaced_by__isnull=True).update(replaced_by=made)
    detail = {"identifier": made.identifier, "sender": made.sender, "colour": made.colour, "kind": made.kind,
              "signed_by": made.signed_by}  # fmt: skip
    note(by=by, verb="warning.received", record=made.record, place_code=sender.place_code, detail=detail,
         public=made.xml.encode())  # fmt: skip
    _call(by, made, list(places), tell)
    end_of_received(by=by)
    return made


def _known(by: Actor, alert: Alert) -> KnownSender:
    """The row by which this sender is taken, if the actor may take it there."""
    access = Access(by)
    found = next((one for one in known_now(alert.sender) if access.may(ISSUE, one.place_code)), None)
    if found is None:
        raise Refused("alarms.cap.sender_unknown", field="sender", sender=alert.sender[:60])
    return found


def _vouched_for(alert: Alert, data: bytes, place_code: str) -> tuple[Alert, Paper | None]:
    """The message as its sender signed it, where the sender has a certificate: nothing else is read then.

    Only what was entered for the place of the message or above it counts: a township vouches for no county.
    """
    held = [one for one in known_now(alert.sender) if place_code.startswith(one.place_code)]
    certificates = [certificate_of(one.certificate) for one in held if one.certificate]
    if not certificates:
        return alert, None
    part, certificate = signed_part(data, certificates)
    signed = read(part)
    if signed.sender != alert.sender:
        raise Refused("alarms.cap.signature_place", field="file")
    return signed, paper_of(certificate)


def _for_the_public(alert: Alert) -> None:
    if alert.kind not in Warned.Type.values or alert.status not in Warned.Status.values or alert.scope != "Public":
        said = f"{alert.status}, {alert.kind}, {alert.scope}"
        raise Refused("alarms.cap.not_public", said=said)
    if alert.sent > clock.now() + AHEAD:
        raise Refused("alarms.cap.from_the_future", field="sent")


def _referred(alert: Alert) -> list[Warned]:
    """The messages of the same sender that this one replaces."""
    named = [one.identifier for one in alert.references if one.sender == alert.sender]
    return list(Warned.objects.select_for_update(of=("self",)).filter(sender=alert.sender, identifier__in=named))


def _info_of(old: list[Warned]) -> Info:
    """A Cancel may say nothing but what it cancels."""
    if not old:
        raise Refused("alarms.cap.nothing_known", field="references")
    return read(old[0].xml.encode()).infos[0]


def _kept(
    alert: Alert, sender: KnownSender, places: dict[str, str], xml: str, digest: str, paper: Paper | None
) -> Warned:
    info = next((one for one in alert.infos if one.language.lower().startswith("zh")), alert.infos[0])
    code = info.event_codes[0][1] if info.event_codes else ""
    values: dict[str, Any] = {
        "identifier": alert.identifier, "sender": alert.sender, "sent": alert.sent, "status": alert.status,
        "kind": alert.kind, "hazard": _hazard(info), "event": info.event[:60], "event_code": code[:24],
        "colour": _colour(info), "effective": begin_of(info, alert), "expires": info.expires,
        "headline": (info.headline or info.event)[:200], "description": info.description,
        "instruction": info.instruction, "sender_name": (info.sender_name or sender.name)[:120],
        "contact": info.contact[:120], "received": True, "taken_at": clock.now(), "digest": digest, "xml": xml,
        "signed_by": paper.fingerprint if paper else "", "signer": paper.subject if paper else "",
    }  # fmt: skip
    with unless_taken("alarms.cap.twice"):
        made = Warned.objects.create(**values)
    WarnedPlace.objects.bulk_create(
        WarnedPlace(warned=made, place_code=code, words=words[:200]) for code, words in places.items()
    )
    return made


def _hazard(info: Info) -> str:
    coded = (by_code(value) for _, value in info.event_codes)
    titled = (name for name, one in hazards().items() if one.title.zh_Hans in info.event or one.title.en == info.event)
    return next((name for name in (*coded, *titled) if name), OTHER)


def _colour(info: Info) -> str:
    """The colour that the message gives as a parameter or in its event; else the one of its severity."""
    said = [value for name, value in info.parameters if "colo" in name.lower() or "颜色" in name]
    for text in (*said, info.event, info.headline):
        found = next((colour for sign, colour in CHINESE.items() if sign in text.lower()), "")
        if found:
            return found
    return COLOURS.get(info.severity, "yellow")


def _call(by: Actor, made: Warned, places: list[str], tell: Tell) -> None:
    """A warning that holds is answered like an alarm; a graver Update makes the same alarm graver."""
    now = clock.now()
    if made.kind == Warned.Type.CANCEL or made.replaced_by_id is not None or not made.effective <= now < made.expires:
        return
    drill = made.status == Warned.Status.EXERCISE
    for code in places:
        danger = Danger(
            source=f"{'drill-' if drill else ''}cap:{code}", hazard=made.hazard, place_code=code, colour=made.colour,
            words=made.headline, drill=drill, observed_at=made.sent,
        )  # fmt: skip
        raise_alarm(by=by, danger=danger, tell=tell)


def end_of_received(*, by: Actor) -> int:
    """End the alarms of warnings from outside that hold no longer."""
    ended = 0
    open_ones = Alarm.objects.filter(source__contains="cap:", cleared_at__isnull=True)
    for alarm in list(open_ones):
        held = in_force().filter(received=True, hazard=alarm.hazard, places__place_code=alarm.place_code)
        if not held.exists():
            clear_by_itself(by=by, alarm=alarm)
            ended += 1
    return ended
