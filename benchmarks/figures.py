"""How long a county's page of ten figures takes over simulated cases, and how long it takes to open them.

    .venv/bin/python benchmarks/figures.py [--cases 1000000] [--postgres URL]

SQLite runs in a folder that is removed; on PostgreSQL a database of its own is made and dropped. Nothing in it is real:
300 villages in 20 townships, cases spread evenly over 24 months, two steps and a posting each. Both are measured as
migrated and with the indexes of TRIED on top. Times are medians of three runs after one that warms up.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

from scratch import arguments, installed, on_each

HEADER = "-- title_zh: 一\n-- title_en: One\n-- unit_zh: 件\n-- unit_en: cases\n-- better: none\n"
ANY = "id IS NOT NULL"
TEN = (
    ("opened", "cases", "opened_month", "COUNT(*)", ANY),
    ("closed", "cases", "closed_month", "COUNT(*)", ANY),
    ("granted", "cases", "closed_month", "COUNT(*)", "workflow = 'deed' AND outcome = 'granted'"),
    ("in time", "cases", "closed_month", "100.0 * SUM(CASE WHEN was_late THEN 0 ELSE 1 END) / COUNT(*)", ANY),
    ("hours", "cases", "closed_month", "AVG(hours_to_close)", "outcome = 'granted'"),
    ("helped", "cases", "opened_month", "100.0 * SUM(CASE WHEN helped THEN 1 ELSE 0 END) / COUNT(*)", ANY),
    ("households", "cases", "opened_month", "COUNT(DISTINCT household_id)", ANY),
    ("appeals", "steps", "month", "COUNT(*)", "transition = 'appeal'"),
    ("points", "postings", "month", "SUM(amount)", "book = 'points' AND target_kind = 'household'"),
    ("holders", "postings", "month", "COUNT(DISTINCT target_holder)", "book = 'points'"),
)
TRIED = (
    "engine_case (scenario, closed_at)",
    "engine_case (scenario, opened_at)",
    "engine_step (at)",
    "engine_step (case_id) WHERE late",
    "ledger_entry (at)",
)
VILLAGES, HOUSEHOLDS = 300, 30_000
PLACE = "CAST((CAST(500113101 + n.i / 15 % 20 AS BIGINT) * 1000 + 200 + n.i % 15) AS VARCHAR(15))"


def moment(seconds: str) -> str:
    """The SQL of a moment so many seconds after the start of 2025 in the villages."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"TIMESTAMPTZ '2025-01-01 00:00:00+08' + ({seconds}) * INTERVAL '1 second'"
    return f"DATETIME('2024-12-31 16:00:00', ({seconds}) || ' seconds')"


def insert(table: str, columns: str, values: str, *, count: int, where: str = "true") -> None:
    from django.db import connection

    numbers = f"WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    with connection.cursor() as cursor:
        cursor.execute(f"{numbers} INSERT INTO {table} ({columns}) SELECT {values} FROM n WHERE {where}")


def fill(cases: int) -> None:
    """Every 7th case is late, every 4th refused, every 50th appealed; each posts points to a household."""
    seconds = "n.i % 7919 * 63072000.0 / 7919 + n.i % 1000"
    opened, closed = moment(seconds), moment(f"{seconds} + 3600 * (1 + n.i % 200)")
    version = f"1, 'points', 1, 'simulated', '{{}}', {opened}"
    insert("engine_scenarioversion", "id, slug, version, digest, files, kept_at", version, count=1)
    activation = "1, 'points', '500113', '2025-01-01', 'simulated', '{}'"
    insert("engine_activation", "id, scenario, place_code, since, basis, parameters", activation, count=1)
    home = f"n.i, {PLACE}, CAST(n.i AS VARCHAR(20)), '', '2025-01-01'"
    insert("registry_household", "id, place_code, number, address, since", home, count=HOUSEHOLDS)
    insert(
        "engine_case",
        "id, number, scenario, workflow, scenario_version_id, activation_id, state, outcome, place_code, household_id,"
        " answers, waits_for, climbed_to, opened_at, entered_at, closed_at, version",
        "n.i, 'S' || n.i, 'points', CASE WHEN n.i % 3 = 0 THEN 'redeem' ELSE 'deed' END, 1, 1, 'done',"
        f" CASE WHEN n.i % 4 = 0 THEN 'refused' ELSE 'granted' END, {PLACE}, 1 + n.i % {HOUSEHOLDS}, '{{}}', '', '',"
        f" {opened}, {opened}, {closed}, 3",
        count=cases,
    )
    for name, at, late, which in (
        ("open", opened, "false", "true"),
        ("grant", closed, "n.i % 7 = 0", "true"),
        ("appeal", closed, "false", "n.i % 50 = 0"),
    ):
        columns = "case_id, at, transition, from_state, to_state, answers, reason, late, why, consent"
        step = f"n.i, {at}, '{name}', 'a', 'b', '{{}}', '', {late}, '[]', ''"
        insert("engine_step", columns, step, count=cases, where=which)
    post(cases, closed)


def post(cases: int, at: str) -> None:
    insert("ledger_book", "id, place_code, kind", f"n.i, {PLACE}, 'points'", count=VILLAGES)
    insert("ledger_account", "id, book_id, kind, holder", "n.i, n.i, 'pot', ''", count=VILLAGES)
    holder = f"{VILLAGES} + n.i, 1 + n.i % {VILLAGES}, 'household', 'household:' || n.i"
    insert("ledger_account", "id, book_id, kind, holder", holder, count=HOUSEHOLDS)
    entry = f"n.i, 1 + n.i % {VILLAGES}, 'k' || n.i, {at}, 'simulated', 'case:' || n.i, ''"
    insert("ledger_entry", "id, book_id, key, at, memo, record, basis", entry, count=cases)
    posting = f"n.i, 1 + n.i % {VILLAGES}, {VILLAGES} + 1 + n.i % {HOUSEHOLDS}, 1 + n.i % 20"
    insert("ledger_posting", "entry_id, source_id, target_id, amount", posting, count=cases)


def milliseconds(what: Callable[[], Any]) -> float:
    times = []
    for _ in range(4):
        begun = time.perf_counter()
        what()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times[1:])


def questions() -> dict[str, Callable[[Any], Any]]:
    """What people ask of an indicator: columns of the printed table."""
    from cunzhi.base.actor import system
    from cunzhi.base.periods import Period
    from cunzhi.lake.records import records
    from cunzhi.lake.run import by_month, by_place, total
    from cunzhi.lake.window import Window
    from cunzhi.registry.access import Access

    county, township = (Window.of(code, Period.parse("2026-03")) for code in ("500113", "500113105"))
    year, everything = Window.of("500113", Period.parse("2026")), Access(system("cli"))
    return {
        "total": lambda one: total(one, county),
        "townships": lambda one: by_place(one, county, level="township"),
        "villages": lambda one: by_place(one, county, level="village"),
        "12 months": lambda one: by_month(one, year),
        "a township": lambda one: by_place(one, township, level="village"),
        "records": lambda one: records(one, county, access=everything),
    }


def measure(words: str) -> None:
    from django.db import connection

    from cunzhi.lake.indicator import read_indicator

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    asked = questions()
    print(f"\n{connection.vendor} {words}, milliseconds\n{'':12}" + "".join(f"{name:>12}" for name in asked))
    sums = dict.fromkeys(asked, 0.0)
    for name, rows, month, value, where in TEN:
        select = f"SELECT place_code AS place, {month} AS period, {value} AS value FROM {rows} WHERE {where}"
        text = f"{HEADER}{select} GROUP BY place_code, {month}"
        indicator = read_indicator(text, name=f"{name}.sql", scenario="points")
        taken = {column: milliseconds(lambda do=do, one=indicator: do(one)) for column, do in asked.items()}
        print(f"{name:12}" + "".join(f"{one:12.1f}" for one in taken.values()), flush=True)
        sums = {column: sums[column] + taken[column] for column in asked}
    print(f"{'all ten':12}" + "".join(f"{one:12.1f}" for one in sums.values()), flush=True)


def run(url: str, cases: int) -> None:
    with installed(url, "figures") as vendor:
        from django.db import connection

        begun = time.perf_counter()
        fill(cases)
        print(f"\n{vendor}: {cases:,} simulated cases written in {time.perf_counter() - begun:.0f} s")
        measure("as migrated")
        with connection.cursor() as cursor:
            for number, index in enumerate(TRIED):
                cursor.execute(f"CREATE INDEX tried_{number} ON {index}")
        measure("with more indexes")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    given = parser.parse_args()
    on_each(given.postgres, lambda url: run(url, given.cases))


if __name__ == "__main__":
    main()
