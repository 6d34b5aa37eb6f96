"""Django's entry for the emergencies package."""

from django.apps import AppConfig


class EmergenciesConfig(AppConfig):
    name = "cunzhi.emergencies"
    label = "emergencies"
    default_auto_field = "django.db.models.BigAutoField"
