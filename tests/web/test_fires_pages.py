"""Pages of satellite fires: who sees what, how new it is, the bulletin, and what everybody may know."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from fires.banan import BY, COUNTY, NORTH, VILLAGE, make_county
from fires.rows import NOW, file, viirs

from cunzhi.base import clock
from cunzhi.cli.fires.handing import one_round
from cunzhi.engine.models import Case
from cunzhi.fires.actions.taking import note_try, take
from cunzhi.fires.models import Event
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.models import Person

BACKEND = "django.contrib.auth.backends.ModelBackend"
pytestmark = pytest.mark.django_db
WEEK = "2026-W44"


@pytest.fixture
def people(db: None) -> Iterator[dict[str, Person]]:
    """One fire near the northern grid, one known to lie in the county only, a faint one."""
    with clock.at(NOW):
        found = make_county()
        lines = (viirs(29.408), viirs(29.55, 106.9), viirs(29.39, confidence="l"))
        take(by=BY, data=file(*lines), source="a file")
        one_round(BY)
        yield found


def browser(person: Person, language: str = "zh-hans") -> Client:
    account = make_account(person=person, phone=f"139{person.pk:08}", by=BY)
    account.language = language
    account.save()
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_county_sees_all_fires_with_map_case_and_reason(people: dict[str, Person]) -> None:
    page = text(browser(people["county_officer"]), "/fires/")
    assert page.count('<g class="spot') == 3
    assert page.count('class="whole"') == 3
    assert all(number in page for number in Case.objects.values_list("number", flat=True))
    assert "可信度低" in page and "待核查" in page
    assert len(page) < 60_000


def test_worker_sees_the_own_grid_only(people: dict[str, Person]) -> None:
    client = browser(people["grid_worker"])
    page = text(client, "/fires/")
    assert page.count('class="whole"') == 1
    elsewhere = Event.objects.get(place_code=COUNTY)
    assert client.get(f"/fires/{elsewhere.pk}/").status_code == 404
    assert "看到 2 次" not in text(client, f"/fires/{Event.objects.get(place_code=NORTH).pk}/")


def test_villager_and_visitor_are_kept_out(people: dict[str, Person]) -> None:
    villager = browser(Person.objects.create(name="张村民", place_code=NORTH))
    for path in ("/fires/", f"/fires/bulletin/{WEEK}/"):
        assert villager.get(path).status_code == 403
        assert Client().get(path).status_code == 302


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "不是全部的火"), ("en", "This is not all that burned")])
def test_pages_say_how_new_they_are_and_what_cannot_be_seen(
    people: dict[str, Person], language: str, said: str
) -> None:
    note_try(product="MODIS_NRT", said="Invalid MAP_KEY.")
    client = browser(people["county_officer"], language)
    one = Event.objects.get(place_code=NORTH)
    for path in ("/fires/", f"/fires/bulletin/{WEEK}/", f"/places/{COUNTY}/fires/"):
        page = text(client, path)
        assert said in page and "MODIS_NRT" in page and "16:00" in page and "13:00" in page
        assert "100" not in page.split("<main")[1].split("notice-due")[1].split("</div>")[0]
    assert "375" in text(client, f"/fires/{one.pk}/")


def test_bulletin_counts_by_township_with_the_unknown_apart(people: dict[str, Person]) -> None:
    page = text(browser(people["county_officer"]), f"/fires/bulletin/{WEEK}/")
    assert "乡镇未知" in page and "合计" in page and "township4" in page
    assert "29.4080, 106.5400" in page and "N20" in page
    assert "GS(2024)0650" in page
    client = browser(people["village_cadre"])
    assert "乡镇未知" not in text(client, f"/fires/bulletin/{WEEK}/")
    assert text(client, "/fires/bulletin/2026-W40/").count("<g class=") == 0


@pytest.mark.parametrize("week", ["2026-W54", "2026-W00", "2026-44", "x", "9999-W53", "２０２６-W44"])
def test_week_that_is_none_is_no_page(people: dict[str, Person], week: str) -> None:
    assert browser(people["county_officer"]).get(f"/fires/bulletin/{week}/").status_code == 404


def test_week_that_runs_is_the_first_to_be_shown(people: dict[str, Person]) -> None:
    answer = browser(people["county_officer"]).get("/fires/bulletin/")
    assert answer["Location"] == f"/fires/bulletin/{WEEK}/"


def test_public_page_counts_without_points(people: dict[str, Person]) -> None:
    page = text(Client(headers={"accept-language": "zh-hans"}), f"/places/{COUNTY}/fires/")
    assert "29.4" not in page and "106." not in page and "<g class" not in page
    assert Client().get(f"/places/{VILLAGE}/fires/").status_code == 404
    assert f"/places/{COUNTY}/fires/" in text(Client(), f"/places/{COUNTY}/")


def test_simulated_fires_say_so_everywhere(people: dict[str, Person]) -> None:
    at = NOW - timedelta(hours=1)
    take(by=BY, data=file(viirs(29.41, 106.60, at=at)), source="made up", simulated=True)
    client = browser(people["county_officer"])
    one = Event.objects.get(simulated=True)
    for path in ("/fires/", f"/fires/{one.pk}/", f"/fires/bulletin/{WEEK}/", f"/places/{COUNTY}/fires/"):
        assert "模拟数据" in text(client, path)


def test_list_is_narrowed_by_township_kind_and_week(people: dict[str, Person]) -> None:
    client = browser(people["county_officer"])
    near, far = Event.objects.get(place_code=NORTH), Event.objects.get(place_code=COUNTY)
    found = {
        "": 3, f"place={COUNTY}104": 2, f"place={COUNTY}": 1, "kind=sent": 2, "kind=idle": 1, "kind=straw": 0,
        f"week={WEEK}": 3, "week=2026-W01": 0, f"place={COUNTY}104&kind=sent&week={WEEK}": 1,
    }  # fmt: skip
    for query, count in found.items():
        page = text(client, f"/fires/?{query}")
        assert page.count('class="whole"') == page.count('<g class="spot') == count, query
    assert f"/fires/{far.pk}/" not in text(client, f"/fires/?place={near.place_code[:9]}")
    assert "没有符合条件的火点" in text(client, "/fires/?kind=straw")
    assert f'<option value="{WEEK}" selected>' in text(client, f"/fires/?week={WEEK}")


def test_narrowing_shows_nobody_more_and_nonsense_is_not_found(people: dict[str, Person]) -> None:
    worker = browser(people["grid_worker"])
    page = text(worker, f"/fires/?place={COUNTY}")
    assert page.count('class="whole"') == 0
    for query in ("place=1%27", "place=50", "place=١٢٣٤٥٦", "kind=volcano", "week=2026-W60", "week=now"):
        assert worker.get(f"/fires/?{query}").status_code == 404, query


def test_pages_of_a_narrowed_list_stay_narrowed(people: dict[str, Person]) -> None:
    like = Event.objects.get(place_code=COUNTY)
    Event.objects.bulk_create(
        Event(place_code=COUNTY, known_by="outline", latitude=29.5, longitude=106.9, first_at=like.first_at,
              last_at=like.last_at, standing="faint") for _ in range(30)
    )  # fmt: skip
    page = text(browser(people["county_officer"]), f"/fires/?kind=idle&week={WEEK}")
    assert f'href="?kind=idle&amp;week={WEEK}&amp;page=2"' in page
