"""Heads at shelters: appended, summed, the newest row counts; never twice, never in what is over or elsewhere."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from emergencies.valley import BY, COUNTY, ELSEWHERE, GRIDS, NIGHT, VILLAGE, Valley, at_night, make_valley
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger.crowd import by_threads

from cunzhi.base import clock
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.emergencies.actions.arriving import come_in, enter_household, enter_others, forget, knock, open_doors
from cunzhi.emergencies.actions.planning import import_plans
from cunzhi.emergencies.codes import code_of
from cunzhi.emergencies.models import Arrival, Emergency, Knocked, Shelter
from cunzhi.emergencies.queries.heads import doors_count, filling, fillings
from cunzhi.engine.actions.cases import move
from cunzhi.engine.actions.erasure import erase
from cunzhi.engine.models import Case
from cunzhi.registry.models import Disclosure


def heads(emergency: Emergency) -> dict[str, int]:
    return {one.shelter.name: one.heads for one in fillings(emergency)}


def test_double_scan_counts_once_and_a_newer_word_replaces(valley: Valley) -> None:
    emergency, school = valley.open(), valley.school
    code = code_of(emergency, school)
    by = valley.actor("101")
    first = come_in(by=by, emergency=emergency, shelter=school, heads=4, code=code, key="a")
    assert come_in(by=by, emergency=emergency, shelter=school, heads=4, code=code, key="a") == first
    assert come_in(by=by, emergency=emergency, shelter=school, heads=4, code=code.lower(), key="b") == first
    come_in(by=by, emergency=emergency, shelter=school, heads=3, code=f"{code[:4]} {code[4:]}", key="c")
    assert heads(emergency) == {"村小学": 3, "河边礼堂": 0} and Arrival.objects.count() == 2


def test_household_that_moves_on_is_counted_where_it_is(valley: Valley) -> None:
    emergency, by = valley.open(), valley.actor("village_cadre")
    home = valley.homes["101"]
    enter_household(by=by, emergency=emergency, shelter=valley.hall, household=home, heads=4)
    enter_others(by=by, emergency=emergency, shelter=valley.hall, heads=2)
    enter_household(by=by, emergency=emergency, shelter=valley.school, household=home, heads=4)
    enter_others(by=by, emergency=emergency, shelter=valley.hall, heads=1)
    assert heads(emergency) == {"村小学": 4, "河边礼堂": 1}
    assert {one.shelter.name: one.unsafe for one in fillings(emergency)} == {"村小学": False, "河边礼堂": True}


def test_more_than_there_is_room_are_counted_and_a_slip_is_not(valley: Valley) -> None:
    emergency, by, school = valley.open(), valley.actor("grid_worker"), valley.school
    enter_others(by=by, emergency=emergency, shelter=school, heads=13)
    found = filling(emergency, school)
    assert (found.heads, found.left, found.over) == (13, 0, 3)
    for wrong in (31, -1, 10**9):
        with pytest.raises(Refused, match="from 0 to 30"):
            enter_others(by=by, emergency=emergency, shelter=school, heads=wrong)
    with pytest.raises(Refused, match="from 0 to 30"):
        enter_household(by=by, emergency=emergency, shelter=school, household=valley.homes["101"], heads=31)
    assert filling(emergency, school).heads == 13


def test_nobody_counts_elsewhere_without_office_or_with_a_wrong_code(valley: Valley) -> None:
    emergency, school = valley.open(), valley.school
    for who in ("next_cadre", "101", "administrator"):
        with pytest.raises(Forbidden):
            enter_others(by=valley.actor(who), emergency=emergency, shelter=school, heads=1)
    other = code_of(valley.open(hazard="landslide"), school)
    for code in ("", "AAAAAAAA", other, code_of(emergency, valley.hall)):
        with pytest.raises(Refused, match="not the code"):
            come_in(by=valley.actor("101"), emergency=emergency, shelter=school, heads=1, code=code)
    with pytest.raises(Forbidden, match="household"):
        come_in(by=valley.actor("village_cadre"), emergency=emergency, shelter=school, heads=1,
                code=code_of(emergency, school))  # fmt: skip
    assert not Arrival.objects.exists()


def test_shelter_of_another_township_and_a_closed_one_are_refused(valley: Valley) -> None:
    emergency = valley.open()
    said = f"place: '{ELSEWHERE}', capacity: 9, address: 远, keeper: 镇"
    text = f"shelters:\n  - {{name: {{zh_Hans: 远处, en: Far}}, {said}}}\n"
    import_plans(by=BY, place_code=COUNTY, text=text, name="far.yaml")
    far = Shelter.objects.get(name="远处")
    with pytest.raises(Refused, match="another township"):
        enter_others(by=valley.actor("county_officer"), emergency=emergency, shelter=far, heads=1)
    closed = text.replace("keeper: 镇", "keeper: 镇, closed: true").replace(ELSEWHERE, VILLAGE)
    import_plans(by=BY, place_code=COUNTY, text=closed.replace("远处", "河边礼堂"), name="far.yaml")
    with pytest.raises(Refused, match="no shelter any more"):
        enter_others(by=valley.actor("county_officer"), emergency=emergency, shelter=valley.hall, heads=1)
    assert not Arrival.objects.exists() and "河边礼堂" not in heads(emergency)


def test_nobody_is_counted_in_what_is_over(valley: Valley) -> None:
    emergency, by = valley.open(), valley.actor("village_cadre")
    kept = enter_others(by=by, emergency=emergency, shelter=valley.school, heads=3, key="paper")
    end(valley, emergency)
    with pytest.raises(Conflict, match="over"):
        enter_others(by=by, emergency=emergency, shelter=valley.school, heads=4)
    with pytest.raises(Conflict, match="over"):
        knock(by=by, emergency=emergency, household=valley.homes["101"], found="safe")
    assert enter_others(by=by, emergency=emergency, shelter=valley.school, heads=3, key="paper") == kept


def test_key_of_another_form_is_refused(valley: Valley) -> None:
    emergency, by = valley.open(), valley.actor("village_cadre")
    enter_others(by=by, emergency=emergency, shelter=valley.school, heads=3, key="paper")
    with pytest.raises(Refused, match="something else"):
        enter_others(by=by, emergency=emergency, shelter=valley.hall, heads=3, key="paper")


def test_who_is_missing_of_those_in_need(valley: Valley) -> None:
    emergency, cadre = valley.open(), valley.actor("village_cadre")
    assert doors_count(emergency, VILLAGE) == {"open": 2}
    knock(by=valley.actor("grid_worker"), emergency=emergency, household=valley.homes["101"], found="nobody")
    knock(by=valley.actor("grid_worker"), emergency=emergency, household=valley.homes["101"], found="going")
    knock(by=valley.actor("grid_worker"), emergency=emergency, household=valley.homes["101"], found="going")
    assert Knocked.objects.count() == 2
    assert doors_count(emergency, VILLAGE) == {"open": 1, "going": 1}
    enter_household(by=cadre, emergency=emergency, shelter=valley.school, household=valley.homes["101"], heads=2)
    assert doors_count(emergency, VILLAGE) == {"open": 1, "came": 1}
    assert doors_count(emergency, GRIDS[1]) == {"open": 1} and doors_count(emergency, COUNTY) == {}
    with pytest.raises(Forbidden):
        knock(by=valley.actor("grid_worker"), emergency=emergency, household=valley.homes["201"], found="safe")
    with pytest.raises(Refused, match="does not live"):
        knock(by=valley.actor("next_cadre"), emergency=emergency, household=valley.homes["301"], found="safe")


def test_opening_the_doors_is_noted_and_names_are_masked(valley: Valley) -> None:
    emergency = valley.open()
    listed = open_doors(by=valley.actor("grid_worker"), emergency=emergency, place_code=GRIDS[0], words="敲门")
    assert [(one.knock.number, one.knock.head) for one in listed] == [("101", "户***")]
    assert Disclosure.objects.get().place_code == GRIDS[0]
    with pytest.raises(Forbidden):
        open_doors(by=valley.actor("county_officer"), emergency=emergency, place_code=GRIDS[0], words="敲门")
    assert Disclosure.objects.count() == 1


def test_erasing_keeps_how_many_and_forgets_who(valley: Valley) -> None:
    emergency, by = valley.open(), valley.actor("village_cadre")
    enter_household(by=by, emergency=emergency, shelter=valley.school, household=valley.homes["101"], heads=4)
    enter_household(by=by, emergency=emergency, shelter=valley.school, household=valley.homes["102"], heads=3)
    enter_others(by=by, emergency=emergency, shelter=valley.school, heads=2)
    for count in (1, 0):
        enter_others(by=by, emergency=emergency, shelter=valley.hall, heads=count)
    knock(by=by, emergency=emergency, household=valley.homes["201"], found="safe")
    forget(for_record=emergency.case_record)
    assert Arrival.objects.count() == 5  # it still runs
    end(valley, emergency)
    erase(by=BY, case=Case.objects.get(pk=emergency.case_id))
    assert heads(emergency) == {"村小学": 9, "河边礼堂": 0} and Arrival.objects.count() == 2
    assert not Arrival.objects.exclude(household=None, by=None).exists() and not Knocked.objects.exists()


def test_row_cannot_be_rewritten(valley: Valley) -> None:
    emergency = valley.open()
    enter_others(by=valley.actor("village_cadre"), emergency=emergency, shelter=valley.school, heads=3)
    with pytest.raises(DatabaseError), transaction.atomic():
        Arrival.objects.update(heads=5)


@pytest.mark.django_db(transaction=True)
def test_scans_at_once_make_one_row() -> None:
    with at_night():
        valley = make_valley()
        emergency, school = valley.open(), valley.school

    def work(number: int) -> list[None]:
        with at_night():
            come_in(by=valley.actor("101"), emergency=emergency, shelter=school, heads=4,
                    code=code_of(emergency, school), key="same")  # fmt: skip
        return [None]

    by_threads(5, work)
    with at_night():
        assert Arrival.objects.count() == 1 and heads(emergency)["村小学"] == 4


STEPS = st.lists(
    st.tuples(st.sampled_from(["101", "102", "201", ""]), st.sampled_from(["school", "hall"]), st.integers(0, 12)),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_heads_are_the_newest_word_of_each_whatever_the_order(
    valley: Valley, steps: list[tuple[str, str, int]]
) -> None:
    with transaction.atomic():
        emergency, by = valley.open(), valley.actor("village_cadre")
        where: dict[str, tuple[str, int]] = {}
        for number, place, count in steps:
            shelter = valley.school if place == "school" else valley.hall
            if number:
                home = valley.homes[number]
                enter_household(by=by, emergency=emergency, shelter=shelter, household=home, heads=count)
                where[number] = (shelter.name, count)
            else:
                enter_others(by=by, emergency=emergency, shelter=shelter, heads=count)
                where[place] = (shelter.name, count)
        wanted = {name: sum(count for at, count in where.values() if at == name) for name in ("村小学", "河边礼堂")}
        assert heads(emergency) == wanted
        transaction.set_rollback(True)


def end(valley: Valley, emergency: Emergency) -> None:
    case = Case.objects.get(pk=emergency.case_id)
    with clock.at(NIGHT + timedelta(hours=2)):
        move(by=valley.actor("village_cadre"), case=case, transition="end", version=case.version)
    emergency.refresh_from_db()


def test_key_is_of_one_number_and_of_a_household_that_belongs_there(valley: Valley) -> None:
    emergency, keeper = valley.open(), valley.actor("village_cadre")
    asked = {"by": keeper, "emergency": emergency, "shelter": valley.school, "household": valley.homes["101"]}
    enter_household(**asked, heads=4, key="k")
    with pytest.raises(Refused, match="something else"):  # else the page would say that two were entered
        enter_household(**asked, heads=2, key="k")
    with pytest.raises(Refused, match="does not live"):
        enter_household(**(asked | {"household": valley.homes["301"]}), heads=2)
    assert [(row.heads, row.household) for row in Arrival.objects.all()] == [(4, valley.homes["101"])]
