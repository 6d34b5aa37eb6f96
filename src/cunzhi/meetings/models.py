"""Meetings of a matter: who was due, who came, and what was counted. No vote has a name here."""

from django.db import models
from django.db.models import F, Q

from cunzhi.base.fields import PlaceCodeField
from cunzhi.registry.models import Household, Person


class Meeting(models.Model):
    """A meeting of one body on one record, called for a day. What it counted stands here once it is concluded; the
    roll itself is erased with the matter, and these numbers stay."""

    class Body(models.TextChoices):
        BRANCH = "branch"
        COMMITTEES = "committees"
        MEMBERS = "members"
        ASSEMBLY = "assembly"
        HOUSEHOLDS = "households"
        REPRESENTATIVES = "representatives"

    for_record = models.CharField(max_length=64)
    body = models.CharField(max_length=16, choices=Body)
    place_code = PlaceCodeField(db_index=True)
    held_on = models.DateField()
    hour = models.CharField(max_length=20)
    venue = models.CharField(max_length=80)
    called_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True, blank=True)
    called_off = models.BooleanField(default=False)
    due = models.PositiveIntegerField(null=True, blank=True)
    present = models.PositiveIntegerField(null=True, blank=True)
    agreed = models.PositiveIntegerField(null=True, blank=True)
    against = models.PositiveIntegerField(null=True, blank=True)
    abstained = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["for_record"], condition=Q(concluded_at__isnull=True), name="one_open_meeting_of_a_record"
            ),
            models.CheckConstraint(
                condition=Q(concluded_at__isnull=True, due__isnull=True, present__isnull=True, agreed__isnull=True)
                | Q(concluded_at__isnull=False, due__isnull=False, present__lte=F("due")),
                name="meeting_concluded_with_its_roll",
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, against__isnull=True, abstained__isnull=True)
                | Q(present=F("agreed") + F("against") + F("abstained")),
                name="meeting_counts_who_is_present",
            ),
            models.CheckConstraint(
                condition=Q(called_off=False) | Q(present=0, agreed__isnull=True),
                name="nobody_came_to_what_was_called_off",
            ),
        ]
        indexes = [
            models.Index(fields=["for_record"], name="meeting_by_record"),
            models.Index(fields=["held_on"], name="meeting_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.held_on}"

    @property
    def record(self) -> str:
        return f"meeting:{self.pk}"


class Seat(models.Model):
    """That somebody was due at a meeting and, if so, when and how it was noted that they came."""

    class How(models.TextChoices):
        CODE = "code"
        CLERK = "clerk"
        PAPER = "paper"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="seats")
    came_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=8, choices=How, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_seat_at_a_meeting"),
            models.UniqueConstraint(
                fields=["meeting", "household"], condition=Q(household__isnull=False), name="one_seat_of_a_household"
            ),
            models.CheckConstraint(
                condition=Q(came_at__isnull=True, how="") | Q(Q(came_at__isnull=False), ~Q(how="")),
                name="seat_says_how_it_was_noted",
            ),
        ]

    def __str__(self) -> str:
        return f"seat:{self.pk}"
