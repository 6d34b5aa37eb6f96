"""Django's entry for the registry package."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "cunzhi.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
