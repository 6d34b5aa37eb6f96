"""A leaf is found by what was public, even if the row of its entry was changed since. A plain ALTER, as in 0003."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0005_log_append_only")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE journal_leaf ADD COLUMN public_hash varchar(64) DEFAULT '' NOT NULL",
            "ALTER TABLE journal_leaf DROP COLUMN public_hash",
            state_operations=[
                migrations.AddField(
                    model_name="leaf",
                    name="public_hash",
                    field=models.CharField(blank=True, default="", max_length=64),
                    preserve_default=False,
                )
            ],
        ),
        migrations.AddIndex(
            model_name="leaf",
            index=models.Index(
                condition=~models.Q(public_hash=""), fields=["public_hash", "id"], name="journal_leaf_by_public"
            ),
        ),
    ]
