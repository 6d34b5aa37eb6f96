"""Who has a vote on a topic, by the registry and by the roll."""

from datetime import date

from django.db.models import QuerySet

from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.deliberation.models import Topic, Voter
from cunzhi.registry.access import holders_below, selves
from cunzhi.registry.models import Household, Membership, Person
from cunzhi.registry.queries.households import household_of
from cunzhi.registry.queries.people import current_people

ADULT = 18
WITNESSES = ("supervisor", "appraiser", "grid_head", "grid_worker", "village_cadre")


def adult_since(day: date) -> date:
    """The last day of birth of those who are of age on a day; born on 29 February, one is so on 1 March."""
    try:
        return day.replace(year=day.year - ADULT)
    except ValueError:
        return date(day.year - ADULT, 2, 28)


def voting_day(topic: Topic) -> date:
    """The day on which one must be of age: the first day of the vote."""
    return topic.discuss_until.astimezone(clock.ZONE).date()


def adults(topic: Topic) -> QuerySet[Person]:
    """Those who live in the village and are of age when the vote begins."""
    here = current_people().filter(under(topic.place_code), died_on__isnull=True, left_on__isnull=True)
    return here.filter(born_on__lte=adult_since(voting_day(topic))).order_by("place_code", "name", "id")


def of_unknown_age(topic: Topic) -> int:
    """How many live there whose day of birth nobody wrote down; they come onto the roll by an objection."""
    here = current_people().filter(under(topic.place_code), died_on__isnull=True, left_on__isnull=True)
    return here.filter(born_on__isnull=True).count()


def households(topic: Topic) -> QuerySet[Household]:
    """Households of the village to which somebody of age belongs."""
    grown = Membership.objects.filter(until__isnull=True, person__in=adults(topic).order_by()).values("household")
    return Household.objects.filter(under(topic.place_code), until__isnull=True, id__in=grown).order_by("number", "id")


def voter_of(topic: Topic, person: Person) -> Voter | None:
    """The line of the roll under which a person votes: their own, or their household's."""
    standing = topic.voters.filter(struck_at__isnull=True)
    if topic.voice == Topic.Voice.PERSON:
        return standing.filter(person_id__in=selves(person.pk).values("id")).first()
    home = household_of(person)
    grown = person.born_on is not None and person.born_on <= adult_since(voting_day(topic))
    return standing.filter(household=home).first() if home is not None and grown else None


def people_on_roll(topic: Topic) -> list[int]:
    """The ids of all who may vote, for whoever tells them; of a household, everybody of age in it."""
    standing = topic.voters.filter(struck_at__isnull=True)
    if topic.voice == Topic.Voice.PERSON:
        return [one for one in standing.values_list("person_id", flat=True) if one is not None]
    homes = Membership.objects.filter(household_id__in=standing.values("household_id"), until__isnull=True)
    return list(homes.filter(person__in=adults(topic).order_by()).values_list("person_id", flat=True))


def witnesses(topic: Topic) -> QuerySet[Person]:
    """Who may see to it that a ballot is entered as given: those who hold an office in the village, by name."""
    return holders_below(WITNESSES, topic.place_code)
