"""Which emergencies run, for whom, and who may count heads."""

from django.db.models import Q, QuerySet

from cunzhi.alarms.queries.alarms import GRAVITY
from cunzhi.base.errors import Refused
from cunzhi.base.fields import under
from cunzhi.emergencies.models import Emergency, Shelter
from cunzhi.emergencies.queries.plans import above
from cunzhi.registry.access import Access

SEE, COUNT = "emergencies.see", "emergencies.count"


def seen_by(access: Access) -> QuerySet[Emergency]:
    """The emergencies where one serves, and wider ones of which one's own place is a part."""
    condition = Q(pk__in=[])
    for code in access.places(SEE):
        condition |= under(code) | Q(place_code__in=above(code))
    return Emergency.objects.filter(condition)


def running(access: Access) -> QuerySet[Emergency]:
    """Those that go on, the gravest first."""
    return seen_by(access).filter(ended_at__isnull=True).order_by(GRAVITY.desc(), "opened_at", "id")


def ended(access: Access) -> QuerySet[Emergency]:
    """Those that are over, newest first."""
    return seen_by(access).filter(ended_at__isnull=False).order_by("-ended_at", "-id")


def emergency_seen(number: int, access: Access) -> Emergency:
    """One that the reader may see; hidden and missing look the same."""
    found = seen_by(access).filter(pk=number).select_related("plan").first()
    if found is None:
        raise Refused("emergencies.no_such_emergency")
    return found


def running_at(place_code: str, hazard: str, *, drill: bool = False) -> Emergency | None:
    """The one that runs for exactly this place and hazard."""
    same = Emergency.objects.filter(place_code=place_code, hazard=hazard, drill=drill, ended_at__isnull=True)
    return same.first()


def covering(place_code: str) -> QuerySet[Emergency]:
    """Those that run at a place, above it, or in a part of it."""
    here = Q(place_code__in=above(place_code)) | under(place_code)
    return Emergency.objects.filter(here, ended_at__isnull=True).order_by(GRAVITY.desc(), "opened_at")


def may_count(access: Access, shelter: Shelter) -> bool:
    """Whether one may enter heads: by office there, or in a part of the village whose shelter it is."""
    inside = any(code.startswith(shelter.place_code) for code in access.places(COUNT) if code)
    return inside or access.may(COUNT, shelter.place_code) is not None
