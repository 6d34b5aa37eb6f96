"""The calendar opens what is owed, once, and says truly what is late."""

from datetime import date

import pytest
from disclosures.publishing import at, draft, publish, show, step
from engine.conftest import Village

from cunzhi.base.actor import system
from cunzhi.base.errors import Forbidden
from cunzhi.base.periods import Period
from cunzhi.engine.actions.activations import set_parameter
from cunzhi.engine.actions.calendar import LATEST, open_due, remind
from cunzhi.engine.loader import scenario
from cunzhi.engine.models import Activation, Case, Message
from cunzhi.engine.queries.calendar import Column, columns_of
from cunzhi.engine.spec.calendar import Duty
from cunzhi.engine.stage import VILLAGE
from cunzhi.registry.actions.appointments import appoint, end_appointment
from cunzhi.registry.models import Appointment

TICK = system("tick")


def owed(column: str = "finance", period: str = "2026-03") -> Case:
    return Case.objects.get(key=f"duty:disclosure:{column}:{period}:{VILLAGE}")


def column(name: str = "finance") -> Column:
    return next(one for one in columns_of(VILLAGE) if one.name == name)


@pytest.mark.parametrize(
    ("every", "today", "expected"),
    [
        ("month", date(2026, 4, 1), ["2026-02", "2026-03"]),
        ("month", date(2026, 3, 31), ["2026-01", "2026-02"]),
        ("quarter", date(2026, 4, 1), ["2025-Q4", "2026-Q1"]),
        ("year", date(2026, 12, 31), ["2024", "2025"]),
        ("event", date(2026, 4, 1), []),
    ],
)
def test_periods_that_are_over(every: str, today: date, expected: list[str]) -> None:
    given = {"title": {"zh_Hans": "账", "en": "a"}, "workflow": "w", "owner": "o", "basis": "a law", "every": every}
    duty = Duty.model_validate({**given, "since": date(2019, 1, 1)})
    assert [str(one) for one in duty.over(today, date(2024, 1, 1), 2)] == expected
    assert duty.over(today, today, 2) == duty.over(today, today, 2)[-1:]


def test_each_duty_is_opened_once_however_often_the_clock_ticks(public: Village) -> None:
    assert Case.objects.filter(key__startswith="duty:").count() == 5 * LATEST, "opened afterwards, in March"
    assert open_due(by=TICK) == 5, "March for two columns, the first quarter for three"
    assert open_due(by=TICK) == 0
    with at("2026-04-01T09:00"):
        assert open_due(by=TICK) == 0, "a clock that is set back opens nothing again"
    case = owed()
    assert (case.waits_for, case.answers["period"]) == ("village_cadre", "2026-03")
    assert case.due_at is not None
    assert case.due_at.astimezone().date() == date(2026, 4, 10)
    assert owed("points_shop", "2026-Q1").waits_for == "shopkeeper"


def test_village_that_nobody_serves_owes_nothing(public: Village) -> None:
    for held in Appointment.objects.filter(role__in=("village_cadre", "shopkeeper")):
        end_appointment(appointment=held, basis="任期届满 2026-04", by=TICK)
    with at("2026-04-03T09:00"):
        assert open_due(by=TICK) == 0
        assert column().standings == []


def test_village_meeting_sets_its_own_days(public: Village) -> None:
    set_parameter(
        by=TICK, activation=Activation.objects.get(scenario="disclosure"), name="due_days", since=date(2026, 1, 1),
        basis="村民代表会议 2026-01-05", value=5,
    )  # fmt: skip
    open_due(by=TICK)
    due = owed().due_at
    assert due is not None
    assert due.astimezone().date() == date(2026, 4, 5)


def test_owner_is_reminded_once_before_the_day(public: Village) -> None:
    open_due(by=TICK)
    assert remind(by=TICK) == 0
    with at("2026-04-07T08:00"):
        assert remind(by=TICK) == 5
        assert remind(by=TICK) == 0
    told = Message.objects.filter(key="engine.message.reminder", to=public.actor("shopkeeper").person_id)
    assert told.count() == 1


def test_late_is_said_until_it_is_public_and_stays_known(public: Village) -> None:
    open_due(by=TICK)
    latest = column().standings[0]
    assert (str(latest.period), latest.late, latest.missing) == ("2026-03", False, False)
    with at("2026-04-12T09:00"):
        assert column().standings[0].missing
        notice = show(public, draft(public, owed(), "三月收支"))
        after = column().standings[0]
    assert (after.notice, after.late, after.missing, notice.late) == (notice, True, False, True)


def test_correction_does_not_make_late_what_came_in_time(public: Village) -> None:
    first = publish(public, "finance", "2026-03", "三月收支")
    with at("2026-05-20T09:00"):
        second = publish(public, "finance", "2026-03", "更正：三月收支", first)
        standing = next(one for one in column().standings if one.period == Period.parse("2026-03"))
    assert (standing.notice, standing.late, second.late, second.corrects) == (first, False, False, first)


def test_whoever_drafted_does_not_check(public: Village) -> None:
    cadre = public.play.people["village_cadre"]
    appoint(by=TICK, person=cadre, role="supervisor", place_code=VILLAGE, basis="村民会议 2026-04-01")
    open_due(by=TICK)
    case = draft(public, owed(), "三月收支")
    with pytest.raises(Forbidden) as refused:
        step(public, "village_cadre", case, "publish", answers={"looked_at": ["content", "masks"]})
    assert refused.value.code == "engine.four_eyes"


def test_calendar_says_the_rule_of_every_column() -> None:
    calendar = scenario("disclosure").calendar
    assert {one.every for one in calendar.values()} == {"month", "quarter", "event"}
    assert all("第三十条" in one.basis for one in calendar.values())
