"""What nobody made public is counted too, in the month in which it was owed, until it is made up for."""

import pytest
from disclosures.conftest import april as april
from disclosures.conftest import public as public
from disclosures.publishing import at, draft, publish, show
from engine.conftest import Village

from cunzhi.base.actor import system
from cunzhi.base.periods import Period
from cunzhi.engine.loader import scenario
from cunzhi.engine.models import Case
from cunzhi.engine.stage import VILLAGE
from cunzhi.engine.timers import tick
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.records import records
from cunzhi.lake.run import total
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import Window
from cunzhi.registry.access import Access

APRIL = Window.of(VILLAGE, Period.parse("2026-04"))


@pytest.fixture
def figure(public: Village) -> dict[str, Indicator]:
    """The figures of disclosure; on 2 April the clock opened what is owed for March and the first quarter."""
    tick()
    return {one.name: one for one in indicators(scenario("disclosure"))}


def missing(figure: dict[str, Indicator]) -> float | None:
    return total(figure["columns_missing"], APRIL).value


def test_column_counts_as_missing_once_its_day_is_over(figure: dict[str, Indicator]) -> None:
    assert missing(figure) == 0
    with at("2026-04-13T09:00"):
        tick()
    assert missing(figure) == 5
    opened = records(figure["columns_missing"], APRIL, access=Access(system("test")))
    assert {row.record for row in opened.rows} == {f"case:{one}" for one in owed()}


def test_column_that_is_made_up_for_is_late_and_not_missing(public: Village, figure: dict[str, Indicator]) -> None:
    with at("2026-04-13T09:00"):
        tick()
        case = draft(public, Case.objects.get(key=f"duty:disclosure:funds:2026-03:{VILLAGE}"), "三月救助")
        assert missing(figure) == 5, "a draft is not public yet"
        show(public, case)
    assert missing(figure) == 4
    assert total(figure["columns_late"], APRIL).value == 1


def test_column_that_was_made_public_another_way_is_not_missing(public: Village, figure: dict[str, Indicator]) -> None:
    publish(public, "funds", "2026-03", "三月救助")
    with at("2026-04-13T09:00"):
        tick()
    assert missing(figure) == 4


def owed() -> list[int]:
    return list(Case.objects.filter(key__contains="2026-03").values_list("pk", flat=True)) + list(
        Case.objects.filter(key__contains="2026-Q1").values_list("pk", flat=True)
    )
