"""The database refuses to change or remove what the log consists of."""

from django.db import migrations

from cunzhi.journal.append_only import append_only

TABLES = ("leaf", "tile", "log", "signedhead", "cosignature", "witnessed")


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_log_tables")]
    operations = [append_only(f"journal_{table}") for table in TABLES]
