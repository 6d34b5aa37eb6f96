"""The hash of what is public. A plain ALTER: Django would remake the table on SQLite, and the guards would be gone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE journal_entry ADD COLUMN public_hash varchar(64) DEFAULT '' NOT NULL",
            "ALTER TABLE journal_entry DROP COLUMN public_hash",
            state_operations=[
                migrations.AddField(
                    model_name="entry",
                    name="public_hash",
                    field=models.CharField(blank=True, default="", max_length=64),
                    preserve_default=False,
                )
            ],
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=~models.Q(public_hash=""), fields=["public_hash", "id"], name="journal_by_public"
            ),
        ),
    ]
