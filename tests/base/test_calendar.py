"""Working days and hours of China."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunzhi.base import calendar
from cunzhi.base.calendar import (
    OfficeHours,
    WorkingDay,
    add_working_days,
    add_working_hours,
    is_working_day,
    next_working_day,
    working_hours_between,
)
from cunzhi.base.clock import ZONE

FIRST, LAST = (datetime(year, 1, 1) for year in (2012, 2032))  # noqa: DTZ001 - hypothesis adds the zone itself
moments = st.datetimes(FIRST, LAST, timezones=st.just(ZONE))
hours = st.integers(0, 400 * 3600).map(lambda seconds: seconds / 3600)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 2, 14), WorkingDay(True, "published")),
        (date(2026, 2, 17), WorkingDay(False, "published")),
        (date(2026, 11, 22), WorkingDay(False, "published")),
        (date(2026, 11, 23), WorkingDay(True, "published")),
        (date(2035, 10, 1), WorkingDay(False, "computed")),
        (date(2035, 10, 10), WorkingDay(True, "computed")),
        (date(2003, 2, 8), WorkingDay(True, "computed")),
        (date(1940, 10, 1), WorkingDay(True, "weekday")),
        (date(2200, 1, 4), WorkingDay(False, "weekday")),
    ],
)
def test_is_working_day_says_how_it_knows(day: date, working: WorkingDay) -> None:
    assert is_working_day(day) == working


def test_next_working_day_skips_the_spring_festival() -> None:
    assert next_working_day(date(2026, 2, 13)) == date(2026, 2, 14)
    assert next_working_day(date(2026, 2, 14)) == date(2026, 2, 24)


def test_moment_is_no_day() -> None:
    for ask in (is_working_day, next_working_day):
        with pytest.raises(TypeError, match="not a moment"):
            ask(at("2026-11-23T09:00"))


def test_add_working_days_counts_from_the_day_after() -> None:
    assert add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert add_working_days(date(2026, 11, 22), 5) == date(2026, 11, 27)
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(date(2026, 11, 22), 0)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-23T09:00", 1, "2026-11-23T10:00"),
        ("2026-11-23T07:00", 1, "2026-11-23T10:00"),
        ("2026-11-23T11:30", 1, "2026-11-23T14:30"),
        ("2026-11-23T11:00", 1, "2026-11-23T12:00"),
        ("2026-11-23T13:00", 0.25, "2026-11-23T14:15"),
        ("2026-11-23T17:30", 1, "2026-11-24T09:30"),
        ("2026-11-20T17:30", 1, "2026-11-23T09:30"),
        ("2026-11-21T10:00", 7, "2026-11-23T18:00"),
        ("2026-11-23T10:00", 7, "2026-11-24T10:00"),
        ("2026-02-14T17:00", 2, "2026-02-24T10:00"),
        ("2026-11-22T10:00", 0, "2026-11-22T10:00"),
    ],
)
def test_add_working_hours_skips_lunch_nights_and_holidays(start: str, count: float, end: str) -> None:
    assert add_working_hours(at(start), count) == at(end)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-11-23T09:00", "2026-11-23T18:00", 7),
        ("2026-11-23T12:00", "2026-11-23T14:00", 0),
        ("2026-11-20T17:00", "2026-11-23T10:00", 2),
        ("2026-11-21T00:00", "2026-11-22T23:00", 0),
        ("2026-11-23T10:00", "2026-11-20T17:00", -2),
        ("2025-12-31T17:00", "2026-01-04T10:00", 2),
    ],
)
def test_working_hours_between_counts_office_time_only(start: str, end: str, count: float) -> None:
    assert working_hours_between(at(start), at(end)) == count


def test_add_working_hours_thinks_in_the_villages_clock() -> None:
    assert add_working_hours(datetime(2026, 11, 23, 1, tzinfo=UTC), 1) == at("2026-11-23T10:00")


def test_office_hours_other_than_usual() -> None:
    summer = OfficeHours(((time(8), time(12)), (time(15), time(19))))
    assert add_working_hours(at("2026-11-23T11:00"), 2, office=summer) == at("2026-11-23T16:00")
    assert working_hours_between(at("2026-11-23T00:00"), at("2026-11-24T00:00"), office=summer) == 8


@pytest.mark.parametrize("spans", [(), ((time(9), time(9)),), ((time(14), time(18)), (time(9), time(12)))])
def test_office_hours_out_of_order_are_refused(spans: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="office hours"):
        OfficeHours(spans)


def test_naive_moments_are_refused() -> None:
    naive = datetime(2026, 11, 23, 9)  # noqa: DTZ001 - on purpose
    with pytest.raises(ValueError, match="time zone"):
        add_working_hours(naive, 1)
    with pytest.raises(ValueError, match="time zone"):
        working_hours_between(at("2026-11-23T09:00"), naive)
    with pytest.raises(ValueError, match="negative"):
        add_working_hours(at("2026-11-23T09:00"), -1)


@given(moments, hours, hours)
def test_adding_twice_is_adding_the_sum(start: datetime, first: float, second: float) -> None:
    in_two_steps = add_working_hours(add_working_hours(start, first), second)
    assert abs(in_two_steps - add_working_hours(start, first + second)) <= timedelta(microseconds=2)


@given(moments, hours)
def test_between_gives_back_what_was_added(start: datetime, count: float) -> None:
    assert working_hours_between(start, add_working_hours(start, count)) == pytest.approx(count, abs=1e-9)


@given(moments, moments, moments)
def test_between_adds_up_over_a_stop(one: datetime, two: datetime, three: datetime) -> None:
    whole = working_hours_between(one, three)
    assert working_hours_between(one, two) + working_hours_between(two, three) == pytest.approx(whole, abs=1e-9)


@given(moments, hours.filter(bool))
def test_added_hours_end_in_office_time(start: datetime, count: float) -> None:
    end = add_working_hours(start, count)
    assert is_working_day(end.date()).working
    assert time(9) < end.time() <= time(12) or time(14) < end.time() <= time(18)


def test_fifteen_years_are_not_walked_day_by_day_once_the_years_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = at("2012-01-01T00:00"), at("2027-01-01T00:00")
    hours = working_hours_between(first, last)

    looked_up: list[date] = []
    monkeypatch.setattr(calendar, "is_working_day", lambda day: looked_up.append(day) or is_working_day(day))
    assert working_hours_between(first, last) == hours > 15 * 240 * 7
    assert set(looked_up) == {first.date(), last.date()}
