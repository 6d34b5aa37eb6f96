"""How quick a search by code prefix is: 11,000 villages, a million households, against a tree that is walked by ids.

.venv/bin/python benchmarks/prefix_scope.py [--households 1000000] [--postgres URL]
"""

import statistics
import time
from collections.abc import Callable

from scratch import arguments, installed, on_each

RUNS = 15
NUMBERS = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {most})"
HOUSEHOLDS = (
    "INSERT INTO registry_household (place_code, number, address, since) {numbers}"
    " SELECT place.code, CAST(n AS varchar(20)), '', '2026-01-01' FROM number CROSS JOIN registry_place AS place"
    " WHERE place.level = 'village' ORDER BY n, place.code"
)
TREE = (
    "CREATE TABLE bench_place AS SELECT place.id AS id, place.code AS code, parent.id AS parent_id"
    " FROM registry_place AS place LEFT JOIN registry_place AS parent ON parent.code = {parent}"
    " AND parent.system IN ('gb', 'nbs') WHERE place.system IN ('gb', 'nbs')",
    "CREATE UNIQUE INDEX bench_place_id ON bench_place (id)",
    "CREATE INDEX bench_place_parent ON bench_place (parent_id)",
    "CREATE TABLE bench_household AS SELECT household.id AS id, place.id AS place_id, household.number AS number"
    " FROM registry_household AS household JOIN bench_place AS place ON place.code = household.place_code",
    "CREATE UNIQUE INDEX bench_household_id ON bench_household (id)",
    "CREATE INDEX bench_household_place ON bench_household (place_id)",
)
PARENT = "substr(place.code, 1, CASE length(place.code) WHEN 12 THEN 9 WHEN 9 THEN 6 WHEN 6 THEN 2 ELSE 0 END)"
BELOW = (
    "WITH RECURSIVE below(id) AS (SELECT id FROM bench_place WHERE code = %s UNION ALL"
    " SELECT place.id FROM bench_place AS place JOIN below ON place.parent_id = below.id)"
)
CHOSEN = {
    "id IN tree": " FROM bench_household AS household WHERE place_id IN (SELECT id FROM below)",
    "join tree": " FROM bench_household AS household JOIN below ON below.id = household.place_id",
}
ASKED = {
    "count": ("SELECT count(*)", ""),
    "newest 20": ("SELECT household.id, household.number", " ORDER BY household.id DESC LIMIT 20"),
}


def fill(wanted: int) -> None:
    from django.db import connection

    from cunzhi.base.actor import system
    from cunzhi.registry.actions.places import load_places
    from cunzhi.registry.models import Place

    load_places(by=system("cli"))
    villages = Place.objects.filter(level="village").count()
    with connection.cursor() as cursor:
        cursor.execute(HOUSEHOLDS.format(numbers=NUMBERS.format(most=round(wanted / villages))))
        for statement in TREE:
            cursor.execute(statement.format(parent=PARENT))
        cursor.execute("ANALYZE")
    print(f"\n{connection.vendor}: {villages} villages")


def measure(url: str, wanted: int) -> None:
    with installed(url, "prefix_scope"):
        from django.db import connection

        from cunzhi.registry.models import Household, Place

        fill(wanted)
        print(f"{Household.objects.count()} households; p50 of {RUNS} runs in ms\n")
        print(f"{'':42}{'prefix':>9}" + "".join(f"{name:>13}{'ratio':>7}" for name in CHOSEN))
        village = Place.objects.filter(level="village", code__startswith="500113").order_by("code").values_list("code")
        code = village[100][0]
        for level, length in (("village", 12), ("town", 9), ("county", 6)):
            compare(connection, level, code[:length])


def compare(connection, level: str, code: str) -> None:
    """Both ways must give the same answer, or the figures mean nothing."""
    from cunzhi.base.fields import under
    from cunzhi.registry.models import Household

    rows = Household.objects.filter(under(code))
    ours: dict[str, Callable[[], object]] = {
        "count": lambda: [(rows.count(),)],
        "newest 20": lambda: [(row.id, row.number) for row in rows.order_by("-id")[:20]],
    }
    for what, ask in ours.items():
        quick, answer = timed(ask)
        line = f"{what}, {level} of {rows.count()} households"
        line = f"{line:42}{quick:9.2f}"
        for chosen in CHOSEN.values():
            first, last = ASKED[what]
            statement = f"{BELOW} {first}{chosen}{last}"
            slow, other = timed(lambda statement=statement: fetch(connection, statement, code))
            assert answer == other, (what, code)
            line += f"{slow:13.2f}{slow / quick:7.1f}"
        print(line)


def fetch(connection, statement: str, code: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(statement, [code])
        return [tuple(row) for row in cursor.fetchall()]


def timed(ask: Callable[[], object]) -> tuple[float, object]:
    answer, times = ask(), []
    for _ in range(RUNS):
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), answer


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--households", type=int, default=1_000_000)
    given = parser.parse_args()
    on_each(given.postgres, lambda url: measure(url, given.households))


if __name__ == "__main__":
    main()
