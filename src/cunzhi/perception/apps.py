"""Django's entry for the perception package."""

from django.apps import AppConfig


class PerceptionConfig(AppConfig):
    name = "cunzhi.perception"
    label = "perception"
    default_auto_field = "django.db.models.BigAutoField"
