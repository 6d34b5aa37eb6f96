"""Many at once at the counter, at a decision, at a key, at the clock: each thing happens once."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from engine.conftest import Village
from engine.test_cases import deed, report
from faults.conftest import Crowd
from ledger.crowd import by_processes

from cunzhi.adapters.messages.port import Delivery
from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.base.errors import Conflict, Refused
from cunzhi.engine import timers
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.models import Case, Message, Step
from cunzhi.engine.stories import GRID, Beat
from cunzhi.ledger.audit import check_books
from cunzhi.ledger.models import Posting
from cunzhi.registry.actions.people import set_phone

FRIDAY = Beat(at="2026-03-06T09:00", wait=True).moment


def redeem(village: Village, key: str) -> str:
    answers = {"goods": village.play.stage.goods["soap"].pk, "quantity": 1}
    by = village.actor("villager")
    try:
        open_case(by=by, scenario="points", workflow="redeem", place_code=GRID, answers=answers, key=key)
    except Refused as refused:
        return refused.code
    return "kept"


def test_two_hundred_requests_for_ten_bars_of_soap(village: Village, crowd: Crowd) -> None:
    answers = Counter(crowd(8, lambda number: [redeem(village, f"{number}-{step}") for step in range(25)]))

    assert answers["kept"] == 10
    assert set(answers) <= {"kept", "points.out_of_stock", "engine.answer.choice", "ledger.short.shelf"}
    assert sum(answers.values()) == 200
    play = village.play.stage
    assert (play.points, play.stock("soap"), Case.objects.count()) == (5000 - 100, 0, 10)
    assert check_books() == []


def test_same_key_from_eight_at_once_makes_one_case(village: Village, crowd: Crowd) -> None:
    assert crowd(8, lambda number: [redeem(village, "phone-1")]) == ["kept"] * 8

    play = village.play.stage
    assert (Case.objects.count(), Step.objects.count(), play.points, play.stock("soap")) == (1, 1, 4990, 9)


def test_two_officers_who_decide_at_once_are_one_decision_and_one_conflict(village: Village, crowd: Crowd) -> None:
    case = report(village)
    ways: list[dict[str, Any]] = [
        {"transition": "approve", "answers": {"seen": "photo"}},
        {"transition": "refuse", "reason": "看不清"},
    ]

    def decide(number: int) -> list[str]:
        try:
            return [move(by=village.actor("appraiser"), case=case, version=1, **ways[number]).state]
        except Conflict as conflict:
            return [conflict.code]

    answers = sorted(crowd(2, decide))

    assert answers in (["engine.moved_meanwhile", "published"], ["engine.moved_meanwhile", "refused"])
    case.refresh_from_db()
    assert case.version == 2
    assert case.steps.count() == 2
    promised = Posting.objects.filter(target__kind="promised").count()
    assert promised == (1 if case.state == "published" else 0)


class CountingSender:
    """Takes its time, as gateways do, and writes a line for each message, so that a second one is seen."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def send(self, to: str, text: str, *, key: str) -> Delivery:
        with self.file.open("a", encoding="utf-8") as out:
            out.write(f"{key}\n")
        time.sleep(0.02)
        return Delivery(ok=True, detail=key)


def test_two_rounds_at_once_do_everything_once(
    village: Village, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sent = tmp_path / "sent"
    monkeypatch.setattr(timers, "sms_sender", lambda: CountingSender(sent))
    set_phone(person=village.play.people["villager"], phone="13800138000", by=system("test"))
    for _ in range(4):
        case = report(village, answers=deed(village, deed="join_meeting"))
        move(by=village.actor("appraiser"), case=case, transition="approve", version=1, answers={"seen": "photo"})
    waiting = report(village, answers=deed(village))

    with clock.at(FRIDAY):
        rounds = by_processes(2, lambda number: [timers.tick()])

    assert sum(one["timers"] for one in rounds) == 4
    assert Case.objects.filter(state="credited").count() == 4
    assert village.play.stage.points == 5000 + 4 * 2
    assert sum(one["climbed"] for one in rounds) == 1
    assert Message.objects.filter(case=waiting, key="engine.message.climbed").count() == 1
    assert Message.objects.filter(key="credited").count() == 4
    with clock.at(FRIDAY):
        timers.tick()  # what one of the two left to the other
    to_the_phone = Message.objects.filter(to=village.play.people["villager"]).values_list("pk", flat=True)
    assert sorted(sent.read_text(encoding="utf-8").split()) == sorted(f"message:{pk}" for pk in to_the_phone)
    assert check_books() == []


def test_one_broken_case_does_not_hold_up_the_others(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [report(village, answers=deed(village)) for _ in range(2)]
    for case in cases:
        move(by=village.actor("appraiser"), case=case, transition="approve", version=1, answers={"seen": "photo"})
    rules = village.play.scenario.rules
    sound = rules.points_for_deed

    def broken(facts: Any) -> int:
        return 1 // 0 if facts.case.number == cases[0].number else int(sound(facts))

    monkeypatch.setattr(rules, "points_for_deed", broken)
    with clock.at(FRIDAY):
        assert timers.tick()["timers"] == 1

    assert [Case.objects.get(pk=case.pk).state for case in cases] == ["published", "credited"]
