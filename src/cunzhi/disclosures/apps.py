"""Django's entry for the disclosures package."""

from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    name = "cunzhi.disclosures"
    label = "disclosures"
    default_auto_field = "django.db.models.BigAutoField"
