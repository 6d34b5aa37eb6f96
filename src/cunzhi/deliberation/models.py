"""What a village talks over: topics, what is said on them, the roll, the code sheets, and the ballots."""

from django.db import models
from django.db.models import F, Q

from cunzhi.base.fields import PlaceCodeField
from cunzhi.registry.models import Household, Person


class Topic(models.Model):
    """One thing that a village talks over: read, then discussed, then perhaps voted on, then answered."""

    class Ballot(models.TextChoices):
        NONE = "none"
        OPEN = "open"
        SECRET = "secret"  # noqa: S105  a kind of ballot

    class Voice(models.TextChoices):
        """Who has one vote."""

        PERSON = "person"
        HOUSEHOLD = "household"

    class Quorum(models.TextChoices):
        """How much of the roll has to take part."""

        NONE = "none"
        HALF = "half"
        TWO_THIRDS = "two_thirds"

    place_code = PlaceCodeField()
    title = models.CharField(max_length=80)
    text = models.TextField()
    record = models.CharField(max_length=64, blank=True, db_index=True)
    ballot = models.CharField(max_length=6, choices=Ballot)
    voice = models.CharField(max_length=9, choices=Voice, default=Voice.PERSON)
    quorum = models.CharField(max_length=10, choices=Quorum, default=Quorum.HALF)
    least = models.PositiveSmallIntegerField(default=5)
    opened_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="topics")
    opened_at = models.DateTimeField()
    discuss_from = models.DateTimeField()
    discuss_until = models.DateTimeField()
    vote_until = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField()
    roll_at = models.DateTimeField(null=True, blank=True)
    polls_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    key = models.CharField(max_length=80, null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ballot="none", vote_until__isnull=True, roll_at__isnull=True)
                | (~Q(ballot="none") & Q(vote_until__isnull=False)),
                name="topic_votes_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(discuss_until__gt=F("discuss_from"))
                & (Q(vote_until__isnull=True) | Q(vote_until__gt=F("discuss_until"))),
                name="topic_phases_in_order",
            ),
            models.CheckConstraint(
                condition=Q(polls_at__isnull=True) | Q(roll_at__isnull=False), name="topic_polls_after_its_roll"
            ),
            models.CheckConstraint(condition=Q(least__gte=2), name="topic_counts_no_single_ballot"),
        ]
        indexes = [
            models.Index(fields=["place_code", "-opened_at"], name="topic_by_place"),
            models.Index(
                fields=["discuss_until"],
                condition=Q(closed_at__isnull=True) & ~Q(ballot="none"),
                name="topic_to_open_or_close",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """The name under which the journal speaks of it."""
        return f"topic:{self.pk}"


class Option(models.Model):
    """One of the answers that a ballot may give."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="options")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="option_number_once_a_topic"),
            models.UniqueConstraint(fields=["topic", "words"], name="option_words_once_a_topic"),
        ]

    def __str__(self) -> str:
        return self.words


class Contribution(models.Model):
    """What somebody said on a topic: a suggestion, or a remark in the discussion."""

    class Kind(models.TextChoices):
        SUGGESTION = "suggestion"
        REMARK = "remark"

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="contributions")
    kind = models.CharField(max_length=10, choices=Kind)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contributions")
    helper = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="written_down")
    consent = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    at = models.DateTimeField()
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    key = models.CharField(max_length=80, null=True, blank=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["topic", "kind", "at"], name="contribution_by_topic")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"


class Support(models.Model):
    """That somebody supports a suggestion. It is counted for the suggestion, never for a person."""

    suggestion = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="supports")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supports")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["suggestion", "person"], name="supported_once")]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.suggestion_id}"


class Hiding(models.Model):
    """That a text is not shown, for a reason that is; its author may appeal to the township."""

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="hidings")
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="hidings")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    appeal = models.CharField(max_length=400, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="judged")
    decision = models.CharField(max_length=200, blank=True)
    lifted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution"], condition=Q(lifted=False), name="hidden_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="hidden_for_a_reason"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | ~Q(decision=""), name="hiding_decided_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}: {self.reason}"


class Voter(models.Model):
    """One line of the roll: a person, or a household, that has one vote. `struck` lines stay and do not count."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="voters")
    number = models.PositiveIntegerField()
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="on_rolls")
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="on_rolls")
    sheet_at = models.DateTimeField(null=True, blank=True)
    sheet_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="sheets_given")
    struck_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="voter_number_once"),
            models.UniqueConstraint(fields=["topic", "person"], name="person_on_a_roll_once"),
            models.UniqueConstraint(fields=["topic", "household"], name="household_on_a_roll_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, household__isnull=True)
                | Q(person__isnull=True, household__isnull=False),
                name="voter_is_a_person_or_a_household",
            ),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True) | Q(sheet_at__isnull=True), name="voter_with_a_sheet_stays"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}-{self.number}"


class Objection(models.Model):
    """That somebody is missing on the roll, or does not belong there; answered with a reason."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="objections")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="objections")
    against = models.ForeignKey(Voter, null=True, blank=True, on_delete=models.PROTECT, related_name="objections")
    words = models.CharField(max_length=200)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="settled")
    upheld = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | ~Q(reason=""), name="objection_decided_with_a_reason"
            ),
            models.UniqueConstraint(
                fields=["topic", "by"],
                condition=Q(decided_at__isnull=True, against__isnull=True),
                name="one_open_objection_each",
            ),
        ]

    def __str__(self) -> str:
        return f"objection:{self.pk}"


class Sheet(models.Model):
    """A printed code, known only by its keyed hash until somebody votes with it; nothing says who holds it."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="sheets")
    batch = models.PositiveSmallIntegerField()
    hashed = models.CharField(max_length=64)
    sealed = models.TextField(blank=True)
    code = models.CharField(max_length=16, blank=True)
    void = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "hashed"], name="code_once_a_topic"),
            models.CheckConstraint(condition=Q(void=False) | Q(sealed="", code=""), name="void_sheet_never_voted"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}-{self.batch}"


class Ballot(models.Model):
    """One ballot as it was cast, never changed. Of one voter's or one code's ballots the last `turn` counts."""

    class Way(models.TextChoices):
        WEB = "web"
        PAPER = "paper"
        PHONE = "phone"
        ASSISTED = "assisted"

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="ballots")
    voter = models.ForeignKey(Voter, null=True, blank=True, on_delete=models.PROTECT, related_name="ballots")
    sheet = models.ForeignKey(Sheet, null=True, blank=True, on_delete=models.PROTECT, related_name="ballots")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="ballots")
    turn = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=Way)
    salt = models.CharField(max_length=32)
    hashed = models.CharField(max_length=64, unique=True)
    clerk = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="ballots_entered")
    witness = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="ballots_seen")
    consent = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voter", "turn"], name="one_ballot_a_voter_and_turn"),
            models.UniqueConstraint(fields=["sheet", "turn"], name="one_ballot_a_code_and_turn"),
            models.CheckConstraint(
                condition=Q(voter__isnull=False, sheet__isnull=True) | Q(voter__isnull=True, sheet__isnull=False),
                name="ballot_of_a_voter_or_a_code",
            ),
            models.CheckConstraint(
                condition=~Q(way__in=("paper", "phone")) | Q(clerk__isnull=False, witness__isnull=False),
                name="entered_ballot_has_a_witness",
            ),
            models.CheckConstraint(
                condition=Q(witness__isnull=True) | ~Q(witness=F("clerk")), name="clerk_is_not_the_witness"
            ),
            models.CheckConstraint(
                condition=~Q(way="assisted") | (Q(clerk__isnull=False) & ~Q(consent="")),
                name="assisted_ballot_has_consent",
            ),
        ]
        indexes = [models.Index(fields=["topic", "id"], name="ballot_by_topic")]

    def __str__(self) -> str:
        return f"ballot:{self.pk}"
