"""A village with a pot of points, a few households and a shop with soap."""

from dataclasses import dataclass
from itertools import count

from cunzhi.base.actor import system
from cunzhi.ledger.actions import account, add_item, fund, open_book, stock_in
from cunzhi.ledger.models import Account, Book, Item

BY = system("test")
NUMBERS = count(100)


@dataclass(frozen=True)
class Village:
    """The accounts of one village, by the names that people give them."""

    place_code: str
    points: Book
    goods: Book
    soap: Item

    @property
    def pot(self) -> Account:
        return account(book=self.points, kind="pot")

    @property
    def source(self) -> Account:
        return account(book=self.points, kind="source")

    @property
    def spent(self) -> Account:
        return account(book=self.points, kind="spent")

    def household(self, number: int) -> Account:
        return account(book=self.points, kind="household", holder=f"household:{number}")

    @property
    def shelf(self) -> Account:
        return account(book=self.goods, kind="shelf", holder=self.soap.holder)

    @property
    def given(self) -> Account:
        return account(book=self.goods, kind="given")


def make_village(*, points: int = 1000, soap: int = 10) -> Village:
    """A village of its own for each caller, so that tests may share a database."""
    place_code = f"500113{next(NUMBERS):03}200"
    fund(by=BY, place_code=place_code, amount=points, basis="村民代表会议 2026-03-01", key=f"fund:{place_code}")
    item = add_item(by=BY, place_code=place_code, name="肥皂", name_en="Soap", price=5)
    stock_in(by=BY, item=item, quantity=soap, key=f"stock:{place_code}", basis="delivery note 7")
    points_book = open_book(by=BY, place_code=place_code, kind="points")
    return Village(place_code, points_book, open_book(by=BY, place_code=place_code, kind="goods"), item)
