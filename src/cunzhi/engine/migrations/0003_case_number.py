"""The counter of case numbers: a sequence on PostgreSQL, a one-row table on SQLite."""

from typing import Any

from django.db import migrations


def forward(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("CREATE SEQUENCE engine_case_number", params=None)
        return
    editor.execute("CREATE TABLE engine_case_number (value integer NOT NULL)", params=None)
    editor.execute("INSERT INTO engine_case_number (value) VALUES (0)", params=None)


def back(apps: Any, editor: Any) -> None:
    kind = "SEQUENCE" if editor.connection.vendor == "postgresql" else "TABLE"
    editor.execute(f"DROP {kind} engine_case_number", params=None)


class Migration(migrations.Migration):
    dependencies = [("engine", "0002_append_only")]
    operations = [migrations.RunPython(forward, back)]
