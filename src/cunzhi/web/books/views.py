"""A village's books: funding the pot, what lies where, and every line back to the matter that moved it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base.errors import Forbidden, Refused
from cunzhi.engine.models import Case
from cunzhi.ledger.actions import fund
from cunzhi.ledger.charts import POINTS
from cunzhi.ledger.checks import LENGTHS
from cunzhi.ledger.models import Account, Book, Entry
from cunzhi.ledger.queries import Line, balance, book_of, statement, trial
from cunzhi.registry.queries.places import names_of
from cunzhi.web.books.words import amount_in_words, holders_in_words, kind_in_words, memo_in_words
from cunzhi.web.cases.acting import VILLAGE
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.reading import fresh_key
from cunzhi.web.forms import Form
from cunzhi.web.language import t
from cunzhi.web.paging import SIZE, paged
from cunzhi.web.request import Request

MOST_POINTS = 10_000_000
MOST_LINES = 200


class FundForm(Form):
    """New points for the pot, on the basis of a meeting or a document."""

    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    amount = forms.IntegerField(label="web.books.amount", min_value=1, max_value=MOST_POINTS)
    basis = forms.CharField(label="web.books.basis", max_length=LENGTHS["basis"])


@login_required
@require_http_methods(["GET", "POST"])
def pot(request: Request) -> HttpResponse:
    """What the pot holds and how it was filled; the village cadre fills it."""
    village = _pot_of(request)
    sent = request.method == "POST"
    form = FundForm(request.POST if sent else None, initial={"key": fresh_key()})
    if sent and form.is_valid():
        try:
            _fund(request, village, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, t("web.books.funded", amount=form.cleaned_data["amount"]))
            return redirect("pot")
    book = book_of(village, POINTS)
    account = Account.objects.filter(book=book, kind="pot").first() if book else None
    told = [line for line in reversed(statement(account)) if line.memo == "fund"][:SIZE] if account else []
    bases = dict(Entry.objects.filter(pk__in=[line.entry_id for line in told]).values_list("pk", "basis"))
    context: dict[str, Any] = {
        "form": form,
        "left": balance(account) if account else 0,
        "lines": [(line, bases[line.entry_id]) for line in told],
        "book": book,
        "place": names_of([village])[village],
    }
    return matter_page(request, "books/pot.html", status=form.status, **context)


@login_required
@require_safe
def books(request: Request) -> HttpResponse:
    """The books of the places that one may look into."""
    if not request.access.places("ledger.see"):
        raise Forbidden("web.books.not_yours")
    found = paged(request, request.access.limit(Book.objects.all(), "ledger.see").order_by("place_code", "kind"))
    names = names_of(book.place_code for book in found.rows)
    return matter_page(request, "books/books.html", pager=found, names=names)


@login_required
@require_safe
def one_book(request: Request, book_id: int) -> HttpResponse:
    """Every account with what lies on it; together they are nothing."""
    book = get_object_or_404(Book, pk=book_id)
    request.access.require("ledger.see", book.place_code)
    rows = trial(book)
    named = holders_in_words([account.holder for account, _ in rows])
    context: dict[str, Any] = {
        "book": book,
        "place": names_of([book.place_code])[book.place_code],
        "rows": [
            (account, kind_in_words(account.kind), named.get(account.holder, ""), amount_in_words(left, book.kind))
            for account, left in rows
        ],
        "total": amount_in_words(sum(left for _, left in rows), book.kind),
    }
    return matter_page(request, "books/book.html", **context)


@login_required
@require_safe
def one_account(request: Request, account_id: int) -> HttpResponse:
    """What moved on an account, newest first; each line opens the matter that moved it."""
    account = get_object_or_404(Account.objects.select_related("book"), pk=account_id)
    request.access.require("ledger.see", account.book.place_code)
    told = list(reversed(statement(account)))
    shown = told[:MOST_LINES]
    named = holders_in_words([account.holder, *(line.other_holder for line in shown)])
    numbers = _numbers(shown)
    context: dict[str, Any] = {
        "account": account,
        "place": names_of([account.book.place_code])[account.book.place_code],
        "title": " · ".join(filter(None, [kind_in_words(account.kind), named.get(account.holder, "")])),
        "lines": [_told(line, account.book.kind, named, numbers) for line in shown],
        "more": max(len(told) - MOST_LINES, 0),
    }
    return matter_page(request, "books/account.html", **context)


def _told(line: Line, book: str, named: dict[str, str], numbers: dict[str, str]) -> dict[str, Any]:
    other = " · ".join(filter(None, [kind_in_words(line.other_kind), named.get(line.other_holder, "")]))
    return {
        "line": line,
        "what": memo_in_words(line.memo),
        "other": other,
        "number": numbers.get(line.record, ""),
        "amount": amount_in_words(abs(line.amount), book),
        "left": amount_in_words(line.balance, book),
    }


def _numbers(told: list[Line]) -> dict[str, str]:
    ids = {int(line.record.removeprefix("case:")) for line in told if line.record.startswith("case:")}
    return {f"case:{pk}": number for pk, number in Case.objects.filter(pk__in=ids).values_list("pk", "number")}


def _fund(request: Request, village: str, form: FundForm) -> None:
    given = form.cleaned_data
    fund(by=request.actor, place_code=village, amount=given["amount"], basis=given["basis"], key=f"fund:{given['key']}")


def _pot_of(request: Request) -> str:
    """The village whose pot one fills."""
    found = [code for code in request.access.places("pot.fund") if len(code) == VILLAGE]
    if not found:
        raise Forbidden("web.books.not_your_pot")
    return found[0]
