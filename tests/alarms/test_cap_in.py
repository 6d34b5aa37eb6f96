"""CAP messages from outside: hostile and broken ones are refused kindly, those of known senders reach people here."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from alarms.riverside import BY, COUNTY, MONDAY, TOWNSHIP, VILLAGE, River, tick_at
from hypothesis import given
from hypothesis import strategies as st

from cunzhi.alarms.actions.senders import know_sender
from cunzhi.alarms.cap.reading import read
from cunzhi.alarms.models import Alarm, Warned
from cunzhi.alarms.queries.warnings import in_force
from cunzhi.base import clock
from cunzhi.base.errors import Conflict, Refused
from cunzhi.engine.alarming import receive

SENDER = "weather@banan.example"
AREA = "<geocode><valueName>division</valueName><value>500113000000</value></geocode>"


def cap(identifier: str = "w1", kind: str = "Alert", area: str = AREA, **more: str) -> bytes:
    """A message as a weather service writes it."""
    values = {
        "sender": SENDER, "sent": "2026-07-06T13:50:00+08:00", "status": "Actual", "scope": "Public",
        "references": "", "expires": "2026-07-06T20:00:00+08:00", "effective": "", "head": "", "severity": "Extreme",
        **more,
    }  # fmt: skip
    references = f"<references>{values['references']}</references>" if values["references"] else ""
    effective = f"<effective>{values['effective']}</effective>" if values["effective"] else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>{values["head"]}
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{identifier}</identifier>
<sender>{values["sender"]}</sender><sent>{values["sent"]}</sent><status>{values["status"]}</status>
<msgType>{kind}</msgType><scope>{values["scope"]}</scope>{references}
<info><language>zh-CN</language><category>Met</category><event>暴雨红色预警</event><urgency>Immediate</urgency>
<severity>{values["severity"]}</severity><certainty>Likely</certainty>
<eventCode><valueName>event</valueName><value>11B03</value></eventCode>{effective}
<expires>{values["expires"]}</expires><senderName>巴南区气象台</senderName><headline>巴南区气象台发布暴雨红色预警</headline>
<description>三小时内雨量超过 100 毫米。</description><instruction>停止户外活动。</instruction>
<area><areaDesc>巴南区</areaDesc>{area}</area></info></alert>""".encode()


@pytest.fixture
def known(river: River) -> River:
    know_sender(by=BY, sender=SENDER, name="巴南区气象台", place_code=COUNTY, basis="区应急办〔2026〕2号")
    return river


def polygon(*points: tuple[float, float]) -> str:
    return f"<polygon>{' '.join(f'{lat},{lon}' for lat, lon in points)}</polygon>"


SQUARE = ((29.3, 106.5), (29.3, 106.6), (29.4, 106.6), (29.4, 106.5))
BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
REFUSED = {
    "entities": cap(head=OUTSIDE), "bomb": cap(head=BOMB), "half": cap()[:600], "empty": b"", "no xml": b"hello",
    "latin": cap().decode().encode("gb18030"), "utf-16": cap().decode().encode("utf-16"),
    "another root": b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "large": cap() + b" " * 10_000_000,
    "open polygon": cap(area=polygon(*SQUARE)), "short polygon": cap(area=polygon(SQUARE[0], SQUARE[1], SQUARE[0])),
    "off the earth": cap(area=polygon((91, 0), (91, 1), (90, 1), (91, 0))), "nowhere": cap(area=""),
    "circle": cap(area="<circle>29.3,106.5</circle>"), "not a number": cap(area="<circle>nan,106.5 3</circle>"),
    "zulu": cap(sent="2026-07-06T05:50:00Z"), "no zone": cap(sent="2026-07-06T13:50:00"),
    "ends first": cap(effective="2026-07-06T21:00:00+08:00"), "comma": cap("w,1"), "space": cap("w 1"),
    "no references": cap(kind="Update"), "reference": cap(kind="Update", references="w0"),
    "status": cap(status="Real"), "severity": cap(severity="Bad"),
    "order": cap().replace(b"<scope>Public</scope>", b"").replace(b"<info>", b"<info><scope>Public</scope>"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_broken_or_hostile_message_is_refused_with_words(what: str) -> None:
    with pytest.raises(Refused) as refused:
        read(REFUSED[what])
    for language in ("zh-hans", "en"):
        assert len(refused.value.say(language)) > 10


@given(st.integers(0, len(cap())), st.binary(max_size=8))
def test_no_damage_brings_the_reader_down(at: int, noise: bytes) -> None:
    whole = cap()
    with suppress(Refused):
        read(whole[:at] + noise + whole[at + len(noise) :])


def test_warning_of_a_known_sender_reaches_people_and_climbs(known: River) -> None:
    made = receive(BY, cap())
    assert (made.hazard, made.colour, made.received) == ("rainstorm", "red", True)
    assert list(in_force(VILLAGE)) == [made]
    assert known.alarm().place_code == COUNTY
    assert known.told() == {"grid_worker": 2, "village_cadre": 1, "township_officer": 1, "county_officer": 1}
    tick_at(MONDAY + timedelta(minutes=6))
    assert known.told()["village_cadre"] == 2


def test_same_message_again_changes_nothing_and_another_under_its_number_is_refused(known: River) -> None:
    made = receive(BY, cap())
    assert receive(BY, cap()) == made
    assert known.told()["grid_worker"] == 2
    with pytest.raises(Conflict):
        receive(BY, cap(severity="Minor"))


def test_unknown_sender_and_wrong_digest_publish_nothing(known: River) -> None:
    for data, digest in ((cap(sender="somebody@example"), ""), (cap(), "0" * 64)):
        with pytest.raises(Refused):
            receive(BY, data, digest)
    assert not Warned.objects.exists() and not Alarm.objects.exists()


@pytest.mark.parametrize("more", [{"status": "Test"}, {"scope": "Private"}, {"sent": "2026-07-06T15:50:00+08:00"}])
def test_what_is_not_for_the_public_is_not_published(known: River, more: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        receive(BY, cap(**more))


@pytest.mark.parametrize(("area", "places"), [
    (AREA, {COUNTY}),
    (AREA.replace("500113000000", f"{TOWNSHIP}000"), {TOWNSHIP}),
    (AREA.replace("500113000000", "500000000000"), {COUNTY}),
    (polygon(*SQUARE, SQUARE[0]), {COUNTY}),
    ("<circle>29.35,106.55 1</circle>", {COUNTY}),
])  # fmt: skip
def test_area_is_matched_to_our_places(known: River, area: str, places: set[str]) -> None:
    made = receive(BY, cap(area=area))
    assert set(made.places.values_list("place_code", flat=True)) == places


def test_area_elsewhere_is_refused(known: River) -> None:
    far = polygon((40.0, 116.0), (40.0, 116.1), (40.1, 116.1), (40.0, 116.0))
    for area in (far, AREA.replace("500113", "110101")):
        with pytest.raises(Refused):
            receive(BY, cap(area=area))


def test_update_replaces_and_cancel_ends_also_without_words(known: River) -> None:
    receive(BY, cap())
    reference = f"{SENDER},w1,2026-07-06T13:50:00+08:00"
    later = {"sent": "2026-07-06T13:55:00+08:00"}
    second = receive(BY, cap("w2", "Update", references=reference, **later))
    assert list(in_force()) == [second] and Alarm.objects.count() == 1
    bare = cap("w3", "Cancel", references=f"{SENDER},w2,2026-07-06T13:55:00+08:00", **later).decode()
    bare = bare[: bare.index("<info>")] + "</alert>"
    receive(BY, bare.encode())
    assert not in_force().exists()
    assert Alarm.objects.get().outcome == "over"


def test_alarm_of_a_warning_ends_when_the_warning_expires(known: River) -> None:
    receive(BY, cap())
    tick_at(MONDAY.replace(hour=19, minute=59))
    assert Alarm.objects.get().cleared_at is None
    tick_at(MONDAY.replace(hour=20))
    assert Alarm.objects.get().outcome == "over"


def test_drill_from_outside_is_marked(known: River) -> None:
    made = receive(BY, cap(status="Exercise"))
    assert made.status == "Exercise" and known.alarm().drill
    with clock.at(MONDAY + timedelta(minutes=1)):
        receive(BY, cap("w2"))
    assert Alarm.objects.count() == 2
