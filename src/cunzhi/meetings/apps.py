"""Django's entry for the meetings package."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "cunzhi.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"
