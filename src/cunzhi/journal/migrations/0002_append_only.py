"""The database refuses to change or remove what was noted."""

from django.db import migrations

from cunzhi.journal.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_first")]
    operations = [append_only("journal_entry")]
