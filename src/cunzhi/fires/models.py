"""Fires that satellites saw: looks, detections, the events they make up, what always burns, and where none may."""

from django.db import models
from django.db.models import F, Q

from cunzhi.base.fields import PlaceCodeField


class Feed(models.Model):
    """What became of the last try to fetch a product. The row is held while anything is taken in."""

    product = models.CharField(max_length=40, unique=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.product


class Look(models.Model):
    """One file or one answer that was taken in, also when no fire was in it."""

    source = models.CharField(max_length=120)
    taken_at = models.DateTimeField(db_index=True)
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    simulated = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"look:{self.pk}"


class Event(models.Model):
    """Detections that are one fire. `case_record` names the matter by which somebody was sent there, `found` is what
    they saw. Where two events turned out to be one, the later one says into which it went."""

    class Known(models.TextChoices):
        """How far the place is known: a point of a grid or village was near, or no more than the county's outline."""

        POINT = "point"
        OUTLINE = "outline"

    class Standing(models.TextChoices):
        """Why somebody was sent there, or why not."""

        SENT = "sent"
        FAINT = "faint"
        STATIC = "static"
        NO_ZONE = "no_zone"
        NO_WINDOW = "no_window"
        NOT_ON = "not_on"
        OLD = "old"

    class Found(models.TextChoices):
        STRAW = "straw"
        OTHER_FIRE = "other_fire"
        INDUSTRY = "industry"
        NOTHING = "nothing"

    place_code = PlaceCodeField()
    known_by = models.CharField(max_length=8, choices=Known)
    metres = models.PositiveIntegerField(null=True, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    first_at = models.DateTimeField(db_index=True)
    last_at = models.DateTimeField()
    simulated = models.BooleanField(default=False)
    standing = models.CharField(max_length=10, choices=Standing, blank=True)
    case_record = models.CharField(max_length=40, blank=True)
    found = models.CharField(max_length=12, choices=Found, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    in_time = models.BooleanField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_at__gte=F("first_at")), name="fire_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(found="", checked_at__isnull=True, in_time__isnull=True)
                | Q(~Q(found=""), ~Q(case_record=""), checked_at__isnull=False, in_time__isnull=False),
                name="fire_found_on_a_case",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="fire_not_merged_into_itself"),
        ]
        indexes = [
            models.Index(fields=["place_code", "-first_at"], name="fire_by_place"),
            models.Index(fields=["case_record"], condition=~Q(case_record=""), name="fire_by_case"),
        ]

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"fire:{self.pk}"


class Detection(models.Model):
    """One pixel that was hot on one look of one satellite. `kind` is the type that only the standard product knows:
    0 vegetation, 1 volcano, 2 other static source on land, 3 at sea."""

    class Instrument(models.TextChoices):
        VIIRS = "viirs"
        MODIS = "modis"

    class Confidence(models.TextChoices):
        LOW = "low"
        NOMINAL = "nominal"
        HIGH = "high"

    look = models.ForeignKey(Look, on_delete=models.PROTECT, related_name="detections")
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="detections")
    satellite = models.CharField(max_length=8)
    instrument = models.CharField(max_length=5, choices=Instrument)
    at = models.DateTimeField(db_index=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    confidence = models.CharField(max_length=7, choices=Confidence)
    power = models.FloatField(null=True, blank=True)
    by_day = models.BooleanField()
    kind = models.PositiveSmallIntegerField(null=True, blank=True)
    standard = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["satellite", "at", "latitude", "longitude"], name="detection_once"),
            models.CheckConstraint(
                condition=Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="detection_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"detection:{self.pk}"


class StaticSource(models.Model):
    """Something that satellites see burning again and again and that is no straw: a kiln, a works, a hot roof.

    Learned from the past or found on the ground; it ends when somebody finds something else there.
    """

    class How(models.TextChoices):
        LEARNED = "learned"
        CHECKED = "checked"

    place_code = PlaceCodeField(db_index=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    how = models.CharField(max_length=8, choices=How)
    basis = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    end_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="static_source_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"source:{self.pk}"


class Zone(models.Model):
    """Where nothing may be burned, as a GeoJSON polygon, from a day to a day, by a decision."""

    place_code = PlaceCodeField(db_index=True)
    name = models.CharField(max_length=80)
    shape = models.JSONField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(basis=""), name="zone_has_a_basis"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="zone_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def record(self) -> str:
        return f"zone:{self.pk}"
