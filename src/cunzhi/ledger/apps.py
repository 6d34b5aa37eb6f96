"""Django's entry for the ledger package."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "cunzhi.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
