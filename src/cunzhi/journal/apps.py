"""Django's entry for the journal package."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "cunzhi.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
