"""How many postings a second: through the action, through the ORM alone, and by raw SQL doing the same writes.

    .venv/bin/python benchmarks/ledger_rate.py [--quick] [--postgres URL]

One posting is a redemption: a household gives points to the sink `spent`, in a transaction of its own, made durable by
the commit, with its entry in the journal. Raw SQL writes the same three rows and checks nothing. Action and ORM also
lock the household, add up what it has, look for the key and for a closed year. SQLite runs in a folder that is
removed; on PostgreSQL (`--postgres`, else DATABASE_URL) a database of its own is made and dropped. Clients and server
share the machine. Data are made up.
"""

import json
import multiprocessing
import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from scratch import arguments, installed, on_each

BOOKS, HOUSEHOLDS, BEGINNING = 8, 2_000, 100_000
STRETCH = 0.3
HISTORY = (10, 1_000, 10_000, 100_000)
Place = tuple[int, int, list[int]]
"""A book, its sink, its households."""
WAYS = ("raw", "action", "orm")
ENTRY = "INSERT INTO ledger_entry (book_id, key, at, memo, record, basis) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
POSTING = "INSERT INTO ledger_posting (entry_id, source_id, target_id, amount) VALUES (?, ?, ?, ?)"
NOTE = (
    "INSERT INTO journal_entry (at, actor, on_behalf_of, channel, verb, record, place_code, detail, private_hash,"
    " public_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def raw_sqlite(path: str) -> Callable[..., None]:
    import sqlite3

    database = sqlite3.connect(path, timeout=20, isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; PRAGMA foreign_keys=ON"
    )

    def write(book: int, household: int, spent: int, key: str) -> None:
        moment = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
        database.execute("BEGIN IMMEDIATE")
        (number,) = database.execute(ENTRY, (book, key, moment, "bench", "bench:1", "")).fetchone()
        database.execute(POSTING, (number, household, spent, 1))
        database.execute(NOTE, (moment, *note_row(key, household, spent)))
        database.execute("COMMIT")

    return write


def raw_postgres(settings: dict[str, Any]) -> Callable[..., None]:
    import psycopg

    database = psycopg.connect(
        dbname=settings["NAME"], user=settings["USER"], password=settings["PASSWORD"] or None,
        host=settings["HOST"], port=settings["PORT"] or None,
    )  # fmt: skip
    entry, posting, note = (sql.replace("?", "%s") for sql in (ENTRY, POSTING, NOTE))
    cursor = database.cursor()

    def write(book: int, household: int, spent: int, key: str) -> None:
        moment = datetime.now(UTC)
        cursor.execute(entry, (book, key, moment, "bench", "bench:1", ""))
        (number,) = cursor.fetchone() or (0,)
        cursor.execute(posting, (number, household, spent, 1))
        cursor.execute(note, (moment, *note_row(key, household, spent)))
        database.commit()

    return write


def note_row(key: str, household: int, spent: int) -> tuple[str, ...]:
    detail = {"key": key, "memo": "bench", "legs": [[household, spent, 1]]}
    return ("system:test", "", "test", "ledger.post", "bench:1", "50", json.dumps(detail), "", "")


def raw() -> Callable[..., None]:
    from django.db import connection

    if connection.vendor == "sqlite":
        return raw_sqlite(str(connection.settings_dict["NAME"]))
    return raw_postgres(connection.settings_dict)


def action() -> Callable[..., None]:
    from cunzhi.base.actor import system
    from cunzhi.ledger.actions import Leg, post
    from cunzhi.ledger.models import Account, Book

    by = system("test")
    books = Book.objects.in_bulk()
    accounts = Account.objects.in_bulk()

    def write(book: int, household: int, spent: int, key: str) -> None:
        legs = [Leg(accounts[household], accounts[spent], 1)]
        post(by=by, book=books[book], key=key, memo="bench", record="bench:1", legs=legs)

    return write


def orm() -> Callable[..., None]:
    """The same act as one would first write it with Django alone."""
    from django.db import transaction
    from django.db.models import Sum

    from cunzhi.base import clock
    from cunzhi.journal.models import Entry as JournalEntry
    from cunzhi.ledger.models import Account, Closing, Entry, Posting

    def write(book: int, household: int, spent: int, key: str) -> None:
        moment = clock.now()
        with transaction.atomic():
            account = Account.objects.select_for_update().get(pk=household)
            assert not Entry.objects.filter(key=key).exists()
            assert not Closing.objects.filter(book_id=book, year__gte=moment.year).exists()
            taken = account.taken.aggregate(total=Sum("amount"))["total"] or 0
            given = account.given.aggregate(total=Sum("amount"))["total"] or 0
            assert taken - given >= 1
            entry = Entry.objects.create(book_id=book, key=key, at=moment, memo="bench", record="bench:1")
            Posting.objects.create(entry=entry, source_id=household, target_id=spent, amount=1)
            detail = {"key": key, "memo": "bench", "legs": [[household, spent, 1]]}
            JournalEntry.objects.create(
                at=moment, actor="system:test", channel="test", verb="ledger.post", record="bench:1",
                place_code="50", detail=detail,
            )  # fmt: skip

    return write


def one_writer(number: int, place: Place, rounds: int, barrier: Any, out: Any) -> None:
    """Write by each way in turn, in short stretches, so that what else the machine does meets all ways alike."""
    writes = {"raw": raw(), "action": action(), "orm": orm()}
    book, spent, households = place
    run, choice = f"{os.getpid()}:{time.time_ns()}", random.Random(number)
    done, passed = dict.fromkeys(WAYS, 0), dict.fromkeys(WAYS, 0.0)
    for stretch in range(rounds + 1):
        for way in WAYS:
            barrier.wait()
            begin, steps = time.perf_counter(), 0
            while time.perf_counter() - begin < STRETCH:
                writes[way](book, choice.choice(households), spent, f"{run}:{way}:{stretch}:{steps}")
                steps += 1
            if stretch:  # the first one warms up
                done[way] += steps
                passed[way] += time.perf_counter() - begin
    out.put({way: done[way] / passed[way] for way in WAYS})


def rates(writers: int, one_book: bool, rounds: int) -> dict[str, float]:
    """Postings a second of all writers together, by each way."""
    from django.db import connections

    places = all_places()
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, out = fork.Barrier(writers), fork.Queue()
    processes = [
        fork.Process(target=one_writer, args=(number, places[0 if one_book else number], rounds, barrier, out))
        for number in range(writers)
    ]
    for process in processes:
        process.start()
    found = [out.get(timeout=600) for _ in processes]
    for process in processes:
        process.join()
    return {way: sum(of_one[way] for of_one in found) for way in WAYS}


def all_places() -> list[Place]:
    from cunzhi.ledger.models import Account, Book

    found = []
    for book in Book.objects.order_by("id"):
        households = Account.objects.filter(book=book, kind="household").order_by("id").values_list("id", flat=True)
        found.append((book.pk, Account.objects.get(book=book, kind="spent").pk, list(households)))
    return found


def fill() -> None:
    """Villages whose households have points enough for the whole run."""
    from cunzhi.base.actor import system
    from cunzhi.ledger.actions import Leg, account, fund, open_book, post
    from cunzhi.ledger.models import Account

    by = system("test")
    for number in range(BOOKS):
        place = f"5001131012{number:02}"
        total = HOUSEHOLDS * BEGINNING
        fund(by=by, place_code=place, amount=total, basis="made up for the benchmark", key=f"fund {number}")
        book = open_book(by=by, place_code=place, kind="points")
        pot = account(book=book, kind="pot")
        Account.objects.bulk_create(
            Account(book=book, kind="household", holder=f"household:{house}", floor=0) for house in range(HOUSEHOLDS)
        )
        legs = [Leg(pot, holder, BEGINNING) for holder in Account.objects.filter(book=book, kind="household")]
        post(by=by, book=book, key=f"begin {number}", memo="begin", record="bench:0", legs=legs)


def measure(url: str, quick: bool) -> None:
    with installed(url, "ledger_rate") as vendor:
        from django.db import connection

        fill()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"\n{vendor}: postings a second (share of raw)")
        print(f"{'writers':>8} {'books':>6} " + " ".join(f"{way:>16}" for way in WAYS), flush=True)
        for writers, one_book in ((1, True), (8, False), (8, True)):
            found = rates(writers, one_book, 3 if quick else 24)
            cells = " ".join(f"{found[way]:,.0f} ({found[way] / found['raw']:.2f})".rjust(16) for way in WAYS)
            print(f"{writers:>8} {1 if one_book else writers:>6} {cells}", flush=True)
        with_history(quick)


def with_history(quick: bool) -> None:
    """What a balance costs that is added up anew each time: one writer, one giver with ever more behind it."""
    from django.db import connection, transaction

    from cunzhi.base.actor import system
    from cunzhi.ledger.actions import Leg, account, open_book, post

    by = system("test")
    book = open_book(by=by, place_code="500113101299", kind="points")
    giver, spent = account(book=book, kind="household", holder="household:1"), account(book=book, kind="spent")
    source = account(book=book, kind="source")
    post(by=by, book=book, key="history", memo="begin", record="bench:0", legs=[Leg(source, giver, 10**9)])
    behind, costs = 1, []
    for length in HISTORY[:-1] if quick else HISTORY:
        legs = [Leg(giver, spent, 1)] * (length - behind)
        post(by=by, book=book, key=f"history {length}", memo="bench", record="bench:0", legs=legs)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE ledger_posting" if connection.vendor == "postgresql" else "ANALYZE")
        write, times = action(), []
        for step in range(40):
            with transaction.atomic():
                begin = time.perf_counter()
                write(book.pk, giver.pk, spent.pk, f"history {length}:{step}")
                times.append(time.perf_counter() - begin)
        behind = length + 40
        costs.append(f"{length:,}: {statistics.median(times) * 1000:.2f} ms")
    print("one posting before its commit, by how many its giver has behind it: " + ", ".join(costs), flush=True)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--quick", action="store_true", help="one short run each, under a minute")
    given = parser.parse_args()
    on_each(given.postgres, lambda url: measure(url, given.quick))


if __name__ == "__main__":
    main()
