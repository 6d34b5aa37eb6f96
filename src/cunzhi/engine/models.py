"""What the scenario mechanism keeps: versions of scenarios, where they are on, cases, steps, files, messages."""

from django.db import models
from django.db.models import F, Q

from cunzhi.base.fields import PlaceCodeField
from cunzhi.deliberation.models import Topic
from cunzhi.registry.models import Household, Person


class ScenarioVersion(models.Model):
    """A scenario's folder as it was when the first case was opened on it; running cases stay on it."""

    slug = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    files = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="scenario_version_once")]

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"


class Activation(models.Model):
    """That a scenario is on for a place and all below it, by the decision of a meeting, with local numbers."""

    scenario = models.CharField(max_length=40)
    place_code = PlaceCodeField(db_index=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)
    parameters = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "place_code"], condition=Q(until__isnull=True), name="activated_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="activation_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario} {self.place_code}"


class Case(models.Model):
    """A matter on its way through a workflow. `version` rises with each step: two people cannot both decide."""

    number = models.CharField(max_length=16, unique=True)
    scenario = models.CharField(max_length=40)
    workflow = models.CharField(max_length=40)
    scenario_version = models.ForeignKey(ScenarioVersion, on_delete=models.PROTECT)
    activation = models.ForeignKey(Activation, on_delete=models.PROTECT)
    state = models.CharField(max_length=40)
    outcome = models.CharField(max_length=20, blank=True)
    place_code = PlaceCodeField()
    subject = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="matters")
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="matters")
    opener = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="opened")
    assignee = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    answers = models.JSONField(default=dict)
    waits_for = models.CharField(max_length=24, blank=True)
    climbed_to = models.CharField(max_length=24, blank=True)
    opened_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    climb_at = models.DateTimeField(null=True, blank=True)
    timer_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=80, null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(waits_for="", due_at=None, climb_at=None, timer_at=None),
                name="closed_case_waits_for_nobody",
            )
        ]
        indexes = [
            models.Index(
                fields=["waits_for", "place_code", "due_at"], condition=Q(closed_at__isnull=True), name="case_inbox"
            ),
            models.Index(fields=["climbed_to"], condition=~Q(climbed_to=""), name="case_climbed"),
            models.Index(fields=["climb_at"], condition=Q(climb_at__isnull=False), name="case_by_climb"),
            models.Index(fields=["timer_at"], condition=Q(timer_at__isnull=False), name="case_by_timer"),
            models.Index(
                fields=["scenario", "closed_at"],
                condition=Q(closed_at__isnull=False, erased_at__isnull=True),
                name="case_to_erase",
            ),
            models.Index(fields=["place_code", "opened_at"], name="case_by_place"),
            models.Index(fields=["scenario", "place_code", "opened_at"], name="case_by_scenario"),
            models.Index(fields=["scenario", "opened_at"], name="case_by_opening"),
            models.Index(fields=["scenario", "closed_at"], name="case_by_closing"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def record(self) -> str:
        return f"case:{self.pk}"


class Step(models.Model):
    """One step of a case: who moved it, from where to where, with which answers and for which reason."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    actor = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="steps")
    on_behalf_of = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="helped")
    consent = models.CharField(max_length=120, blank=True)
    transition = models.CharField(max_length=40)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    late = models.BooleanField(default=False)
    why = models.JSONField(default=list)
    key = models.CharField(max_length=80, null=True, blank=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["actor", "at"], name="step_by_actor"),
            models.Index(fields=["at"], name="step_by_time"),
            models.Index(fields=["case"], condition=Q(late=True), name="step_late"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.transition}"


class Attachment(models.Model):
    """A picture or file that came with a case. Pictures are cleaned of their hidden data, and what the machine compares
    stands beside them; a file is kept byte by byte, under the name that its sender gave it."""

    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    field = models.CharField(max_length=40)
    uploaded_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="uploads")
    uploaded_at = models.DateTimeField()
    place_code = PlaceCodeField(db_index=True)
    file = models.CharField(max_length=120)
    name = models.CharField(max_length=120, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    phash = models.CharField(max_length=16, blank=True, db_index=True)
    phash_mirror = models.CharField(max_length=16, blank=True)
    blur = models.FloatField(default=0)

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def kind(self) -> str:
        """jpg, pdf or xlsx: how it is kept."""
        return self.file.rpartition(".")[2]

    @property
    def is_picture(self) -> bool:
        return self.phash != ""


class MachineAnswer(models.Model):
    """What a machine said when it was asked. It grants nothing and refuses nothing; a person reads it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="machine_answers")
    at = models.DateTimeField()
    port = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    verdict = models.CharField(max_length=10)
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.code}: {self.verdict}"


class Message(models.Model):
    """Words for a person, in the app and, when a sender is set, on the phone."""

    to = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="messages")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.CASCADE, related_name="messages")
    notice = models.ForeignKey("Notice", null=True, blank=True, on_delete=models.CASCADE, related_name="messages")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="messages")
    key = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    send_after = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["to", "-at"], name="message_by_person"),
            models.Index(fields=["send_after"], condition=Q(send_after__isnull=False), name="message_to_send"),
        ]

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """What a village is told of a case, with names masked, from a day to a day.

    One with a `title` has a page of its own: its text, files and `statement` as they were made public, and the hash by
    which everybody finds it in the journal. Nothing of it changes; a correction is another one that names it.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notices")
    place_code = PlaceCodeField(db_index=True)
    key = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    column = models.CharField(max_length=40, blank=True)
    period = models.CharField(max_length=8, blank=True)
    late = models.BooleanField(default=False)
    statement = models.JSONField(null=True, blank=True)
    public_hash = models.CharField(max_length=64, blank=True)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="corrected_by")
    about = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers")

    class Meta:
        indexes = [
            models.Index(fields=["place_code", "-at"], name="notice_by_place"),
            models.Index(fields=["place_code", "column", "period"], condition=~Q(column=""), name="notice_by_column"),
        ]

    def __str__(self) -> str:
        return self.title or self.key

    @property
    def record(self) -> str:
        return f"notice:{self.pk}"


class NoticeFile(models.Model):
    """A file that anybody may open beside a notice; `line` is the booking whose voucher it is. `sha256` is of the bytes
    that are shown, so that whoever saved them can verify them."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="shown")
    line = models.BigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.attachment_id}"
