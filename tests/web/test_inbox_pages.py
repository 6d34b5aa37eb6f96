"""Officers' lists: by deadline, found by number and words, a fixed number of queries, and taken out with a note."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from engine.conftest import Village
from web.stage import Town

from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.base.numbers import number_for
from cunzhi.engine.models import Case
from cunzhi.engine.timers import climb
from cunzhi.journal.models import Entry
from cunzhi.registry.models import Place


@pytest.fixture
def town(village: Village) -> Town:
    return Town(village)


def copies(case: Case, count: int) -> None:
    """More cases like this one, straight into the table."""
    rows = []
    for number in range(count):
        copy = Case.objects.get(pk=case.pk)
        copy.pk, copy.key, copy.number = None, None, number_for(5000 + number, year=2026)
        rows.append(copy)
    Case.objects.bulk_create(rows)


@pytest.mark.parametrize(("name", "path"), [("appraiser", "/inbox/"), ("township_officer", "/cases/")])
def test_thirty_rows_take_as_many_queries_as_one(town: Town, name: str, path: str) -> None:
    case = town.report_deed()
    client = town.client(name)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    copies(case, 29)
    with CaptureQueriesContext(connection) as thirty:
        page = client.get(path).content.decode()
    assert len(one) == len(thirty)
    assert len(one) <= 14
    assert page.count("work-title") == 25
    assert "page=2" in page


def test_deadlines_sort_into_overdue_today_and_later(town: Town) -> None:
    town.report_deed()
    for moment, group in (("2026-03-02T10:00", "later"), ("2026-03-03T10:00", "today"), ("2026-03-05T10:00", "over")):
        with clock.at(datetime.fromisoformat(f"{moment}:00+08:00")):
            page = town.client("appraiser").get("/inbox/").content.decode()
            assert f"when={group}" in page
            found = town.client("appraiser").get(f"/inbox/?when={group}").content.decode()
            assert found.count("work-title") == 1


@pytest.mark.parametrize(("moment", "said"), [("2026-03-02T10:00", "到期"), ("2026-03-05T10:00", "已超期")])
def test_a_list_that_is_kept_says_what_holds_now(town: Town, moment: str, said: str) -> None:
    town.report_deed()
    client = town.client("appraiser")
    with clock.at(datetime.fromisoformat("2026-03-03T00:30:00+08:00")):
        assert "今天" in client.get("/inbox/").content.decode()
    with clock.at(datetime.fromisoformat(f"{moment}:00+08:00")):
        line = client.get("/inbox/").content.decode().partition('class="worklist"')[2].partition("</ul>")[0]
        assert said in line
        assert "今天" not in line
        english = town.speaks("appraiser", "en").get("/inbox/").content.decode()
        assert ("Overdue since" in english) == (said == "已超期")


def test_a_list_that_is_kept_tells_the_minute_when_time_is_over(town: Town) -> None:
    case = town.report_deed()
    client = town.client("appraiser")
    assert case.due_at is not None
    for minutes, said in ((-1, "今天"), (1, "已超期")):
        with clock.at(case.due_at + timedelta(minutes=minutes)):
            line = client.get("/inbox/").content.decode().partition('class="worklist"')[2].partition("</ul>")[0]
            assert said in line


def test_a_list_that_is_kept_follows_the_name_of_its_place(town: Town) -> None:
    case = town.report_deed()
    client, place = town.client("appraiser"), Place.objects.filter(code=case.place_code)
    for name in (place.get().name, "改了名的村"):
        place.update(name=name)
        cache.clear()
        line = client.get("/inbox/").content.decode().partition('class="worklist"')[2].partition("</ul>")[0]
        assert name in line


def test_what_climbed_lies_in_the_cadres_inbox(town: Town) -> None:
    case = town.report_deed()
    assert case.number not in town.client("village_cadre").get("/inbox/").content.decode()
    with clock.at(datetime.fromisoformat("2026-03-05T10:00:00+08:00")):
        climb(system("tick"))
        page = town.client("village_cadre").get("/inbox/").content.decode()
        assert case.number in page
        assert "逐级上报" in page


@pytest.mark.parametrize("text", ["villager", "扫了院", "VILLAGER"])
def test_words_are_found_in_names_and_answers(town: Town, text: str) -> None:
    case, other = town.report_deed(), town.report_deed("neighbour", note="另一件")
    page = town.client("appraiser").get("/inbox/", {"q": text}).content.decode()
    assert case.number in page
    assert other.number not in page


@pytest.mark.parametrize("text", ["%", "_", "'", "\\", '"', "done_on", "没有这个"])
def test_odd_words_find_nothing_and_break_nothing(town: Town, text: str) -> None:
    town.report_deed()
    response = town.client("appraiser").get("/inbox/", {"q": text})
    assert response.status_code == 200
    assert "work-title" not in response.content.decode()


def test_number_opens_the_matter_at_once(town: Town) -> None:
    case = town.report_deed()
    response = town.client("appraiser").get("/inbox/", {"q": case.number.lower()})
    assert response["Location"] == f"/cases/{case.number}/"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("scenario=points", 1),
        ("scenario=living_environment", 0),
        ("scenario=points&state=deed.rechecking", 1),
        ("scenario=points&state=deed.credited", 0),
        ("scenario=nonsense&state=x.y&page=x&when=x", 1),
    ],
)
def test_list_is_narrowed(town: Town, query: str, found: int) -> None:
    town.report_deed()
    for path in ("/inbox/", "/cases/"):
        assert town.client("appraiser").get(f"{path}?{query}").content.decode().count("work-title") == found


@pytest.mark.parametrize(("stands", "found"), [("", 2), ("open", 1), ("closed", 1), ("over", 0), ("climbed", 0)])
def test_all_matters_stand_by_their_standing(town: Town, stands: str, found: int) -> None:
    town.report_deed()
    town.take("villager", town.report_deed("villager", deed="help_elder"), "withdraw")
    page = town.client("township_officer").get(f"/cases/?stands={stands}").content.decode()
    assert page.count("work-title") == found


def test_other_place_is_refused(town: Town) -> None:
    assert town.client("village_cadre").get("/cases/?place=990101002").status_code == 403
    assert town.client("township_officer").get("/cases/?place=990101001001").status_code == 200


def test_villager_sees_no_list_of_others(town: Town) -> None:
    case = town.report_deed()
    for path in ("/inbox/", "/cases/"):
        assert case.number not in town.client("neighbour").get(path).content.decode()


def test_sheet_is_masked_and_noted(town: Town) -> None:
    case = town.report_deed()
    response = town.client("township_officer").post("/cases.csv", {"scenario": "points"})
    text = response.content.decode("utf-8-sig")
    assert response["Content-Type"].startswith("text/csv")
    assert case.number in text
    assert "v*******" in text
    assert "villager" not in text
    assert "扫了院坝" not in text
    note = Entry.objects.get(verb="cases.exported")
    assert note.actor == f"person:{town.person_id('township_officer')}"
    assert note.detail["rows"] == 1


@pytest.mark.parametrize("name", ["villager", "village_cadre", "appraiser"])
def test_sheet_is_only_for_those_appointed_to_it(town: Town, name: str) -> None:
    town.report_deed()
    assert town.client(name).post("/cases.csv").status_code == 403
    assert town.client(name).get("/cases.csv").status_code == 405
    assert not Entry.objects.filter(verb="cases.exported").exists()


def test_sheet_of_another_place_is_refused(town: Town) -> None:
    response = town.client("township_officer").post("/cases.csv", {"place": "990101002"})
    assert response.status_code == 403
