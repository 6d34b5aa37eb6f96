"""A statement says what the postings say, begins where the last one ended, and is refused when it does not."""

from typing import Any
from uuid import uuid4

import pytest
from disclosures.publishing import at, begin, book, draft, publish, sent, step
from engine.conftest import Village
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cunzhi.base.actor import system
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.base.periods import Period
from cunzhi.engine.models import NoticeFile
from cunzhi.engine.stage import VILLAGE
from cunzhi.engine.statements import statement_of, yuan
from cunzhi.journal.models import Entry as Noted
from cunzhi.ledger.actions import Leg, account, post
from cunzhi.ledger.models import Book
from cunzhi.registry.actions.appointments import appoint

MARCH = Period.parse("2026-03")


@pytest.fixture
def booked(public: Village) -> Village:
    """March: 20,000 carried over, 2,000 came, 320.50 went."""
    with at("2026-03-05T09:00"):
        book(public, "income", "opening", "20000", "期初余额")
        book(public, "income", "lease", "2000", "山坪塘承包费")
        book(public, "expense", "cleaning", "320.50", "扫帚")
    return public


def made(notice: Any) -> dict[str, Any]:
    assert notice.statement is not None
    return dict(notice.statement)


def test_statement_is_what_the_postings_say(booked: Village) -> None:
    statement = made(publish(booked, "finance", "2026-03", "三月收支"))
    assert {key: statement[key] for key in ("opening", "income", "expense", "closing")} == {
        "opening": 0, "income": 2_200_000, "expense": 32_050, "closing": 2_167_950,
    }  # fmt: skip
    assert [(line["category"], line["amount"], line["purpose"]) for line in statement["lines"]] == [
        ("opening", 2_000_000, "期初余额"), ("lease", 200_000, "山坪塘承包费"), ("cleaning", -32_050, "扫帚"),
    ]  # fmt: skip
    assert statement["lines"][2]["label"] == {"zh-hans": "保洁和环境", "en": "Cleaning and environment"}


def test_vouchers_are_shown_beside_their_line_and_noted(booked: Village) -> None:
    notice = publish(booked, "finance", "2026-03", "三月收支")
    entries = {line["entry"] for line in made(notice)["lines"]}
    shown = NoticeFile.objects.filter(notice=notice)
    assert set(shown.values_list("line", flat=True)) == entries
    noted = set(Noted.objects.filter(verb="notice.file").values_list("public_hash", flat=True))
    assert set(shown.values_list("sha256", flat=True)) == noted


@pytest.mark.parametrize(
    ("counted", "code"), [("21679.49", "does_not_agree"), ("0", "does_not_agree"), ("", "count_first")]
)
def test_account_that_does_not_agree_with_what_was_counted_is_refused(booked: Village, counted: str, code: str) -> None:
    answers = {"title": "三月收支", "text": "见附件。", "masked": ["yes"], "counted": counted}
    with pytest.raises(Refused) as refused:
        step(booked, "village_cadre", begin(booked, "finance", "2026-03"), "submit", answers=answers)
    assert refused.value.code == f"disclosure.{code}"


def test_what_was_booked_meanwhile_is_found_at_the_check(booked: Village) -> None:
    case = draft(booked, begin(booked, "finance", "2026-03"), "三月收支")
    with at("2026-03-31T10:00"):
        book(booked, "income", "donation", "5", "捐款")
    with pytest.raises(Refused) as refused:
        step(booked, "supervisor", case, "publish", answers={"looked_at": ["content", "masks"]})
    assert refused.value.code == "disclosure.does_not_agree"


def test_month_that_does_not_begin_where_the_last_one_ended_needs_a_correction_first(booked: Village) -> None:
    first = publish(booked, "finance", "2026-03", "三月收支")
    with at("2026-03-31T23:00"):
        book(booked, "income", "donation", "100", "补记")
    with at("2026-05-03T09:00"):
        with pytest.raises(Refused) as refused:
            publish(booked, "finance", "2026-04", "四月收支")
        assert refused.value.code == "engine.statement.broken"
        assert "21,779.50" in refused.value.say("zh-hans")
        corrected = publish(booked, "finance", "2026-03", "更正：三月收支", first)
        assert made(corrected)["closing"] - made(first)["closing"] == 10_000
        assert made(publish(booked, "finance", "2026-04", "四月收支"))["opening"] == made(corrected)["closing"]


def test_month_that_is_not_over_cannot_be_chosen(booked: Village) -> None:
    with at("2026-03-20T09:00"), pytest.raises(Refused) as refused:
        begin(booked, "finance", "2026-03")
    assert refused.value.code == "engine.answer.choice"


def test_whoever_entered_an_amount_does_not_book_it(public: Village) -> None:
    cadre = public.play.people["village_cadre"]
    appoint(by=system("test"), person=cadre, role="supervisor", place_code=VILLAGE, basis="村民会议 2026-04-01")
    public.play.people["supervisor"] = cadre
    with pytest.raises(Forbidden):
        book(public, "income", "lease", "20")


def test_columns_other_than_finance_carry_no_account(booked: Village) -> None:
    assert publish(booked, "funds", "2026-03", "补贴").statement is None


def test_shopkeeper_may_not_send_what_a_villager_sent(booked: Village) -> None:
    case = begin(booked, "funds", "2026-03")
    answers = {
        "title": "补贴",
        "text": "见附件。",
        "masked": ["yes"],
        "files": [sent(booked, "x", "files", "villager")],
    }
    with pytest.raises(Refused) as refused:
        step(booked, "village_cadre", case, "submit", answers=answers)
    assert refused.value.code == "engine.answer.file"


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(moves=st.lists(st.tuples(st.booleans(), st.integers(1, 5_000_000)), max_size=6))
def test_opening_income_and_expense_make_the_closing_balance(booked: Village, moves: list[tuple[bool, int]]) -> None:
    kept = Book.objects.get(place_code=VILLAGE, kind="money")
    fund = account(book=kept, kind="fund")
    other = {
        came: account(book=kept, kind="income" if came else "expense", holder="category:x") for came in (True, False)
    }
    for number, (came, amount) in enumerate(moves):
        leg = Leg(other[True], fund, amount) if came else Leg(fund, other[False], min(amount, 10))
        with at(f"2026-03-1{number}T09:00"):
            post(by=booked.actor("supervisor"), book=kept, key=uuid4().hex, memo="x", record="x", legs=[leg])
    statement = statement_of(VILLAGE, "money", MARCH)
    assert statement is not None
    told = statement.content
    assert told["opening"] + told["income"] - told["expense"] == told["closing"]
    assert sum(line["amount"] for line in told["lines"]) == told["income"] - told["expense"]


@pytest.mark.parametrize(("fen", "said"), [(0, "0.00"), (5, "0.05"), (123456789, "1,234,567.89"), (-30, "-0.30")])
def test_fen_as_yuan(fen: int, said: str) -> None:
    assert yuan(fen) == said
