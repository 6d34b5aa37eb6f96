"""Plans and shelters from a file: all or nothing, every mistake with its line, the same file again changes nothing."""

from datetime import date
from pathlib import Path

import pytest
from emergencies.valley import BY, COUNTY, PLANS, TOWNSHIP, VILLAGE, Valley, at_night, make_valley
from ledger.crowd import by_threads

from cunzhi.alarms.hazards import hazards
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.emergencies import plans_file
from cunzhi.emergencies.actions.planning import Taken, end_plan, import_plans
from cunzhi.emergencies.models import Duty, Plan, Shelter
from cunzhi.emergencies.plans_file import read_plans
from cunzhi.emergencies.queries.plans import duties_of, plan_for
from cunzhi.engine.leading import known_hazards
from cunzhi.journal.models import Entry


def test_same_file_again_changes_nothing(valley: Valley) -> None:
    before = (Plan.objects.count(), Duty.objects.count(), Shelter.objects.count(), Entry.objects.count())
    assert import_plans(by=BY, place_code=COUNTY, text=PLANS, name="plans.yaml") == Taken(0, 0)
    assert (Plan.objects.count(), Duty.objects.count(), Shelter.objects.count(), Entry.objects.count()) == before


def test_changed_plan_ends_the_old_one_and_a_changed_shelter_stays_itself(valley: Valley) -> None:
    school = valley.school.pk
    text = PLANS.replace("red: 15", "red: 12").replace("capacity: 10", "capacity: 40")
    assert import_plans(by=BY, place_code=COUNTY, text=text, name="plans.yaml") == Taken(1, 1)
    old, new = Plan.objects.order_by("id")
    assert (old.until, new.until, new.since) == (new.since, None, date(2026, 7, 5))
    assert (valley.school.pk, valley.school.capacity) == (school, 40)


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("red: 15", "rot: 15", "plans.yaml:9"),
        ("minutes: {red: 10}", "minutes: {}", "plans.yaml:11"),
        ("office: county_officer", "office: king", "plans.yaml:11"),
        ("capacity: 10", "capacity: 0", "plans.yaml:15"),
        ("latitude: 29.4", "latitude: 294", "plans.yaml:19"),
        ("    longitude: 106.5\n", "", "longitude"),
        ("hazard: flood", "hazard: flod", "Line 4"),
        ("unsafe_in: [flood]", "unsafe_in: [floods]", "Line 22"),
        ("zh_Hans: 河边礼堂", "zh_Hans: 村小学", "Line 21"),
        ("basis: 防汛办〔2026〕1号", "basis: ''", "plans.yaml:6"),
        ("capacity: 10", "capacity: .nan", "plans.yaml:15"),
        ("red: 10", "red: true", "plans.yaml:11"),
    ],
)
def test_mistakes_are_named_and_nothing_is_taken(valley: Valley, wrong: str, right: str, said: str) -> None:
    assert wrong in PLANS
    text = PLANS.replace(wrong, right, 1).replace("red: 20", "red: 25")
    with pytest.raises(Refused) as refused:
        import_plans(by=BY, place_code=COUNTY, text=text, name="plans.yaml")
    assert said in refused.value.say("en")
    assert Plan.objects.count() == 1 and not Duty.objects.filter(minutes__red=25).exists()


@pytest.mark.parametrize("text", ["", "plans: []", "- 1", "plans: {", "a: 1", "simulated: yes\nplans: []"])
def test_what_is_no_file_of_plans_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="nothing was changed"):
        read_plans(text, name="plans.yaml", known=hazards())


def test_file_is_not_taken_for_elsewhere_nor_without_the_office(valley: Valley) -> None:
    with pytest.raises(Refused, match="500113101200"):
        import_plans(by=BY, place_code="500113102", text=PLANS, name="plans.yaml")
    with pytest.raises(Forbidden):
        import_plans(by=valley.actor("village_cadre"), place_code=VILLAGE, text=PLANS, name="plans.yaml")
    with pytest.raises(Refused, match="too long"):
        import_plans(by=BY, place_code=COUNTY, text="#" * (plans_file.LONGEST + 1), name="plans.yaml")
    assert Plan.objects.count() == 1


def test_nearest_plan_holds_and_an_ended_one_does_not(valley: Valley) -> None:
    text = PLANS[: PLANS.index("shelters:")].replace("Flood plan", "Flood plan of the town")
    import_plans(by=valley.actor("township_officer"), place_code=TOWNSHIP, text=text, name="town.yaml")
    near = plan_for(VILLAGE, "flood")
    assert near is not None and near.place_code == TOWNSHIP
    end_plan(by=BY, plan=near)
    again = plan_for(VILLAGE, "flood")
    assert again is not None and again.place_code == COUNTY
    assert [one.office for one in duties_of(again, "orange")] == ["village_cadre", "grid_worker"]
    assert duties_of(again, "blue") == [] and plan_for(VILLAGE, "landslide") is None


@pytest.mark.django_db(transaction=True)
def test_files_at_once_make_one_plan() -> None:
    with at_night():
        make_valley(plans=PLANS[PLANS.index("shelters:") :])

    def work(number: int) -> list[str]:
        try:
            with at_night():
                import_plans(by=BY, place_code=COUNTY, text=PLANS, name="plans.yaml")
        except Refused as refused:
            return [refused.code]
        return ["taken"]

    said = by_threads(5, work)
    assert "taken" in said and set(said) <= {"taken", "emergencies.file.meanwhile"}
    assert (Plan.objects.count(), Duty.objects.count(), Shelter.objects.count()) == (1, 3, 2)


def test_hazards_that_can_be_opened_are_hazards() -> None:
    assert set(known_hazards()) <= set(hazards()) and "flood" in known_hazards()


def test_example_that_we_ship_is_a_good_file() -> None:
    path = Path(plans_file.__file__).parent / "data" / "simulated.yaml"
    read = read_plans(path.read_text(encoding="utf-8"), name=path.name, known=hazards())
    assert read.simulated and [one.hazard for one in read.plans] == ["flood", "landslide"]


@pytest.mark.parametrize("pair", [
    ("name: {zh_Hans: 长LONG1, en: a}", "name: {zh_Hans: 长LONG2, en: a}"),
    ("name: {zh_Hans: 学校, en: a}", f'name: {{zh_Hans: 学校, en: a}}, place: "{COUNTY}"'),
    ("name: {zh_Hans: '学校', en: a}", 'name: {zh_Hans: "学\\0校", en: a}'),
])  # fmt: skip
def test_two_shelters_never_become_one_and_nothing_is_cut(valley: Valley, pair: tuple[str, str]) -> None:
    """Names that begin alike for sixty characters, one place told in two ways, and what no database keeps."""
    lines = [f"  - {{{one.replace('LONG', '长' * 60)}, capacity: 9, address: road, keeper: k}}\n" for one in pair]
    with pytest.raises(Refused) as refused:
        import_plans(by=BY, place_code=COUNTY, text=f"shelters:\n{''.join(lines)}", name="plans.yaml")
    assert refused.value.code in ("emergencies.file.wrong", "emergencies.file.twice")
    assert Shelter.objects.count() == 2


def test_plan_does_not_begin_before_the_one_that_it_replaces(valley: Valley) -> None:
    text = PLANS.replace("red: 15", "red: 12")
    with pytest.raises(Refused, match="begins on 2026-01-01"):
        import_plans(by=BY, place_code=COUNTY, text=text, name="plans.yaml", since=date(2025, 12, 31))
    assert Plan.objects.get().until is None
