"""Pages of figures: tiles, one indicator in depth, every number opens, nobody is ranked."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lake.doings import activation, case, household, viewer
from web.village import COUNTY, TOWNSHIP, VILLAGE, make_account, make_person

from cunzhi.base import clock
from cunzhi.journal.models import Entry
from cunzhi.registry.models import Account, Appointment, Place
from cunzhi.web.charts.spark import spark

SignedIn = Callable[[Account], Client]
OTHER_TOWNSHIP, FAR_VILLAGE = "500113102", "500113102200"
DEEDS, SHARE = "/figures/points/deeds_reported/", "/figures/points/share_granted/"
MARCH = {"place": COUNTY, "first": "2026-02", "last": "2026-02"}


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with clock.at(datetime.fromisoformat("2026-03-10T09:00:00+08:00")):
        yield


@pytest.fixture
def doings(places: None) -> None:
    """Three deeds here in February, one in January, and one far away; one of the three was refused."""
    for code, name, level in ((OTHER_TOWNSHIP, "木洞镇", "township"), (FAR_VILLAGE, "土桥村村民委员会", "village")):
        Place.objects.create(system="nbs", code=code, name=name, level=level, valid_from=date(2020, 1, 1))
    activation("points", COUNTY)
    for outcome in ("granted", "granted", "refused"):
        case(VILLAGE, outcome=outcome, home=household())
    case(VILLAGE, opened="2026-01-05T02:00:00", closed=None)
    case(FAR_VILLAGE, opened="2026-02-05T02:00:00")


@pytest.fixture
def county(places: None) -> Account:
    return make_account(make_person("田震", "13800000009"), "county_officer", COUNTY)


def text(client: Client, path: str, **sent: str) -> str:
    response = client.get(path, sent)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def plain(page: str) -> str:
    """What a reader sees of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_tiles_show_the_last_whole_month_and_how_it_changed(county: Account, doings: None, signed_in: SignedIn) -> None:
    page = plain(text(signed_in(county), "/figures/"))
    assert "巴南区 2026年2月" in page
    assert "申报好事 4件" in page
    assert "比上月多 3件 朝好的方向" in page
    assert "朝坏" not in page


def test_several_months_are_compared_with_as_many_before(county: Account, doings: None, signed_in: SignedIn) -> None:
    page = plain(text(signed_in(county), "/figures/", place=COUNTY, first="2026-01", last="2026-02"))
    assert "申报好事 5件" in page
    assert "比此前 2 个月多 5件" in page


def test_share_of_nothing_is_no_zero(county: Account, doings: None, signed_in: SignedIn) -> None:
    page = plain(text(signed_in(county), "/figures/", place=COUNTY, first="2026-01", last="2026-01"))
    assert "申报通过率 –" in page
    assert "没有可比的数" in page


def test_months_in_the_wrong_order_are_said_at_the_field(county: Account, doings: None, signed_in: SignedIn) -> None:
    response = signed_in(county).get("/figures/", {"first": "2026-02", "last": "2026-01"})
    assert response.status_code == 422
    assert 'id="id_last_error"' in response.content.decode()


@pytest.mark.parametrize("sent", [{"first": "later"}, {"last": "1026-13"}, {"first": "2031-01"}])
def test_months_that_make_no_sense_are_refused(
    county: Account, doings: None, signed_in: SignedIn, sent: dict[str, str]
) -> None:
    assert signed_in(county).get("/figures/", sent).status_code == 422


def test_places_are_in_the_order_of_their_codes_however_much_they_did(
    county: Account, doings: None, signed_in: SignedIn
) -> None:
    for _ in range(9):
        case(FAR_VILLAGE)
    page = text(signed_in(county), DEEDS, **MARCH)
    assert page.index("圣灯山镇") < page.index("木洞镇")
    assert "<svg" in page


def test_every_number_opens_to_as_many_records(county: Account, doings: None, signed_in: SignedIn) -> None:
    client = signed_in(county)
    page = text(client, DEEDS, **MARCH)
    opened = re.findall(rf'href="({DEEDS}records/[^"]*)">(\d+)件', page)
    assert len(opened) >= 1 + 2 + 2
    for address, said in opened:
        assert f"共 {said} 条记录" in text(client, address.replace("&amp;", "&")), address


def test_what_lies_right_at_the_place_opens_apart(county: Account, doings: None, signed_in: SignedIn) -> None:
    case(TOWNSHIP)
    client = signed_in(county)
    page = text(client, DEEDS, **{**MARCH, "place": TOWNSHIP})
    assert "圣灯山镇（本级）" in page
    [address] = re.findall(rf'href="({DEEDS}records/[^"]*level=village)"', page)
    assert "共 1 条记录" in text(client, address.replace("&amp;", "&"))


def test_records_say_which_of_them_a_share_counts(county: Account, doings: None, signed_in: SignedIn) -> None:
    page = text(signed_in(county), f"{SHARE}records/", **{**MARCH, "place": VILLAGE})
    assert "共 3 条记录，其中 2 条计入分子" in page
    assert page.count("只计入分母") == 1
    assert "SELECT place_code AS place" in page


def test_record_links_to_its_case_where_the_reader_may_see_it(
    county: Account, doings: None, signed_in: SignedIn
) -> None:
    page = text(signed_in(county), f"{DEEDS}records/", **MARCH)
    assert re.search(r'<a href="/cases/26-\d+/">26-\d+</a>', page)


def test_records_are_paged(county: Account, doings: None, signed_in: SignedIn) -> None:
    for _ in range(30):
        case(VILLAGE)
    client = signed_in(county)
    first, second = (text(client, f"{DEEDS}records/", **MARCH, page=number) for number in ("1", "2"))
    numbers = [set(re.findall(r"/cases/(26-\d+)/", page)) for page in (first, second)]
    assert [len(one) for one in numbers] == [25, 9]
    assert not numbers[0] & numbers[1]


def test_reader_of_a_part_is_told_that_there_is_more(cadre: Account, doings: None, signed_in: SignedIn) -> None:
    Appointment.objects.create(
        person=cadre.person, role="administrator", place_code=COUNTY, since=date(2026, 1, 1), basis="文号"
    )
    page = text(signed_in(cadre), f"{DEEDS}records/", **MARCH)
    assert "共 3 条记录" in page
    assert "这里只列出这部分记录" in page


def test_administrator_sees_figures_and_opens_none(administrator: Account, doings: None, signed_in: SignedIn) -> None:
    client = signed_in(administrator)
    assert "records/" not in text(client, "/figures/") + text(client, DEEDS)
    assert client.get(f"{DEEDS}records/").status_code == 403


@pytest.mark.parametrize("path", ["/figures/", DEEDS, f"{DEEDS}records/"])
def test_figures_of_another_place_are_kept_back(
    cadre: Account, villager: Account, doings: None, signed_in: SignedIn, path: str
) -> None:
    for place in (FAR_VILLAGE, TOWNSHIP, COUNTY, "50", "abc"):
        assert signed_in(cadre).get(path, {"place": place}).status_code == 403
    assert signed_in(cadre).get(path).status_code == 200
    assert signed_in(villager).get(path).status_code == 403


def test_unknown_place_and_unknown_indicator_are_not_found(county: Account, doings: None, signed_in: SignedIn) -> None:
    client = signed_in(county)
    assert client.get("/figures/", {"place": "500113999"}).status_code == 404
    assert client.get("/figures/points/glory/").status_code == 404
    assert client.get("/figures/brigades/deeds_reported/").status_code == 404


def test_whole_city_is_a_map_of_its_counties(doings: None, signed_in: SignedIn) -> None:
    Place.objects.create(system="gb", code="50", name="重庆市", level="province", valid_from=date(2020, 1, 1))
    person = viewer("50", "county_officer")
    person.phone_blind = "city"
    page = text(signed_in(make_account(person)), DEEDS)
    assert 'class="plot map"' in page
    assert "GS(2024)0650号" in page
    assert "巴南区" in page


def test_sheet_of_records_carries_no_names_and_is_noted(county: Account, doings: None, signed_in: SignedIn) -> None:
    response = signed_in(county).post(f"{DEEDS}records.csv", MARCH)
    lines = response.content.decode("utf-8-sig").splitlines()
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert len([line for line in lines if line.startswith("26-")]) == 4
    entry = Entry.objects.get(verb="figures.exported")
    assert (entry.place_code, entry.detail["rows"]) == (COUNTY, 4)


def test_sheet_of_figures_holds_the_whole_and_its_places(county: Account, doings: None, signed_in: SignedIn) -> None:
    body = signed_in(county).post("/figures.csv", MARCH).content.decode("utf-8-sig")
    assert "申报好事,件,500113,巴南区,4.0" in body
    assert "申报好事,件,500113101,圣灯山镇,3.0" in body


def test_sheet_is_refused_without_the_right(
    cadre: Account, administrator: Account, doings: None, signed_in: SignedIn
) -> None:
    for account in (cadre, administrator):
        for path in ("/figures.csv", f"{DEEDS}records.csv"):
            assert signed_in(account).post(path, MARCH).status_code == 403
    assert not Entry.objects.filter(verb="figures.exported").exists()


def test_sheet_of_months_that_make_no_sense_is_refused(county: Account, doings: None, signed_in: SignedIn) -> None:
    response = signed_in(county).post("/figures.csv", {**MARCH, "first": "soon"})
    assert response.status_code == 422


@pytest.mark.parametrize("path", ["/figures/", DEEDS, f"{DEEDS}records/"])
def test_page_asks_a_fixed_number_of_queries(county: Account, doings: None, signed_in: SignedIn, path: str) -> None:
    client, counts = signed_in(county), []
    text(client, path)
    for _ in range(2):
        for place in (VILLAGE, FAR_VILLAGE):
            case(place)
        with CaptureQueriesContext(connection) as asked:
            text(client, path)
        counts.append(sum(query["sql"].startswith("SELECT") for query in asked))
    assert counts[0] == counts[1] <= 24


def test_spark_is_broken_where_nothing_was_measured() -> None:
    drawn = spark([1, 2, None, 3, 4, None, 5])
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 1
    assert spark([]).count("<polyline") == spark([None]).count("<circle") == 0
