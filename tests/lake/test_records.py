"""Every figure opens to the records that it was counted from, and only to those that the viewer may open."""

import pytest
from doings import (
    COUNTY,
    FAR_VILLAGE,
    GRID,
    NEIGHBOUR,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    case,
    household,
    indicator,
    moment,
    step,
    viewer,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cunzhi.base.actor import NOBODY, Actor, system
from cunzhi.base.periods import Period
from cunzhi.engine.models import Case
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.records import records
from cunzhi.lake.run import figures
from cunzhi.lake.window import Level, Window
from cunzhi.ledger.models import Account, Book, Entry, Posting
from cunzhi.registry.access import Access

pytestmark = pytest.mark.django_db
FEBRUARY = Period.parse("2026-02")
HERE = Window.of(COUNTY, FEBRUARY)
EVERYTHING = Access(system("test"))
LEVELS: list[Level] = ["county", "township", "village", "grid"]
PLACES = [COUNTY, TOWNSHIP, OTHER_TOWNSHIP, VILLAGE, NEIGHBOUR, FAR_VILLAGE, GRID]


def access(place_code: str, role: str = "township_officer") -> Access:
    return Access(Actor(person_id=viewer(place_code, role).pk, channel="test"))


def test_count_opens_to_its_cases_the_newest_first() -> None:
    first = case(closed="2026-02-03T17:00:00")
    second = case(closed="2026-02-20")
    case(closed="2026-03-20")
    opened = records(indicator("COUNT(*)"), HERE, access=EVERYTHING)
    assert [(row.record, row.label, row.day) for row in opened.rows] == [
        (second.record, second.number, "2026-02-20"),
        (first.record, first.number, "2026-02-04"),
    ]
    assert (opened.total, opened.counted, opened.complete) == (2, 2, True)


def test_share_opens_to_all_of_its_denominator_and_marks_its_numerator() -> None:
    late, in_time = case(), case()
    step(late, late=True)
    share = indicator("100.0 * SUM(CASE WHEN was_late THEN 1 ELSE 0 END) / COUNT(*)")
    opened = records(share, HERE, access=EVERYTHING)
    assert {row.record: row.counted for row in opened.rows} == {late.record: True, in_time.record: False}
    assert (opened.total, opened.counted) == (2, 1)


def test_mean_opens_only_to_what_it_was_made_of() -> None:
    case(opened="2026-02-01", closed="2026-02-02")
    case(opened="2026-02-01", closed=None)
    mean = indicator("AVG(hours_to_close)", month="opened_month")
    opened = records(mean, HERE, access=EVERYTHING)
    assert [row.part for row in opened.rows] == [24.0]


def test_count_of_households_opens_to_the_cases_that_name_them() -> None:
    home = household()
    case(home=home)
    case(home=home)
    case()
    opened = records(indicator("COUNT(DISTINCT household_id)"), HERE, access=EVERYTHING)
    assert [row.part for row in opened.rows] == [home.pk, home.pk]


def test_sum_of_postings_opens_to_amounts_and_the_record_behind_each() -> None:
    book = Book.objects.create(place_code=VILLAGE, kind="points")
    pot, home = (Account.objects.create(book=book, kind=kind, floor=None) for kind in ("pot", "household"))
    entry = Entry.objects.create(book=book, key="k", at=moment("2026-02-02"), memo="points.deed.grant", record="case:9")
    Posting.objects.create(entry=entry, source=pot, target=home, amount=12)
    opened = records(indicator("SUM(amount)", rows="postings", month="month"), HERE, access=EVERYTHING)
    assert [(row.record, row.label, row.place, row.part) for row in opened.rows] == [
        ("case:9", "points.deed.grant", VILLAGE, 12)
    ]


def test_households_open_by_the_day_since_which_they_are_known() -> None:
    known = household(since=FEBRUARY.first_day)
    opened = records(indicator("COUNT(*)", rows="households", month="since_month"), HERE, access=EVERYTHING)
    assert [(row.record, row.day) for row in opened.rows] == [(f"household:{known.pk}", "2026-02-01")]


def test_steps_open_to_their_cases() -> None:
    one = case()
    step(one)
    opened = records(indicator("COUNT(*)", rows="steps", month="month"), HERE, access=EVERYTHING)
    assert [row.record for row in opened.rows] == [one.record]


def test_pages_hold_each_record_once() -> None:
    numbers = {case().number for _ in range(5)}
    pages = [records(indicator("COUNT(*)"), HERE, access=EVERYTHING, limit=2, offset=at) for at in (0, 2, 4, 6)]
    assert [len(page.rows) for page in pages] == [2, 2, 1, 0]
    assert {row.label for page in pages for row in page.rows} == numbers
    assert {page.total for page in pages} == {5}


def test_viewer_opens_only_what_lies_in_the_own_place_and_is_told_so() -> None:
    case(VILLAGE)
    case(FAR_VILLAGE)
    own = records(indicator("COUNT(*)"), HERE, access=access(TOWNSHIP))
    assert [row.place for row in own.rows] == [VILLAGE]
    assert (own.total, own.complete) == (1, False)
    assert records(indicator("COUNT(*)"), Window.of(VILLAGE, FEBRUARY), access=access(TOWNSHIP)).complete


def test_viewer_of_another_place_opens_nothing() -> None:
    case(VILLAGE)
    other = records(indicator("COUNT(*)"), HERE, access=access(OTHER_TOWNSHIP))
    assert (other.total, other.rows, other.complete) == (0, (), False)


@pytest.mark.parametrize("role", ["grid_worker", "administrator", ""])
def test_viewer_whose_role_may_not_open_opens_nothing(role: str) -> None:
    case(VILLAGE)
    who = access(COUNTY, role) if role else Access(NOBODY)
    assert records(indicator("COUNT(*)"), HERE, access=who).total == 0


def test_record_above_the_level_opens_apart_from_those_below_it() -> None:
    above = case(TOWNSHIP)
    case(VILLAGE)
    window = Window.of(TOWNSHIP, FEBRUARY)
    right_there = records(indicator("COUNT(*)"), window, access=EVERYTHING, level="village")
    assert [row.label for row in right_there.rows] == [above.number]
    assert records(indicator("COUNT(*)"), window, access=EVERYTHING).total == 2


DOING = st.tuples(
    st.sampled_from(PLACES),
    st.integers(1, 56),
    st.sampled_from(["granted", "refused"]),
    st.sampled_from([None, 0, 1]),
    st.booleans(),
)
INDICATORS = {
    "all": ("COUNT(*)", ""),
    "granted": ("COUNT(*)", "outcome = 'granted' AND hours_to_close > 200"),
    "share": ("100.0 * SUM(CASE WHEN was_late THEN 1 ELSE 0 END) / COUNT(*)", "outcome <> 'refused'"),
    "homes": ("COUNT(DISTINCT household_id)", ""),
    "hours": ("SUM(hours_to_close)", "NOT was_late"),
    "mean": ("AVG(CASE WHEN outcome = 'granted' THEN hours_to_close END)", ""),
}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DOING, max_size=12), st.sampled_from(sorted(INDICATORS)))
def test_opened_records_yield_the_figure_again(doings: list[tuple[str, int, str, int | None, bool]], name: str) -> None:
    """At every level, for every place and month: what is opened is exactly what was counted."""
    Case.objects.all().delete()
    homes = [household(), household()]
    for place, day, outcome, home, late in doings:
        closed = f"2026-{1 + day // 29:02}-{day % 28 + 1:02}T17:00:00"
        lived_in = None if home is None else homes[home]
        made = case(place, opened="2026-01-01", closed=closed, outcome=outcome, home=lived_in)
        step(made, late=late)
    value, where = INDICATORS[name]
    counted = indicator(value, where=where)
    for level in LEVELS:
        for one in figures(counted, Window(COUNTY, FEBRUARY.previous(), FEBRUARY.next()), level=level):
            window = Window.of(one.place, Period.parse(one.period))
            assert one.value == pytest.approx(counted_again(name, counted, window, level)), one


def counted_again(name: str, counted: Indicator, window: Window, level: Level) -> float | None:
    """The figure, reckoned from the opened records alone."""
    opened = records(counted, window, access=EVERYTHING, level=level, limit=1000)
    parts = [row.part for row in opened.rows if row.part is not None]
    numbers = [float(part) for part in parts]
    assert opened.total == len(opened.rows)
    assert opened.counted == sum(row.counted for row in opened.rows)
    if name in ("all", "granted"):
        return opened.total
    if name == "homes":
        return len(set(parts))
    if name == "hours":
        return sum(numbers) if numbers else None
    if name == "share":
        return 100 * opened.counted / opened.total
    return sum(numbers) / len(numbers) if numbers else None
