"""Django's entry for the api package."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "cunzhi.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
