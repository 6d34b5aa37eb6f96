"""Who may see and change what was perceived: people by their appointments, a device by the thing that it belongs to."""

from functools import cached_property

from django.db.models import Model, Q

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden
from cunzhi.base.fields import under_any
from cunzhi.perception.models import (
    Datastream,
    Device,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    Observation,
    ObservedProperty,
    Sensor,
    Thing,
)
from cunzhi.registry.access import Access

SEE, MANAGE = "sensors.see", "sensors.manage"
SHORTEST_CODE = 2
OF_DEVICE = {
    Thing: "pk",
    Datastream: "thing",
    Observation: "datastream__thing",
    HistoricalLocation: "thing",
    Location: "things",
    Sensor: "datastreams__thing",
    ObservedProperty: "datastreams__thing",
    FeatureOfInterest: "of_location__things",
}
PLACE_OF = {Observation: "datastream__place_code", HistoricalLocation: "thing__place_code"}
SHARED = (Sensor, ObservedProperty)
"""What a county keeps for all below it: seen from below, changed only where it lies."""


class Scope:
    """What one actor may see and do with sensors and their values. Make one per request or action."""

    def __init__(self, actor: Actor, access: Access | None = None, thing: int | None = None) -> None:
        self.actor = actor
        self.access = access or Access(actor)
        if thing is not None:
            self.thing = thing
        self.sending: set[int] = set()
        """Datastreams for which it was asked already."""

    @cached_property
    def thing(self) -> int | None:
        """The thing that the device which asks belongs to."""
        held = Device.objects.filter(pk=self.actor.device_id or 0, revoked_at__isnull=True)
        return held.values_list("thing_id", flat=True).first()

    def visible(self, model: type[Model]) -> Q:
        """The rows of a model that the actor may see."""
        if self.actor.device_id:
            return _distinctly(model, Q(**{OF_DEVICE[model]: self.thing or 0}))
        codes = self.access.places(SEE)
        field = PLACE_OF.get(model, "place_code")
        if codes == [""]:
            return Q()
        seen = under_any(codes, field)
        if model in SHARED:
            above = {code[:length] for code in codes for length in range(SHORTEST_CODE, len(code))}
            seen |= Q(place_code__in=sorted(above))
        return seen

    def require(self, place_code: str) -> None:
        """Forbidden unless the actor may set up sensors there."""
        if self.actor.device_id:
            raise Forbidden("perception.device_only_sends")
        self.access.require(MANAGE, place_code)

    def sends_for(self, datastream: Datastream) -> None:
        """Forbidden unless the actor may send values for a datastream."""
        if not self.actor.device_id:
            self.access.require(MANAGE, datastream.place_code)
        elif datastream.thing_id != self.thing:
            raise Forbidden("perception.not_of_device", field="Datastream")


class BrokerScope(Scope):
    """What comes through a broker that itself checks which device may write to which datastream."""

    def sends_for(self, datastream: Datastream) -> None:
        """The broker asked already."""


def _distinctly(model: type[Model], condition: Q) -> Q:
    """A condition over several rows of another table must not double those of this one."""
    return Q(pk__in=model._default_manager.filter(condition).values("pk"))
