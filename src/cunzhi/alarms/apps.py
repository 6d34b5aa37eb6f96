"""Django's entry for the alarms package."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    name = "cunzhi.alarms"
    label = "alarms"
    default_auto_field = "django.db.models.BigAutoField"
