"""A CAP message that somebody else wrote: read without anything from outside, and held to what the schema cannot see.

A message with a document type is refused before it is parsed: there is no honest use for one in CAP, and without it
no entities, inner or outer, can be declared.
"""

import re
from datetime import datetime
from itertools import pairwise
from xml.etree.ElementTree import Element, ParseError, fromstring

from cunzhi.alarms.cap.message import NAMESPACE, Alert, Area, Info, Reference, Ring
from cunzhi.alarms.times import moment_of
from cunzhi.base.errors import Refused

LARGEST = 1024 * 1024
MOST_POINTS, MOST_INFOS, MOST_AREAS = 20_000, 50, 500
UNSAFE = re.compile(r"[\s,<&]")
CLOSED: dict[str, tuple[str, ...]] = {
    "status": ("Actual", "Exercise", "System", "Test", "Draft"),
    "msgType": ("Alert", "Update", "Cancel", "Ack", "Error"),
    "scope": ("Public", "Restricted", "Private"),
    "category": ("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE",
                 "Other"),
    "urgency": ("Immediate", "Expected", "Future", "Past", "Unknown"),
    "severity": ("Extreme", "Severe", "Moderate", "Minor", "Unknown"),
    "certainty": ("Observed", "Likely", "Possible", "Unlikely", "Unknown"),
}  # fmt: skip
ORDER = {
    "alert": ("identifier", "sender", "sent", "status", "msgType", "source", "scope", "restriction", "addresses",
              "code", "note", "references", "incidents", "info"),
    "info": ("language", "category", "event", "responseType", "urgency", "severity", "certainty", "audience",
             "eventCode", "effective", "onset", "expires", "senderName", "headline", "description", "instruction",
             "web", "contact", "parameter", "resource", "area"),
    "area": ("areaDesc", "polygon", "circle", "geocode", "altitude", "ceiling"),
}  # fmt: skip


def read(data: bytes) -> Alert:
    """The message, or Refused with what is wrong and where."""
    root = _root(data)
    _in_order(root, "alert")
    alert = Alert(
        identifier=_named(root, "identifier"), sender=_named(root, "sender"), sent=_moment(root, "sent"),
        status=_chosen(root, "status"), kind=_chosen(root, "msgType"), scope=_chosen(root, "scope"),
        note=_text(root, "note"), references=_references(_text(root, "references")),
        infos=tuple(_info(one) for one in root.iterfind(_name("info"))),
    )  # fmt: skip
    _check(alert)
    return alert


def _root(data: bytes) -> Element:
    if len(data) > LARGEST:
        raise Refused("alarms.cap.large", most=LARGEST // 1024)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("alarms.cap.no_utf8") from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Refused("alarms.cap.entities")
    try:
        root = fromstring(text.encode())  # noqa: S314  no document type, so no entities
    except (ParseError, ValueError, LookupError) as error:
        raise Refused("alarms.cap.no_xml", said=str(error)[:100]) from None
    if root.tag != _name("alert"):
        raise Refused("alarms.cap.no_alert")
    return root


def _in_order(node: Element, kind: str) -> None:
    """The schema wants its elements in one order; signatures may follow."""
    known, last = ORDER[kind], -1
    for child in node:
        name = child.tag.removeprefix(f"{{{NAMESPACE}}}")
        if name.startswith("{"):
            continue
        if name not in known or known.index(name) < last:
            raise Refused("alarms.cap.order", field=name[:40], part=name[:40], parent=kind)
        last = known.index(name)


def _info(node: Element) -> Info:
    _in_order(node, "info")
    expires, effective = _text(node, "expires"), _text(node, "effective")
    if not expires:
        raise Refused("alarms.cap.missing", field="expires", part="expires")
    areas = tuple(_area(one) for one in node.iterfind(_name("area")))
    if not areas:
        raise Refused("alarms.cap.missing", field="area", part="area")
    return Info(
        language=_text(node, "language") or "en-US", category=_chosen(node, "category"), event=_needed(node, "event"),
        response=_text(node, "responseType"), urgency=_chosen(node, "urgency"), severity=_chosen(node, "severity"),
        certainty=_chosen(node, "certainty"), event_codes=_pairs(node, "eventCode"),
        effective=moment_of(effective, "effective") if effective else None, expires=moment_of(expires, "expires"),
        sender_name=_text(node, "senderName"), headline=_text(node, "headline"),
        description=_text(node, "description"), instruction=_text(node, "instruction"), web=_text(node, "web"),
        contact=_text(node, "contact"), parameters=_pairs(node, "parameter"), areas=areas,
    )  # fmt: skip


def _area(node: Element) -> Area:
    _in_order(node, "area")
    return Area(
        words=_needed(node, "areaDesc"),
        rings=tuple(_ring(one.text or "") for one in node.iterfind(_name("polygon"))),
        circles=tuple(_circle(one.text or "") for one in node.iterfind(_name("circle"))),
        codes=_pairs(node, "geocode"),
    )


def _ring(text: str) -> Ring:
    points = text.split()
    if not 4 <= len(points) <= MOST_POINTS:
        raise Refused("alarms.cap.polygon_short", field="polygon", part="polygon", most=MOST_POINTS)
    ring = tuple(_point(one, "polygon") for one in points)
    if ring[0] != ring[-1]:
        raise Refused(
            "alarms.cap.polygon_open", field="polygon", part="polygon", first=points[0][:40], last=points[-1][:40]
        )
    return ring


def _circle(text: str) -> tuple[float, float, float]:
    centre, _, radius = text.strip().partition(" ")
    lat, lon = _point(centre, "circle")
    try:
        found = float(radius)
    except ValueError:
        raise Refused("alarms.cap.no_point", field="circle", part="circle", text=text[:40]) from None
    if not 0 <= found <= 20_000:
        raise Refused("alarms.cap.no_point", field="circle", part="circle", text=text[:40])
    return lat, lon, found


def _point(text: str, field: str) -> tuple[float, float]:
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        raise Refused("alarms.cap.no_point", field=field, part=field, text=text[:40]) from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Refused("alarms.cap.no_point", field=field, part=field, text=text[:40])
    return lat, lon


def _references(text: str) -> tuple[Reference, ...]:
    found = []
    for one in text.split():
        parts = one.split(",")
        if len(parts) != 3 or not all(parts):
            raise Refused("alarms.cap.reference", field="references", part="references", text=one[:80])
        found.append(Reference(parts[0], parts[1], moment_of(parts[2], "references")))
    return tuple(found)


def _check(alert: Alert) -> None:
    """What the schema cannot see."""
    if alert.kind in ("Update", "Cancel") and not alert.references:
        raise Refused("alarms.cap.no_reference", field="references", part="references", kind=alert.kind)
    if alert.kind in ("Alert", "Update") and not alert.infos:
        raise Refused("alarms.cap.missing", field="info", part="info")
    if len(alert.infos) > MOST_INFOS or sum(len(one.areas) for one in alert.infos) > MOST_AREAS:
        raise Refused("alarms.cap.large", most=LARGEST // 1024)
    for one, other in pairwise(alert.infos):
        if (one.category, one.event_codes) != (other.category, other.event_codes):
            raise Refused("alarms.cap.different_infos", field="info", part="info")
    for one in alert.infos:
        if begin_of(one, alert) >= one.expires:
            raise Refused("alarms.cap.ends_first", field="expires", part="expires")
        for area in one.areas:
            if not (area.rings or area.circles or area.codes):
                raise Refused("alarms.cap.nowhere", field="area", part="area", text=area.words[:40])


def begin_of(info: Info, alert: Alert) -> datetime:
    """From when it holds: without a word on it, from when it was sent."""
    return info.effective or alert.sent


def _named(node: Element, name: str) -> str:
    """An identifier or sender: without spaces, commas or signs of XML, or no other message could refer to it."""
    text = _needed(node, name, strip=False)
    if UNSAFE.search(text) or len(text) > 120:
        raise Refused("alarms.cap.unsafe_name", field=name, part=name, text=text[:40])
    return text


def _chosen(node: Element, name: str) -> str:
    text = _needed(node, name)
    if text not in CLOSED[name]:
        raise Refused("alarms.cap.choice", field=name, part=name, text=text[:40], known=", ".join(CLOSED[name]))
    return text


def _moment(node: Element, name: str) -> datetime:
    return moment_of(_needed(node, name), name)


def _needed(node: Element, name: str, *, strip: bool = True) -> str:
    child = node.find(_name(name))
    text = (child.text or "") if child is not None else ""
    if not text.strip():
        raise Refused("alarms.cap.missing", field=name, part=name)
    return text.strip() if strip else text


def _text(node: Element, name: str) -> str:
    return (node.findtext(_name(name)) or "").strip()


def _pairs(node: Element, name: str) -> tuple[tuple[str, str], ...]:
    return tuple(_pair(one, name) for one in node.iterfind(_name(name)))


def _pair(node: Element, name: str) -> tuple[str, str]:
    return _needed(node, "valueName"), _text(node, "value") if name == "parameter" else _needed(node, "value")


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
