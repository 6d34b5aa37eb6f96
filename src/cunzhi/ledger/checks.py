"""What an entry must be like before the database is asked anything."""

from collections.abc import Mapping
from datetime import timedelta

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.ledger.booking import Draft, Leg

MOST = 2**53
"""The largest amount that every program that will ever read our numbers, JavaScript included, keeps exact."""
LENGTHS = {"key": 120, "memo": 128, "record": 64, "basis": 200}
"""What PostgreSQL would refuse and SQLite would not."""
LONGEST_NAME = 60
DEAREST = 2**31 - 1
CLOCKS_DIFFER = timedelta(days=1)


def check_draft(draft: Draft) -> None:
    """Refuse what cannot be an entry of this book."""
    for field, longest in LENGTHS.items():
        text = getattr(draft, field)
        _check_length(text, field, longest)
        if not text and field != "basis":
            raise Refused("ledger.text.none", field=field, what=field)
    if draft.at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    if draft.at > clock.now() + CLOCKS_DIFFER:
        raise Refused("ledger.future", at=draft.at)
    if not draft.legs:
        raise Refused("ledger.legs.none")
    for leg in draft.legs:
        _check_leg(leg, draft)


def check_amount(amount: object, *, field: str = "amount") -> None:
    """Only whole numbers from 1 up; True is not one."""
    if type(amount) is not int or not 0 < amount <= MOST:
        raise Refused("ledger.amount", field=field, amount=amount, most=MOST)


def check_count(counted: object) -> None:
    """Nothing may be left, but not less than nothing."""
    if type(counted) is not int or not 0 <= counted <= MOST:
        raise Refused("ledger.count", field="counted", counted=counted, most=MOST)


def check_price(price: object) -> None:
    if type(price) is not int or not 0 < price <= DEAREST:
        raise Refused("ledger.price", field="price", price=price, most=DEAREST)


def check_basis(basis: str, *, field: str = "basis") -> str:
    """What an act rests on, without the blanks around it; it must say something."""
    basis = basis.strip()
    if not basis:
        raise Refused(f"ledger.{field}", field=field)
    return _check_length(basis, field, LENGTHS["basis"])


def check_name(name: str, field: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("ledger.text.none", field=field, what=field)
    return _check_length(name, field, LONGEST_NAME)


def check_keep(keep: Mapping[str, int]) -> dict[str, int]:
    """The rule of a year's close in one order, so that the same rule is the same text."""
    for kind, most in keep.items():
        if kind == "pot" or type(most) is not int or not 0 <= most <= MOST:
            raise Refused("ledger.year.rule", field="keep", kind=kind, keep=most)
    return {kind: keep[kind] for kind in sorted(keep)}


def _check_length(text: str, field: str, longest: int) -> str:
    if len(text) > longest:
        raise Refused("ledger.text.long", field=field, what=field, length=len(text), longest=longest)
    return text


def _check_leg(leg: Leg, draft: Draft) -> None:
    check_amount(leg.amount)
    if leg.source.pk is None or leg.target.pk is None:
        raise ValueError("an account must be saved before something is booked on it")
    if leg.source.pk == leg.target.pk:
        raise Refused("ledger.legs.same", account=leg.source)
    for account in (leg.source, leg.target):
        if account.book_id != draft.book.pk:
            raise Refused("ledger.legs.book", account=account, book=draft.book)
