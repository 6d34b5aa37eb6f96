"""How fast entries become leaves of the public log, and how fast one of a million is proved, beside pymerkle.

    .venv/bin/python benchmarks/log_rate.py [--quick] [--postgres URL]

The peer is pymerkle 7 (GPL, so it is no dependency; without it only ours is measured). To have it beside:

    .venv/bin/uv pip install --no-deps --target /tmp/peer 'pymerkle>=7,<8'
    PYTHONPATH=/tmp/peer .venv/bin/python benchmarks/log_rate.py

`append` is given finished bytes and stores them, their hashes and what the tree needs, a commit for every 100, as the
peer does. `seal` is the whole way of ours: it also reads journal rows behind the safe horizon and writes each as
canonical JSON with its salted hash. The peer is given bytes of the same length; it has SQLite alone, here with the same
write-ahead log and full sync as ours. The first proof is asked of a fresh process that has just opened the database. Of
the entries one in ten is public. Data are made up; databases are removed.
"""

import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from scratch import arguments, installed, on_each

ALL, QUICK = 1_000_000, 50_000
BATCH, PROOFS, MEASURED = 100, 2_000, 200
MOMENT = "2026-03-01 08:30:15.123456+00:00"
COLUMNS = "at, actor, on_behalf_of, channel, verb, record, place_code, detail, private_hash, public_hash"


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    for number in range(count):
        public = f"{number:064x}" if number % 10 == 0 else ""
        record = f"notice:{number // 100}" if public else f"case:{number // 7}"
        verb = "notice.publish" if public else "case.step"
        detail = json.dumps({"step": number % 9, "version": number % 5})
        place = f"5001131012{number % 90 + 10}"
        yield (MOMENT, f"person:{number % 999}", "", "web", verb, record, place, detail, f"{number:064x}", public)


def fill(count: int) -> None:
    """Journal rows, as quickly as the database takes them."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY journal_entry ({COLUMNS}) FROM STDIN") as copy:
                for row in rows(count):
                    copy.write_row(row)
        else:
            blanks = ", ".join(["%s"] * 10)
            cursor.executemany(f"INSERT INTO journal_entry ({COLUMNS}) VALUES ({blanks})", rows(count))


def rate(done: Callable[[], None]) -> float:
    """Entries a second over MEASURED batches."""
    begun = time.perf_counter()
    for _ in range(MEASURED):
        done()
    return MEASURED * BATCH / (time.perf_counter() - begun)


def ours(url: str, count: int) -> None:
    with installed(url, "log_rate") as vendor:
        from django.db import connection, transaction

        from cunzhi.journal import sealing
        from cunzhi.journal.tree import Edge, tree_size
        from cunzhi.journal.waiting import waiting

        fill(count)
        edge = Edge.load(0)
        leaves = sealing._leaves(edge, waiting(0, MEASURED * BATCH))
        ready = iter([leaves[at : at + BATCH] for at in range(0, len(leaves), BATCH)])

        def append() -> None:
            with transaction.atomic():
                sealing.take(edge, next(ready))

        appended = rate(append)
        small = sealing.batches(BATCH)
        sealed = rate(lambda: next(small) and None)
        begun, before = time.perf_counter(), tree_size()
        sealing.seal()
        rest = (count - before) / (time.perf_counter() - begun)
        connection.close()
        first, times = in_a_fresh_process(_prove_ours, count)
        _, whole = in_a_fresh_process(_file_ours, count)
        print(
            f"{vendor:<11}ours      append {appended:>8,.0f}/s  seal {sealed:>8,.0f}/s  seal by 1000 {rest:>8,.0f}/s"
            f"  first proof {first:8.2f} ms  then p50 {times[0]:.2f} p99 {times[1]:.2f} ms"
            f"  whole file p50 {whole[0]:.2f} p99 {whole[1]:.2f} ms"
        )


def _prove_ours(count: int) -> Callable[[int], Any]:
    from cunzhi.journal.tree import read_tree
    from cunzhi.transparency.merkle import inclusion

    return lambda number: inclusion(number, count, read_tree(count))


def _file_ours(count: int) -> Callable[[int], Any]:
    """The whole proof file, with its checkpoint and the entry."""
    from cunzhi.journal.models import Leaf
    from cunzhi.journal.queries import head_for, prove

    def one(number: int) -> str:
        head = head_for(number)
        assert head is not None
        return prove(Leaf.objects.get(pk=number), head)

    return one


def peer(count: int) -> None:
    try:
        from pymerkle import SqliteTree
    except ImportError:
        print("pymerkle is not here; see how to have it beside in the head of this file")
        return
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "peer.sqlite3")
        tree = _opened(SqliteTree, file)
        entries = [os.urandom(20).hex().encode() * 8 for _ in range(BATCH)]  # 320 bytes, as long as ours
        appended = rate(lambda: tree.append_entries(entries) and None)
        tree.append_entries((entries[number % BATCH] for number in range(count - MEASURED * BATCH)), chunksize=10_000)
        tree.close()

        def prove(count: int) -> Callable[[int], Any]:
            opened = _opened(SqliteTree, file)
            return lambda number: opened.prove_inclusion(number + 1, count)

        first, times = in_a_fresh_process(prove, count)
        print(
            f"{'sqlite':<11}pymerkle  append {appended:>8,.0f}/s{'':43}"
            f"  first proof {first:8.2f} ms  then p50 {times[0]:.2f} p99 {times[1]:.2f} ms"
        )


def _opened(kind: Any, file: str) -> Any:
    tree = kind(file)
    tree.con.execute("PRAGMA journal_mode=WAL")
    tree.con.execute("PRAGMA synchronous=FULL")
    return tree


def in_a_fresh_process(make: Callable[[int], Callable[[int], Any]], count: int) -> tuple[float, tuple[float, float]]:
    """Milliseconds of the first proof, opening included, and the median and 99th of a hundred of those after it."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        drawn = random.Random(7)
        begun = time.perf_counter()
        prove = make(count)
        prove(drawn.randrange(count))
        times = [time.perf_counter() - begun]
        for _ in range(PROOFS):
            begun = time.perf_counter()
            prove(drawn.randrange(count))
            times.append(time.perf_counter() - begun)
        os.write(writing, json.dumps([1000 * one for one in times]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        first, *later = json.loads(answer.read())
    os.wait()
    return first, (statistics.median(later), statistics.quantiles(later, n=100)[98])


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} entries instead of {ALL:,}")
    given = parser.parse_args()
    count = QUICK if given.quick else ALL
    print(f"{count:,} entries, commits of {BATCH}")
    peer(count)
    on_each(given.postgres, lambda url: ours(url, count))


if __name__ == "__main__":
    main()
