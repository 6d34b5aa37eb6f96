"""The database refuses to change or remove a ballot that was cast."""

from django.db import migrations

from cunzhi.journal.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("deliberation", "0001_first")]
    operations = [append_only("deliberation_ballot")]
