"""Behind the counter: goods in, prices, counts, hand-over; each booking once, each refusal kind."""

from typing import Any

import pytest
from engine.conftest import Village
from web.stage import Town

from cunzhi.engine.models import Case
from cunzhi.engine.pickup import code_of
from cunzhi.ledger.models import Entry, Item
from cunzhi.ledger.queries import items

VILLAGE = "990101001001"
KEY = "a" * 32


@pytest.fixture
def town(village: Village) -> Town:
    return Town(village)


def left(name: str = "soap") -> int:
    return next(one.left for one in items(VILLAGE) if one.item.name == name)


def exchange(town: Town) -> Case:
    response = town.client("villager").post("/report/points/redeem/", {"goods": town.good("soap"), "quantity": "1"})
    return Case.objects.get(number=response["Location"].split("/")[2])


def test_goods_come_in_once(town: Town) -> None:
    path = f"/shop/{town.good('soap')}/in/"
    data = {"quantity": "5", "basis": "送货单 031", "key": KEY}
    for _ in range(2):
        assert town.client("shopkeeper").post(path, data)["Location"] == "/shop/stock/"
    assert left() == 7
    assert Entry.objects.filter(memo="stock_in", basis="送货单 031").count() == 1


@pytest.mark.parametrize(
    ("page", "data", "said"),
    [
        ("in", {"quantity": "0", "basis": "送货单"}, "quantity"),
        ("in", {"quantity": "x", "basis": "送货单"}, "quantity"),
        ("in", {"quantity": "3", "basis": ""}, "basis"),
        ("price", {"price": "-1", "basis": "会议"}, "price"),
        ("count", {"counted": "-1", "reason": "盘点"}, "counted"),
    ],
)
def test_bad_entry_stays_beside_its_field(town: Town, page: str, data: dict[str, Any], said: str) -> None:
    response = town.client("shopkeeper").post(f"/shop/{town.good('soap')}/{page}/", {**data, "key": KEY})
    assert response.status_code == 422
    assert f'id="id_{said}_error"' in response.content.decode()
    assert left() == 2


def test_price_changes_by_a_decision(town: Town) -> None:
    path = f"/shop/{town.good('soap')}/price/"
    assert town.client("shopkeeper").post(path, {"price": "12", "basis": "3 月村民会议"}).status_code == 302
    assert Item.objects.get(name="soap").price == 12


def test_count_books_the_difference(town: Town) -> None:
    path = f"/shop/{town.good('soap')}/count/"
    data = {"counted": "1", "reason": "一块泡坏了", "key": KEY}
    assert town.client("shopkeeper").post(path, data).status_code == 302
    assert left() == 1
    assert "盘点 1 件，账上 2 件" in town.client("shopkeeper").get("/shop/stock/").content.decode()


def test_new_good_and_its_double(town: Town) -> None:
    data = {"name": "毛巾", "name_en": "Towel", "price": "25"}
    assert town.client("village_cadre").post("/shop/new/", data).status_code == 302
    again = town.client("village_cadre").post("/shop/new/", data)
    assert again.status_code == 422
    assert 'value="毛巾"' in again.content.decode()


def test_withdrawn_good_is_offered_no_longer(town: Town) -> None:
    town.client("shopkeeper").post(f"/shop/{town.good('soap')}/withdraw/")
    assert "redeem" not in town.client("villager").get("/shop/").content.decode()


@pytest.mark.parametrize("name", ["villager", "appraiser", "township_officer"])
def test_shelf_is_for_shopkeepers(town: Town, name: str) -> None:
    soap = town.good("soap")
    for path in ("/shop/stock/", "/shop/new/", "/shop/hand-over/", f"/shop/{soap}/in/", f"/shop/{soap}/count/"):
        assert town.client(name).get(path).status_code == 403
    assert town.client(name).post(f"/shop/{soap}/price/", {"price": "1", "basis": "我"}).status_code == 403


@pytest.mark.parametrize("how", ["both", "in one", "scanned", "spaced"])
def test_hand_over_takes_number_and_code_however_they_come(town: Town, how: str) -> None:
    case = exchange(town)
    code = code_of(case)
    typed = {
        "both": {"number": case.number.lower(), "code": code},
        "in one": {"number": f"{case.number} {code}"},
        "scanned": {"number": f"http://testserver/shop/hand-over/?number={case.number}&code={code}"},
        "spaced": {"number": case.number, "code": f"{code[:3]} {code[3:]}"},
    }[how]
    assert town.client("shopkeeper").post("/shop/hand-over/", typed)["Location"] == "/shop/stock/"
    case.refresh_from_db()
    assert case.state == "handed_over"


def test_square_picture_fills_the_page_in(town: Town) -> None:
    case = exchange(town)
    page = town.client("shopkeeper").get(f"/shop/hand-over/?number={case.number}&code=123456").content.decode()
    assert f'value="{case.number}"' in page
    assert 'value="123456"' in page


@pytest.mark.parametrize(
    ("number", "code", "status"),
    [("", "000000", 422), ("26-0000-0", "000000", 422), ("nonsense", "1", 422), (None, "000000", 422), (None, "", 422)],
)
def test_wrong_number_or_code_hands_nothing_over(town: Town, number: str | None, code: str, status: int) -> None:
    case = exchange(town)
    data = {"number": case.number if number is None else number, "code": code}
    response = town.client("shopkeeper").post("/shop/hand-over/", data)
    assert response.status_code == status
    case.refresh_from_db()
    assert case.state == "waiting"


def test_second_hand_over_is_told_kindly(town: Town) -> None:
    case = exchange(town)
    data = {"number": case.number, "code": code_of(case)}
    town.client("shopkeeper").post("/shop/hand-over/", data)
    again = town.client("shopkeeper").post("/shop/hand-over/", data)
    assert again.status_code == 422
    assert "没有待交付的物品" in again.content.decode()


def test_shelf_shows_who_waits(town: Town) -> None:
    case = exchange(town)
    assert case.number in town.client("shopkeeper").get("/shop/stock/").content.decode()
