"""On PostgreSQL the links of a value are checked once a statement, not once a row.

A foreign key asks for the datastream and for the feature of every single row: more than half of what a thousand values
cost the database. What is checked here is the same: no value without its datastream and feature, under concurrent
deletion too, for both are held as a foreign key holds them. SQLite keeps its foreign keys.
"""

from typing import Any

from django.db import migrations

TABLE = "perception_observation"
LINKS = {"datastream_id": "perception_datastream", "feature_id": "perception_featureofinterest"}
HELD = """
CREATE FUNCTION cunzhi_observation_linked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM perception_datastream WHERE id IN (SELECT datastream_id FROM added)
            FOR KEY SHARE) held) < (SELECT count(DISTINCT datastream_id) FROM added) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a value has no datastream';
    END IF;
    IF (SELECT count(*) FROM (SELECT FROM perception_featureofinterest WHERE id IN (SELECT feature_id FROM added)
            FOR KEY SHARE) held) < (SELECT count(DISTINCT feature_id) FROM added) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a value is about a feature of interest that there is not';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER observation_linked_new AFTER INSERT ON perception_observation
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION cunzhi_observation_linked();
CREATE TRIGGER observation_linked_changed AFTER UPDATE ON perception_observation
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION cunzhi_observation_linked()
"""
KEPT = """
CREATE FUNCTION cunzhi_{table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM perception_observation o JOIN gone ON o.{column} = gone.id) THEN
        RAISE foreign_key_violation USING MESSAGE = '{table} is not let go while it has values';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_kept_gone AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION cunzhi_{table}_kept()
"""
KEYS = """
SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'perception_observation'::regclass
"""


def by_statement(apps: Any, editor: Any) -> None:
    if editor.connection.vendor != "postgresql":
        return
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with editor.connection.cursor() as cursor:
        cursor.execute(KEYS)
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        editor.execute(f'ALTER TABLE {TABLE} DROP CONSTRAINT "{name}"')
    editor.execute(HELD, params=None)
    for column, table in LINKS.items():
        editor.execute(KEPT.format(table=table, column=column), params=None)


class Migration(migrations.Migration):
    dependencies = [("perception", "0003_limits_and_stills")]

    operations = [migrations.RunPython(by_statement, migrations.RunPython.noop)]
