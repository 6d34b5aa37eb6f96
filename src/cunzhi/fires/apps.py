"""Django's entry for the fires package."""

from django.apps import AppConfig


class FiresConfig(AppConfig):
    name = "cunzhi.fires"
    label = "fires"
    default_auto_field = "django.db.models.BigAutoField"
