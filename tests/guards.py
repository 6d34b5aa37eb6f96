"""The append-only triggers, taken away and put back: to empty a test database, and as who owns one could."""

from django.db import connection

from cunzhi.journal.append_only import guarded_tables, statements


def drop_guards() -> None:
    """Take the append-only triggers away, so that a test database can be emptied between tests."""
    with connection.cursor() as cursor:
        for table, events in guarded_tables().items():
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            for event in (*events, "TRUNCATE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event.lower()}{on_table}")


def raise_guards() -> None:
    with connection.cursor() as cursor:
        for table, events in guarded_tables().items():
            for statement in statements(connection.vendor, table, events=events):
                cursor.execute(statement)
