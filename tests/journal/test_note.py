"""A note stands or falls with its act, says who did what, and tells nothing about anybody."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.config.secrets import Secrets
from cunzhi.journal.actions import NotInTransaction, canonical, note, private_hash
from cunzhi.journal.models import Entry
from cunzhi.journal.queries import entries, entry_with, history

BY = system("test")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.django_db
def test_note_says_who_did_what_for_whom_when_and_where() -> None:
    moment = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    helper = Actor(person_id=7, channel="web").on_behalf_of(8)
    with clock.at(moment):
        note(
            by=helper,
            verb="case.open",
            record="case:1",
            place_code="500113",
            detail={"步骤": "开", "on": date(2026, 3, 1)},
        )
    entry = Entry.objects.get()
    assert (entry.actor, entry.on_behalf_of, entry.channel) == ("person:7", "person:8", "web")
    assert (entry.verb, entry.record, entry.place_code, entry.at) == ("case.open", "case:1", "500113", moment)
    assert entry.detail == {"步骤": "开", "on": "2026-03-01"} and entry.private_hash == ""


@pytest.mark.django_db(transaction=True)
def test_note_outside_a_transaction_is_our_mistake() -> None:
    with pytest.raises(NotInTransaction, match="tried"):
        note(by=BY, verb="tried", record="test:1", place_code="50")
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_note_falls_with_its_act() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note(by=BY, verb="tried", record="test:1", place_code="50")
        raise ZeroDivisionError
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_note_keeps_of_what_is_private_only_a_hash() -> None:
    note(by=BY, verb="person.add", record="person:1", place_code="50", private={"name": "王大明"})
    entry = Entry.objects.get()
    assert entry.private_hash == private_hash("person:1", {"name": "王大明"})
    assert "王大明" not in json.dumps(Entry.objects.values().get(), default=str, ensure_ascii=False)


def test_hash_differs_by_record_by_content_and_by_deployment() -> None:
    first = private_hash("person:1", "13812345678")
    other = Secrets("x", (b"",), b"another pepper, long enough")
    with override_settings(SECRETS=other):
        elsewhere = private_hash("person:1", "13812345678")
    hashes = {first, private_hash("person:2", "13812345678"), private_hash("person:1", "13812345679"), elsewhere}
    assert len(hashes) == 4
    assert private_hash("person:1", "13812345678") == first


@given(content=JSON)
def test_canonical_text_is_read_back_as_it_was(content: Any) -> None:
    text = canonical(content)
    assert json.loads(text) == content
    assert canonical(json.loads(text)) == text


@given(content=st.dictionaries(st.text(), JSON, min_size=2))
def test_canonical_text_does_not_depend_on_the_order(content: dict[str, Any]) -> None:
    assert canonical(dict(reversed(content.items()))) == canonical(content)


def test_canonical_text_of_dates_and_exact_numbers() -> None:
    assert canonical([date(2026, 1, 2), Decimal("1.50")]) == '["2026-01-02","1.50"]'


@pytest.mark.parametrize("content", [{1, 2}, object(), b"x", {"n": float("nan")}])
def test_what_has_no_one_spelling_has_no_place_in_the_journal(content: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical(content)


@pytest.mark.django_db
def test_history_of_a_record_is_oldest_first() -> None:
    for verb in ("opened", "moved", "closed"):
        note(by=BY, verb=verb, record="case:1", place_code="50")
    note(by=BY, verb="opened", record="case:10", place_code="50")
    assert [entry.verb for entry in history("case:1")] == ["opened", "moved", "closed"]


@pytest.mark.django_db
def test_entries_lie_under_the_places_newest_first() -> None:
    now = clock.now()
    for number, place in enumerate(("500113101200", "500113102200", "500114100200")):
        with clock.at(now + timedelta(hours=number)):
            note(by=BY, verb=f"case.{number}", record="case:1", place_code=place)
    assert [entry.verb for entry in entries(["500113"])] == ["case.1", "case.0"]
    assert entries([""]).count() == 3 and entries([]).count() == 0
    assert entries(["50"], verb="case.").count() == 3 and entries(["50"], verb="case.2").count() == 1
    assert entries(["50"], actor="person:1").count() == 0
    assert entries(["50"], since=now + timedelta(hours=1), until=now + timedelta(hours=2)).get().verb == "case.1"


@pytest.mark.django_db
def test_public_content_is_found_by_its_hash() -> None:
    first = note(by=BY, verb="notice.publish", record="notice:1", place_code="50", public={"b": 1, "a": "账目"})
    note(by=BY, verb="notice.publish", record="notice:2", place_code="50", public={"a": "账目", "b": 1})
    note(by=BY, verb="tried", record="test:1", place_code="50")
    digest = hashlib.sha256('{"a":"账目","b":1}'.encode()).hexdigest()
    found = entry_with(digest.upper())
    assert found is not None and (found.pk, found.public_hash) == (first, digest)
    assert entry_with("") is None and entry_with("0" * 64) is None


@pytest.mark.django_db
def test_public_bytes_are_hashed_as_they_are() -> None:
    note(by=BY, verb="notice.file", record="notice:1", place_code="50", public=b"%PDF-1.7")
    assert Entry.objects.get().public_hash == hashlib.sha256(b"%PDF-1.7").hexdigest()


@pytest.mark.django_db
def test_correction_names_what_it_sets_right() -> None:
    wrong = note(by=BY, verb="notice.publish", record="notice:1", place_code="50", public="十元")
    note(by=BY, verb="notice.correct", record="notice:1", place_code="50", public="百元", corrects=wrong)
    assert Entry.objects.get(verb="notice.correct").detail == {"corrects": wrong}
