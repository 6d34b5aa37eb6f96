"""Folders change while cases run: those stay on what they were opened under, and what is gone takes nothing with it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from engine.conftest import Village, stage
from engine.test_cases import report
from folders import change, copied, read_again

from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.base.errors import Refused
from cunzhi.engine.actions.activations import activate, deactivate
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.actions.erasure import erase_old
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.actions.versions import keep_version
from cunzhi.engine.folder import look_through
from cunzhi.engine.loader import folders, scenarios
from cunzhi.engine.models import Case, ScenarioVersion
from cunzhi.engine.queries.cases import inbox, matters_of
from cunzhi.engine.queries.messages import messages_of
from cunzhi.engine.queries.openings import openings
from cunzhi.engine.stories import GRID, VILLAGE, Given, picture
from cunzhi.engine.timers import tick
from cunzhi.engine.words import message_in
from cunzhi.registry.access import Access
from cunzhi.registry.actions.accounts import make_account
from cunzhi.web.home import CARDS

BRIDGE: dict[str, Any] = {"kind": "road", "where": "村口"}


@pytest.fixture
def root(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The installed folders as a copy that a test may change; they are read again after each change."""
    root = copied(tmp_path)
    settings.CUNZHI_SCENARIOS = [root]
    read_again()
    yield root
    read_again()


def delete(folder: Path) -> None:
    shutil.rmtree(folder)
    read_again()


def spoil(folder: Path) -> None:
    (folder / "manifest.yaml").write_text("slug: [points\n", encoding="utf-8")
    read_again()


LOST = [delete, spoil]


def photo(village: Village, who: str) -> int:
    return keep_picture(by=village.actor(who), data=picture("lamp"), field="done_photos", place_code=GRID).pk


def raise_version(folder: Path) -> None:
    number = next(line for line in (folder / "manifest.yaml").read_text().splitlines() if line.startswith("version:"))
    change(folder, "manifest.yaml", number, f"version: {int(number.split()[1]) + 1}")
    read_again()


def approve(village: Village, case: Case) -> Case:
    appraiser = village.actor("appraiser")
    return move(by=appraiser, case=case, transition="approve", version=case.version, answers={"seen": "photo"})


def test_running_case_keeps_its_numbers_and_a_new_one_takes_the_new(root: Path, village: Village) -> None:
    old = report(village)
    change(root / "points", "parameters.yaml", "clean_yard: 3", "clean_yard: 7")
    raise_version(root / "points")
    new = report(village)

    assert approve(village, old).notices.get().params["en"]["amount"] == 3
    assert approve(village, new).notices.get().params["en"]["amount"] == 7
    assert old.scenario_version.version + 1 == new.scenario_version.version


def test_running_case_keeps_its_workflow_and_a_new_one_takes_the_new(root: Path, village: Village) -> None:
    old = report(village)
    change(
        root / "points",
        "workflows/deed.yaml",
        "by: [appraiser]\n    decides: grant",
        "by: [supervisor]\n    decides: grant",
    )
    raise_version(root / "points")
    new = report(village)

    assert approve(village, old).state == "published"
    with pytest.raises(Refused):
        approve(village, new)


def test_running_case_keeps_its_rules(root: Path, village: Village) -> None:
    old = report(village)
    change(root / "points", "rules.py", "    return points\n", "    return points + 1\n")
    raise_version(root / "points")

    assert approve(village, old).notices.get().params["en"]["amount"] == 3


def test_changed_folder_without_a_higher_version_takes_no_new_case(root: Path, village: Village) -> None:
    report(village)
    change(root / "points", "parameters.yaml", "clean_yard: 3", "clean_yard: 7")
    read_again()

    with pytest.raises(Refused) as refused:
        report(village)
    assert refused.value.code == "engine.version_not_raised"


def test_folder_that_is_deleted_takes_nothing_with_it(root: Path, village: Village) -> None:
    case, villager = report(village), village.actor("villager")
    activate(by=system("test"), scenario="living_environment", place_code=VILLAGE, basis="村民会议 2026-02-01")
    other = open_case(by=villager, scenario="living_environment", workflow="problem", place_code=GRID, answers=BRIDGE)
    delete(root / "points")

    assert list(scenarios()) == list(folders())
    assert "points" not in scenarios()
    assert look_through("living_environment", root / "living_environment")[1] == []
    assert [one.scenario.slug for one in openings(Access(villager), GRID)] == ["living_environment"]
    assert list(inbox(Access(village.actor("appraiser")))) == [case]
    assert list(matters_of(villager.person_id or 0)) == [other, case]
    assert all(message_in(message, "zh-hans") for message in messages_of(villager.person_id or 0))
    with pytest.raises(Refused) as refused:
        report(village)
    assert refused.value.code == "engine.no_such_scenario"


@pytest.mark.parametrize("lose", LOST)
def test_case_of_a_lost_folder_runs_to_its_end_and_is_erased(
    root: Path, village: Village, lose: Callable[[Path], None]
) -> None:
    case = report(village)
    lose(root / "points")

    assert approve(village, case).state == "published"
    with clock.at(clock.now() + timedelta(days=7)):
        tick()
    case.refresh_from_db()
    assert case.state == "credited"
    with clock.at(clock.now() + timedelta(days=740)):
        assert erase_old(by=system("tick")) == 1


@pytest.mark.parametrize("lose", LOST)
def test_pages_open_after_a_folder_is_lost(root: Path, village: Village, lose: Callable[[Path], None]) -> None:
    case = report(village)
    lose(root / "points")

    for number, name in enumerate(("villager", "village_cadre", "appraiser")):
        account = make_account(person=village.play.people[name], phone=f"1390000000{number}", by=system("test"))
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        pages = ["/", *(reverse(card.view) for card in CARDS), reverse("case", args=[case.number])]
        seen = {page: client.get(page).status_code for page in pages}
        assert {page: code for page, code in seen.items() if code not in (200, 302, 403)} == {}
        assert (seen["/"], seen[pages[-1]]) == (200, 200)


def test_case_that_runs_opens_another_one_after_the_scenario_was_switched_off(db: None, monday: None) -> None:
    village = stage("living_environment", Given(numbers={"call_back_share": 100}))
    done = {"done_photos": [photo(village, "grid_worker")], "done_note": "换了灯泡"}
    case = open_case(
        by=village.actor("villager"), scenario="living_environment", workflow="problem", place_code=GRID, answers=BRIDGE
    )
    worker = {"worker": str(village.play.people["grid_worker"].pk)}
    case = move(by=village.actor("grid_head"), case=case, transition="assign", version=1, answers=worker)
    case = move(by=village.actor("grid_worker"), case=case, transition="finish", version=2, answers=done)
    deactivate(by=system("test"), activation=case.activation, basis="村民会议 2026-03-02")

    closed = move(by=village.actor("villager"), case=case, transition="confirm", version=3)

    child = Case.objects.get(parent=closed)
    assert (child.workflow, child.scenario_version_id) == ("call_back", closed.scenario_version_id)


def test_two_first_cases_at_once_keep_one_version(village: Village) -> None:
    report(village)
    kept = ScenarioVersion.objects.get(slug="points")
    assert keep_version(scenarios()["points"]) == kept


def test_folder_that_does_not_hold_together_is_left_out_and_told(
    root: Path, village: Village, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(root / "points")
    assert set(folders()) - set(scenarios()) == {"points"}
    assert "points/manifest.yaml" in caplog.text
