"""The append-only triggers, taken away and put back: to empty a test database, and as who owns one could."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from cunzhi.cli.doctor.database import guarded
from cunzhi.journal.append_only import guarded_tables, statements


@contextmanager
def unguarded() -> Iterator[None]:
    """The append-only triggers are away meanwhile."""
    _drop_guards()
    try:
        yield
    finally:
        _raise_guards()


def _drop_guards() -> None:
    with connection.cursor() as cursor:
        for table, events in guarded_tables().items():
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            for event in (*events, "TRUNCATE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event.lower()}{on_table}")


def _raise_guards() -> None:
    with connection.cursor() as cursor:
        for table, events in guarded_tables().items():
            for statement in statements(connection.vendor, table, events=events):
                cursor.execute(statement)


BELONG = {"django_migrations", "django_content_type", "auth_permission"}
"""What Django writes when it makes the tables. Its own `flush` makes that anew, which takes longer than most tests."""


def empty_tables() -> None:
    """Delete all rows that tests committed; a test that left a table without its triggers is told so."""
    missing = [finding for finding in guarded() if finding.level != "good"]
    with _triggers_passed_by(), transaction.atomic(), connection.cursor() as cursor:
        for table in _filled(cursor):
            cursor.execute(f"DELETE FROM {table}")
    assert not missing, missing


@contextmanager
def _triggers_passed_by() -> Iterator[None]:
    """A superuser of PostgreSQL passes triggers by, which is quicker than making them anew."""
    if connection.vendor != "postgresql" or not _is_superuser():
        with unguarded():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("RESET session_replication_role")


def _filled(cursor: Any) -> list[str]:
    """The tables that hold rows; values of sensors first, for their datastreams may not go before them."""
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - BELONG
    cursor.execute(" UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {one})" for one in sorted(names)))
    return sorted((name for (name,) in cursor.fetchall()), key=lambda name: name != "perception_observation")


def _is_superuser() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        return bool(cursor.fetchone()[0] == "on")
