"""What sensors saw: the entities of OGC SensorThings 1.1, devices that send, roll-ups, and silences."""

from django.db import models
from django.db.models import F, Q

from cunzhi.base.fields import CodePointField, PlaceCodeField


class Described(models.Model):
    """What all entities with a name have. What several places share lies at the place that keeps it."""

    name = CodePointField()
    description = CodePointField(blank=True)
    properties = models.JSONField(null=True, blank=True)
    place_code = PlaceCodeField(db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"{self._meta.model_name}:{self.pk}"


class Location(Described):
    """Where things are, as GeoJSON or in another encoding."""

    encoding_type = CodePointField()
    location = models.JSONField()


class Thing(Described):
    """A station, a gauge, a box on a pole: what has sensors, at a place."""

    locations = models.ManyToManyField(Location, related_name="things")


class HistoricalLocation(models.Model):
    """Since when a thing was at its locations."""

    thing = models.ForeignKey(Thing, on_delete=models.CASCADE, related_name="historical_locations")
    time = models.DateTimeField()
    locations = models.ManyToManyField(Location, related_name="historical_locations")

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"historicallocation:{self.pk}"


class Sensor(Described):
    """The instrument or procedure that observes."""

    encoding_type = CodePointField()
    metadata = models.JSONField()


class ObservedProperty(Described):
    """What is observed: rain, the level of a river, fine dust."""

    definition = CodePointField()


class FeatureOfInterest(Described):
    """What an observation is about. One that was derived from a location remembers which."""

    encoding_type = CodePointField()
    feature = models.JSONField()
    of_location = models.OneToOneField(
        Location, null=True, blank=True, on_delete=models.SET_NULL, related_name="derived_feature"
    )


class Datastream(Described):
    """Values of one property by one sensor of one thing, in one unit, with when they reach from and to.

    `every` says after how many seconds the next value is expected, `days_kept` for how long single values are kept;
    `substance` says what is measured in the words of standards, `standard` which class holds there, `is_public` that
    everybody may see it. All stand in `properties` too, from which they are read. `stale_from`, `stale_until`: between
    these moments values came or went since the last roll-up. Single values from before `gone_until` were let go.
    """

    thing = models.ForeignKey(Thing, on_delete=models.CASCADE, related_name="datastreams")
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="datastreams")
    observed_property = models.ForeignKey(ObservedProperty, on_delete=models.CASCADE, related_name="datastreams")
    observation_type = CodePointField()
    unit = models.JSONField()
    observed_area = models.JSONField(null=True, blank=True)
    every = models.PositiveIntegerField(null=True, blank=True)
    days_kept = models.PositiveIntegerField(null=True, blank=True)
    substance = models.CharField(max_length=39, blank=True)
    standard = models.CharField(max_length=39, blank=True)
    is_public = models.BooleanField(default=False)
    first_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    first_result_at = models.DateTimeField(null=True, blank=True)
    last_result_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True)
    seen_feature = models.BigIntegerField(null=True, blank=True)
    stale_from = models.DateTimeField(null=True, blank=True, db_index=True)
    stale_until = models.DateTimeField(null=True, blank=True)
    gone_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(every__isnull=True) | Q(every__gt=0), name="datastream_every_some"),
            models.CheckConstraint(condition=Q(days_kept__isnull=True) | Q(days_kept__gt=0), name="datastream_kept"),
        ]

    derived: int | None = None
    """While values are taken in: the feature made from where the thing is."""


class Observation(models.Model):
    """One value. Rows are many and lean: one index finds them by datastream and time, and keeps out what came twice."""

    class Kind(models.TextChoices):
        NUMBER = "n"
        BOOLEAN = "b"
        TEXT = "t"
        JSON = "j"

    datastream = models.ForeignKey(Datastream, on_delete=models.CASCADE, related_name="observations", db_index=False)
    feature = models.ForeignKey(FeatureOfInterest, null=True, on_delete=models.CASCADE, related_name="observations")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=1, choices=Kind)
    number = models.FloatField(null=True, blank=True)
    text = CodePointField(null=True, blank=True)  # type: ignore[misc]
    result_at = models.DateTimeField(null=True, blank=True)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    quality = models.JSONField(null=True, blank=True)
    parameters = models.JSONField(null=True, blank=True)
    key = models.CharField(max_length=64, blank=True)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["datastream", "at", "key"], name="observation_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["n", "b"], number__isnull=False, text__isnull=True)
                | Q(kind__in=["t", "j"], number__isnull=True, text__isnull=False),
                name="observation_has_one_value",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("at")), name="observation_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"observation:{self.pk}"


class RollUp(models.Model):
    """An hour or a day (on the villages' clock) of a datastream in five numbers."""

    class Span(models.TextChoices):
        HOUR = "hour"
        DAY = "day"

    datastream = models.ForeignKey(Datastream, on_delete=models.CASCADE, related_name="roll_ups", db_index=False)
    span = models.CharField(max_length=4, choices=Span)
    start = models.DateTimeField()
    count = models.PositiveIntegerField()
    total = models.FloatField()
    least = models.FloatField()
    most = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["datastream", "span", "start"], name="roll_up_once")]
        indexes = [models.Index(fields=["start"], condition=Q(span="day"), name="roll_up_days")]

    def __str__(self) -> str:
        return f"rollup:{self.pk}"

    @property
    def mean(self) -> float:
        return self.total / self.count


class Still(models.Model):
    """A still picture that a camera box took when something happened: never public, deleted after its days.

    The observation that tells of it may be let go earlier; the picture goes on its own day, file and row together.
    """

    datastream = models.ForeignKey(Datastream, null=True, on_delete=models.SET_NULL, related_name="stills")
    observation = models.BigIntegerField(unique=True)
    place_code = PlaceCodeField(db_index=True)
    at = models.DateTimeField()
    taken_at = models.DateTimeField()
    keep_until = models.DateTimeField(db_index=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(keep_until__gt=F("taken_at")), name="still_is_kept_for_a_while"),
        ]
        indexes = [models.Index(fields=["datastream", "-at"], name="still_by_datastream")]

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"still:{self.pk}"


class Silence(models.Model):
    """No word from a datastream for two of its periods: since when, noticed when, and when it spoke again."""

    datastream = models.ForeignKey(Datastream, on_delete=models.CASCADE, related_name="silences", db_index=False)
    place_code = PlaceCodeField(db_index=True)
    since = models.DateTimeField()
    noticed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["datastream"], condition=Q(ended_at__isnull=True), name="silence_open_once"
            ),
        ]
        indexes = [models.Index(fields=["datastream", "since"], name="silence_by_datastream")]

    def __str__(self) -> str:
        return f"silence:{self.pk}"


class Device(models.Model):
    """That a device may send for one thing. Of its secret only hashes are kept: ours, and Mosquitto's."""

    thing = models.ForeignKey(Thing, on_delete=models.CASCADE, related_name="devices")
    name = models.CharField(max_length=60)
    secret_hash = models.CharField(max_length=64, unique=True)
    broker_hash = models.CharField(max_length=200)
    since = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="device_has_a_name")]

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"device:{self.pk}"
