"""Tokens: how a program comes in through the API, in the name of a person and with no more rights than theirs."""

from django.db import models
from django.db.models import F, Q

from cunzhi.registry.models import Person


class ApiToken(models.Model):
    """That a program may act for a person until a day, within some verbs. Of the secret only a hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=60)
    secret_hash = models.CharField(max_length=64, unique=True)
    verbs = models.JSONField(default=list)
    since = models.DateTimeField()
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="token_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(name=""), name="token_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.record

    @property
    def record(self) -> str:
        return f"token:{self.pk}"
