"""Who came to a shelter, and what was found at doors: rows are added, and the newest of a household counts."""

from django.db import IntegrityError, transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.emergencies.codes import opens
from cunzhi.emergencies.models import Arrival, Emergency, Knocked, Shelter
from cunzhi.emergencies.queries.heads import Door, counting, doors, lives_near
from cunzhi.emergencies.queries.plans import TOWNSHIP
from cunzhi.emergencies.queries.running import COUNT, may_count
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access, NotHere
from cunzhi.registry.actions.disclosure import disclose
from cunzhi.registry.models import Disclosure, Household, Person
from cunzhi.registry.queries.households import household_of

MOST_OF_A_HOUSEHOLD = 30
TIMES_THE_CAPACITY = 3
"""More people may come than there is room, and they are counted; a number beyond this is a slip of the pen."""


@transaction.atomic
def come_in(*, by: Actor, emergency: Emergency, shelter: Shelter, heads: int, code: str, key: str = "") -> Arrival:
    """Somebody says with the code of the sheet that their own household has come, and how many they are."""
    person = Person.objects.filter(pk=by.person_id or 0).first() if by.for_person_id is None else None
    home = household_of(person) if person else None
    if home is None:
        raise Forbidden("emergencies.no_household")
    if not opens(emergency, shelter, code):
        raise Refused("emergencies.wrong_code", field="code")
    return _append(by, emergency, shelter, home, heads, Arrival.How.CODE, key)


@transaction.atomic
def enter_household(
    *, by: Actor, emergency: Emergency, shelter: Shelter, household: Household, heads: int, key: str = ""
) -> Arrival:
    """Whoever keeps the shelter writes a household in, from the paper at the door. Zero: it has left, or was a slip."""
    _require_keeper(by, shelter)
    return _append(by, emergency, shelter, household, heads, Arrival.How.PAPER, key)


@transaction.atomic
def enter_others(*, by: Actor, emergency: Emergency, shelter: Shelter, heads: int, key: str = "") -> Arrival:
    """How many stand on the paper without a household: travellers, visitors. The newest count replaces the last."""
    _require_keeper(by, shelter)
    return _append(by, emergency, shelter, None, heads, Arrival.How.PAPER, key)


def _require_keeper(by: Actor, shelter: Shelter) -> None:
    if not may_count(Access(by), shelter):
        raise NotHere(verb=COUNT, place=shelter.place_code)


def _append(
    by: Actor, emergency: Emergency, shelter: Shelter, home: Household | None, heads: int, how: str, key: str
) -> Arrival:
    """One more row, unless it says what the newest one says already: a double scan changes nothing."""
    _require_near(emergency, shelter)
    if home is not None and not lives_near(home, emergency, shelter):
        raise Refused("emergencies.door_elsewhere")
    _require_plausible(shelter, home, heads)
    if key and (known := Arrival.objects.filter(key=key).first()) is not None:
        return _same(known, emergency, shelter, home, heads)
    _running(emergency)
    newest = Arrival.objects.filter(emergency=emergency, household=home).order_by("-id")
    newest = newest if home else newest.filter(shelter=shelter, how=how)
    last = newest.first()
    if last is not None and (last.shelter_id, last.heads) == (shelter.pk, heads):
        return last
    try:
        with transaction.atomic():
            made = Arrival.objects.create(
                emergency=emergency, shelter=shelter, household=home, heads=heads, how=how, at=clock.now(),
                by_id=by.person_id, key=key or None,
            )  # fmt: skip
    except IntegrityError:
        return _same(Arrival.objects.get(key=key), emergency, shelter, home, heads)
    detail = {"shelter": shelter.pk, "how": how, "heads": heads}
    note(by=by, verb="emergency.arrive", record=emergency.record, place_code=emergency.place_code, detail=detail,
         private={"household": home.pk if home else None})  # fmt: skip
    return made


def _same(known: Arrival, emergency: Emergency, shelter: Shelter, home: Household | None, heads: int) -> Arrival:
    """The row that an earlier try with this key wrote; the key of something else, or of another number, is refused."""
    if (known.emergency_id, known.shelter_id, known.household_id, known.heads) != (
        emergency.pk, shelter.pk, home.pk if home else None, heads,
    ):  # fmt: skip
        raise Refused("emergencies.key_taken")
    return known


def _running(emergency: Emergency) -> Emergency:
    """The emergency under lock; nobody is counted in one that is over."""
    held = Emergency.objects.select_for_update(of=("self",)).get(pk=emergency.pk)
    if held.ended_at is not None:
        raise Conflict("emergencies.over")
    return held


def _require_near(emergency: Emergency, shelter: Shelter) -> None:
    """A shelter of the emergency's place, or of its township where the place is smaller."""
    if shelter.until is not None and shelter.until <= clock.today():
        raise Refused("emergencies.shelter_closed", name=shelter.name)
    if not shelter.place_code.startswith(emergency.place_code[:TOWNSHIP]):
        raise Refused("emergencies.shelter_elsewhere", name=shelter.name)


def _require_plausible(shelter: Shelter, home: Household | None, heads: int) -> None:
    most = MOST_OF_A_HOUSEHOLD if home else shelter.capacity * TIMES_THE_CAPACITY
    if not 0 <= heads <= most:
        raise Refused("emergencies.too_many_heads", field="heads", given=heads, most=most)


@transaction.atomic
def knock(*, by: Actor, emergency: Emergency, household: Household, found: str) -> Knocked:
    """What somebody who went there found; saying the same again changes nothing."""
    Access(by).require("people.see", household.place_code)
    if found not in Knocked.Found.values:
        raise Refused("emergencies.no_such_finding", field="found")
    if not household.place_code.startswith(emergency.place_code):
        raise Refused("emergencies.door_elsewhere")
    _running(emergency)
    last = Knocked.objects.filter(emergency=emergency, household=household).order_by("-id").first()
    if last is not None and last.found == found:
        return last
    made = Knocked.objects.create(
        emergency=emergency, household=household, found=found, at=clock.now(), by_id=by.person_id
    )
    note(by=by, verb="emergency.knock", record=emergency.record, place_code=emergency.place_code,
         detail={"found": found}, private={"household": household.pk})  # fmt: skip
    return made


@transaction.atomic
def open_doors(*, by: Actor, emergency: Emergency, place_code: str, words: str) -> list[Door]:
    """The knock list of a village or grid, and that it was opened: the people concerned may read it."""
    Access(by).require("people.see", place_code)
    disclose(person=None, place_code=place_code, field="call_list", purpose=Disclosure.Purpose.EMERGENCY, words=words,
             by=by)  # fmt: skip
    return doors(emergency, place_code)


@transaction.atomic
def forget(*, for_record: str) -> None:
    """Erase who came, who counted and what was found at doors, with the matter; how many were where stays."""
    for emergency in Emergency.objects.filter(case_record=for_record, ended_at__isnull=False):
        heads = dict.fromkeys(Arrival.objects.filter(emergency=emergency).values_list("shelter", flat=True), 0)
        for row in counting(emergency):
            heads[row.shelter_id] += row.heads
        Arrival.objects.filter(emergency=emergency).delete()
        Arrival.objects.bulk_create(
            Arrival(emergency=emergency, shelter_id=shelter, heads=count, how=Arrival.How.ERASED, at=clock.now())
            for shelter, count in heads.items()
        )
        Knocked.objects.filter(emergency=emergency).delete()
