"""Django's entry for the deliberation package."""

from django.apps import AppConfig


class DeliberationConfig(AppConfig):
    name = "cunzhi.deliberation"
    label = "deliberation"
    default_auto_field = "django.db.models.BigAutoField"
