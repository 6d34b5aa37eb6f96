"""A ballot is cast: by the voter, with a code, or at the office from paper, by phone or with a helper's hand."""

import secrets
from dataclasses import dataclass

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import NOBODY, Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.deliberation import codes, recount
from cunzhi.deliberation.actions.rules import locked, require_help, resident
from cunzhi.deliberation.models import Ballot, Option, Sheet, Topic, Voter
from cunzhi.deliberation.queries.phases import takes_ballots
from cunzhi.deliberation.queries.voters import voter_of, witnesses
from cunzhi.journal.actions import note, public_hash
from cunzhi.registry.access import Access
from cunzhi.registry.models import Person
from cunzhi.registry.vault import vault


@dataclass(frozen=True)
class Office:
    """How a ballot came that was entered at the office, and who saw that it was entered as given."""

    way: str
    witness: Person | None = None
    consent: str = ""


@transaction.atomic
def cast_open(*, by: Actor, topic: Topic, option: int, consent: str = "") -> Ballot:
    """One's own vote with one's name, or that of somebody helped face to face."""
    topic, person = locked(topic), resident(by, topic)
    require_help(by, person, consent)
    _require_polls(topic, Topic.Ballot.OPEN)
    voter = voter_of(topic, person)
    if voter is None:
        raise Forbidden("deliberation.not_on_roll")
    if by.for_person_id is None:
        return _cast(topic, option, by=by, voter=voter, office=Office(Ballot.Way.WEB))
    return _cast(topic, option, by=by, voter=voter, office=Office(Ballot.Way.ASSISTED, consent=consent))


def cast_secret(*, topic: Topic, code: str, option: int) -> Ballot:
    """A vote with a code. Nobody signs in for it, and who sent it is not noted.

    What cannot be right is refused before anything is locked, so that guessing holds up nobody who votes.
    """
    _require_polls(Topic.objects.get(pk=topic.pk), Topic.Ballot.SECRET)
    _sheet(topic, code)
    with transaction.atomic():
        topic = locked(topic)
        _require_polls(topic, Topic.Ballot.SECRET)
        return _cast(topic, option, by=NOBODY, sheet=_sheet(topic, code), code=code, office=Office(Ballot.Way.WEB))


@transaction.atomic
def enter_open(*, by: Actor, topic: Topic, number: int, option: int, office: Office) -> Ballot:
    """A clerk enters what somebody on the roll put on paper or said by phone, beside a witness."""
    topic = locked(topic)
    _require_office(by, topic, office)
    _require_polls(topic, Topic.Ballot.OPEN)
    voter = topic.voters.filter(number=number, struck_at__isnull=True).first()
    if voter is None:
        raise Refused("deliberation.roll.no_such_line", field="number")
    return _cast(topic, option, by=by, voter=voter, office=office)


@transaction.atomic
def enter_secret(*, by: Actor, topic: Topic, code: str, option: int, office: Office) -> Ballot:
    """A clerk enters a sheet from the box, or one that was read out by phone, beside a witness."""
    topic = locked(topic)
    _require_office(by, topic, office)
    _require_polls(topic, Topic.Ballot.SECRET)
    return _cast(topic, option, by=by, sheet=_sheet(topic, code), code=code, office=office)


def _require_polls(topic: Topic, ballot: str) -> None:
    """Over is over, also when the clock is set back afterwards: the closing was written down."""
    if topic.ballot != ballot:
        raise Refused("deliberation.other_ballot")
    if topic.closed_at is not None or (topic.vote_until is not None and clock.now() >= topic.vote_until):
        raise Refused("deliberation.closed")
    if not takes_ballots(topic):
        raise Refused("deliberation.not_yet")


def _require_office(by: Actor, topic: Topic, office: Office) -> None:
    Access(by).require("ballot.enter", topic.place_code)
    if by.person_id is None or by.for_person_id is not None:
        raise Forbidden("deliberation.office.by_a_person")
    if office.way not in (Ballot.Way.PAPER, Ballot.Way.PHONE, Ballot.Way.ASSISTED):
        raise Refused("deliberation.office.way", field="way")
    if office.witness is None or office.witness.pk == by.person_id:
        raise Refused("deliberation.office.witness", field="witness")
    if not witnesses(topic).filter(pk=office.witness.pk).exists():
        raise Refused("deliberation.office.witness", field="witness")
    if office.way == Ballot.Way.ASSISTED and not office.consent.strip():
        raise Refused("deliberation.consent_missing", field="consent")


def _sheet(topic: Topic, code: str) -> Sheet:
    """The sheet with this code; the topic's lock holds it too."""
    hashed = codes.hashed(topic.pk, codes.read_code(code))
    sheet = Sheet.objects.filter(topic=topic, hashed=hashed).first()
    if sheet is None:
        raise Refused("deliberation.code.unknown", field="code")
    if sheet.void:
        raise Refused("deliberation.code.void", field="code")
    return sheet


def _cast(
    topic: Topic,
    option: int,
    *,
    by: Actor,
    office: Office,
    voter: Voter | None = None,
    sheet: Sheet | None = None,
    code: str = "",
) -> Ballot:
    """One more turn of this voter. The same choice sent again is the same ballot."""
    chosen = Option.objects.filter(topic=topic, number=option).first()
    if chosen is None:
        raise Refused("deliberation.no_option", field="option")
    before = Ballot.objects.filter(voter=voter, sheet=sheet, topic=topic).order_by("turn").last()
    if before is not None and before.option_id == chosen.pk:
        return before
    turn = before.turn + 1 if before else 1
    name = codes.read_code(code) if sheet is not None else str(voter.number if voter else "")
    if sheet is not None and not sheet.sealed:
        sheet.sealed = vault().seal(name)
        sheet.save(update_fields=["sealed"])
    salt = secrets.token_hex(16)
    line = recount.ballot_line(topic.pk, name, turn, option, salt)
    ballot = Ballot.objects.create(
        topic=topic,
        voter=voter,
        sheet=sheet,
        option=chosen,
        turn=turn,
        at=clock.now(),
        way=office.way,
        salt=salt,
        hashed=public_hash(line),
        clerk_id=by.person_id if office.way != Ballot.Way.WEB else None,
        witness=office.witness,
        consent=office.consent[:120],
    )
    detail = {"way": ballot.way}
    note(by=by, verb="ballot.cast", record=topic.reference, place_code=topic.place_code, detail=detail, public=line)
    return ballot
