"""The database refuses to rewrite a step; erasing a case after its days are over stays possible."""

from django.db import migrations

from cunzhi.journal.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("engine", "0001_first")]
    operations = [append_only("engine_step", may_erase=True), append_only("engine_machineanswer", may_erase=True)]
