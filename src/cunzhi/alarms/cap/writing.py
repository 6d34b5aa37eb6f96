"""A message as XML, its elements in the order that the schema wants."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from cunzhi.alarms.cap.message import NAMESPACE, Alert, Area, Info
from cunzhi.alarms.times import told

register_namespace("", NAMESPACE)


def written(alert: Alert) -> str:
    """The message in XML."""
    root = Element(_name("alert"))
    _fill(root, [
        ("identifier", alert.identifier), ("sender", alert.sender), ("sent", told(alert.sent)),
        ("status", alert.status), ("msgType", alert.kind), ("scope", alert.scope), ("note", alert.note),
        ("references", " ".join(map(str, alert.references))),
    ])  # fmt: skip
    for info in alert.infos:
        _info(SubElement(root, _name("info")), info)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _info(node: Element, info: Info) -> None:
    _fill(node, [
        ("language", info.language), ("category", info.category), ("event", info.event),
        ("responseType", info.response), ("urgency", info.urgency), ("severity", info.severity),
        ("certainty", info.certainty),
    ])  # fmt: skip
    _pairs(node, "eventCode", info.event_codes)
    _fill(node, [
        ("effective", told(info.effective) if info.effective else ""), ("expires", told(info.expires)),
        ("senderName", info.sender_name), ("headline", info.headline), ("description", info.description),
        ("instruction", info.instruction), ("web", info.web), ("contact", info.contact),
    ])  # fmt: skip
    _pairs(node, "parameter", info.parameters)
    for area in info.areas:
        _area(SubElement(node, _name("area")), area)


def _area(node: Element, area: Area) -> None:
    _fill(node, [("areaDesc", area.words)])
    _fill(node, [("polygon", " ".join(f"{lat:g},{lon:g}" for lat, lon in ring)) for ring in area.rings])
    _fill(node, [("circle", f"{lat:g},{lon:g} {radius:g}") for lat, lon, radius in area.circles])
    _pairs(node, "geocode", area.codes)


def _pairs(node: Element, name: str, pairs: Iterable[tuple[str, str]]) -> None:
    for key, value in pairs:
        _fill(SubElement(node, _name(name)), [("valueName", key), ("value", value)])


def _fill(node: Element, values: Iterable[tuple[str, str]]) -> None:
    """Elements with their texts; what is empty is left out."""
    for name, text in values:
        if text:
            SubElement(node, _name(name)).text = text


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
