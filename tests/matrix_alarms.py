"""An alarm, a mute and a public warning of the right place, and what would change each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cunzhi.alarms.actions.life import raise_by_hand
from cunzhi.alarms.actions.senders import know_sender
from cunzhi.alarms.actions.settings import mute
from cunzhi.alarms.actions.warning import Draft, issue
from cunzhi.alarms.cap.message import Alert, Area, Info
from cunzhi.alarms.cap.writing import written
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.engine.alarming import tell

TEXT = "第八号密议"
RULES = """rules:
  - {name: level, title: {zh_Hans: 水位, en: Level}, hazard: flood, observed: 水位, kind: threshold, limit: 3.0,
     colour: red, basis: village meeting}
"""


def make_alarms(place_code: str, actor: Callable[[str], Actor]) -> dict[str, Any]:
    """Records by the names that addresses give to them."""
    by = actor("county_officer")
    alarm = raise_by_hand(by=by, place_code=place_code, hazard="gale", colour="red", words=TEXT, drill=False, tell=tell)
    muted = mute(by=by, place_code=place_code, hazard="fog", reason=TEXT, until=clock.now() + timedelta(days=1))
    draft = Draft(
        place_code=place_code[:6], hazard="gale", colour="red", headline="gale", description="gale", instruction="stay",
        expires=clock.now() + timedelta(days=1),
    )  # fmt: skip
    sender = know_sender(by=by, sender="weather", name="weather", place_code=place_code[:6], basis=TEXT)
    return {"alarm_id": alarm.pk, "mute_id": muted.pk, "warned_id": issue(by=by, draft=draft).pk,
            "sender_id": sender.pk}  # fmt: skip


def on_alarms(place_code: str) -> dict[str, dict[str, Any]]:
    """What somebody would send to each page."""
    said = {"hazard": "flood", "colour": "red", "words": "high water"}
    warning = {
        "place_code": place_code[:6], "hazard": "gale", "colour": "red", "headline": "gale", "description": "gale",
        "instruction": "stay", "hours": "12",
    }  # fmt: skip
    return {
        "alarms/new/": said,
        "alarms/rules/": {"file": SimpleUploadedFile("rules.yaml", RULES.encode())},
        "alarms/mutes/": {"hazard": "flood", "hours": "6"},
        "alarms/<int:alarm_id>/clear/": {"outcome": "real"},
        "warnings/new/": {**warning, "hazard": "flood"},
        "warnings/<int:warned_id>/update/": warning,
        "warnings/take/": {"file": SimpleUploadedFile("cap.xml", _message(place_code).encode())},
        "warnings/senders/": {"place_code": place_code[:6], "sender": "another", "name": "another"},
        "warnings/senders/<int:sender_id>/": {"certificate": ""},
    }


def _message(place_code: str) -> str:
    now = clock.now()
    info = Info(
        category="Met", event="fog", urgency="Future", severity="Minor", certainty="Likely", headline="fog",
        expires=now + timedelta(days=1), areas=(Area("here", codes=(("division", place_code[:6]),)),),
    )  # fmt: skip
    return written(Alert("w1", "weather", now, "Actual", "Alert", infos=(info,)))
