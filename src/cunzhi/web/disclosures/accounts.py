"""A village's accounts by month: what was there, came, went and is left, each amount down to its voucher."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from cunzhi.base.periods import Period, in_words
from cunzhi.engine.models import Attachment, Notice
from cunzhi.engine.statements import published_statement, statement_of
from cunzhi.ledger.charts import MONEY
from cunzhi.registry.models import Place
from cunzhi.web.charts.bars import bars
from cunzhi.web.charts.chart import Chart
from cunzhi.web.charts.lines import lines
from cunzhi.web.disclosures.boards import village_or_404
from cunzhi.web.language import current, t, words
from cunzhi.web.pages import page
from cunzhi.web.request import Request

MONTHS = 24
MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])", re.ASCII)
FEN = 100


@dataclass
class Category:
    """What came or went under one heading, with its lines."""

    label: str
    total: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)


@require_safe
def latest(request: Request, code: str) -> HttpResponse:
    """The newest month that was made public."""
    village_or_404(code)
    found = _published(code)
    if not found:
        raise Http404(code)
    return redirect("village_accounts", code, found[0])


@require_safe
def month(request: Request, code: str, period: str) -> HttpResponse:
    """One month as it was last made public."""
    village = village_or_404(code)
    months = _published(code)
    if period not in months:
        raise Http404(period)
    notice = published_statement(code, MONEY, Period.parse(period))
    if notice is None or notice.statement is None:
        raise Http404(period)
    vouchers: dict[int, list[str]] = {}
    for one in notice.files.filter(line__isnull=False).order_by("id"):
        vouchers.setdefault(one.line or 0, []).append(reverse("notice_file", args=[notice.pk, one.pk]))
    shown = _shown(request, village, notice.statement, vouchers)
    named = [(one, words(in_words(Period.parse(one)))) for one in months]
    return page(request, "disclosures/accounts.html", told=notice, months=named, chosen=period, **shown)


@login_required
@require_safe
def preview(request: Request, code: str, period: str) -> HttpResponse:
    """A month as the postings have it now, for those who draft and check it before it is public."""
    village = village_or_404(code)
    request.access.require("ledger.see", code)
    if not MONTH.fullmatch(period):
        raise Http404(period)
    statement = statement_of(code, MONEY, Period.parse(period))
    if statement is None:
        raise Http404(period)
    vouchers: dict[int, list[str]] = {}
    ids = [pk for pk, _ in statement.vouchers]
    pictures = set(Attachment.objects.filter(pk__in=ids).exclude(phash="").values_list("pk", flat=True))
    for pk, line in statement.vouchers:
        vouchers.setdefault(line or 0, []).append(reverse("picture" if pk in pictures else "file", args=[pk]))
    shown = _shown(request, village, statement.content, vouchers)
    return page(request, "disclosures/accounts.html", told=None, months=[], chosen=period, **shown)


def _shown(request: Request, village: Place, made: dict[str, Any], vouchers: dict[int, list[str]]) -> dict[str, Any]:
    """A statement as the page shows it, public or not yet."""
    came, went = (_categories(made["lines"], vouchers, sign) for sign in (1, -1))
    return {
        "place": village,
        "period": words(in_words(Period.parse(made["period"]))),
        "statement": made,
        "sides": [("came", came, made["income"]), ("went", went, made["expense"])],
        "charts": _charts(village.code, came, went),
    }


def _published(code: str) -> list[str]:
    """The months with a statement, newest first."""
    found = Notice.objects.filter(place_code=code, statement__kind=MONEY).values_list("period", flat=True)
    return sorted(set(found), reverse=True)[:MONTHS]


def _categories(rows: list[dict[str, Any]], vouchers: dict[int, list[str]], sign: int) -> list[Category]:
    """The lines of one side by their heading, largest first, each with the addresses of its vouchers."""
    found: dict[str, Category] = {}
    for line in rows:
        if line["amount"] * sign > 0:
            into = found.setdefault(line["category"], Category(line["label"]["en" if current() == "en" else "zh-hans"]))
            into.total += abs(line["amount"])
            into.lines.append({**line, "vouchers": vouchers.get(line["entry"], [])})
    return sorted(found.values(), key=lambda one: -one.total)


def _charts(code: str, came: list[Category], went: list[Category]) -> list[Chart]:
    """Where the money went, and how the balance moved from month to month."""
    drawn = []
    for key, side in (("came", came), ("went", went)):
        if len(side) > 1:
            items = [(one.label, one.total / FEN) for one in side]
            drawn.append(bars(t(f"web.disclosures.accounts.{key}"), items, unit=t("web.disclosures.yuan"), digits=2))
    closing = {
        one.period: (one.statement or {})["closing"] / FEN
        for one in Notice.objects.filter(place_code=code, statement__kind=MONEY).order_by("at", "id")
    }
    if len(closing) > 1:
        months = sorted(closing)[-12:]
        named = [words(in_words(Period.parse(one))) for one in months]
        balance = t("web.disclosures.accounts.closing")
        values: dict[str, list[float | None]] = {balance: [closing[one] for one in months]}
        drawn.append(lines(t("web.disclosures.accounts.over_time"), named, values, unit=t("web.disclosures.yuan")))
    return drawn
