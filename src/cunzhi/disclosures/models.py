"""Who wants to hear of what a village makes public, and how often it was read; never who read it."""

from django.db import models

from cunzhi.base.fields import PlaceCodeField
from cunzhi.registry.models import Person


class Subscription(models.Model):
    """That a person is told when a place makes something public."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="subscriptions")
    place_code = PlaceCodeField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place_code", "person"], name="subscribed_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.place_code}"


class Views(models.Model):
    """How many devices opened a record on a day."""

    record = models.CharField(max_length=64)
    place_code = PlaceCodeField()
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "day"], name="views_once_a_day")]
        indexes = [models.Index(fields=["place_code", "day"], name="views_by_place")]
        verbose_name_plural = "views"

    def __str__(self) -> str:
        return f"{self.record} {self.day}: {self.count}"


class DayKey(models.Model):
    """The random key of one day's marks. When the day is over it is destroyed, and with it all that they could tell."""

    day = models.DateField(unique=True)
    key = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.day)


class Mark(models.Model):
    """That some device opened some record today: a keyed hash of both, gone when the day is over."""

    day = models.DateField(db_index=True)
    mark = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.day} {self.mark[:8]}"
