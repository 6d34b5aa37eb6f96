"""The function that books takes the hash of what is public along into the journal."""

from typing import Any

from django.db import migrations

from cunzhi.ledger.book_by_function import FUNCTION


def make_again(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION ledger_book_entry", params=None)
        editor.execute(FUNCTION, params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_by_time"), ("journal", "0003_public_hash")]
    operations = [migrations.RunPython(make_again, migrations.RunPython.noop)]
