"""Public warnings as CAP 1.2: valid by the schema and by what the schema cannot see; what is over leaves the page."""

import re
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from alarms.riverside import COUNTY, MONDAY, VILLAGE, River
from lxml import etree

from cunzhi.alarms.actions.warning import Draft, cancel, issue
from cunzhi.alarms.cap.reading import read
from cunzhi.alarms.cap.writing import written
from cunzhi.alarms.hazards import hazards
from cunzhi.alarms.models import Warned
from cunzhi.alarms.queries.warnings import in_feed, in_force
from cunzhi.base import clock
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.engine.alarming import announce
from cunzhi.engine.models import Message
from cunzhi.engine.words import message_in
from cunzhi.journal.actions import public_hash
from cunzhi.journal.models import Entry

XSD = etree.XMLSchema(file=str(Path(__file__).parent / "schema" / "CAP-v1.2.xsd"))


def draft(**more: Any) -> Draft:
    values: dict[str, Any] = {
        "place_code": COUNTY, "hazard": "rainstorm", "colour": "orange", "headline": "巴南区发布暴雨橙色预警",
        "description": "未来 3 小时雨量将超过 50 毫米。", "instruction": "不要过河，住在坡脚的请到村委会。",
        "expires": clock.now() + timedelta(hours=6), **more,
    }  # fmt: skip
    return Draft(**values)


def check(warned: Warned) -> None:
    """By the schema, and by our own reading."""
    XSD.assertValid(etree.fromstring(warned.xml.encode()))
    assert written(read(warned.xml.encode())) == warned.xml


def test_warning_is_valid_and_numbered_by_the_national_rule(river: River) -> None:
    made = issue(by=river.actor("county_officer"), draft=draft())
    check(made)
    assert re.fullmatch(r"50011300000000_20260706140000_0", made.identifier) and len(made.identifier) == 31
    for words in ("<event>暴雨</event>", "11B03", "<severity>Severe</severity>", "橙色", "14:00:00+08:00", COUNTY):
        assert words in made.xml
    assert issue(by=river.actor("county_officer"), draft=draft(hazard="gale")).identifier.endswith("_1")


def test_every_hazard_and_colour_is_valid(river: River) -> None:
    by = river.actor("county_officer")
    for number, (hazard, colour) in enumerate(product(hazards(), ["blue", "yellow", "orange", "red"])):
        with clock.at(MONDAY + timedelta(days=number)):
            check(issue(by=by, draft=draft(hazard=hazard, colour=colour)))


def test_update_and_cancel_name_everything_they_replace(river: River) -> None:
    by = river.actor("county_officer")
    first = issue(by=by, draft=draft())
    with clock.at(MONDAY + timedelta(hours=1)):
        second = issue(by=by, draft=draft(colour="red"), replaces=first)
        assert list(in_force(VILLAGE)) == [second]
        with pytest.raises(Conflict):
            issue(by=by, draft=draft(), replaces=first)
        with pytest.raises(Conflict):
            issue(by=by, draft=draft())
    with clock.at(MONDAY + timedelta(hours=2)):
        over = cancel(by=by, warned=second, reason="雨停了")
        assert list(in_force()) == [] and list(in_feed()) == [over]
        with pytest.raises(Conflict):
            cancel(by=by, warned=second, reason="雨停了")
    for one in (second, over):
        check(one)
    assert {ref.identifier for ref in read(over.xml.encode()).references} == {first.identifier, second.identifier}


def test_what_is_expired_leaves_the_page_by_itself(river: River) -> None:
    issue(by=river.actor("county_officer"), draft=draft())
    with clock.at(MONDAY + timedelta(hours=5, minutes=59)):
        assert in_force(VILLAGE).count() == 1
    with clock.at(MONDAY + timedelta(hours=6)):
        assert in_force(VILLAGE).count() == in_feed().count() == 0


def test_issue_is_a_public_act_whose_hash_anybody_can_check(river: River) -> None:
    made = issue(by=river.actor("county_officer"), draft=draft())
    entry = Entry.objects.get(verb="warning.issued")
    assert entry.public_hash == public_hash(made.xml.encode()) == made.digest


WRONG: tuple[dict[str, Any], ...] = (
    {"expires": MONDAY - timedelta(minutes=1)}, {"expires": MONDAY + timedelta(days=8)}, {"headline": "x" * 141},
    {"headline": ""}, {"description": " "}, {"instruction": ""}, {"colour": "pink"}, {"hazard": "dragon"},
    {"place_code": "999999"},
)  # fmt: skip


def test_warning_that_would_confuse_is_refused(river: River) -> None:
    for wrong in WRONG:
        with pytest.raises(Refused):
            issue(by=river.actor("county_officer"), draft=draft(**wrong))
    assert not Warned.objects.exists()


def test_only_county_and_township_issue(river: River) -> None:
    with pytest.raises(Forbidden):
        issue(by=river.actor("village_cadre"), draft=draft(place_code=VILLAGE))
    with pytest.raises(Forbidden):
        issue(by=river.actor("township_officer"), draft=draft())


def test_orange_reaches_everybody_there_and_a_drill_says_so(river: River) -> None:
    by = river.actor("county_officer")
    assert announce(issue(by=by, draft=draft())) == 4
    assert announce(issue(by=by, draft=draft(hazard="gale", colour="blue"))) == 0
    announce(issue(by=by, draft=draft(hazard="flood", exercise=True)))
    texts = [message_in(one, "zh-hans") for one in Message.objects.order_by("id")]
    assert texts[0] == "【橙色预警】巴南区发布暴雨橙色预警。不要过河，住在坡脚的请到村委会。"
    assert texts[-1].startswith("【演练】") and "<status>Exercise</status>" in Warned.objects.latest("id").xml
