"""The database refuses to overwrite a fact; erasing a person's facts stays possible, for that is their right."""

from django.db import migrations

from cunzhi.journal.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_first")]
    operations = [append_only("registry_fact", may_erase=True)]
