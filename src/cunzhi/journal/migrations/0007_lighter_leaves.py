"""Leaves keep what the tree needs; by what an open one is found stands in a table of its own, made of the leaves.

Its number is given, its version is counted, and its entry was read a moment ago and can never go: the database refuses
that. SQLite's table is made anew by hand, for Django would make it without its guards.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from cunzhi.journal.append_only import append_only, statements

PICKED = {"sqlite": "json_extract(content, '$.{}')", "postgresql": "content::json ->> '{}'"}
FILL = """
INSERT INTO journal_openleaf (id, record, version, public_hash)
SELECT id, {record}, CAST({version} AS integer), coalesce({public}, '') FROM journal_leaf
WHERE content LIKE '%"record":%' ORDER BY id
"""
ON_SQLITE = [
    """
    CREATE TABLE journal_leaf_lighter (
        id integer NOT NULL PRIMARY KEY, entry_id bigint NOT NULL UNIQUE, content text NOT NULL
    )
    """,
    "INSERT INTO journal_leaf_lighter (id, entry_id, content) SELECT id, entry_id, content FROM journal_leaf ORDER BY id",
    "DROP TABLE journal_leaf",
    "ALTER TABLE journal_leaf_lighter RENAME TO journal_leaf",
    *statements("sqlite", "journal_leaf", events=("UPDATE", "DELETE")),
]
# With a column go its indexes and its checks.
ON_POSTGRESQL = "ALTER TABLE journal_leaf DROP COLUMN record, DROP COLUMN version, DROP COLUMN public_hash"
FOREIGN_KEY = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'journal_leaf'::regclass"


def fill(apps: Any, editor: Any) -> None:
    picked = {name: PICKED[editor.connection.vendor].format(name) for name in ("record", "version", "public")}
    editor.execute(FILL.format(**picked), params=None)


def lighten(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        for statement in ON_SQLITE:
            editor.execute(statement, params=None)
        return
    with editor.connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEY)
        (name,) = cursor.fetchone()
    editor.execute(f'{ON_POSTGRESQL}, DROP CONSTRAINT "{name}"')


class Migration(migrations.Migration):
    dependencies = [("journal", "0006_leaf_public_hash")]
    operations = [
        migrations.CreateModel(
            name="OpenLeaf",
            fields=[
                (
                    "leaf",
                    models.OneToOneField(
                        db_column="id",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="open",
                        serialize=False,
                        to="journal.leaf",
                    ),
                ),
                ("record", models.CharField(max_length=64)),
                ("version", models.IntegerField()),
                ("public_hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name_plural": "open leaves",
                "constraints": [models.UniqueConstraint(fields=("record", "version"), name="journal_open_version")],
                "indexes": [
                    models.Index(
                        condition=~models.Q(public_hash=""),
                        fields=["public_hash", "leaf"],
                        name="journal_open_by_public",
                    )
                ],
            },
        ),
        migrations.RunPython(fill),
        append_only("journal_openleaf"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(lighten)],
            state_operations=[
                migrations.RemoveConstraint(model_name="leaf", name="journal_leaf_version"),
                migrations.RemoveIndex(model_name="leaf", name="journal_leaf_by_public"),
                migrations.RemoveField(model_name="leaf", name="record"),
                migrations.RemoveField(model_name="leaf", name="version"),
                migrations.RemoveField(model_name="leaf", name="public_hash"),
                migrations.AlterField(
                    model_name="leaf",
                    name="entry",
                    field=models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaf",
                        to="journal.entry",
                    ),
                ),
            ],
        ),
    ]
