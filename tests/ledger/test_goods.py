"""The pot and the shop: who may fill them, on what basis, and what a count of the shelf brings about."""

from datetime import date
from typing import Any

import pytest
from villages import Village

from cunzhi.base import clock
from cunzhi.base.actor import NOBODY, Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.journal.queries import history
from cunzhi.ledger.actions import (
    Leg,
    add_item,
    fund,
    open_book,
    post,
    set_price,
    stock_in,
    take_stock,
    withdraw_item,
)
from cunzhi.ledger.models import Item, StockCount
from cunzhi.ledger.queries import balance, items
from cunzhi.registry.models import Appointment, Person


@pytest.fixture
def shopkeeper(village: Village) -> Actor:
    person = Person.objects.create(name="李秀英", place_code=village.place_code)
    Appointment.objects.create(
        person=person, role="shopkeeper", place_code=village.place_code, since=date(2024, 1, 1), basis="meeting"
    )
    return Actor(person_id=person.pk, channel="test")


def test_fund_fills_the_pot_and_keeps_its_basis(by: Actor, village: Village) -> None:
    entry = fund(by=by, place_code=village.place_code, amount=500, basis=" 村民会议 ", key="fund:2")
    assert balance(village.pot) == 1500 and balance(village.source) == -1500
    assert entry.basis == "村民会议"


def test_fund_without_basis_is_refused(by: Actor, village: Village) -> None:
    with pytest.raises(Refused) as refusal:
        fund(by=by, place_code=village.place_code, amount=500, basis=" ", key="fund:2")
    assert refusal.value.code == "ledger.basis" and refusal.value.field == "basis"


def test_shopkeeper_fills_the_shelf_and_not_the_pot(shopkeeper: Actor, village: Village) -> None:
    stock_in(by=shopkeeper, item=village.soap, quantity=5, key="more", basis="delivery note 8")
    assert balance(village.shelf) == 15
    with pytest.raises(Forbidden):
        fund(by=shopkeeper, place_code=village.place_code, amount=5, basis="x", key="fund:2")


def test_shopkeeper_of_one_village_does_nothing_in_another(shopkeeper: Actor) -> None:
    elsewhere = Item.objects.create(place_code="500114100200", name="米", price=9)
    with pytest.raises(Forbidden):
        stock_in(by=shopkeeper, item=elsewhere, quantity=5, key="more", basis="x")
    with pytest.raises(Forbidden):
        set_price(by=shopkeeper, item=elsewhere, price=3, basis="x")
    with pytest.raises(Forbidden):
        take_stock(by=shopkeeper, item=elsewhere, counted=3, key="count", reason="x")
    with pytest.raises(Forbidden):
        withdraw_item(by=NOBODY, item=elsewhere)
    with pytest.raises(Forbidden):
        add_item(by=shopkeeper, place_code="500114100200", name="面", price=3)


@pytest.mark.parametrize("price", [0, -1, True, 2.5, 2**31])
def test_item_with_a_price_that_is_none_is_refused(by: Actor, village: Village, price: Any) -> None:
    with pytest.raises(Refused) as refusal:
        add_item(by=by, place_code=village.place_code, name="毛巾", price=price)
    assert refusal.value.code == "ledger.price"


def test_item_offered_twice_is_refused_until_it_is_withdrawn(by: Actor, village: Village) -> None:
    with pytest.raises(Refused) as refusal:
        add_item(by=by, place_code=village.place_code, name=" 肥皂 ", price=6)
    assert refusal.value.code == "ledger.item.known"
    withdraw_item(by=by, item=village.soap)
    assert items(village.place_code) == []
    again = add_item(by=by, place_code=village.place_code, name="肥皂", price=6)
    assert [stock.item for stock in items(village.place_code)] == [again]


def test_price_changes_are_noted_with_both_prices(by: Actor, village: Village) -> None:
    assert set_price(by=by, item=village.soap, price=8, basis="村委会").price == 8
    assert Item.objects.get(pk=village.soap.pk).price == 8
    assert history(village.soap.holder).get(verb="item.price").detail == {"from": 5, "to": 8}


def test_price_of_a_withdrawn_item_is_refused(by: Actor, village: Village) -> None:
    withdraw_item(by=by, item=village.soap)
    with pytest.raises(Refused) as refusal:
        set_price(by=by, item=village.soap, price=8, basis="村委会")
    assert refusal.value.code == "ledger.item.withdrawn"
    with pytest.raises(Refused):
        withdraw_item(by=by, item=village.soap)


@pytest.mark.parametrize(("counted", "shrunk"), [(8, 2), (10, 0), (13, -3), (0, 10)])
def test_count_settles_the_difference_with_shrinkage(by: Actor, village: Village, counted: int, shrunk: int) -> None:
    count = take_stock(by=by, item=village.soap, counted=counted, key="count:1", reason="年末盘点")
    assert balance(village.shelf) == counted == count.counted and count.expected == 10
    assert (count.entry is None) == (shrunk == 0)
    note = history(village.soap.holder).get(verb="stock.count")
    assert note.detail == {"counted": counted, "expected": 10}


def test_count_repeated_after_a_sale_changes_nothing(by: Actor, village: Village) -> None:
    first = take_stock(by=by, item=village.soap, counted=10, key="count:1", reason="盘点")
    book = open_book(by=by, place_code=village.place_code, kind="goods")
    legs = [Leg(village.shelf, village.given, 1)]
    post(by=by, book=book, key="sale", memo="goods.give", record="case:1", legs=legs)
    assert take_stock(by=by, item=village.soap, counted=10, key="count:1", reason="盘点") == first
    assert balance(village.shelf) == 9 and StockCount.objects.count() == 1
    with pytest.raises(Refused) as refusal:
        take_stock(by=by, item=village.soap, counted=9, key="count:1", reason="盘点")
    assert refusal.value.code == "ledger.key.other"


@pytest.mark.parametrize("counted", [-1, True, 1.5])
def test_count_that_is_no_number_or_has_no_reason_is_refused(by: Actor, village: Village, counted: Any) -> None:
    with pytest.raises(Refused) as refusal:
        take_stock(by=by, item=village.soap, counted=counted, key="count:1", reason="盘点")
    assert refusal.value.field == "counted"
    with pytest.raises(Refused) as refusal:
        take_stock(by=by, item=village.soap, counted=1, key="count:1", reason="")
    assert refusal.value.field == "reason"


def test_item_is_offered_until_the_day_it_is_withdrawn(by: Actor, village: Village) -> None:
    assert [(stock.item.name, stock.left, stock.held) for stock in items(village.place_code)] == [("肥皂", 10, 0)]
    withdraw_item(by=by, item=village.soap)
    assert Item.objects.get(pk=village.soap.pk).until == clock.today()
