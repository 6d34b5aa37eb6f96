"""Who: current people, and the only way in which their personal data come to a page."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.identity import check_identity, check_phone
from cunzhi.base.text import mask_identity, mask_name, mask_phone
from cunzhi.registry.access import Access, selves
from cunzhi.registry.models import Account, Disclosure, Person
from cunzhi.registry.vault import IDENTITY, PHONE, vault


@dataclass(frozen=True)
class PersonCard:
    """A person as a page may show them. `shown`: 'masked', 'known' (name and age in clear) or 'own' (all in clear)."""

    id: int
    name: str
    sex: str
    age: int | None
    phone: str
    identity: str
    place_code: str
    here: bool
    shown: str


def current_people() -> QuerySet[Person]:
    """Everyone who is to be found: no doubles, nobody erased. The dead and those who left are still found."""
    return Person.objects.filter(merged_into__isnull=True, erased_on__isnull=True)


def current(person: Person) -> Person:
    """The person that a double was merged into, or the person."""
    return person.merged_into or person


def card(person: Person, access: Access) -> PersonCard:
    """The person with what the asker may see: own data in clear, of those one serves name and age, of others a mask."""
    person = current(person)
    shown = _shown(person, access)
    identity = vault().open(person.identity_sealed) if person.identity_sealed else ""
    phone = vault().open(person.phone_sealed) if person.phone_sealed else ""
    return PersonCard(
        id=person.pk,
        name=mask_name(person.name) if shown == "masked" else person.name,
        sex=person.sex,
        age=None if shown == "masked" else age(person),
        phone=phone if shown == "own" else mask_phone(phone),
        identity=identity if shown == "own" else mask_identity(identity),
        place_code=person.place_code,
        here=person.died_on is None and person.left_on is None,
        shown=shown,
    )


def _shown(person: Person, access: Access) -> str:
    if access.actor.person_id == person.pk:
        return "own"
    return "known" if access.may("people.see", person.place_code) else "masked"


def age(person: Person, on: date | None = None) -> int | None:
    """Full years on a day; of the dead, on the day of their death."""
    day = person.died_on or on or clock.today()
    born = person.born_on
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def people(access: Access, text: str = "", verb: str = "people.see") -> QuerySet[Person]:
    """The current people whom one may see (or help: `verb`), newest first; `text` is part of a name, or a whole phone
    or identity."""
    seen = access.limit(current_people(), verb).order_by("-id")
    text = "".join(text.split())
    if not text:
        return seen
    return seen.filter(Q(name__icontains=text) | _numbered(text))


def _numbered(text: str) -> Q:
    """People with this very phone or identity number; nobody when the text is neither."""
    for check, blind in ((_identity_of, "identity_blind"), (_phone_of, "phone_blind")):
        try:
            return Q(**{blind: check(text)})
        except Refused:
            continue
    return Q(pk__in=[])


def _identity_of(text: str) -> str:
    return vault().blind(check_identity(text).number, purpose=IDENTITY)


def _phone_of(text: str) -> str:
    return vault().blind(check_phone(text), purpose=PHONE)


def find_by_identity(access: Access, number: str) -> Person | None:
    """The current person with an identity number, if one may see them; a number that cannot be right is refused."""
    return access.limit(current_people(), "people.see").filter(identity_blind=_identity_of(number)).first()


def find_by_phone(access: Access, phone: str) -> QuerySet[Person]:
    """The current people with a phone (families share one), as far as one may see them."""
    return access.limit(current_people(), "people.see").filter(phone_blind=_phone_of(phone)).order_by("id")


def account_by_phone(phone: str) -> Account | None:
    """The sign-in that belongs to a phone; for the sign-in page, which asks before anybody is known."""
    return Account.objects.filter(phone_blind=_phone_of(phone), is_active=True).select_related("person").first()


def disclosures(person: Person) -> QuerySet[Disclosure]:
    """When somebody saw this person's data in clear, newest first; also lists of their place that were taken out."""
    place = current(person).place_code
    lists = Q(person__isnull=True, place_code__in=[place[:length] for length in range(2, len(place) + 1)])
    own = Q(person_id__in=selves(current(person).pk).values("id"))
    return Disclosure.objects.filter(own | lists).order_by("-id")
