"""Makes the database itself refuse to change rows: a migration step for SQLite and PostgreSQL."""

from functools import cache
from typing import Any

from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader

FUNCTION = """
CREATE OR REPLACE FUNCTION cunzhi_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
END $$
"""


def statements(vendor: str, table: str, *, events: tuple[str, ...]) -> list[str]:
    """The SQL that refuses `events` (UPDATE, DELETE) on `table`."""
    if vendor == "postgresql":
        shared = [FUNCTION]
        for event in events:
            shared.append(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION cunzhi_refuse_change()"
            )
        if "DELETE" in events:
            shared.append(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION cunzhi_refuse_change()"
            )
        return shared
    return [
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: {event} refused'); END"
        for event in events
    ]


class AppendOnly(RunPython):
    """The step itself; it keeps what it guards, for those who must know the guards: the doctor and the tests."""

    def __init__(self, table: str, events: tuple[str, ...]) -> None:
        self.table, self.events = table, events
        super().__init__(self.guard, RunPython.noop)

    def guard(self, apps: Any, editor: Any) -> None:
        for statement in statements(editor.connection.vendor, self.table, events=self.events):
            editor.execute(statement, params=None)


def append_only(table: str, *, may_erase: bool = False) -> AppendOnly:
    """Refuse UPDATE on `table`, and DELETE too unless its rows hold personal data that must be erasable."""
    return AppendOnly(table, ("UPDATE",) if may_erase else ("UPDATE", "DELETE"))


@cache
def guarded_tables() -> dict[str, tuple[str, ...]]:
    """Every table that some migration guards, with what is refused on it."""
    steps = [step for migration in MigrationLoader(None).disk_migrations.values() for step in migration.operations]
    return {step.table: step.events for step in steps if isinstance(step, AppendOnly)}
