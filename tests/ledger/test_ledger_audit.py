"""Books that were tampered with are found out; books that were not are left in peace."""

import pytest
from django.db import connection
from villages import Village

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.journal.append_only import guarded_tables
from cunzhi.ledger.actions import Leg, close_year, post, reverse, take_stock
from cunzhi.ledger.audit import check_books
from cunzhi.ledger.models import Entry, Posting


@pytest.fixture
def award(by: Actor, village: Village) -> Entry:
    legs = [Leg(village.pot, village.household(1), 30)]
    return post(by=by, book=village.points, key="award", memo="points.award", record="case:1", legs=legs)


def tamper(sql: str) -> None:
    """What somebody with all rights over the database could do, until the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("ledger_entry", "ledger_posting", "ledger_account", "journal_entry"):
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            for event in guarded_tables()[table]:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event.lower()}{on_table}")
        cursor.execute(sql)


def codes() -> set[str]:
    return {finding.code.removeprefix("ledger.audit.") for finding in check_books()}


def test_books_in_order_give_no_finding(by: Actor, village: Village, award: Entry) -> None:
    reverse(by=by, entry=award, key="back", memo="points.error", record="case:1")
    take_stock(by=by, item=village.soap, counted=8, key="count", reason="盘点")
    close_year(by=by, book=village.points, year=2024, keep={"household": 0})
    assert check_books() == []


def test_amount_changed_behind_our_back_is_found(village: Village, award: Entry) -> None:
    tamper(f"UPDATE ledger_posting SET amount = 300 WHERE entry_id = {award.pk}")
    (finding,) = check_books()
    assert finding.code == "ledger.audit.noted_otherwise" and finding.params == {"request": award.key}


def test_floor_broken_behind_our_back_is_found(village: Village, award: Entry) -> None:
    tamper(f"UPDATE ledger_posting SET amount = 3000 WHERE entry_id = {award.pk}")
    assert codes() == {"below_floor", "noted_otherwise"}
    assert all(finding.say("zh-hans") and finding.say("en") for finding in check_books())


def test_entry_removed_behind_our_back_is_found(village: Village, award: Entry) -> None:
    tamper(f"DELETE FROM ledger_posting WHERE entry_id = {award.pk}")
    Entry.objects.filter(pk=award.pk).delete()
    (finding,) = check_books()
    assert finding.code == "ledger.audit.not_booked" and finding.params == {"request": "award"}


def test_posting_removed_behind_our_back_is_found(village: Village, award: Entry) -> None:
    tamper(f"DELETE FROM ledger_posting WHERE entry_id = {award.pk}")
    assert codes() == {"empty_entry", "noted_otherwise"}
    assert all(finding.say("zh-hans") and finding.say("en") for finding in check_books())


def test_note_removed_behind_our_back_is_found(village: Village, award: Entry) -> None:
    tamper("DELETE FROM journal_entry WHERE record = 'case:1'")
    (finding,) = check_books()
    assert finding.code == "ledger.audit.not_noted" and "not in the journal" in finding.say("en")


def test_posting_over_two_books_is_found(village: Village) -> None:
    said = {"at": clock.now(), "memo": "points.x", "record": "case:7"}
    entry = Entry.objects.create(book=village.points, key="astray", **said)
    Posting.objects.create(entry=entry, source=village.pot, target=village.given, amount=1)
    assert codes() == {"astray", "uneven", "not_noted"}
    assert all(finding.say("zh-hans") and finding.say("en") for finding in check_books())
