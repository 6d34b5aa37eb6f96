"""Carries out what a transition brings about; all of it or, when one part is refused, none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from typing import Any

from cunzhi.alarms.actions.calling import called_on
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.calendar import add_working_days
from cunzhi.base.errors import Refused
from cunzhi.engine import convening, observing, responding
from cunzhi.engine.choices import BOOK_LENGTH, Setting
from cunzhi.engine.machines import ask_machine
from cunzhi.engine.models import Case, Notice, Step
from cunzhi.engine.publication import make_public
from cunzhi.engine.rules import Asked
from cunzhi.engine.sending import send
from cunzhi.engine.spec.effect import (
    AskMachine,
    Conclude,
    Convene,
    Effect,
    Notify,
    Observe,
    Open,
    Post,
    Publish,
    Record,
    Respond,
    StandDown,
)
from cunzhi.engine.words import blanks
from cunzhi.ledger import actions as ledger
from cunzhi.ledger.models import Entry
from cunzhi.ledger.money import CATEGORY
from cunzhi.meetings.queries import due_ids
from cunzhi.registry.access import holders
from cunzhi.registry.actions.facts import append_fact

HOLDERS = {
    "household": "household", "promised": "household", "shelf": "item", "held": "item",
    "income": "category", "expense": "category",
}  # fmt: skip
"""Account kinds that somebody or something holds; the others are one a book."""


@dataclass
class Run:
    """One transition being carried out: its case and step, who takes it, and what it has moved so far."""

    case: Case
    step: Step
    by: Actor
    setting: Setting
    asked: Asked
    amount: int = 0
    until: datetime | None = None
    opens: tuple[responding.Child, ...] = ()
    lapse: str = ""

    @cached_property
    def words(self) -> dict[str, Any]:
        """What messages and notices may speak of, once the postings are made and the days are known."""
        return blanks(self.case, self.setting, reason=self.step.reason, amount=self.amount, until=self.until)

    @property
    def key(self) -> str:
        return f"case:{self.case.pk}:{self.step.pk}"


def carry_out(run: Run, effects: list[Effect]) -> None:
    """Every effect that is due. Postings, notices and findings come before the messages that speak of them."""
    due = [(index, effect) for index, effect in enumerate(effects) if not effect.when or run.asked.says(effect.when)]
    for name, do in DOERS.items():
        for index, effect in due:
            part = getattr(effect, name)
            if part is not None:
                do(run, part, index)


def _post(run: Run, post: Post, index: int) -> None:
    if post.undo is not None:
        _undo(run, post, index)
        return
    assert post.source and post.target and post.amount  # noqa: S101  the spec keeps it
    amount = run.asked.amount(post.amount)
    if not amount:
        return
    book = ledger.open_book(by=run.by, place_code=run.case.place_code[:BOOK_LENGTH], kind=post.book)
    accounts = [ledger.account(book=book, kind=kind, holder=_holder(run, kind)) for kind in (post.source, post.target)]
    leg = ledger.Leg(source=accounts[0], target=accounts[1], amount=amount)
    memo = f"{run.case.scenario}.{run.case.workflow}.{run.step.transition}"
    ledger.post(by=run.by, book=book, key=f"{run.key}:{index}", memo=memo, record=run.case.record, legs=[leg])
    run.amount = run.amount or amount


def _holder(run: Run, kind: str) -> str:
    held_by = HOLDERS.get(kind)
    if held_by is None:
        return ""
    if held_by == "item":
        return f"item:{run.case.answers['goods']}"
    if held_by == "category":
        return f"{CATEGORY}{run.case.answers[f'{kind}_category']}"
    if run.case.household_id is None:
        raise Refused("engine.no_household")
    return f"household:{run.case.household_id}"


def _undo(run: Run, post: Post, index: int) -> None:
    memo = f"{run.case.scenario}.{run.case.workflow}.{post.undo}"
    entries = Entry.objects.filter(record=run.case.record, memo=memo, book__kind=post.book, reversed_by__isnull=True)
    for number, entry in enumerate(entries.order_by("-id")):
        again = f"{run.case.scenario}.{run.case.workflow}.{run.step.transition}"
        key = f"{run.key}:{index}:{number}"
        ledger.reverse(by=run.by, entry=entry, key=key, memo=again, record=run.case.record)
        run.amount = run.amount or sum(posting.amount for posting in entry.postings.all())


def _notify(run: Run, notify: Notify, index: int) -> None:
    send(run.case, _receivers(run.case, notify.to), notify.message, run.words)


def _receivers(case: Case, to: str) -> list[int]:
    relation = {"subject": case.subject_id, "opener": case.opener_id, "assignee": case.assignee_id}
    if to in relation:
        return [person for person in [relation[to]] if person is not None]
    if to == "due":
        return convening.due_people(case)
    if to == "waiting":
        return called_on(case.waits_for, case.place_code) if case.waits_for else []
    return list(holders(to, case.place_code).values_list("id", flat=True))


def _publish(run: Run, publish: Publish, index: int) -> None:
    days = run.setting.numbers.get(publish.days or "", 0)
    if days:
        last = add_working_days(clock.today(), days)
        run.until = datetime.combine(last, time(18), clock.ZONE)
    if publish.title:
        make_public(run.case, run.by, publish, run.words, until=run.until)
        return
    Notice.objects.create(
        case=run.case,
        place_code=run.case.place_code[:BOOK_LENGTH],
        key=publish.message,
        params=run.words,
        at=clock.now(),
        until=run.until,
    )


def _convene(run: Run, call: Convene, index: int) -> None:
    meeting = convening.convene(run.case, call, run.by)
    send(run.case, list(due_ids(meeting)), call.message, run.words)


def _conclude(run: Run, end: Conclude, index: int) -> None:
    convening.conclude(run.case, end, run.by)


def _record(run: Run, record: Record, index: int) -> None:
    for form in run.setting.scenario.forms.values():
        field = form.field(record.field)
        if field and field.element and record.field in run.case.answers:
            keep_fact(run.case, field.element, run.case.answers[record.field], run.by)
            return


def keep_fact(case: Case, element: str, value: Any, by: Actor) -> None:
    """What a form confirmed or learned goes back to the data centre."""
    about = case.household if element.startswith("household.") else case.subject
    if about is not None:
        append_fact(by=by, subject=about, element=element, value=value, as_of=clock.today(), source=case.record)


def _observe(run: Run, part: Observe, index: int) -> None:
    observing.observe(run.step, part, run.setting)


def _ask_machine(run: Run, ask: AskMachine, index: int) -> None:
    ask_machine(run.case, ask)


def _open(run: Run, part: Open, index: int) -> None:
    run.opens = (*run.opens, responding.opened_by(part, run.step.answers))


def _respond(run: Run, part: Respond, index: int) -> None:
    run.opens = (*run.opens, *responding.respond(run.case, part, run.by))


def _stand_down(run: Run, part: StandDown, index: int) -> None:
    responding.stand_down(run.case, run.by)
    run.lapse = part.lapse


DOERS: dict[str, Callable[[Run, Any, int], None]] = {
    "respond": _respond,
    "stand_down": _stand_down,
    "post": _post,
    "conclude": _conclude,
    "convene": _convene,
    "publish": _publish,
    "ask_machine": _ask_machine,
    "record": _record,
    "observe": _observe,
    "notify": _notify,
    "open": _open,
}
