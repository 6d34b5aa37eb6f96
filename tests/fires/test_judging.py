"""Whether somebody is sent: windows, zones, confidence, age; pure rules with the numbers in force."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from fires.rows import NOW

from cunzhi.fires.judging import Known, Rules, judge

RULES = Rules({"spring_first": 501, "spring_last": 630, "autumn_first": 815, "autumn_last": 1215}, True, 1, 48, 4, 6)
KNOWN = Known(date(2026, 10, 29), NOW - timedelta(hours=3), "nominal", is_static=False, in_zone=False)


@pytest.mark.parametrize(
    ("known", "rules", "standing"),
    [
        ({}, {}, "sent"),
        ({"is_static": True}, {}, "static"),
        ({"confidence": "low"}, {}, "faint"),
        ({"confidence": "low"}, {"least": 0}, "sent"),
        ({"first_day": date(2026, 7, 15)}, {}, "no_window"),
        ({}, {"everywhere": False}, "no_zone"),
        ({"in_zone": True}, {"everywhere": False}, "sent"),
        ({"last_at": NOW - timedelta(hours=49)}, {}, "old"),
    ],
)
def test_judgement(known: dict[str, object], rules: dict[str, object], standing: str) -> None:
    assert judge(replace(KNOWN, **known), replace(RULES, **rules), NOW) == standing  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "inside"),
    [((5, 1), True), ((6, 30), True), ((7, 1), False), ((12, 15), True), ((12, 16), False), ((4, 30), False)],
)
def test_window_holds_its_first_and_last_day(day: tuple[int, int], inside: bool) -> None:
    assert RULES.in_window(date(2026, *day)) is inside


def test_window_may_go_over_new_year() -> None:
    rules = replace(RULES, windows={"autumn_first": 1101, "autumn_last": 115})
    assert [rules.in_window(date(2026, *day)) for day in ((11, 1), (12, 31), (1, 15), (1, 16))] == [1, 1, 1, 0]
