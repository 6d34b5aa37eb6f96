"""What happens by itself: deadlines that climb, timers, messages to phones, erasure."""

from datetime import datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from engine.conftest import Village
from engine.test_cases import deed, report

from cunzhi.adapters.messages.fake import FakeSender
from cunzhi.adapters.messages.port import Delivery
from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.engine import timers
from cunzhi.engine.actions.cases import move
from cunzhi.engine.models import Attachment, Case, Message, Step
from cunzhi.registry.actions.people import set_phone

FRIDAY = datetime(2026, 3, 6, 9, tzinfo=clock.ZONE)


def test_case_that_waits_too_long_climbs_rung_by_rung(village: Village) -> None:
    case = report(village)
    seen = []
    for days in range(9):
        with clock.at(datetime(2026, 3, 2, 12, tzinfo=clock.ZONE) + timedelta(days=days)):
            timers.tick()
        case.refresh_from_db()
        seen.append(case.climbed_to)

    assert [one for one in dict.fromkeys(seen) if one] == ["village_cadre", "township_officer"]
    assert case.due_at is not None


def test_late_step_says_so_and_comes_down_the_ladder(village: Village) -> None:
    case = report(village)
    with clock.at(FRIDAY):
        timers.tick()
        appraiser = village.actor("appraiser")
        moved = move(by=appraiser, case=case, transition="approve", version=1, answers={"seen": "asked"})

    assert moved.steps.get(transition="approve").late
    assert moved.climbed_to == ""


def test_tick_twice_does_everything_once(village: Village) -> None:
    case = report(village)
    move(by=village.actor("appraiser"), case=case, transition="approve", version=1, answers={"seen": "asked"})
    with clock.at(FRIDAY):
        first, second = timers.tick(), timers.tick()

    assert first["timers"] == 1
    assert second["timers"] == 0
    assert Case.objects.get().state == "credited"


def test_timer_that_a_rule_refuses_is_tried_again_later(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    case = report(village)
    move(by=village.actor("appraiser"), case=case, transition="approve", version=1, answers={"seen": "asked"})
    monkeypatch.setattr(village.play.scenario.rules, "points_for_deed", lambda facts: 10_000)
    with clock.at(FRIDAY):
        assert timers.tick()["timers"] == 0

    case.refresh_from_db()
    assert case.state == "published"
    assert case.timer_at is not None and case.timer_at > FRIDAY


def test_message_goes_to_the_phone_once(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = FakeSender()
    monkeypatch.setattr(timers, "sms_sender", lambda: sender)
    set_phone(person=village.play.people["villager"], phone="13800138000", by=system("test"))
    report(village)

    timers.tick()
    timers.tick()

    ((to, text),) = sender.sent.values()
    assert to == "13800138000"
    assert Case.objects.get().number in text


def test_message_that_cannot_be_sent_waits_longer_each_time(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def send(self, to: str, text: str, *, key: str) -> Delivery:
            return Delivery(ok=False, detail="no network")

    monkeypatch.setattr(timers, "sms_sender", Broken)
    set_phone(person=village.play.people["villager"], phone="13800138000", by=system("test"))
    report(village)
    for hour in range(10):
        with clock.at(FRIDAY + timedelta(hours=hour)):
            timers.send_to_phones(system("tick"))

    message = Message.objects.get()
    assert message.tries == timers.TRIES
    assert message.send_after is None
    assert message.sent_at is None


def test_closed_case_is_erased_when_its_days_are_over(village: Village) -> None:
    case = report(village, answers=deed(village, note="在李家院子"))
    move(by=village.actor("villager"), case=case, transition="withdraw", version=1)
    with clock.at(FRIDAY + timedelta(days=731)):
        assert timers.tick()["erased"] == 1

    case.refresh_from_db()
    assert case.answers == {}
    assert not Attachment.objects.filter(case=case).exists()
    steps = list(case.steps.order_by("id").values_list("transition", "answers", "actor_id"))
    assert steps == [("open", {}, None), ("withdraw", {}, None)]


def test_forgotten_picture_is_removed_with_its_files(village: Village) -> None:
    deed(village)
    kept = Attachment.objects.get()
    assert default_storage.exists(kept.file)
    with clock.at(FRIDAY):
        assert timers.tick()["forgotten"] == 1

    assert not default_storage.exists(kept.file)


def test_step_cannot_be_rewritten(village: Village) -> None:
    report(village)

    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.update(reason="另一个理由")
