"""What may be done with the books: open, book, reverse, fund and close. Each act is one transaction and is noted."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from django.db import IntegrityError, connection, transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.base.periods import Period
from cunzhi.journal.actions import note, note_row
from cunzhi.ledger import booking, charts
from cunzhi.ledger.booking import Leg as Leg
from cunzhi.ledger.checks import (
    check_amount,
    check_basis,
    check_count,
    check_draft,
    check_keep,
    check_name,
    check_price,
)
from cunzhi.ledger.models import Account, Book, Closing, Entry, Item, StockCount
from cunzhi.ledger.queries import balance, lapsing
from cunzhi.registry.access import Access


@transaction.atomic
def open_book(*, by: Actor, place_code: str, kind: str) -> Book:
    """The book of a kind for a place, made with its first accounts when there is none."""
    book, made = Book.objects.get_or_create(place_code=place_code, kind=kind)
    if made:
        for account_kind in charts.WITHOUT_HOLDER.get(kind, ()):
            account(book=book, kind=account_kind)
        note(by=by, verb="book.open", record=f"book:{book.pk}", place_code=place_code, detail={"kind": kind})
    return book


def account(*, book: Book, kind: str, holder: str = "", floor: int | Literal["chart"] | None = "chart") -> Account:
    """The account of a holder in a book, made when there is none; its floor is the chart's unless one is given."""
    wanted = charts.floor_of(book, kind) if floor == "chart" else floor
    found = Account.objects.filter(book=book, kind=kind, holder=holder).first()
    if found is None:
        Account.objects.bulk_create([Account(book=book, kind=kind, holder=holder, floor=wanted)], ignore_conflicts=True)
        found = Account.objects.get(book=book, kind=kind, holder=holder)
    if found.floor != wanted:
        raise ValueError(f"account {found} of book {book} has the floor {found.floor}, not {wanted}")
    return found


def post(
    *,
    by: Actor,
    book: Book,
    key: str,
    memo: str,
    record: str,
    legs: Sequence[Leg],
    at: datetime | None = None,
    basis: str = "",
) -> Entry:
    """Book `legs` as one entry. The same key with the same content gives the first entry and books nothing more."""
    moment = at or clock.now()
    return _enter(by, booking.Draft(book, key, memo, record, basis, moment, at is not None, tuple(legs)), "ledger.post")


def reverse(*, by: Actor, entry: Entry, key: str, memo: str, record: str) -> Entry:
    """Book an entry back, today and once only; floors hold, so what is spent cannot be taken back."""
    postings = entry.postings.select_related("source", "target").order_by("id")
    legs = tuple(Leg(posting.target, posting.source, posting.amount) for posting in postings)
    draft = booking.Draft(entry.book, key, memo, record, "", clock.now(), False, legs, entry)
    return _enter(by, draft, "ledger.reverse")


@transaction.atomic
def fund(*, by: Actor, place_code: str, amount: int, basis: str, key: str) -> Entry:
    """Put new points into the pot of a place, on the basis of a meeting or a document."""
    Access(by).require("pot.fund", place_code)
    check_amount(amount)
    book = open_book(by=by, place_code=place_code, kind=charts.POINTS)
    leg = Leg(account(book=book, kind="source"), account(book=book, kind="pot"), amount)
    return post(by=by, book=book, key=key, memo="fund", record=f"book:{book.pk}", legs=[leg], basis=check_basis(basis))


@transaction.atomic
def close_year(*, by: Actor, book: Book, year: int, keep: Mapping[str, int]) -> Closing:
    """Close a book for a year: what holders have beyond what they may keep goes back to the pot.

    `keep` says for each kind of account that lapses how much of the year's end balance every holder keeps at most;
    kinds that it does not name carry over whole. What was given away since the year's end counts as used first.
    Who may fill the pot may close the year.
    """
    Access(by).require("pot.fund", book.place_code)
    rule = check_keep(keep)
    with connection.cursor() as cursor:
        everyone = Account.objects.filter(book=book).order_by("id").values_list("id", flat=True)
        booking.lock(cursor, list(everyone))
    latest = Closing.objects.filter(book=book, year__gte=year).order_by("year").first()
    if latest is not None:
        return _closed_before(latest, year, rule)
    end = Period("year", year).end
    if end > clock.now():
        raise Refused("ledger.year.running", year=year)
    entry = _lapse(by, book, end, rule)
    closing = Closing.objects.create(book=book, year=year, at=clock.now(), keep=rule, entry=entry)
    detail = {"year": year, "keep": rule, "lapsed": entry.key if entry else None}
    note(by=by, verb="book.close", record=f"book:{book.pk}", place_code=book.place_code, detail=detail)
    return closing


def _closed_before(closing: Closing, year: int, rule: Mapping[str, int]) -> Closing:
    if closing.year != year:
        raise Refused("ledger.year.later", year=year, later=closing.year)
    if closing.keep != rule:
        raise Refused("ledger.year.otherwise", year=year)
    return closing


def _lapse(by: Actor, book: Book, end: datetime, rule: Mapping[str, int]) -> Entry | None:
    """Give back to the pot, dated at the last moment of the year, what holders may not keep."""
    unused = lapsing(book=book, end=end, keep=rule) if rule else []
    pot = account(book=book, kind="pot")
    legs = tuple(Leg(holder, pot, amount) for holder, amount in unused if amount > 0)
    if not legs:
        return None
    last = end - timedelta(microseconds=1)
    key, record = f"close:{book.pk}:{last.year}", f"book:{book.pk}"
    return _enter(by, booking.Draft(book, key, "close_year", record, "", last, True, legs), "ledger.lapse")


def _enter(by: Actor, draft: booking.Draft, verb: str) -> Entry:
    check_draft(draft)
    detail: dict[str, object] = {"key": draft.key, "memo": draft.memo, "legs": draft.movements}
    if draft.reverses:
        detail["reverses"] = draft.reverses.key
    place, private = draft.book.place_code, draft.basis or None
    note = note_row(by=by, verb=verb, record=draft.record, place_code=place, detail=detail, private=private)
    return booking.write(draft, note)


@transaction.atomic
def add_item(*, by: Actor, place_code: str, name: str, name_en: str = "", price: int) -> Item:
    """Offer a good for so many points a piece."""
    Access(by).require("stock.manage", place_code)
    name, name_en = check_name(name, "name"), check_name(name_en, "name_en") if name_en.strip() else ""
    check_price(price)
    open_book(by=by, place_code=place_code, kind=charts.GOODS)
    try:
        with transaction.atomic():
            item = Item.objects.create(place_code=place_code, name=name, name_en=name_en, price=price)
    except IntegrityError:
        raise Refused("ledger.item.known", field="name", name=name) from None
    _note_item(by, "item.add", item, {"name": name, "price": price})
    return item


@transaction.atomic
def set_price(*, by: Actor, item: Item, price: int, basis: str) -> Item:
    """Change how many points a piece costs from now on, on the basis of a meeting or a document."""
    Access(by).require("stock.manage", item.place_code)
    check_price(price)
    basis = check_basis(basis)
    kept = _offered(item)
    before, kept.price = kept.price, price
    kept.save(update_fields=["price"])
    _note_item(by, "item.price", kept, {"from": before, "to": price}, basis)
    return kept


@transaction.atomic
def withdraw_item(*, by: Actor, item: Item) -> Item:
    """Offer a good no longer, from today. What is set aside can still be fetched, what is left can still be counted."""
    Access(by).require("stock.manage", item.place_code)
    kept = _offered(item)
    kept.until = clock.today()
    kept.save(update_fields=["until"])
    _note_item(by, "item.withdraw", kept, {})
    return kept


@transaction.atomic
def stock_in(*, by: Actor, item: Item, quantity: int, key: str, basis: str) -> Entry:
    """Put delivered pieces on the shelf; `basis` is the delivery note or the donor."""
    Access(by).require("stock.manage", item.place_code)
    check_amount(quantity, field="quantity")
    book = open_book(by=by, place_code=item.place_code, kind=charts.GOODS)
    leg = Leg(account(book=book, kind="supplier"), account(book=book, kind="shelf", holder=item.holder), quantity)
    return post(by=by, book=book, key=key, memo="stock_in", record=item.holder, legs=[leg], basis=check_basis(basis))


@transaction.atomic
def take_stock(*, by: Actor, item: Item, counted: int, key: str, reason: str) -> StockCount:
    """Keep what was counted on the shelf, without what is set aside; a difference goes to or comes from shrinkage."""
    Access(by).require("stock.manage", item.place_code)
    check_count(counted)
    reason = check_basis(reason, field="reason")
    book = open_book(by=by, place_code=item.place_code, kind=charts.GOODS)
    shelf = account(book=book, kind="shelf", holder=item.holder)
    with connection.cursor() as cursor:
        booking.lock(cursor, [shelf.pk])
    known = StockCount.objects.filter(key=key).first()
    if known is not None:
        return _same_count(known, item, counted, reason)
    expected = balance(shelf)
    entry = _settle(by, shelf, counted - expected, key, reason)
    count = StockCount.objects.create(
        item=item, key=key, at=clock.now(), counted=counted, expected=expected, reason=reason, entry=entry
    )
    _note_item(by, "stock.count", item, {"counted": counted, "expected": expected}, reason)
    return count


def _settle(by: Actor, shelf: Account, difference: int, key: str, reason: str) -> Entry | None:
    if difference == 0:
        return None
    shrinkage = account(book=shelf.book, kind="shrinkage")
    leg = Leg(shrinkage, shelf, difference) if difference > 0 else Leg(shelf, shrinkage, -difference)
    return post(by=by, book=shelf.book, key=key, memo="stock_count", record=shelf.holder, legs=[leg], basis=reason)


def _same_count(known: StockCount, item: Item, counted: int, reason: str) -> StockCount:
    if (known.item_id, known.counted, known.reason) != (item.pk, counted, reason):
        raise Refused("ledger.key.other", request=known.key)
    return known


def _offered(item: Item) -> Item:
    """The item as it is now, held against changes by others; refused when it is withdrawn."""
    kept = Item.objects.select_for_update().get(pk=item.pk)
    if kept.until is not None:
        raise Refused("ledger.item.withdrawn", name=kept.name)
    return kept


def _note_item(by: Actor, verb: str, item: Item, detail: dict[str, object], basis: str | None = None) -> None:
    note(by=by, verb=verb, record=item.holder, place_code=item.place_code, detail=detail, private=basis)
