"""How fast entries become leaves of the public log, and how fast one of a million is proved, beside pymerkle.

    .venv/bin/python benchmarks/log_rate.py [--quick] [--postgres URL]

The peer is pymerkle 7 (GPL, so it is no dependency; without it only ours is measured). To have it beside:

    .venv/bin/uv pip install --no-deps --target /tmp/peer 'pymerkle>=7,<8' cachetools
    PYTHONPATH=/tmp/peer .venv/bin/python benchmarks/log_rate.py

`append` is given finished bytes and stores them, their hashes and what the tree needs, a commit for every 100, as the
peer does with the very same bytes. `seal` is the whole way of ours: it also reads journal rows behind the safe horizon,
writes each as canonical JSON with its salted hash, and lists the open ones by record and by public content. That list
is written once a round; `append` does not hold it, to `seal` by hundreds its time over all batches is added in shares.
The peer has SQLite alone, here with the same write-ahead log and full sync as ours. The first proof is asked of a fresh
process that has just opened the database. Of the entries one in ten is public. Data are made up; databases are removed.
"""

import hashlib
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from scratch import arguments, installed, on_each

ALL, QUICK = 1_000_000, 50_000
BATCH, PROOFS, MEASURED = 100, 2_000, 200
MOMENT = "2026-03-01 08:30:15.123456+00:00"
COLUMNS = "at, actor, on_behalf_of, channel, verb, record, place_code, detail, private_hash, public_hash"


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    for number in range(count):
        drawn = hashlib.sha256(str(number).encode()).hexdigest()
        public = drawn if number % 10 == 0 else ""
        record = f"notice:{number // 100}" if public else f"case:{number // 7}"
        verb = "notice.publish" if public else "case.step"
        detail = json.dumps({"step": number % 9, "version": number % 5})
        place = f"5001131012{number % 90 + 10}"
        yield (MOMENT, f"person:{number % 999}", "", "web", verb, record, place, detail, drawn[::-1], public)


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


class Stopwatch:
    """Seconds of single batches; their median is what counts, for other programs may run beside."""

    def __init__(self, *names: str) -> None:
        self.times: dict[str, list[float]] = {name: [] for name in names}

    def time(self, name: str, do: Callable[[], Any]) -> None:
        begun = time.perf_counter()
        do()
        self.times[name].append(time.perf_counter() - begun)

    def rate(self, name: str, *, shared: float = 0) -> str:
        """`shared` is what all batches together took beside."""
        times = self.times[name]
        return f"{BATCH / (statistics.median(times) + shared / len(times)):>8,.0f}/s" if times else ""


def ours(url: str, count: int) -> None:
    with installed(url, "log_rate") as vendor, peer(count if not url else 0) as other:
        from django.db import connection, transaction

        from cunzhi.journal import sealing
        from cunzhi.journal.open_leaves import list_open_leaves
        from cunzhi.journal.tree import Edge, tree_size
        from cunzhi.journal.waiting import waiting

        fill(count)
        edge = Edge.load(0)
        while len(rows_at_hand := waiting(0, MEASURED * BATCH)) < MEASURED * BATCH:
            time.sleep(0.2)  # an older transaction of another program on the same server holds the horizon back
        leaves = sealing._leaves(edge, rows_at_hand)

        def append(some: list[sealing.Written]) -> None:
            with transaction.atomic():
                sealing.take(edge, some)

        watch = Stopwatch("append", "seal", "listing", "peer")
        for at in range(0, len(leaves), BATCH):
            some = leaves[at : at + BATCH]
            watch.time("append", partial(append, some))
            if other:
                watch.time("peer", partial(other.append, [content.encode() for *_, content in some]))
        small = sealing.batches(BATCH)
        for _ in range(MEASURED):
            watch.time("seal", partial(next, small))
        watch.time("listing", list_open_leaves)
        begun, before = time.perf_counter(), tree_size()
        sealing.seal()
        rest = (count - before) / (time.perf_counter() - begun)
        connection.close()
        seal = watch.rate("seal", shared=sum(watch.times["listing"]))
        print(f"{vendor}: append {watch.rate('append')}, seal {seal}, by thousands {rest:,.0f}/s")
        print(f"    proof       {in_a_fresh_process(_prove_ours, count)}")
        print(f"    whole file  {in_a_fresh_process(_file_ours, count)}")
        if other:
            other.fill()
            print(f"pymerkle: append {watch.rate('peer')}")
            print(f"    proof       {in_a_fresh_process(other.prover, count)}")


def _prove_ours(count: int) -> Callable[[int], Any]:
    from cunzhi.journal.queries import newest_head
    from cunzhi.journal.tree import tree_under
    from cunzhi.transparency.merkle import inclusion

    head = newest_head()
    assert head is not None
    assert head.size == count
    return lambda number: inclusion(number, count, tree_under(head))


def _file_ours(count: int) -> Callable[[int], Any]:
    """The whole proof file, with its checkpoint and the entry."""
    from cunzhi.journal.models import Leaf
    from cunzhi.journal.queries import head_for, prove

    def one(number: int) -> str:
        head = head_for(number)
        assert head is not None
        return prove(Leaf.objects.get(pk=number), head)

    return one


class Peer:
    """pymerkle on SQLite, with our write-ahead log and full sync."""

    def __init__(self, file: str, count: int) -> None:
        self.file, self.count = file, count
        self.entries: list[bytes] = []
        self.tree = self.opened()

    def opened(self) -> Any:
        from pymerkle import SqliteTree

        tree = SqliteTree(self.file)
        tree.con.execute("PRAGMA journal_mode=WAL")
        tree.con.execute("PRAGMA synchronous=FULL")
        return tree

    def append(self, entries: list[bytes]) -> None:
        self.tree.append_entries(entries)
        self.entries += entries

    def fill(self) -> None:
        rest = islice(cycle(self.entries), self.count - len(self.entries))
        self.tree.append_entries(rest, chunksize=10_000)
        self.tree.close()

    def prover(self, count: int) -> Callable[[int], Any]:
        opened = self.opened()
        return lambda number: opened.prove_inclusion(number + 1, count)


@contextmanager
def peer(count: int) -> Iterator[Peer | None]:
    if not count or not find_spec("pymerkle"):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="cunzhi-peer-") as folder:
        yield Peer(str(Path(folder) / "peer.sqlite3"), count)


def in_a_fresh_process(make: Callable[[int], Callable[[int], Any]], count: int) -> str:
    """Milliseconds of the first proof, opening included, and of PROOFS after it."""
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
    p99 = statistics.quantiles(later, n=100)[98]
    return f"first {first:.2f} ms, then p50 {statistics.median(later):.2f} p99 {p99:.2f} ms"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} entries instead of {ALL:,}")
    given = parser.parse_args()
    count = QUICK if given.quick else ALL
    print(f"{count:,} entries, commits of {BATCH}")
    on_each(given.postgres, lambda url: ours(url, count))


if __name__ == "__main__":
    main()
