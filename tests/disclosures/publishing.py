"""A village that makes things public: entries booked, columns drafted, checked and shown."""

from datetime import datetime
from typing import Any

from engine.conftest import Village, stage

from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.base.periods import Period
from cunzhi.engine.actions.activations import activate
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.actions.files import keep_file
from cunzhi.engine.models import Case, Notice
from cunzhi.engine.spec.story import Given
from cunzhi.engine.stage import LONG_AGO, VILLAGE, paper
from cunzhi.ledger.charts import MONEY
from cunzhi.ledger.money import left_at_end
from cunzhi.ledger.queries import book_of

MASKED = ["yes"]


def at(moment: str) -> Any:
    """On the village's clock: at("2026-04-02T09:00")."""
    return clock.at(datetime.fromisoformat(moment).replace(tzinfo=clock.ZONE))


def publishing_village() -> Village:
    """Disclosure and accounts are on; cadre, supervisor, shopkeeper and township officer serve."""
    village = stage("disclosure", Given())
    activate(by=system("test"), scenario="accounts", place_code=VILLAGE, basis="村民会议 2026-01-01", since=LONG_AGO)
    return village


def sent(village: Village, name: str, field: str, who: str = "village_cadre") -> int:
    kept = keep_file(by=village.actor(who), data=paper(name), name=f"{name}.pdf", field=field, place_code=VILLAGE)
    return int(kept.pk)


def book(village: Village, side: str, category: str, yuan: str, purpose: str = "试记") -> Case:
    """An entry with its voucher, entered by the cadre and booked by the supervisor."""
    answers = {
        "direction": side, f"{side}_category": category, "amount": yuan, "purpose": purpose, "masked": MASKED,
        "paid_on": clock.today().isoformat(), "vouchers": [sent(village, f"{purpose}{yuan}", "vouchers")],
    }  # fmt: skip
    cadre = village.actor("village_cadre")
    case = open_case(by=cadre, scenario="accounts", workflow="entry", place_code=VILLAGE, answers=answers)
    return step(village, "supervisor", case, "book")


def step(village: Village, who: str, case: Case, transition: str, **what: Any) -> Case:
    case.refresh_from_db()
    return move(by=village.actor(who), case=case, transition=transition, version=case.version, **what)


def begin(village: Village, column: str, period: str, corrects: Notice | None = None) -> Case:
    answers = {"column": column, "period": period} | ({"corrects": str(corrects.pk)} if corrects else {})
    cadre = village.actor("village_cadre")
    return open_case(by=cadre, scenario="disclosure", workflow="disclosure", place_code=VILLAGE, answers=answers)


def draft(village: Village, case: Case, title: str, counted: str | None = None, **more: Any) -> Case:
    answers = {"title": title, "text": f"{title}：见附件。", "masked": MASKED, **more}
    if case.answers["column"] == "finance":
        answers["counted"] = counted or in_the_book(case.answers["period"])
    return step(village, "village_cadre", case, "submit", answers=answers)


def in_the_book(period: str) -> str:
    kept = book_of(VILLAGE, MONEY)
    return f"{left_at_end(kept, Period.parse(period)) / 100:.2f}" if kept else "0"


def show(village: Village, case: Case) -> Notice:
    """The board's yes, and the notice that it brings."""
    step(village, "supervisor", case, "publish", answers={"looked_at": ["content", "masks"]})
    return Notice.objects.get(case=case)


def publish(village: Village, column: str, period: str, title: str, corrects: Notice | None = None) -> Notice:
    """From the beginning to the board."""
    return show(village, draft(village, begin(village, column, period, corrects), title))
