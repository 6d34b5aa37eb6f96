"""Years, quarters and months."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunzhi.base.clock import ZONE
from cunzhi.base.periods import Kind, Period, PeriodRefused, between

kinds: st.SearchStrategy[Kind] = st.sampled_from(("year", "quarter", "month"))
days = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("text", "first_day", "after"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 10, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_period_parse_knows_its_days(text: str, first_day: date, after: date) -> None:
    period = Period.parse(text)
    assert str(period) == text
    assert period.first_day == first_day
    assert period.start == datetime(first_day.year, first_day.month, 1, tzinfo=ZONE)
    assert period.end == datetime(after.year, after.month, 1, tzinfo=ZONE)


@pytest.mark.parametrize(
    "text", ["", "26", "2026-", "2026-Q5", "2026-q3", "2026-13", "2026-7", "2026-07-01", "0026", "２０２６"]
)
def test_period_parse_refuses_the_rest(text: str) -> None:
    with pytest.raises(PeriodRefused) as refused:
        Period.parse(text)
    assert text in refused.value.say("zh-hans")


@pytest.mark.parametrize(("year", "number"), [(2026, 0), (2026, 13), (999, 1), (10_000, 1)])
def test_period_outside_the_calendar_is_refused(year: int, number: int) -> None:
    with pytest.raises(PeriodRefused):
        Period("month", year, number)


def test_period_of_moment_is_where_the_villages_are() -> None:
    assert str(Period.of(datetime(2026, 6, 30, 17, tzinfo=UTC), "quarter")) == "2026-Q3"
    with pytest.raises(ValueError, match="time zone"):
        Period.of(datetime(2026, 6, 30, 17), "month")  # noqa: DTZ001 - on purpose


def test_between_counts_both_ends() -> None:
    assert [str(p) for p in between(Period.parse("2025-Q4"), Period.parse("2026-Q2"))] == [
        "2025-Q4",
        "2026-Q1",
        "2026-Q2",
    ]
    assert list(between(Period.parse("2026"), Period.parse("2025"))) == []


def test_between_mixed_kinds_is_refused() -> None:
    with pytest.raises(PeriodRefused):
        list(between(Period.parse("2025"), Period.parse("2026-Q2")))
    with pytest.raises(TypeError):
        assert Period.parse("2025") < Period.parse("2026-Q2")


@given(days, kinds)
def test_period_of_a_day_holds_it_and_reads_back(day: date, kind: Kind) -> None:
    period = Period.of(day, kind)
    assert day in period
    assert Period.parse(str(period)) == period
    assert period.first_day <= day < period.next().first_day


@given(days, kinds)
def test_periods_follow_without_gaps(day: date, kind: Kind) -> None:
    period = Period.of(day, kind)
    assert period.next().previous() == period
    assert period.end == period.next().start
    assert period < period.next()
    assert Period.of(period.end - timedelta(microseconds=1), kind) == period
