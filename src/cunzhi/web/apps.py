"""Django's entry for the web package."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "cunzhi.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
