"""Preview, then take: all or nothing, once, whatever happens in between."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from sheets import FAMILY, TITLES, merged_xlsx, rows_csv, rows_xlsx, workbook
from town import GRID, OTHER_VILLAGE, TOWNSHIP, VILLAGE, identity_number, make_actor

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.journal.models import Entry
from cunzhi.registry.access import Access
from cunzhi.registry.actions.people import move_out, record_death, register_person
from cunzhi.registry.imports import writing
from cunzhi.registry.imports.export import export_people, export_people_in_clear
from cunzhi.registry.imports.sheet import read
from cunzhi.registry.imports.taking import Preview, preview, take
from cunzhi.registry.imports.template import template_xlsx
from cunzhi.registry.models import Disclosure, Household, ImportBatch, Membership, Person
from cunzhi.registry.queries import households, people

NOTHING = {"new": 0, "changed": 0, "unchanged": 0, "refused": 0, "households": 0}


def look(by: Actor, file: bytes, place_code: str = VILLAGE) -> Preview:
    return preview(file=file, place_code=place_code, by=by)


def bring(by: Actor, file: bytes, place_code: str = VILLAGE) -> Preview:
    seen = look(by, file, place_code)
    assert [problem.say("en") for problem in seen.problems] == []
    take(token=seen.token, by=by)
    return seen


def villagers() -> set[str]:
    return set(people.current_people().filter(identity_blind__isnull=False).values_list("name", flat=True))


def test_list_is_previewed_then_taken(cadre: Actor) -> None:
    seen = look(cadre, rows_xlsx(FAMILY))
    assert seen.counts == NOTHING | {"new": 4, "households": 2}
    assert villagers() == set()
    batch = take(token=seen.token, by=cadre)
    assert batch.state == "taken" and batch.rows_sealed == ""
    assert villagers() == {"张大明", "王芳", "张小明", "李四"}
    home = Household.objects.get(number="12")
    assert [member.relation for member in households.members(home)] == ["head", "spouse", "child"]
    assert home.address == "石岗 12 号"


@pytest.mark.parametrize("again", [rows_xlsx(FAMILY), rows_csv("gbk"), merged_xlsx()], ids=["xlsx", "gbk", "merged"])
def test_same_list_again_doubles_nobody(cadre: Actor, again: bytes) -> None:
    bring(cadre, rows_xlsx(FAMILY))
    before = Person.objects.count(), Membership.objects.count(), Household.objects.count()
    seen = bring(cadre, again)
    assert seen.counts["new"] == seen.counts["households"] == seen.counts["refused"] == 0
    assert before == (Person.objects.count(), Membership.objects.count(), Household.objects.count())


def test_taking_twice_is_taking_once(cadre: Actor) -> None:
    seen = bring(cadre, rows_xlsx(FAMILY))
    notes = Entry.objects.count()
    take(token=seen.token, by=cadre)
    assert Entry.objects.count() == notes and Person.objects.filter(name="张大明").count() == 1


@pytest.mark.django_db(transaction=True)
def test_taking_killed_in_the_middle_has_done_nothing(cadre: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = look(cadre, rows_xlsx(FAMILY))
    before, whole = Entry.objects.count(), writing.register_people

    def killed(**arguments: Any) -> None:
        whole(**arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "register_people", killed)
    with pytest.raises(KeyboardInterrupt):
        take(token=seen.token, by=cadre)
    assert villagers() == set() and not Household.objects.exists() and Entry.objects.count() == before
    monkeypatch.undo()
    take(token=seen.token, by=cadre)
    assert len(villagers()) == 4


def test_sealed_rows_hold_no_readable_data(cadre: Actor) -> None:
    look(cadre, rows_xlsx(FAMILY))
    batch = ImportBatch.objects.get()
    assert not any(word in batch.rows_sealed + str(batch.counts) for word in ("张", FAMILY[0][3], "138"))


def test_one_refused_row_keeps_the_whole_sheet_out(cadre: Actor) -> None:
    seen = look(cadre, rows_xlsx([*FAMILY, ("14", "赵五", "户主", "500113199001010010", "", "")]))
    assert (seen.counts["refused"], seen.counts["new"], seen.can_be_taken) == (1, 4, False)
    assert seen.problems[0].cell == "D6"
    with pytest.raises(Refused, match="none was"):
        take(token=seen.token, by=cadre)
    assert villagers() == set()


def test_changes_are_counted_and_made(cadre: Actor) -> None:
    bring(cadre, rows_xlsx(FAMILY))
    head, wife, son, _ = FAMILY
    changed = [
        (head[0], head[1], "父亲", head[3], head[4], "石岗 12 号附 1"),
        wife,
        ("12", son[1], "户主", son[3], "13700000000", ""),
    ]
    seen = bring(cadre, rows_xlsx(changed))
    assert seen.counts == NOTHING | {"changed": 2, "unchanged": 1}
    home = Household.objects.get(number="12")
    assert households.head_of(home) == Person.objects.get(name="张小明")
    assert home.address == "石岗 12 号附 1"
    assert look(cadre, rows_xlsx(changed)).counts == NOTHING | {"unchanged": 3}


def test_family_that_splits_moves_to_its_new_number(cadre: Actor) -> None:
    bring(cadre, rows_xlsx(FAMILY))
    son = FAMILY[2]
    seen = bring(cadre, rows_xlsx([("12-1", son[1], "户主", son[3], "", "石岗 12 号附 2")]))
    assert seen.counts == NOTHING | {"changed": 1, "households": 1}
    assert households.household_of(Person.objects.get(name="张小明")).number == "12-1"  # type: ignore[union-attr]
    assert len(households.members(Household.objects.get(number="12"))) == 2


def test_son_moves_to_a_grid_and_a_household_of_his_own_in_one_row(cadre: Actor) -> None:
    bring(cadre, rows_xlsx(FAMILY))
    row = ("12-1", "张小明", "户主", FAMILY[2][3], "", "", "第一网格")
    bring(cadre, rows_xlsx([row], (*TITLES, "网格")))
    home = households.household_of(Person.objects.get(name="张小明"))
    assert home is not None and (home.number, home.place_code) == ("12-1", GRID)


def test_people_without_numbers_are_known_again_by_household_phone_or_birth(cadre: Actor) -> None:
    titles = ("姓名", "户号", "与户主关系", "电话", "出生日期")
    rows = [("张大明", "12", "户主", "", ""), ("王芳", "", "", "13812345678", ""), ("李四", "", "", "", "1950-01-01")]
    bring(cadre, rows_xlsx(rows, titles))
    assert look(cadre, rows_xlsx(rows, titles)).counts == NOTHING | {"unchanged": 3}


def test_identity_number_is_added_to_who_had_none(cadre: Actor) -> None:
    bring(cadre, rows_xlsx([("12", "张大明", "户主", "", "", "")]))
    seen = bring(cadre, rows_xlsx([FAMILY[0]]))
    assert (seen.counts["changed"], seen.counts["new"]) == (1, 0)
    assert Person.objects.get(name="张大明").born_on is not None


def test_grid_is_found_by_name_or_code(cadre: Actor) -> None:
    rows = [("张大明", "1950-01-01", "第一网格"), ("王芳", "1951-01-01", GRID), ("李四", "1952-01-01", "第九网格")]
    seen = look(cadre, rows_xlsx(rows, ("姓名", "出生日期", "网格")))
    assert [(problem.cell, problem.code) for problem in seen.problems] == [("C4", "registry.import.no_grid")]
    bring(cadre, rows_xlsx(rows[:2], ("姓名", "出生日期", "网格")))
    assert set(Person.objects.filter(born_on__isnull=False).values_list("place_code", flat=True)) == {GRID}


@pytest.mark.parametrize(
    ("rows", "cell", "code"),
    [
        ([FAMILY[0], FAMILY[0]], "D3", "twice_in_sheet"),
        ([FAMILY[0], ("12", "赵五", "户主", identity_number(7), "", "")], "C3", "two_heads"),
        ([FAMILY[0], ("12", "赵五", "", identity_number(7), "", "别处")], "F3", "two_address"),
        ([("", "赵五", "妻", identity_number(7), "", "")], "C2", "no_household_number"),
        ([("", "赵五", "", "", "", "")], "B2", "not_enough"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(
    cadre: Actor, rows: list[tuple[str, ...]], cell: str, code: str
) -> None:
    problems = look(cadre, rows_xlsx(rows)).problems
    assert (cell, f"registry.import.{code}") in [(problem.cell, problem.code) for problem in problems]
    assert all(problem.say("zh-hans") and problem.say("en") for problem in problems)


def test_rows_that_contradict_the_register_are_refused(cadre: Actor, officer: Actor) -> None:
    dead = register_person(name="赵五", place_code=VILLAGE, identity=identity_number(7), by=cadre)
    record_death(person=dead, on=clock.today(), by=cadre)
    register_person(name="钱六", place_code=OTHER_VILLAGE, identity=identity_number(9), by=officer)
    register_person(name="孙七", place_code=VILLAGE, identity=identity_number(11), by=cadre)
    for _ in range(2):
        register_person(name="同名", place_code=VILLAGE, phone="13812345678", by=cadre)
    bring(cadre, rows_xlsx([FAMILY[0]]))
    rows = [
        ("", "赵五", "", identity_number(7), "", ""),
        ("", "钱六", "", identity_number(9), "", ""),
        ("", "孙奇", "", identity_number(11), "", ""),
        ("", "同名", "", "", "13812345678", ""),
        ("12", "周八", "户主", identity_number(13), "", ""),
    ]
    codes = [problem.code for problem in look(cadre, rows_xlsx(rows)).problems]
    wanted = ["import.elsewhere", "import.other_name", "import.several", "import.head_there"]
    assert codes == ["registry.person_died", *[f"registry.{code}" for code in wanted]]


def test_who_moved_out_elsewhere_can_be_brought_in(cadre: Actor, officer: Actor) -> None:
    person = register_person(name="张大明", place_code=OTHER_VILLAGE, identity=FAMILY[0][3], by=officer)
    move_out(person=person, by=officer)
    officers = make_actor("township_officer", TOWNSHIP, name="丁主任")
    assert bring(officers, rows_xlsx([FAMILY[0]])).counts == NOTHING | {"changed": 1, "households": 1}
    person.refresh_from_db()
    assert (person.place_code, person.left_on) == (VILLAGE, None)


def test_register_that_changed_since_the_preview_is_a_conflict(cadre: Actor) -> None:
    seen = look(cadre, rows_xlsx(FAMILY))
    register_person(name="李四", place_code=VILLAGE, identity=FAMILY[3][3], by=cadre)
    with pytest.raises(Conflict, match="since the preview"):
        take(token=seen.token, by=cadre)


def test_preview_is_replaced_by_a_newer_one_and_grows_old(cadre: Actor) -> None:
    file = rows_csv("gbk")
    first, second = look(cadre, file), look(cadre, file)
    old = ImportBatch.objects.get(token=first.token)
    assert (old.state, old.rows_sealed) == ("replaced", "")
    with pytest.raises(Conflict):
        take(token=first.token, by=cadre)
    with clock.at(clock.now() + timedelta(days=2)), pytest.raises(Conflict, match="out of date"):
        take(token=second.token, by=cadre)
    with pytest.raises(Refused, match="not found"):
        take(token="x", by=cadre)


def test_import_elsewhere_or_by_a_grid_worker_is_forbidden(cadre: Actor) -> None:
    seen = look(cadre, rows_xlsx(FAMILY))
    for by in (make_actor("village_cadre", OTHER_VILLAGE), make_actor("grid_worker", GRID)):
        with pytest.raises(Forbidden):
            look(by, rows_xlsx(FAMILY))
        with pytest.raises(Forbidden):
            take(token=seen.token, by=by)


def test_import_for_a_township_is_refused(officer: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        look(officer, rows_xlsx(FAMILY), TOWNSHIP)
    assert refusal.value.field == "place_code"


def test_file_without_header_says_what_it_found(cadre: Actor) -> None:
    with pytest.raises(Refused, match="鞋码"):
        look(cadre, rows_xlsx([("1", "2")], ("鞋码", "备注")))


def test_other_sheets_and_columns_are_named_as_not_read(cadre: Actor) -> None:
    def write(book: object, sheet: object) -> None:
        for column, value in enumerate((*TITLES, "备注")):
            sheet.write(0, column, value)  # type: ignore[attr-defined]
        for column, value in enumerate((*FAMILY[0], "低保")):
            sheet.write(1, column, value)  # type: ignore[attr-defined]
        book.add_worksheet("二组").write(0, 0, "还有人")  # type: ignore[attr-defined]

    seen = look(cadre, workbook(write, "一组"))
    assert (seen.sheet, seen.ignored_sheets, seen.ignored_columns) == ("一组", ("二组",), ("备注",))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_filled_template_is_taken(cadre: Actor, language: str) -> None:
    people_sheet, how = read(template_xlsx(language))
    assert len(how.rows) == 6
    titles = [str(title) for title in people_sheet.rows[0]]
    row = (
        "12",
        "张大明",
        "户主" if language != "en" else "head",
        FAMILY[0][3],
        "",
        "",
        "13812345678",
        "石岗",
        "第一网格",
    )
    bring(cadre, rows_xlsx([row], titles))
    assert Person.objects.get(name="张大明").place_code == GRID


def test_export_is_masked_and_in_clear_only_for_a_purpose(cadre: Actor) -> None:
    bring(cadre, rows_xlsx(FAMILY))
    masked = str(read(export_people(place_code=VILLAGE, by=cadre)))
    assert "张大明" in masked and FAMILY[0][3] not in masked and "13812345678" not in masked
    with pytest.raises(Refused), transaction.atomic():
        export_people_in_clear(place_code=VILLAGE, purpose="", words="", by=cadre)
    clear = export_people_in_clear(place_code=VILLAGE, purpose="audit", words="年度核对", by=cadre)
    assert FAMILY[0][3] in str(read(clear))
    assert Disclosure.objects.get().place_code == VILLAGE
    assert people.disclosures(Person.objects.get(name="王芳")).count() == 1
    seen = look(cadre, clear)
    assert seen.counts["unchanged"] >= 4 and seen.counts["new"] == 0
    with pytest.raises(Forbidden):
        export_people_in_clear(place_code=VILLAGE, purpose="audit", words="x", by=make_actor("grid_worker", VILLAGE))


def test_export_neutralises_formulas(cadre: Actor) -> None:
    register_person(name="=HYPERLINK(1)", place_code=VILLAGE, by=cadre)
    assert "=HYPERLINK(1)" in str(read(export_people(place_code=VILLAGE, by=cadre)))
    assert Access(cadre).may("people.see", VILLAGE)
