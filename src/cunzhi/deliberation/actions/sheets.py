"""Code sheets of a secret vote: printed once by a supervisor, handed out unlinked, noted only that they were."""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.deliberation import codes
from cunzhi.deliberation.actions.rules import locked
from cunzhi.deliberation.models import Sheet, Topic, Voter
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.rules import checked_words

OPERATOR = "administrator"


def require_printer(by: Actor, topic: Topic) -> None:
    """Whoever keeps the server never sees the codes: not the platform itself, and nobody who administers it."""
    access = Access(by)
    if by.person_id is None or by.for_person_id is not None:
        raise Forbidden("deliberation.sheets.by_a_person")
    if any(grant.role == OPERATOR for grant in access.grants):
        raise Forbidden("deliberation.sheets.not_by_operator")
    access.require("sheets.print", topic.place_code)


@transaction.atomic
def print_sheets(*, by: Actor, topic: Topic) -> list[str]:
    """Codes for all on the roll who have none yet. They are shown this once; only their keyed hashes are kept."""
    topic = locked(topic)
    require_printer(by, topic)
    _require_running(topic)
    wanted = topic.voters.filter(struck_at__isnull=True).count() - topic.sheets.filter(void=False).count()
    if wanted <= 0:
        raise Refused("deliberation.sheets.all_printed")
    batch = (topic.sheets.aggregate(last=Max("batch"))["last"] or 0) + 1
    drawn = codes.new_codes(wanted)
    hashes = sorted(codes.hashed(topic.pk, code) for code in drawn)  # so that no order of rows tells that of the sheets
    Sheet.objects.bulk_create(Sheet(topic=topic, batch=batch, hashed=one) for one in hashes)
    digest = hashlib.sha256("".join(hashes).encode()).hexdigest()
    _note(by, "sheets.printed", topic, {"batch": batch, "sheets": wanted, "digest": digest})
    return drawn


@transaction.atomic
def void_sheets(*, by: Actor, topic: Topic, reason: str) -> int:
    """The printer jammed: all sheets so far are worthless, as long as none was handed out or used."""
    topic = locked(topic)
    require_printer(by, topic)
    _require_running(topic)
    if topic.voters.filter(sheet_at__isnull=False).exists() or topic.ballots.exists():
        raise Refused("deliberation.sheets.out_already", field="reason")
    reason = checked_words(reason, "reason")
    count = topic.sheets.filter(void=False).update(void=True)
    _note(by, "sheets.voided", topic, {"sheets": count}, private=reason)
    return count


@transaction.atomic
def hand_out(*, by: Actor, topic: Topic, numbers: Iterable[int]) -> int:
    """These lines of the roll got a sheet, drawn from the pile; which one is known to nobody."""
    topic = locked(topic)
    require_printer(by, topic)
    _require_running(topic)
    rows = Voter.objects.select_for_update().filter(topic=topic, number__in=list(numbers))
    fresh = [one for one in rows if one.sheet_at is None and one.struck_at is None]
    given = topic.voters.filter(sheet_at__isnull=False).count()
    left = topic.sheets.filter(void=False).count() - given
    if len(fresh) > left:
        raise Refused("deliberation.sheets.not_enough", left=left, wanted=len(fresh))
    for voter in fresh:
        voter.sheet_at, voter.sheet_by_id = clock.now(), by.person_id
    Voter.objects.bulk_update(fresh, ["sheet_at", "sheet_by"])
    if fresh:
        _note(by, "sheets.handed_out", topic, {"lines": sorted(one.number for one in fresh)})
    return len(fresh)


@transaction.atomic
def take_back(*, by: Actor, topic: Topic, numbers: Iterable[int]) -> int:
    """A tick was a mistake: these lines got no sheet after all. That it was put right is noted too."""
    topic = locked(topic)
    require_printer(by, topic)
    _require_running(topic)
    rows = list(topic.voters.filter(number__in=list(numbers), sheet_at__isnull=False))
    for voter in rows:
        voter.sheet_at, voter.sheet_by = None, None
    Voter.objects.bulk_update(rows, ["sheet_at", "sheet_by"])
    if rows:
        _note(by, "sheets.not_handed_out", topic, {"lines": sorted(one.number for one in rows)})
    return len(rows)


def _require_running(topic: Topic) -> None:
    if topic.ballot != Topic.Ballot.SECRET:
        raise Refused("deliberation.sheets.only_secret")
    if topic.roll_at is None:
        raise Refused("deliberation.roll.not_drawn")
    if topic.closed_at is not None:
        raise Refused("deliberation.closed")


def _note(by: Actor, verb: str, topic: Topic, detail: dict[str, object], private: object = None) -> None:
    note(by=by, verb=verb, record=topic.reference, place_code=topic.place_code, detail=detail, private=private)
