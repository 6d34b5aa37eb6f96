"""The function that books an entry on PostgreSQL; SQLite books statement by statement."""

from typing import Any

from django.db import migrations

from cunzhi.ledger.book_by_function import FUNCTION


def make_function(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTION, params=None)


def drop_function(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION ledger_book_entry", params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only"), ("journal", "0001_first")]
    operations = [migrations.RunPython(make_function, drop_function)]
