"""The database refuses to rewrite who arrived; erasing names after the matter's days are over stays possible."""

from django.db import migrations

from cunzhi.journal.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("emergencies", "0001_first")]
    operations = [
        append_only("emergencies_arrival", may_erase=True), append_only("emergencies_knocked", may_erase=True),
    ]
