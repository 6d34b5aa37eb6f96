"""Writes tests/api/openapi.json, the description that changes of the interface are compared with."""

import os
import sys
from pathlib import Path

import django

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ["DJANGO_SETTINGS_MODULE"] = "installation"
    django.setup()

    from api.test_api_reference import SNAPSHOT, described

    SNAPSHOT.write_text(described(), encoding="utf-8")
