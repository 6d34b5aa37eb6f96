"""What every test stands on: the database that DATABASE_URL names (SQLite by default), emptied between tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from guards import empty_tables
from hypothesis import HealthCheck, settings

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")  # a busy machine is no fault of the code

pytest_plugins = ["left_out", "surroundings"]

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "database_url"}
BROWSER_FIXTURES = {"page", "context", "browser"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by need, so that `-m database` and `-m browser` choose without anybody having to remember a mark."""
    for item in items:
        needs = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or needs & DATABASE_FIXTURES:
            item.add_marker("database")
        if needs & BROWSER_FIXTURES:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """PostgreSQL drops no database while threads and programs of tests still hold connections to it."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What one test left in the cache (village totals, throttles) is no fact of the next."""
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def emptying_between_tests() -> Iterator[None]:
    """Tests that commit are followed by an emptying of all tables, which the triggers would rightly refuse."""
    teardown = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: empty_tables()  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
