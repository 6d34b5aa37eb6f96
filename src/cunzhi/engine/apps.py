"""Django's entry for the engine package."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    name = "cunzhi.engine"
    label = "engine"
    default_auto_field = "django.db.models.BigAutoField"
