"""The database refuses to change or remove what was booked, and to change the accounts it was booked on."""

from django.db import migrations

from cunzhi.journal.append_only import append_only

TABLES = ("ledger_account", "ledger_entry", "ledger_posting", "ledger_closing", "ledger_stockcount")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_first")]
    operations = [append_only(table) for table in TABLES]
