"""Sign-ins that are open, and one-time codes that were sent."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from cunzhi.registry.models import Account


class Session(AbstractBaseSession):
    """An open session, with whose it is, so that a person can see and end their own."""

    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore


class SignInCode(models.Model):
    """A code that was sent to a phone. The row is written for unknown phones too, so that limits tell nothing."""

    phone_blind = models.CharField(max_length=64)
    address_blind = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["phone_blind", "-sent_at"], name="code_by_phone"),
            models.Index(fields=["address_blind", "-sent_at"], name="code_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.phone_blind[:8]} {self.sent_at:%Y-%m-%d %H:%M}"
