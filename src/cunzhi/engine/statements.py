"""A village's account of a month: what there was, came, went and is left, each amount with its purpose and voucher."""

from dataclasses import dataclass
from typing import Any

from cunzhi.base.clock import ZONE
from cunzhi.base.errors import Refused
from cunzhi.base.messages import LANGUAGES
from cunzhi.base.periods import Period
from cunzhi.engine.loader import kept
from cunzhi.engine.models import Attachment, Case, Notice
from cunzhi.ledger.money import Movement, month_of
from cunzhi.ledger.queries import book_of

PURPOSE, VOUCHERS = "purpose", "vouchers"
"""The fields of the matter behind a booking that a statement shows."""


@dataclass(frozen=True)
class Statement:
    """What is made public of a month, and (attachment, booking) of every voucher that belongs to it."""

    period: Period
    content: dict[str, Any]
    vouchers: list[tuple[int, int | None]]


def statement_of(place_code: str, kind: str, period: Period) -> Statement | None:
    """The statement of a month as the postings have it now; None where no such book is kept."""
    book = book_of(place_code, kind)
    if book is None or book.place_code != place_code:
        return None
    month = month_of(book, period)
    behind = _cases(month.movements)
    vouchers = _vouchers([case.pk for case in behind.values()])
    lines, shown = [], list[tuple[int, int | None]]()
    for one in month.movements:
        case = behind.get(one.record)
        sent = vouchers.get(case.pk, []) if case else []
        lines.append(_line(one, case))
        shown += [(attachment, one.entry_id) for attachment in sent]
    content = {
        "kind": kind,
        "period": str(period),
        "opening": month.opening,
        "income": sum(one.amount for one in month.movements if one.amount > 0),
        "expense": -sum(one.amount for one in month.movements if one.amount < 0),
        "closing": month.closing,
        "lines": lines,
    }
    return Statement(period, content, shown)


def require_unbroken(place_code: str, statement: Statement) -> None:
    """Opening balance and movements make the closing balance, and the opening one is what was last made public."""
    made = statement.content
    if made["opening"] + made["income"] - made["expense"] != made["closing"]:
        raise Refused("engine.statement.sum", period=statement.period)
    last = published_statement(place_code, made["kind"], statement.period.previous())
    if last is not None and last.statement is not None and last.statement["closing"] != made["opening"]:
        was, now = (yuan(amount) for amount in (last.statement["closing"], made["opening"]))
        raise Refused("engine.statement.broken", period=statement.period, last=last.period, was=was, now=now)


def published_statement(place_code: str, kind: str, period: Period) -> Notice | None:
    """The latest notice that holds the account of a month: a correction stands before what it corrects."""
    found = Notice.objects.filter(place_code=place_code, period=str(period), statement__kind=kind)
    return found.order_by("-at", "-id").first()


def yuan(fen: int) -> str:
    """123456 as 1,234.56."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02}"


def _line(one: Movement, case: Case | None) -> dict[str, Any]:
    return {
        "entry": one.entry_id,
        "day": one.at.astimezone(ZONE).date().isoformat(),
        "category": one.category,
        "label": _label(one, case),
        "amount": one.amount,
        "purpose": str(case.answers.get(PURPOSE, "")) if case else "",
    }


def _label(one: Movement, case: Case | None) -> dict[str, str]:
    """What the category is called, as the form called it when the amount was entered."""
    forms = kept(case.scenario_version).forms.values() if case else ()
    choices = [choice for form in forms for field in form.fields for choice in field.choices]
    found = next((choice.label for choice in choices if choice.name == one.category), None)
    return {language: found.in_(language) if found else one.category for language in LANGUAGES}


def _cases(movements: list[Movement]) -> dict[str, Case]:
    ids = [int(one.record.removeprefix("case:")) for one in movements if one.record.startswith("case:")]
    found = Case.objects.select_related("scenario_version").defer("scenario_version__files").filter(pk__in=ids)
    return {case.record: case for case in found}


def _vouchers(cases: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Attachment.objects.filter(case_id__in=cases, field=VOUCHERS).order_by("id").values_list("case_id", "pk")
    for case, pk in rows:
        if case is not None:
            found.setdefault(case, []).append(pk)
    return found
