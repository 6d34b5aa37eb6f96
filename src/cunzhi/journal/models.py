"""The tamper-evident log of what was done: ids and hashes, no personal data, no update, no delete."""

from django.db import models

from cunzhi.base.fields import PlaceCodeField


class Entry(models.Model):
    """One act. A later sequencer gives it its leaf in the Merkle tree; nothing here ever changes for that."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    on_behalf_of = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=8)
    verb = models.CharField(max_length=64)
    record = models.CharField(max_length=64)
    place_code = PlaceCodeField()
    detail = models.JSONField(default=dict)
    private_hash = models.CharField(max_length=64, blank=True)
    public_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["record", "id"], name="journal_by_record"),
            models.Index(fields=["at"], name="journal_by_time"),
            models.Index(fields=["place_code", "id"], name="journal_by_place"),
            models.Index(fields=["public_hash", "id"], name="journal_by_public", condition=~models.Q(public_hash="")),
        ]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.id} {self.verb} {self.record}"
