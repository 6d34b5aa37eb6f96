"""The map: all layers together, each symbol with its own form and a way to its record, and nobody sees too much."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from alarms.riverside import BY, COUNTY, GRID, MONDAY, TOWNSHIP, VILLAGE, River, make_river, make_stream, rule
from django.test import Client
from web.village import make_account

from cunzhi.alarms.actions.warning import Draft, issue
from cunzhi.alarms.models import Alarm, Warned
from cunzhi.base import clock
from cunzhi.fires.models import Detection, Event, Look
from cunzhi.perception.models import Datastream, Thing
from cunzhi.registry.actions.appointments import appoint
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.actions.points import set_point
from cunzhi.registry.models import Account, Person, Place
from cunzhi.web.atlas.gathering import MOST

ELSEWHERE = "500113102201"
BIG = 60_000


@pytest.fixture
def river(db: None) -> Iterator[River]:
    """A red alarm at a gauge, a fire near it, a warning for the township; a fire and a gauge in another township."""
    with clock.at(MONDAY):
        made = make_river()
        for code, name, level in ((ELSEWHERE[:9], "木洞镇", "township"), (ELSEWHERE, "对岸村", "village")):
            Place.objects.create(system="nbs", code=code, name=name, level=level, valid_from=MONDAY.date())
        for code, point in ((GRID, (106.54, 29.40)), (ELSEWHERE, (106.80, 29.55))):
            set_point(by=BY, place_code=code, point=point)
        make_stream("对岸雨量站", ELSEWHERE, "雨量")
        rule()
        made.flows(3.4)
        for place_code, latitude in ((GRID, 29.401), (ELSEWHERE, 29.551)):
            fire(place_code, latitude)
        warn(TOWNSHIP)
        yield made


def fire(place_code: str, latitude: float, *, days_ago: int = 1) -> Event:
    at = clock.now() - timedelta(days=days_ago)
    return Event.objects.create(
        place_code=place_code, known_by="point", metres=90, latitude=latitude, longitude=106.55, first_at=at,
        last_at=at, standing="no_window",
    )  # fmt: skip


def seen_twice(event: Event) -> None:
    look = Look.objects.create(source="a file", taken_at=clock.now(), rows=2, new=2)
    for at in range(2):
        Detection.objects.create(
            look=look, event=event, satellite=f"N{event.pk}-{at}", instrument="viirs", at=event.first_at, latitude=29.4,
            longitude=106.5, confidence="nominal", by_day=True, standard=False,
        )  # fmt: skip


def warn(place_code: str) -> Warned:
    draft = Draft(
        place_code=place_code, hazard="flood", colour="red", headline="洪水红色预警", description="河水上涨",
        instruction="离开河边", expires=clock.now() + timedelta(hours=6),
    )  # fmt: skip
    return issue(by=BY, draft=draft)


def browser(river: River, role: str, language: str = "zh-hans") -> Client:
    account = make_account(Person.objects.get(pk=river.people[role].pk))
    Account.objects.filter(pk=account.pk).update(language=language)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def drawn(page: str) -> set[str]:
    """Where the symbols lead."""
    return set(re.findall(r'<a class="spot [^"]*" href="([^"]*)"', page))


def listed(page: str) -> set[str]:
    return set(re.findall(r'<td role="cell" data-label="[^"]*"><a href="(/\w+/\d+/)"', page))


def test_county_sees_all_layers_each_in_its_form_and_the_same_in_the_list(river: River) -> None:
    client = browser(river, "county_officer")
    page = client.get("/map/").content.decode()
    records = {f"/sensors/{one.pk}/" for one in Datastream.objects.all()}
    records |= {f"/fires/{one.pk}/" for one in Event.objects.all()}
    records |= {f"/alarms/{Alarm.objects.get().pk}/", f"/warnings/{Warned.objects.get().pk}/"}
    assert drawn(page) == listed(page) == records
    forms = dict(re.findall(r'<a class="spot [^"]*" href="/(\w+)/\d+/".*?d="M0 0([^"]*)"', page))
    assert len(set(forms.values())) == 4
    assert all(client.get(address).status_code == 200 for address in records)
    assert len(page) < BIG


def test_layers_are_chosen_and_none_may_be(river: River) -> None:
    client = browser(river, "county_officer")
    fires = client.get("/map/", {"chosen": "1", "layer": ["fires", "nonsense"]}).content.decode()
    assert {one.split("/")[1] for one in drawn(fires)} == {"fires"}
    assert 'value="fires" checked' in fires and 'value="alarms" checked' not in fires
    assert "没有可显示的内容" in client.get("/map/", {"chosen": "1"}).content.decode()


def test_township_comes_nearer_and_keeps_the_layers(river: River) -> None:
    client = browser(river, "county_officer")
    near = client.get("/map/", {"place": ELSEWHERE[:9], "chosen": "1", "layer": "fires"}).content.decode()
    assert drawn(near) == {f"/fires/{Event.objects.get(place_code=ELSEWHERE).pk}/"}
    assert f"/map/?place={COUNTY}&amp;chosen=1&amp;layer=fires" in near  # the crumb
    assert re.findall(r"<path class=\"none border\" d=\"(m\S+)", near) != re.findall(
        r"<path class=\"none border\" d=\"(m\S+)", client.get("/map/").content.decode()
    )
    for nowhere in ("9", "999999", "abc", "50", GRID):
        assert client.get("/map/", {"place": nowhere}).status_code == 404


def test_officers_see_their_own_place_and_of_others_what_is_public(river: River) -> None:
    worker = browser(river, "grid_worker")
    own = worker.get("/map/").content.decode()
    assert f"{'圣灯山镇'}一张图" in own
    assert drawn(own) == {
        f"/alarms/{Alarm.objects.get().pk}/", f"/fires/{Event.objects.get(place_code=GRID).pk}/",
        f"/warnings/{Warned.objects.get().pk}/",
    }  # fmt: skip
    other = worker.get("/map/", {"place": ELSEWHERE[:9]}).content.decode()
    assert drawn(other) == {f"/places/{ELSEWHERE[:9]}/fires/"}
    assert "对岸雨量站" not in other


def test_alarms_are_for_those_who_answer_for_their_place(river: River) -> None:
    """The cadre of a village elsewhere has a map with alarms, and on the county's none of another village."""
    elsewhere = register_person(name="邻村干部", place_code=ELSEWHERE, by=BY, phone="13800009999")
    appoint(person=elsewhere, role="village_cadre", place_code=ELSEWHERE, basis="任职文件", by=BY, since=MONDAY.date())
    river.people["elsewhere"] = elsewhere
    client = browser(river, "elsewhere")
    for place in (COUNTY, TOWNSHIP, VILLAGE):
        page = client.get("/map/", {"place": place}).content.decode()
        assert 'value="alarms"' in page and f"/alarms/{Alarm.objects.get().pk}/" not in page


def test_visitors_see_warnings_and_how_many_fires_there_were_without_points(river: River) -> None:
    page = Client().get("/map/").content.decode()
    assert drawn(page) == {
        f"/warnings/{Warned.objects.get().pk}/", f"/places/{TOWNSHIP}/fires/", f"/places/{ELSEWHERE[:9]}/fires/",
    }  # fmt: skip
    assert "/alarms/" not in page.split("<main")[1] and "/sensors/" not in page
    assert "29.4010" not in page and "未解除的报警" not in page
    assert all(Client().get(address).status_code == 200 for address in drawn(page))
    near = Client().get("/map/", {"place": VILLAGE}).content.decode()
    assert "/fires/" in near and f"/fires/{Event.objects.get(place_code=GRID).pk}/" not in near


def test_visitors_see_a_sensor_that_is_public_and_its_public_page(river: River) -> None:
    Datastream.objects.filter(place_code=ELSEWHERE).update(is_public=True)
    public = Datastream.objects.get(place_code=ELSEWHERE)
    address = f"/places/{ELSEWHERE}/ecology/{public.pk}/"
    page = Client().get("/map/").content.decode()
    assert address in drawn(page) and f"/sensors/{river.stream.pk}/" not in page
    assert Client().get(address).status_code == 200
    assert address in drawn(browser(river, "grid_worker").get("/map/", {"place": COUNTY}).content.decode())


def test_what_is_over_is_gone_and_old_fires_too(river: River) -> None:
    Event.objects.all().delete()
    fire(GRID, 29.4, days_ago=15)
    with clock.at(MONDAY + timedelta(hours=7)):
        page = Client().get("/map/").content.decode()
    assert drawn(page) == set() and "没有可显示的内容" in page


def test_silent_sensor_has_another_form_and_says_so(river: River) -> None:
    with clock.at(MONDAY + timedelta(hours=3)):
        page = browser(river, "county_officer", "en").get("/map/").content.decode()
    [mark] = re.findall(rf'<a class="spot ([^"]*)" href="/sensors/{river.stream.pk}/"><title>([^<]*)', page)
    assert mark[0] == "spot-silent" and "No word" in mark[1]


def test_hundreds_are_summed_up_by_township_and_the_page_stays_small(river: River) -> None:
    many(townships=30, each=20)
    client = browser(river, "county_officer")
    page = client.get("/map/").content.decode()
    assert len(page) < BIG
    assert {f"/map/?place={500113200 + number}" for number in range(30)} <= drawn(page)
    assert "<title>镇7：传感器 20</title>" in page and "<title>镇7：未解除的报警 3</title>" in page
    assert "<title>镇7：两周内的火点 3</title>" in page
    assert '<td role="cell" class="number" data-label="传感器">20</td>' in page
    near = client.get("/map/", {"place": "500113207"}).content.decode()
    assert len({one for one in drawn(near) if one.startswith("/sensors/")}) == 20
    for language in ("en", "zh-hans"):
        Account.objects.update(language=language)
        for path in ("/map/", "/map/?place=500113207"):
            assert len(client.get(path).content) < BIG, path


def many(*, townships: int, each: int) -> None:
    """Many gauges, fires, alarms, warnings in many townships."""
    one = Datastream.objects.first()
    assert one is not None and each <= MOST
    for number in range(townships):
        township = f"500113{200 + number}"
        village = f"{township}201"
        for code, name, level in ((township, f"镇{number}", "township"), (village, f"村{number}", "village")):
            Place.objects.create(
                system="nbs", code=code, name=name, level=level, valid_from=MONDAY.date(),
                longitude=106.4 + number / 60, latitude=29.2 + number / 90,
            )  # fmt: skip
        thing = Thing.objects.create(name="站", description="", place_code=village)
        Datastream.objects.bulk_create(
            Datastream(
                name=f"第{number}号村民委员会河道水位站{at}", description="", place_code=village, thing=thing,
                sensor=one.sensor, observed_property=one.observed_property, observation_type=one.observation_type,
                unit=one.unit, made_at=clock.now(),
            )
            for at in range(each)
        )  # fmt: skip
        with clock.at(MONDAY - timedelta(seconds=number)):
            warn(village)
        for at in range(3):
            seen_twice(fire(village, 29.3 + number / 90))
            Alarm.objects.create(source=f"person:{village}{at}", hazard="gale", place_code=village, colour="blue",
                                 words="山口大风，小心树枝", raised_at=clock.now())  # fmt: skip


def test_nobody_learns_from_the_map_in_which_village_it_burned(river: River) -> None:
    """Fires are public by township: the map of a village tells no less and no more."""
    other = f"{TOWNSHIP}299"
    Place.objects.create(system="nbs", code=other, name="邻村", level="village", valid_from=MONDAY.date())
    for code in (VILLAGE, other):
        page = Client().get("/map/", {"place": code, "chosen": "1", "layer": "fires"}).content.decode()
        assert "两周内的火点：1" in page, code
