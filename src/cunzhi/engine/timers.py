"""What happens by itself: timers, the ladder of escalation, messages to phones, erasure when the days are over."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from cunzhi.adapters.messages.chosen import sms_sender
from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.base.errors import Conflict, Refused
from cunzhi.disclosures.actions import forget_days
from cunzhi.engine.actions.calendar import open_due, remind
from cunzhi.engine.actions.cases import move
from cunzhi.engine.actions.erasure import erase_old
from cunzhi.engine.alarming import climb_alarms, look
from cunzhi.engine.deadlines import end_of, next_rung
from cunzhi.engine.keeping import forget_unbound
from cunzhi.engine.leading import open_by_itself
from cunzhi.engine.loader import kept
from cunzhi.engine.models import Case, Message
from cunzhi.engine.sending import send
from cunzhi.engine.votes import run_votes
from cunzhi.engine.words import message_in
from cunzhi.journal.actions import note
from cunzhi.perception.actions.roll_ups import let_go_old, notice_silence, roll_up_due
from cunzhi.perception.actions.stills import let_go_stills
from cunzhi.registry.access import holders
from cunzhi.registry.vault import vault

log = logging.getLogger(__name__)
BATCH = 200
TRIES = 6


def tick() -> dict[str, int]:
    """One round of all that is due; safe to run twice at once and after any interruption."""
    by = system("tick")
    rounds: dict[str, Callable[[Actor], int]] = {
        "owed": lambda by: open_due(by=by),
        "reminded": lambda by: remind(by=by),
        "timers": run_timers,
        "votes": run_votes,
        "climbed": climb,
        "sent": send_to_phones,
        "erased": lambda by: erase_old(by=by),
        "forgotten": lambda by: forget_unbound(by=by),
        "days_forgotten": lambda by: forget_days(by=by),
        "rolled_up": lambda by: roll_up_due(),
        "values_let_go": lambda by: let_go_old(),
        "stills_let_go": lambda by: let_go_stills(by=by),
        "silences": lambda by: notice_silence(),
        "alarms": look,
        "alarms_climbed": climb_alarms,
        "emergencies_opened": open_by_itself,
    }
    return {name: run(by) for name, run in rounds.items()}


def run_timers(by: Actor) -> int:
    """Take the transitions whose time has come. One that a rule refuses is left for a person and said in the log."""
    done = 0
    due = Case.objects.filter(timer_at__lte=clock.now()).order_by("timer_at").values_list("pk", flat=True)[:BATCH]
    for pk in list(due):
        case = Case.objects.select_related("scenario_version").defer("scenario_version__files").get(pk=pk)
        try:
            done += _run_timer(case, by)
        except Refused as refused:
            log.warning("timer of case %s: %s", case.number, refused)
            _try_later(case)
        except Exception:  # one broken case must not hold up those behind it
            log.exception("timer of case %s", case.number)
            _try_later(case)
    return done


def _run_timer(case: Case, by: Actor) -> int:
    """Take the timer's transition, unless another round was quicker."""
    timer = kept(case.scenario_version).workflows[case.workflow].states[case.state].timer
    if timer is None:
        return 0
    try:
        move(by=by, case=case, transition=timer.do, version=case.version)
    except Conflict:
        return 0
    return 1


def _try_later(case: Case) -> None:
    Case.objects.filter(pk=case.pk, version=case.version).update(timer_at=clock.now() + timedelta(hours=1))


def climb(by: Actor) -> int:
    """Tell the next rung of the ladder about cases that waited too long, and put them into its inbox."""
    due = Case.objects.filter(climb_at__lte=clock.now()).order_by("climb_at").values_list("pk", flat=True)[:BATCH]
    return sum(_climb_one(pk, by) for pk in list(due))


@transaction.atomic
def _climb_one(pk: int, by: Actor) -> int:
    locked = Case.objects.select_for_update(of=("self",)).select_related("scenario_version")
    case = locked.defer("scenario_version__files").get(pk=pk)
    if case.climb_at is None or case.climb_at > clock.now():
        return 0
    deadline = kept(case.scenario_version).workflows[case.workflow].states[case.state].deadline
    ladder = deadline.ladder if deadline else []
    rung = next_rung(deadline, case) if deadline else 0
    if deadline is None or rung >= len(ladder):
        Case.objects.filter(pk=pk).update(climb_at=None)
        return 0
    last = rung + 1 == len(ladder)
    case.climbed_to = ladder[rung]
    case.climb_at = None if last else end_of(deadline, clock.now())
    case.save(update_fields=["climbed_to", "climb_at"])
    told = list(holders(case.climbed_to, case.place_code).values_list("id", flat=True))
    params = {"number": case.number}
    send(case, told, "engine.message.climbed", {"zh-hans": params, "en": params})
    detail = {"to": case.climbed_to, "state": case.state, "number": case.number}
    note(by=by, verb="case.climb", record=case.record, place_code=case.place_code, detail=detail)
    return 1


def send_to_phones(by: Actor) -> int:
    """Hand due messages to the sender; a failed one waits longer each time and is given up after six tries."""
    due = Message.objects.filter(send_after__lte=clock.now()).select_related(
        "to", "to__account", "case__scenario_version"
    )
    sender = sms_sender()
    sent = 0
    for message in due.defer("case__scenario_version__files").order_by("send_after")[:BATCH]:
        if not _claim(message):
            continue
        phone = vault().open(message.to.phone_sealed)
        account = getattr(message.to, "account", None)
        text = message_in(message, account.language if account else "zh-hans")
        delivery = sender.send(phone, text, key=f"message:{message.pk}")
        if delivery.ok:
            message.sent_at, message.send_after = clock.now(), None
            sent += 1
        elif message.tries >= TRIES:
            message.send_after = None
        message.save(update_fields=["sent_at", "send_after"])
    return sent


def _claim(message: Message) -> bool:
    """Take a message before it is sent, so that of two rounds at once only one sends it. Should this process be
    killed in between, the next try comes when a failed one's would, with the same key."""
    tries = message.tries + 1
    again = clock.now() + timedelta(minutes=2**tries)
    same = Message.objects.filter(pk=message.pk, tries=message.tries, send_after=message.send_after)
    if not same.update(tries=tries, send_after=again):
        return False
    message.tries, message.send_after = tries, again
    return True
