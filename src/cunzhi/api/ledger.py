"""The books: one's household's account, and the accounts of the places whose books one may look into."""

from datetime import datetime

from ninja import Query, Router, Schema
from pydantic import Field

from cunzhi.api.auth import ApiRequest, Caller
from cunzhi.api.cases.lists import Turn
from cunzhi.api.errors import NotThere
from cunzhi.api.kinds import Moment, PlaceCode
from cunzhi.api.paging import newest_first
from cunzhi.api.problems import PROBLEMS
from cunzhi.api.scope import require_part
from cunzhi.base.actor import OWN
from cunzhi.base.errors import Refused
from cunzhi.base.fields import under
from cunzhi.engine.models import Case
from cunzhi.ledger.models import Account, Book
from cunzhi.ledger.queries import Line, balances, statement, trial
from cunzhi.registry.models import Household, Person
from cunzhi.registry.queries.households import household_of

router = Router(tags=["ledger"])
SEE = "ledger.see"
MOST_LINES = 2000


class AccountTold(Schema):
    """An account with what lies on it, in the unit of its book."""

    id: int
    book: str
    place_code: str
    kind: str
    holder: str = Field(description="Whose: 'household:12', 'item:3', or empty for accounts that a book has once.")
    balance: int


class BookTold(Schema):
    """A book: what is counted in one unit for one place."""

    id: int
    kind: str
    place_code: str


class BookWhole(BookTold):
    """A book with every account. Together they are nothing: what one has, another gave."""

    accounts: list[AccountTold]


class BookPage(Schema):
    """Books; `next` is the `cursor` of the next page."""

    items: list[BookTold]
    next: str | None


class LineTold(Schema):
    """One movement: what came (or went, negative), from or to where, and what was left then."""

    entry: int
    at: datetime
    memo: str
    case: str | None
    other_kind: str
    other_holder: str
    amount: int
    balance: int


class Statement(Schema):
    """What moved on an account, oldest first."""

    account: AccountTold
    lines: list[LineTold]


@router.get("/ledger/household", response={200: list[AccountTold], **PROBLEMS}, operation_id="get_household_accounts")
def get_household_accounts(request: ApiRequest) -> list[AccountTold]:
    """The accounts of the caller's household. Needs `case.own`."""
    request.auth.need(OWN)
    household = _household(request.auth)
    if household is None:
        raise NotThere("engine.no_household")
    return _told(list(Account.objects.filter(holder=household.record).select_related("book").order_by("id")))


@router.get("/ledger/books", response={200: BookPage, **PROBLEMS}, operation_id="list_books")
def list_books(request: ApiRequest, turn: Query[Turn], place_code: PlaceCode | None = None) -> BookPage:
    """The books that the caller may look into. Needs `ledger.see`."""
    access = request.auth.access
    require_part(access, SEE, place_code or "")
    rows = access.limit(Book.objects.filter(under(place_code or "")), SEE)
    found, more = newest_first(rows, turn.cursor, turn.limit)
    return BookPage(items=[BookTold.from_orm(one) for one in found], next=more)


@router.get("/ledger/books/{book_id}", response={200: BookWhole, **PROBLEMS}, operation_id="get_book")
def get_book(request: ApiRequest, book_id: int) -> BookWhole:
    """A book with what lies on each account. Needs `ledger.see` at its place."""
    book = Book.objects.filter(pk=book_id).first() if 0 < book_id < 2**63 else None
    if book is None or request.auth.access.may(SEE, book.place_code) is None:
        raise NotThere("api.no_book")
    accounts = [_account(account, book, left) for account, left in trial(book)]
    return BookWhole(id=book.pk, kind=book.kind, place_code=book.place_code, accounts=accounts)


@router.get(
    "/ledger/accounts/{account_id}/statement",
    response={200: Statement, **PROBLEMS},
    operation_id="get_statement",
)
def get_statement(
    request: ApiRequest, account_id: int, since: Moment | None = None, until: Moment | None = None
) -> Statement:
    """What moved on an account from `since` until before `until`. The caller's household's with `case.own`, others with
    `ledger.see` at the place of the book. More than two thousand lines are refused, not cut off."""
    account = Account.objects.select_related("book").filter(pk=account_id).first() if 0 < account_id < 2**63 else None
    if account is None or not _may_read(request.auth, account):
        raise NotThere("api.no_account")
    lines = statement(account, since, until)
    if len(lines) > MOST_LINES:
        raise Refused("api.too_many_lines", field="since", most=MOST_LINES)
    numbers = _numbers(lines)
    return Statement(account=_told([account])[0], lines=[_line(one, numbers) for one in lines])


def _household(caller: Caller) -> Household | None:
    return household_of(Person.objects.get(pk=caller.person_id))


def _may_read(caller: Caller, account: Account) -> bool:
    if caller.access.may(SEE, account.book.place_code) is not None:
        return True
    household = _household(caller) if caller.actor.allows(OWN) else None
    return household is not None and account.holder == household.record


def _told(accounts: list[Account]) -> list[AccountTold]:
    left = balances(accounts)
    return [_account(account, account.book, left[account.pk]) for account in accounts]


def _account(account: Account, book: Book, left: int) -> AccountTold:
    return AccountTold(
        id=account.pk,
        book=book.kind,
        place_code=book.place_code,
        kind=account.kind,
        holder=account.holder,
        balance=left,
    )


def _line(line: Line, numbers: dict[str, str]) -> LineTold:
    return LineTold(
        entry=line.entry_id,
        at=line.at,
        memo=line.memo,
        case=numbers.get(line.record),
        other_kind=line.other_kind,
        other_holder=line.other_holder,
        amount=line.amount,
        balance=line.balance,
    )


def _numbers(lines: list[Line]) -> dict[str, str]:
    """The numbers of the cases that moved something, by record."""
    ids = {int(line.record.removeprefix("case:")) for line in lines if line.record.startswith("case:")}
    return {f"case:{pk}": number for pk, number in Case.objects.filter(pk__in=ids).values_list("pk", "number")}
