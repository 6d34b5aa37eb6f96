"""Code sheets: printed by a supervisor, never by who keeps the server; shown once; linked to nobody."""

import pytest
from deliberation.hamlet import TICK, Hamlet, close, day
from registry.town import BASIS, COUNTY

from cunzhi.base import clock
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.deliberation import codes
from cunzhi.deliberation.actions.ballots import cast_secret
from cunzhi.deliberation.actions.polls import run_polls
from cunzhi.deliberation.actions.roll import draw_roll
from cunzhi.deliberation.actions.sheets import hand_out, print_sheets, take_back, void_sheets
from cunzhi.deliberation.models import Sheet
from cunzhi.journal.models import Entry
from cunzhi.registry.models import Appointment


def test_only_a_supervisor_who_is_no_operator_prints(hamlet: Hamlet) -> None:
    topic = draw_roll(by=hamlet.cadre, topic=hamlet.topic("secret"))
    for who in (hamlet.cadre, hamlet.administrator, hamlet.actor(0), hamlet.officer, TICK):
        with pytest.raises(Forbidden):
            print_sheets(by=who, topic=topic)
    Appointment.objects.create(
        person=hamlet.witness, role="administrator", place_code=COUNTY, since=clock.today(), basis=BASIS
    )
    with pytest.raises(Forbidden) as refused:
        print_sheets(by=hamlet.supervisor, topic=topic)
    assert refused.value.code == "deliberation.sheets.not_by_operator"


def test_codes_are_kept_as_keyed_hashes_in_no_order(hamlet: Hamlet) -> None:
    topic = draw_roll(by=hamlet.cadre, topic=hamlet.topic("secret"))
    drawn = print_sheets(by=hamlet.supervisor, topic=topic)
    assert len(set(drawn)) == 8
    assert all(codes.read_code(codes.grouped(code)) == code for code in drawn)
    hashes = list(Sheet.objects.order_by("id").values_list("hashed", flat=True))
    assert hashes == sorted(codes.hashed(topic.pk, code) for code in drawn)
    assert not Sheet.objects.exclude(code="", sealed="").exists()


def test_sheets_are_as_many_as_the_roll_has_lines(hamlet: Hamlet) -> None:
    topic = hamlet.topic("secret")
    with pytest.raises(Refused):
        print_sheets(by=hamlet.supervisor, topic=topic)
    draw_roll(by=hamlet.cadre, topic=topic)
    print_sheets(by=hamlet.supervisor, topic=topic)
    with pytest.raises(Refused):
        print_sheets(by=hamlet.supervisor, topic=topic)


def test_jammed_printer_makes_all_sheets_void_and_new_ones_possible(hamlet: Hamlet) -> None:
    topic = draw_roll(by=hamlet.cadre, topic=hamlet.topic("secret"))
    old = print_sheets(by=hamlet.supervisor, topic=topic)
    assert void_sheets(by=hamlet.supervisor, topic=topic, reason="卡纸") == 8
    new = print_sheets(by=hamlet.supervisor, topic=topic)
    hand_out(by=hamlet.supervisor, topic=topic, numbers=[1])
    with pytest.raises(Refused):
        void_sheets(by=hamlet.supervisor, topic=topic, reason="又卡纸")
    with clock.at(day(5.1)):
        run_polls(by=TICK)
        with pytest.raises(Refused) as refused:
            cast_secret(topic=topic, code=old[0], option=1)
        assert refused.value.code == "deliberation.code.void"
        cast_secret(topic=topic, code=new[0], option=1)


def test_no_more_sheets_go_out_than_there_are(hamlet: Hamlet) -> None:
    topic = draw_roll(by=hamlet.cadre, topic=hamlet.topic("secret"))
    with pytest.raises(Refused):
        hand_out(by=hamlet.supervisor, topic=topic, numbers=[1])
    print_sheets(by=hamlet.supervisor, topic=topic)
    assert hand_out(by=hamlet.supervisor, topic=topic, numbers=[1, 2]) == 2
    assert hand_out(by=hamlet.supervisor, topic=topic, numbers=[2, 3]) == 1


def test_used_code_stays_sealed_until_the_close(hamlet: Hamlet) -> None:
    topic, drawn = hamlet.polls("secret")
    with clock.at(day(6)):
        for code in drawn[:3]:
            cast_secret(topic=topic, code=code, option=1)
    assert not any(code in repr(list(Sheet.objects.values())) for code in drawn)
    close(topic)
    assert {sheet.code for sheet in Sheet.objects.exclude(code="")} == set(drawn[:3])


def test_open_vote_has_no_sheets(hamlet: Hamlet) -> None:
    topic = draw_roll(by=hamlet.cadre, topic=hamlet.topic("open"))
    with pytest.raises(Refused):
        print_sheets(by=hamlet.supervisor, topic=topic)


def test_mistaken_tick_is_taken_back_and_noted(hamlet: Hamlet) -> None:
    topic = draw_roll(by=hamlet.cadre, topic=hamlet.topic("secret"))
    print_sheets(by=hamlet.supervisor, topic=topic)
    hand_out(by=hamlet.supervisor, topic=topic, numbers=[1, 2])
    with pytest.raises(Forbidden):
        take_back(by=hamlet.cadre, topic=topic, numbers=[1])
    assert take_back(by=hamlet.supervisor, topic=topic, numbers=[1, 5]) == 1
    assert list(topic.voters.filter(sheet_at__isnull=False).values_list("number", flat=True)) == [2]
    assert Entry.objects.get(verb="sheets.not_handed_out").detail == {"lines": [1]}
