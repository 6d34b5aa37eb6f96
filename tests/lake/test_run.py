"""Figures are the same on both databases, on the villages' clock, and right at every level."""

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
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cunzhi.base.errors import Refused
from cunzhi.base.periods import Period
from cunzhi.engine.models import Case
from cunzhi.lake.run import Figure, by_month, by_place, figures, total
from cunzhi.lake.window import Level, Window
from cunzhi.ledger.models import Account, Book, Entry, Posting

pytestmark = pytest.mark.django_db
FEBRUARY = Period.parse("2026-02")
HERE = Window.of(COUNTY, FEBRUARY)
QUARTER = Window.of(COUNTY, Period.parse("2026-Q1"))
PLACES = [COUNTY, TOWNSHIP, VILLAGE, NEIGHBOUR, FAR_VILLAGE, GRID]
COUNT = "COUNT(*)"
SHARE_LATE = "100.0 * SUM(CASE WHEN was_late THEN 1 ELSE 0 END) / COUNT(*)"


def test_figures_are_cut_by_place_and_month() -> None:
    for closed in ("2026-01-10", "2026-02-10", "2026-02-11"):
        case(VILLAGE, opened="2026-01-01", closed=closed)
    case(FAR_VILLAGE, opened="2026-01-01", closed="2026-02-01")
    assert figures(indicator(COUNT), QUARTER, level="village") == [
        Figure(VILLAGE, "2026-01", 1.0),
        Figure(VILLAGE, "2026-02", 2.0),
        Figure(FAR_VILLAGE, "2026-02", 1.0),
    ]
    assert by_place(indicator(COUNT), QUARTER, level="township") == [
        Figure(TOWNSHIP, "2026-Q1", 3.0),
        Figure(OTHER_TOWNSHIP, "2026-Q1", 1.0),
    ]
    assert by_month(indicator(COUNT), QUARTER) == [Figure(COUNTY, "2026-01", 1.0), Figure(COUNTY, "2026-02", 3.0)]
    assert total(indicator(COUNT), QUARTER) == Figure(COUNTY, "2026-Q1", 4.0)


@pytest.mark.parametrize(
    ("closed", "month"),
    [
        ("2026-01-31T15:59:59.999999", "2026-01"),
        ("2026-01-31T16:00:00", "2026-02"),
        ("2026-01-31T16:30:00", "2026-02"),
        ("2026-02-28T15:59:59.999600", "2026-02"),
        ("2026-02-28T16:00:00.000001", "2026-03"),
        ("2025-12-31T16:00:00", "2026-01"),
    ],
)
def test_month_is_that_of_the_villages_clock(closed: str, month: str) -> None:
    case(opened="2025-12-01", closed=closed)
    counted = indicator(COUNT)
    assert figures(counted, Window(COUNTY, Period.parse("2025"), Period.parse("2026")), level="county") == [
        Figure(COUNTY, month, 1.0)
    ]
    assert total(counted, Window.of("", Period.parse(month))).value == 1
    assert total(counted, Window.of("", Period.parse(month).next())).value == 0


def test_day_is_that_of_the_villages_clock() -> None:
    case(closed="2026-02-09T15:59:59.9996")
    case(closed="2026-02-09T16:00:00")
    assert total(indicator(COUNT, where="closed_day = '2026-02-09'"), HERE).value == 1


def test_share_of_a_township_is_counted_anew_and_no_mean_of_its_villages() -> None:
    step(case(VILLAGE), late=True)
    for _ in range(3):
        step(case(NEIGHBOUR))
    assert [one.value for one in by_place(indicator(SHARE_LATE), HERE, level="village")] == [100.0, 0.0]
    assert [one.value for one in by_place(indicator(SHARE_LATE), HERE, level="township")] == [25.0]


def test_share_of_whole_numbers_is_not_cut_off() -> None:
    step(case(), late=True)
    case()
    assert total(indicator("SUM(CASE WHEN was_late THEN 1 ELSE 0 END) / COUNT(*)"), HERE).value == 0.5


def test_division_by_zero_gives_no_figure() -> None:
    case()
    assert by_place(indicator("1.0 / SUM(CASE WHEN helped THEN 1 ELSE 0 END)"), HERE, level="county") == [
        Figure(COUNTY, "2026-02", None)
    ]


def test_nothing_counted_is_zero_of_a_count_and_nothing_of_a_share() -> None:
    assert [total(indicator(value), HERE).value for value in (COUNT, "SUM(hours_to_close)", SHARE_LATE)] == [0, 0, None]


def test_hours_are_those_of_the_clock_in_whole_seconds() -> None:
    case(opened="2026-02-01T00:00:00.9", closed="2026-02-02T01:30:00.1")
    case(opened="2026-02-01T00:00:00", closed="2026-02-01T00:00:01")
    assert total(indicator("MAX(hours_to_close)"), HERE).value == 25.5
    assert total(indicator("MIN(hours_to_close)"), HERE).value == 1 / 3600
    assert total(indicator("AVG(hours_to_close)"), HERE).value == pytest.approx((25.5 + 1 / 3600) / 2, rel=1e-12)


def test_households_are_counted_once() -> None:
    home = household()
    case(home=home)
    case(home=home)
    case(home=household())
    case()
    assert total(indicator("COUNT(DISTINCT household_id)"), HERE).value == 2


def test_conditions_with_words_and_percent_signs_are_taken_literally() -> None:
    case(outcome="granted")
    case(outcome="100%(b0)s'")
    assert total(indicator(COUNT, where="outcome = '100%(b0)s'''"), HERE).value == 1
    assert total(indicator(COUNT, where="outcome IN ('granted', 'done') AND workflow <> 'appeal'"), HERE).value == 1


def test_only_cases_of_the_own_scenario_are_counted() -> None:
    case(scenario="points")
    case(scenario="brigade")
    assert total(indicator(COUNT), HERE).value == 1


def test_record_above_the_level_stands_under_its_own_code() -> None:
    case(TOWNSHIP)
    case(GRID)
    assert [one.place for one in by_place(indicator(COUNT), HERE, level="village")] == [TOWNSHIP, VILLAGE]


def test_place_that_only_begins_alike_is_left_out() -> None:
    case("500114101200")
    case("500112999999")
    assert total(indicator(COUNT), HERE).value == 0


def test_steps_tell_who_took_them_late_and_helped() -> None:
    one = case()
    step(one, "open")
    step(one, "grant", late=True)
    step(case(scenario="brigade"), late=True)
    late = indicator("COUNT(*)", rows="steps", month="month", where="was_late AND NOT by_person AND NOT helped")
    assert total(late, HERE).value == 1


def test_postings_are_summed_by_the_day_of_their_entry() -> None:
    book = Book.objects.create(place_code=VILLAGE, kind="points")
    pot = Account.objects.create(book=book, kind="pot", floor=None)
    home = Account.objects.create(book=book, kind="household", holder="household:7", floor=0)
    for amount, at in ((5, "2026-01-31T15:00:00"), (7, "2026-01-31T16:00:00"), (11, "2026-02-20T00:00:00")):
        entry = Entry.objects.create(book=book, key=f"k{amount}", at=moment(at), memo="m", record="case:1")
        Posting.objects.create(entry=entry, source=pot, target=home, amount=amount)
    given_out = "book = 'points' AND target_kind = 'household' AND NOT taken_back AND NOT takes_back"
    assert total(indicator("SUM(amount)", rows="postings", month="month", where=given_out), HERE).value == 18
    holders = indicator("COUNT(DISTINCT target_holder) + COUNT(source_holder)", rows="postings", month="month")
    assert total(holders, HERE).value == 1


def test_households_are_counted_by_the_month_since_which_they_are_known() -> None:
    household(since=FEBRUARY.first_day)
    household(since=FEBRUARY.next().first_day)
    assert total(indicator(COUNT, rows="households", month="since_month", where="until_day IS NULL"), HERE).value == 1


def test_level_above_the_window_is_refused() -> None:
    with pytest.raises(Refused, match="only a part"):
        by_place(indicator(COUNT), Window.of(VILLAGE, FEBRUARY), level="township")


@pytest.mark.parametrize("code", ["50%", "'; DROP TABLE engine_case; --", "5001131012000010", "五零"])
def test_window_of_something_that_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(Refused, match="not a division code"):
        Window.of(code, FEBRUARY)


def test_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused, match="ends before"):
        Window(COUNTY, FEBRUARY, FEBRUARY.previous())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.integers(1, 59))))
def test_counts_of_the_parts_sum_to_that_of_the_whole(doings: list[tuple[str, int]]) -> None:
    Case.objects.all().delete()
    for place, day in doings:
        case(place, opened="2026-01-01", closed=f"2026-{1 + day // 31:02}-{day % 28 + 1:02}T17:00:00")
    counted = indicator(COUNT)
    levels: list[Level] = ["county", "township", "village", "grid"]
    for level in levels:
        assert sum(one.value or 0 for one in figures(counted, QUARTER, level=level)) == len(doings)
        assert sum(one.value or 0 for one in by_place(counted, QUARTER, level=level)) == len(doings)
    assert total(counted, QUARTER).value == len(doings)
