"""Who and where: places, people, households, organisations, appointments, and the facts about them."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from cunzhi.base.fields import PlaceCodeField


class Place(models.Model):
    """A division or a grid, in one system of codes, for as long as its code was in force."""

    class Level(models.TextChoices):
        PROVINCE = "province"
        COUNTY = "county"
        TOWNSHIP = "township"
        VILLAGE = "village"
        GRID = "grid"

    class System(models.TextChoices):
        """Six digits and fewer are GB/T 2260, one for all; longer codes differ between statistics and civil affairs."""

        GB = "gb"
        NBS = "nbs"
        MCA = "mca"

    system = models.CharField(max_length=8, choices=System)
    code = PlaceCodeField()
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=8, choices=Level)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "code", "valid_from"], name="place_once_a_system"),
            models.UniqueConstraint(
                fields=["system", "code"], condition=Q(valid_to__isnull=True), name="place_in_force_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="place_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(fields=["code"], name="place_by_code"),
            models.Index(fields=["level", "system"], name="place_by_level"),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """A place that became another, wholly or in part, on a day, by a decision."""

    before = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="became")
    after = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="came_from")
    on = models.DateField()
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["before", "after", "on"], name="succession_once")]

    def __str__(self) -> str:
        return f"{self.before_id} -> {self.after_id}"


class Person(models.Model):
    """A person. Identity number and phone are sealed; their blind hashes find them again."""

    class Sex(models.TextChoices):
        FEMALE = "female"
        MALE = "male"

    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=6, choices=Sex, blank=True)
    born_on = models.DateField(null=True, blank=True)
    identity_sealed = models.TextField(blank=True)
    identity_blind = models.CharField(max_length=64, null=True, blank=True)
    phone_sealed = models.TextField(blank=True)
    phone_blind = models.CharField(max_length=64, blank=True, db_index=True)
    place_code = PlaceCodeField(db_index=True)
    died_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="doubles")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identity_blind"], condition=Q(merged_into__isnull=True), name="person_once_by_identity"
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="person_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(identity_sealed="", identity_blind__isnull=True)
                | Q(~Q(identity_sealed=""), identity_blind__isnull=False),
                name="person_identity_sealed_and_blind",
            ),
            models.CheckConstraint(
                condition=Q(phone_sealed="", phone_blind="") | (~Q(phone_sealed="") & ~Q(phone_blind="")),
                name="person_phone_sealed_and_blind",
            ),
            models.CheckConstraint(
                condition=Q(~Q(name=""), erased_on__isnull=True)
                | Q(erased_on__isnull=False, name="", sex="", born_on=None, identity_sealed="", phone_sealed=""),
                name="person_named_or_erased",
            ),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(born_on__isnull=True) | Q(died_on__gte=F("born_on")),
                name="person_dies_after_birth",
            ),
        ]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return f"person:{self.pk}"

    @property
    def record(self) -> str:
        return f"person:{self.pk}"


class Account(AbstractBaseUser):
    """The sign-in of a person: phone and password, or a code sent to the phone."""

    phone_blind = models.CharField(max_length=64, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="zh-hans")
    care_mode = models.BooleanField(default=False)

    USERNAME_FIELD = "phone_blind"
    objects = BaseUserManager()

    def __str__(self) -> str:
        return f"account:{self.pk}"


class Household(models.Model):
    """People who live as one, in a village or grid; the points of a family stand on its account."""

    place_code = PlaceCodeField(db_index=True)
    number = models.CharField(max_length=20)
    address = models.CharField(max_length=120, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place_code", "number"], name="household_number_once_a_place"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="household_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_code}-{self.number}"

    @property
    def record(self) -> str:
        return f"household:{self.pk}"


class Membership(models.Model):
    """That a person belonged to a household, from a day to a day."""

    class Relation(models.TextChoices):
        HEAD = "head"
        SPOUSE = "spouse"
        CHILD = "child"
        PARENT = "parent"
        GRANDCHILD = "grandchild"
        OTHER = "other"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=10, choices=Relation)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until__isnull=True), name="one_household_at_a_time"),
            models.UniqueConstraint(
                fields=["household"], condition=Q(until__isnull=True, relation="head"), name="one_head_of_household"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="membership_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.household_id}"


class Organisation(models.Model):
    """A village committee, a co-operative, a company, a social organisation."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government"
        COMMITTEE = "committee"
        COOPERATIVE = "cooperative"
        COMPANY = "company"
        SOCIAL = "social"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    credit_code = models.CharField(max_length=18, null=True, blank=True, unique=True)
    place_code = PlaceCodeField(db_index=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """That a person held a role for a place and all below it, from a day to a day, by a decision."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=24)
    place_code = PlaceCodeField(db_index=True)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)
    end_basis = models.CharField(max_length=200, blank=True)
    appointed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="appointed")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "place_code"], condition=Q(until__isnull=True), name="appointed_once"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="appointment_has_a_basis"),
            models.CheckConstraint(condition=~Q(appointed_by=F("person")), name="nobody_appoints_himself"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="appointment_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.place_code}"


class Fact(models.Model):
    """What was held to be so of a person or a household, as of a day; a newer fact corrects, none is overwritten."""

    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="facts")
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.CASCADE, related_name="facts")
    element = models.CharField(max_length=60)
    value = models.JSONField()
    as_of = models.DateField()
    source = models.CharField(max_length=64)
    collected_by = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, household__isnull=False)
                | Q(person__isnull=False, household__isnull=True),
                name="fact_about_one_subject",
            )
        ]
        indexes = [
            models.Index(fields=["person", "element", "-as_of", "-id"], name="fact_of_person"),
            models.Index(fields=["household", "element", "-as_of", "-id"], name="fact_of_household"),
        ]

    def __str__(self) -> str:
        return f"{self.element} {self.as_of}"


class Disclosure(models.Model):
    """That personal data were shown in clear, of one person or of all people of a place; the person may read this."""

    class Purpose(models.TextChoices):
        VISIT = "visit"
        CONTACT = "contact"
        SERVICE = "service"
        CORRECTION = "correction"
        EMERGENCY = "emergency"
        AUDIT = "audit"

    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="disclosures")
    place_code = PlaceCodeField(db_index=True)
    field = models.CharField(max_length=12)
    purpose = models.CharField(max_length=12, choices=Purpose)
    words = models.CharField(max_length=200)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="disclosure_says_what_for")]

    def __str__(self) -> str:
        return f"{self.field} {self.purpose}"


class ImportBatch(models.Model):
    """A list of people that was looked through for a place, and perhaps taken over. Its rows are sealed until then."""

    class State(models.TextChoices):
        PREVIEWED = "previewed"
        TAKEN = "taken"
        REPLACED = "replaced"

    token = models.CharField(max_length=43, unique=True)
    sha256 = models.CharField(max_length=64)
    place_code = PlaceCodeField(db_index=True)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEWED)
    previewed_by = models.CharField(max_length=64)
    previewed_at = models.DateTimeField()
    taken_by = models.CharField(max_length=64, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField()
    rows_sealed = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "place_code"], condition=Q(state="previewed"), name="one_open_preview_of_a_file"
            ),
            models.CheckConstraint(
                condition=Q(~Q(state="taken"), taken_at__isnull=True) | Q(state="taken", taken_at__isnull=False),
                name="batch_taken_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="previewed") | Q(rows_sealed=""), name="batch_keeps_rows_only_while_open"
            ),
        ]
        verbose_name_plural = "import batches"

    def __str__(self) -> str:
        return f"{self.place_code} {self.state}"
