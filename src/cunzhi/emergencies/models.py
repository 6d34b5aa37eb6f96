"""What is done when it is dangerous: plans with their duties, shelters, emergencies, and who arrived where."""

from django.db import models
from django.db.models import F, Q

from cunzhi.alarms.models import Colour
from cunzhi.base.fields import PlaceCodeField
from cunzhi.registry.models import Household, Person


class Plan(models.Model):
    """Who does what about a hazard at a place and below, from a day to a day, by which paper.

    `opens_by_itself`: from which colour on an alarm or warning opens an emergency without anybody pressing a button;
    empty: a person always decides.
    """

    place_code = PlaceCodeField(db_index=True)
    hazard = models.CharField(max_length=24)
    title = models.CharField(max_length=60)
    title_en = models.CharField(max_length=120)
    basis = models.CharField(max_length=200)
    simulated = models.BooleanField(default=False)
    opens_by_itself = models.CharField(max_length=6, choices=Colour, blank=True)
    digest = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place_code", "hazard"], condition=Q(until__isnull=True), name="plan_in_force_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="plan_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="plan_has_a_basis"),
            models.CheckConstraint(
                condition=Q(opens_by_itself__in=["", "orange", "red"]), name="plan_opens_by_itself_when_grave"
            ),
        ]

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"plan:{self.pk}"


class Duty(models.Model):
    """One thing that a plan wants done, by whom, and within how many minutes at which colour.

    A colour that is not in `minutes` does not call for it. Rows of a plan never change: a new paper is a new plan.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="duties")
    number = models.PositiveSmallIntegerField()
    office = models.CharField(max_length=24)
    what = models.CharField(max_length=200)
    what_en = models.CharField(max_length=300)
    minutes = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="duty_number_once")]

    def __str__(self) -> str:
        return f"{self.plan_id}.{self.number}"


class Shelter(models.Model):
    """Where people go: how many it holds, who keeps it, and the hazards in which it is not safe. The keeper is an
    office and not a person's name, for it stands on a page for everybody."""

    place_code = PlaceCodeField(db_index=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120)
    capacity = models.PositiveIntegerField()
    address = models.CharField(max_length=120)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    keeper = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    unsafe_in = models.JSONField(default=list, blank=True)
    simulated = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place_code", "name"], condition=Q(until__isnull=True), name="shelter_open_once"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="shelter_holds_somebody"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="shelter_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="shelter_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def record(self) -> str:
        return f"shelter:{self.pk}"


class Emergency(models.Model):
    """That people respond to a hazard at a place, by the case that leads it. One place and hazard has one that runs;
    a drill is one of its own, so that it never hides a real one. What was said of it stands in the case."""

    case_record = models.CharField(max_length=40, unique=True)
    place_code = PlaceCodeField(db_index=True)
    hazard = models.CharField(max_length=24)
    colour = models.CharField(max_length=6, choices=Colour)
    drill = models.BooleanField(default=False)
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="emergencies")
    cause = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place_code", "hazard", "drill"], condition=Q(ended_at__isnull=True), name="emergency_runs_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("opened_at")),
                name="emergency_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["place_code", "-opened_at"], name="emergency_by_place")]

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"emergency:{self.pk}"

    @property
    def case_id(self) -> int:
        return int(self.case_record.removeprefix("case:"))


class Arrival(models.Model):
    """How many came to a shelter: of one household, or of all who stand on no household's line (`household` empty).

    Appended and never changed: the newest row of a household, wherever it is, and of the others of a shelter counts.
    """

    class How(models.TextChoices):
        CODE = "code"
        PAPER = "paper"
        ERASED = "erased"

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="arrivals")
    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="arrivals")
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    heads = models.PositiveIntegerField()
    how = models.CharField(max_length=6, choices=How)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80, null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(household__isnull=False) | ~Q(how="code"), name="code_is_of_a_household")
        ]
        indexes = [models.Index(fields=["emergency", "id"], name="arrival_of_emergency")]

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.heads}"


class Knocked(models.Model):
    """What somebody found at a door of the knock list. Appended; the newest row of a household counts."""

    class Found(models.TextChoices):
        GOING = "going"
        SAFE = "safe"
        HELP = "help"
        NOBODY = "nobody"

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="knocked")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    found = models.CharField(max_length=6, choices=Found)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["emergency", "id"], name="knocked_in_emergency")]

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.found}"
