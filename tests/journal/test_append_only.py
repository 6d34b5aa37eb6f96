"""The database itself keeps the promise that nothing noted or booked is changed."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.journal.actions import note
from cunzhi.journal.append_only import guarded_tables
from cunzhi.journal.models import Cosignature, Entry, Leaf, Log, OpenLeaf, SignedHead, Tile, Witnessed
from cunzhi.ledger.actions import add_item, close_year, fund, open_book, take_stock

PLACE = "500113101200"
BY = system("test")


def leave_traces() -> None:
    """A row in every table of the journal and the ledger that is guarded."""
    entry = note(by=BY, verb="tried", record="test:1", place_code=PLACE)
    leave_traces_of_log(entry)
    fund(by=BY, place_code=PLACE, amount=10, basis="meeting", key="fund")
    close_year(by=BY, book=open_book(by=BY, place_code=PLACE, kind="points"), year=2024, keep={})
    soap = add_item(by=BY, place_code=PLACE, name="肥皂", price=5)
    take_stock(by=BY, item=soap, counted=0, key="count", reason="盘点")


def leave_traces_of_log(entry: int) -> None:
    leaf = Leaf.objects.create(id=0, entry_id=entry, content="{}")
    OpenLeaf.objects.create(leaf=leaf, record="test:1", version=1)
    Tile.objects.create(level=0, number=0, root=b"root", hashes=b"hashes")
    log = Log.objects.create(origin="log", key="key", begun_at=clock.now())
    head = SignedHead.objects.create(log=log, size=1, at=clock.now(), note="note")
    Cosignature.objects.create(head=head, witness="witness", at=clock.now(), line="line")
    Witnessed.objects.create(origin="other", size=1, at=clock.now(), note="note")


TABLES = {
    "journal_entry": "verb = 'x'",
    "journal_leaf": "content = 'x'",
    "journal_openleaf": "version = 2",
    "journal_tile": "number = 1",
    "journal_log": "origin = 'x'",
    "journal_signedhead": "size = 2",
    "journal_cosignature": "line = 'x'",
    "journal_witnessed": "size = 2",
    "ledger_account": "floor = -100",
    "ledger_entry": "memo = 'x'",
    "ledger_posting": "amount = 11",
    "ledger_closing": "year = 2023",
    "ledger_stockcount": "counted = 5",
}


def test_all_tables_of_journal_and_ledger_that_must_not_change_are_guarded() -> None:
    ours = {table for table in guarded_tables() if table.startswith(("journal_", "ledger_"))}
    assert ours == set(TABLES)


@pytest.fixture(params=sorted(TABLES))
def attempt(request: pytest.FixtureRequest, db: None) -> Callable[[str], None]:
    """Tries a statement on one table and looks whether the rows are as before."""
    table = request.param
    leave_traces()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def rows() -> list[object]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            return list(cursor.fetchall())

    def tried(statement: str) -> None:
        before = rows()
        assert before
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table=table, change=TABLES[table]))
        assert rows() == before

    return tried


def test_update_is_refused(attempt: Callable[[str], None]) -> None:
    attempt("UPDATE {table} SET {change}")


def test_delete_is_refused(attempt: Callable[[str], None]) -> None:
    attempt("DELETE FROM {table}")


def test_way_around_update_and_delete_is_refused(attempt: Callable[[str], None]) -> None:
    replacing = "REPLACE INTO {table} SELECT * FROM {table}"
    attempt(replacing if connection.vendor == "sqlite" else "TRUNCATE {table} CASCADE")


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_refused_too() -> None:
    with transaction.atomic():
        note(by=BY, verb="tried", record="test:1", place_code=PLACE)
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(verb="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.all().delete()
    assert Entry.objects.get().verb == "tried"
