"""Views are counted once a day for a device, and nothing that could tell who it was outlives the day."""

import pytest
from disclosures.publishing import at
from engine.conftest import Village

from cunzhi.base.actor import NOBODY, system
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.disclosures.actions import count_view, forget_days, subscribe, unsubscribe
from cunzhi.disclosures.models import DayKey, Mark, Views
from cunzhi.disclosures.queries import is_subscribed, subscribers, views_of
from cunzhi.engine.stage import VILLAGE
from cunzhi.journal.models import Entry

RECORD = "notice:1"
PHONE = "203.0.113.7\0Some browser"


def seen(device: str = PHONE, record: str = RECORD) -> bool:
    return count_view(record=record, place_code=VILLAGE, device=device)


def test_device_counts_once_a_day(april: None) -> None:
    assert [seen(), seen(), seen("another phone")] == [True, False, True]
    assert views_of([RECORD, "notice:2"]) == {RECORD: 2, "notice:2": 0}
    with at("2026-04-03T09:00"):
        assert seen()
    assert views_of([RECORD])[RECORD] == 3


def test_another_notice_is_another_view(april: None) -> None:
    assert [seen(), seen(record="notice:2")] == [True, True]


def test_nothing_of_the_device_is_kept(april: None) -> None:
    seen()
    kept = repr(list(Mark.objects.values())) + repr(list(Views.objects.values())) + repr(list(DayKey.objects.values()))
    assert "203.0.113.7" not in kept
    assert "browser" not in kept
    assert not Entry.objects.filter(verb__startswith="view").exists()


def test_key_and_marks_are_destroyed_when_the_day_is_over(april: None) -> None:
    seen()
    assert forget_days(by=system("test")) == 0
    with at("2026-04-03T00:05"):
        assert forget_days(by=system("test")) == 1
    assert not DayKey.objects.exists()
    assert views_of([RECORD])[RECORD] == 1


def test_days_have_keys_of_their_own(april: None) -> None:
    seen()
    with at("2026-04-03T09:00"):
        seen()
    assert len(set(Mark.objects.values_list("mark", flat=True))) == 2


def test_subscribing_twice_is_subscribing_once(public: Village) -> None:
    villager = public.actor("villager")
    for _ in range(2):
        subscribe(by=villager, place_code=VILLAGE)
    assert subscribers(VILLAGE) == [villager.person_id]
    unsubscribe(by=villager, place_code=VILLAGE)
    assert villager.person_id is not None
    assert not is_subscribed(villager.person_id, VILLAGE)


def test_only_somebody_known_subscribes_and_only_to_a_village(public: Village) -> None:
    with pytest.raises(Forbidden):
        subscribe(by=NOBODY, place_code=VILLAGE)
    with pytest.raises(Refused):
        subscribe(by=public.actor("villager"), place_code="999999999999")
