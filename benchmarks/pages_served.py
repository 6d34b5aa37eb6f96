"""The platform as granian runs it, with an empty page beside its own."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunzhi.config.settings")

import django
from django.conf import settings

settings.ROOT_URLCONF = "pages_urls"
django.setup()

from cunzhi.config.rsgi import application  # noqa: E402

__all__ = ["application"]
