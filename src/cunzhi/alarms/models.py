"""When something is dangerous: rules over what sensors see, alarms and who was called, public warnings."""

from django.db import models
from django.db.models import F, Q

from cunzhi.alarms.times import told
from cunzhi.base.fields import PlaceCodeField
from cunzhi.perception.models import Datastream
from cunzhi.registry.models import Person


class Colour(models.TextChoices):
    """Grade of danger, by the emergency response law from four (blue) to one (red)."""

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def rank(self) -> int:
        return list(Colour).index(self)


class Rule(models.Model):
    """From which values on a hazard is alarming, at a place and below, from a day to a day, by which decision."""

    class Kind(models.TextChoices):
        THRESHOLD = "threshold"
        DURATION = "duration"
        RATE = "rate"
        REPETITION = "repetition"
        SEVERAL = "several"
        SILENCE = "silence"

    name = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    title_en = models.CharField(max_length=80)
    place_code = PlaceCodeField(db_index=True)
    hazard = models.CharField(max_length=24)
    observed = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    below = models.BooleanField(default=False)
    limit = models.FloatField(null=True, blank=True)
    calm_limit = models.FloatField(null=True, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    count = models.PositiveIntegerField(default=1)
    colour = models.CharField(max_length=6, choices=Colour)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place_code", "name"], condition=Q(until__isnull=True), name="rule_in_force_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="rule_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(kind="silence") | Q(limit__isnull=False), name="rule_has_a_limit_unless_of_silence"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="rule_counts_from_one"),
            models.CheckConstraint(condition=~Q(basis=""), name="rule_has_a_basis"),
        ]

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"alarmrule:{self.pk}"


class Alarm(models.Model):
    """A danger at one source: raised, notified, acknowledged, handled, cleared. One source and hazard has one open."""

    class Outcome(models.TextChoices):
        OVER = "over"
        REAL = "real"
        FALSE = "false"
        DRILL = "drill"

    source = models.CharField(max_length=64)
    hazard = models.CharField(max_length=24)
    place_code = PlaceCodeField(db_index=True)
    colour = models.CharField(max_length=6, choices=Colour)
    drill = models.BooleanField(default=False)
    rule = models.ForeignKey(Rule, null=True, blank=True, on_delete=models.PROTECT, related_name="alarms")
    datastream = models.ForeignKey(Datastream, null=True, blank=True, on_delete=models.SET_NULL, related_name="alarms")
    value = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=200, blank=True)
    observed_at = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handled_words = models.CharField(max_length=300, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=5, choices=Outcome, blank=True)
    rung = models.CharField(max_length=24, blank=True)
    climb_at = models.DateTimeField(null=True, blank=True)
    calm_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "hazard"], condition=Q(cleared_at__isnull=True), name="alarm_open_once"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, outcome="") | (Q(cleared_at__isnull=False) & ~Q(outcome="")),
                name="alarm_cleared_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(climb_at__isnull=True) | Q(cleared_at__isnull=True, acknowledged_at__isnull=True),
                name="alarm_climbs_only_unanswered",
            ),
        ]
        indexes = [
            models.Index(fields=["climb_at"], condition=Q(climb_at__isnull=False), name="alarm_by_climb"),
            models.Index(fields=["place_code", "raised_at"], name="alarm_by_place"),
        ]

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"alarm:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.cleared_at is None

    @property
    def phase(self) -> str:
        """The furthest that it came on its way."""
        moments = ("cleared_at", "handled_at", "acknowledged_at", "notified_at")
        return next((one.removesuffix("_at") for one in moments if getattr(self, one)), "raised")


class Happening(models.Model):
    """One thing that happened to an alarm, in order."""

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="happenings")
    at = models.DateTimeField()
    what = models.CharField(max_length=16)
    colour = models.CharField(max_length=6, choices=Colour)
    rung = models.CharField(max_length=24, blank=True)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["alarm", "id"], name="happening_of_alarm")]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.what}"


class Call(models.Model):
    """That somebody was called about an alarm. `message` is the number of what was sent, for its delivery.

    A call that was grouped with an earlier one names its message: one storm, one message.
    """

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="calls")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    colour = models.CharField(max_length=6, choices=Colour)
    rung = models.CharField(max_length=24)
    at = models.DateTimeField()
    message = models.BigIntegerField(null=True, blank=True)
    grouped = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alarm", "person", "colour"], name="called_once_a_colour")]
        indexes = [models.Index(fields=["person", "at"], name="call_of_person")]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.rung}"


class Mute(models.Model):
    """That nobody is called for a while: for one source, or for a hazard at a place; with the reason and the end."""

    place_code = PlaceCodeField(db_index=True)
    hazard = models.CharField(max_length=24, blank=True)
    source = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="mute_ends"),
            models.CheckConstraint(condition=~Q(reason=""), name="mute_says_why"),
        ]

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"mute:{self.pk}"


class Looked(models.Model):
    """Up to which word of a datastream the rules have looked. Compared for being the same, never for being later."""

    datastream = models.OneToOneField(Datastream, on_delete=models.CASCADE, related_name="looked")
    heard_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.datastream_id)


class Warned(models.Model):
    """A public warning as a CAP message: ours or received. What it says is kept byte for byte in `xml`.

    `signed_by` is the SHA-256 of the certificate with which its signature was verified, `signer` whose that is.
    """

    class Type(models.TextChoices):
        ALERT = "Alert"
        UPDATE = "Update"
        CANCEL = "Cancel"

    class Status(models.TextChoices):
        ACTUAL = "Actual"
        EXERCISE = "Exercise"

    identifier = models.CharField(max_length=120)
    sender = models.CharField(max_length=120)
    sent = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status)
    kind = models.CharField(max_length=6, choices=Type)
    hazard = models.CharField(max_length=24, blank=True)
    event = models.CharField(max_length=60)
    event_code = models.CharField(max_length=24, blank=True)
    colour = models.CharField(max_length=6, choices=Colour)
    effective = models.DateTimeField()
    expires = models.DateTimeField()
    headline = models.CharField(max_length=200)
    description = models.TextField()
    instruction = models.TextField(blank=True)
    sender_name = models.CharField(max_length=120)
    contact = models.CharField(max_length=120, blank=True)
    received = models.BooleanField(default=False)
    taken_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    xml = models.TextField()
    signed_by = models.CharField(max_length=64, blank=True)
    signer = models.CharField(max_length=200, blank=True)
    alarm = models.ForeignKey(Alarm, null=True, blank=True, on_delete=models.PROTECT, related_name="warnings")
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "identifier"], name="warning_once"),
            models.CheckConstraint(condition=Q(expires__gt=F("effective")), name="warning_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(signed_by="", signer="") | ~Q(signed_by="") & ~Q(signer=""),
                name="warning_signed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["expires"], name="warning_by_end")]

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"warning:{self.pk}"

    @property
    def reference(self) -> str:
        """How another message refers to this one."""
        return f"{self.sender},{self.identifier},{told(self.sent)}"


class KnownSender(models.Model):
    """Whose CAP messages are taken, for which place and below, from a day to a day.

    With a certificate (PEM) only messages that were signed with it are.
    """

    sender = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    place_code = PlaceCodeField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)
    certificate = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "place_code"], condition=Q(until__isnull=True), name="sender_known_once"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="sender_has_a_basis"),
        ]

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"capsender:{self.pk}"


class WarnedPlace(models.Model):
    """Where a warning holds: a place of ours, with the words of the message."""

    warned = models.ForeignKey(Warned, on_delete=models.CASCADE, related_name="places")
    place_code = PlaceCodeField(db_index=True)
    words = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warned", "place_code"], name="warned_place_once")]

    def __str__(self) -> str:
        return self.place_code
