"""Collect once: what is held and fresh is shown and not asked, what is stale is asked again, what is new is kept."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from engine.conftest import Village, stage
from engine.folders import read_again
from web.stage import Town

from cunzhi.base.actor import system
from cunzhi.engine.models import Case
from cunzhi.engine.spec.story import Given
from cunzhi.registry.actions.facts import append_fact
from cunzhi.registry.models import Household
from cunzhi.registry.queries.facts import current_fact

PATH = "/report/toilets/request/"
FILES = {
    "manifest.yaml": """
slug: toilets
version: 1
title: {zh_Hans: 厕所改造, en: Better toilets}
summary: {zh_Hans: 申请改厕, en: Ask for a better toilet}
pillar: none
owner: {zh_Hans: 区县, en: County}
basis: [{title: {zh_Hans: 办法, en: Rules}, date: 2025-01-01}]
roles: [village_cadre]
personal_data: [{what: {zh_Hans: 厕所, en: The toilet}, why: {zh_Hans: 安排改造, en: To plan the work}}]
days_kept: 365
""",
    "forms/request.yaml": """
title: {zh_Hans: 申请改厕, en: Ask for a toilet}
minutes: 1
fields:
  - {name: toilet, type: select_one, element: household.clean_toilet, label: {zh_Hans: 现在的厕所, en: Toilet now}}
  - {name: land, type: decimal, element: household.contracted_land, label: {zh_Hans: 承包地, en: Land}}
  - {name: days, type: select_multiple, label: {zh_Hans: 哪天方便, en: Which days}, choices: [
      {name: monday, label: {zh_Hans: 周一, en: Monday}}, {name: friday, label: {zh_Hans: 周五, en: Friday}}]}
  - {name: thanks, type: note, label: {zh_Hans: 谢谢, en: Thank you}}
""",
    "workflows/request.yaml": """
title: {zh_Hans: 改厕, en: Toilet}
open: {title: {zh_Hans: 申请, en: Ask}, to: asked, by: [resident], form: request}
states:
  asked: {title: {zh_Hans: 已申请, en: Asked}, waits_for: village_cadre}
  done: {title: {zh_Hans: 已改, en: Done}, outcome: done}
transitions:
  finish: {title: {zh_Hans: 改好了, en: Finish}, from: [asked], to: done, by: [village_cadre]}
""",
    "messages/zh_Hans.yaml": "{}",
    "messages/en.yaml": "{}",
}


@pytest.fixture
def town(db: None, monday: None, settings: Any, tmp_path: Path) -> Iterator[Town]:
    """A village whose only scenario asks for what the data centre may know already."""
    for path, text in FILES.items():
        file = tmp_path / "toilets" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    settings.CUNZHI_SCENARIOS = [*settings.CUNZHI_SCENARIOS, tmp_path]
    read_again()
    village: Village = stage("toilets", Given())
    yield Town(village)
    read_again()


def household(town: Town) -> Household:
    person = town.village.play.people["villager"]
    return person.memberships.get(until=None).household  # type: ignore[no-any-return]


def hold(town: Town, element: str, value: Any, as_of: date) -> None:
    append_fact(
        by=system("test"), subject=household(town), element=element, value=value, as_of=as_of, source="2025 年普查"
    )


def test_what_is_fresh_is_shown_with_its_day_and_source(town: Town) -> None:
    hold(town, "household.clean_toilet", "dry", date(2025, 11, 2))
    page = town.client("villager").get(PATH).content.decode()
    assert "<strong>旱厕</strong>" in page
    assert "2025年11月2日 已登记，来源：2025 年普查" in page
    assert 'value="dry" checked' not in page


def test_what_is_fresh_need_not_be_answered(town: Town) -> None:
    hold(town, "household.clean_toilet", "dry", date(2025, 11, 2))
    assert town.client("villager").post(PATH, {"land": "2.5", "days": ["friday", "monday"]}).status_code == 302
    answers = Case.objects.get().answers
    assert answers["toilet"] == "dry"
    assert answers["days"] == ["friday", "monday"]


def test_what_was_only_shown_keeps_its_day(town: Town) -> None:
    hold(town, "household.clean_toilet", "dry", date(2025, 11, 2))
    town.client("villager").post(PATH, {"toilet": "", "land": "2.5", "days": ["friday"]})
    shown = current_fact(household(town), "household.clean_toilet")
    told = current_fact(household(town), "household.contracted_land")
    assert shown is not None
    assert told is not None
    assert (shown.as_of, told.as_of) == (date(2025, 11, 2), date(2026, 3, 2))


def test_what_changed_is_kept_for_the_next_form(town: Town) -> None:
    hold(town, "household.clean_toilet", "dry", date(2025, 11, 2))
    town.client("villager").post(PATH, {"toilet": "three_cell", "land": "2.5", "days": ["friday"]})
    known = current_fact(household(town), "household.clean_toilet")
    assert known is not None
    assert known.value == "three_cell"
    assert "来源：以前办的事" in town.client("villager").get(PATH).content.decode()


def test_what_is_stale_is_filled_in_and_asked(town: Town) -> None:
    hold(town, "household.clean_toilet", "dry", date(2020, 1, 1))
    page = town.client("villager").get(PATH).content.decode()
    assert 'value="dry" checked' in page
    assert "请核对" in page
    assert town.client("villager").post(PATH, {"land": "2.5", "days": ["friday"]}).status_code == 422


def test_error_keeps_every_kind_of_answer(town: Town) -> None:
    response = town.client("villager").post(PATH, {"toilet": "dry", "land": "viele", "days": ["friday"]})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="dry" checked' in page
    assert 'value="viele"' in page
    assert 'value="friday" checked' in page
    assert 'value="monday" checked' not in page
    assert "谢谢" in page


def test_helper_sees_what_is_held_of_the_helped(town: Town) -> None:
    hold(town, "household.clean_toilet", "dry", date(2025, 11, 2))
    town.client("village_cadre").post(f"/help/{town.person_id('villager')}/", {"how": "face"})
    assert "<strong>旱厕</strong>" in town.client("village_cadre").get(PATH).content.decode()
    assert "<strong>旱厕</strong>" not in town.client("neighbour").get(PATH).content.decode()
