"""Connections to PostgreSQL: collected only where the tests run on it."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from cunzhi.base import clock
from cunzhi.registry.access import HELD

PLANNED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"


def asked_plainly() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def asked_prepared() -> None:
    assert HELD.run(person=1, day=clock.today()) == []


def end_it_on_the_server() -> None:
    given: dict[str, Any] = connection.settings_dict
    server = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    assert connection.connection is not None
    process = connection.connection.info.backend_pid
    with psycopg.connect(dbname=given["NAME"], autocommit=True, **server) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [process])


if settings.DATABASES["default"]["ENGINE"] == "cunzhi.config.postgresql":

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("ask", [asked_plainly, asked_prepared])
    def test_connection_that_the_server_ended_is_replaced_at_the_next_request(ask: Callable[[], None]) -> None:
        ask()
        end_it_on_the_server()
        connection.close_if_unusable_or_obsolete()  # what Django does when a request begins
        ask()

    @pytest.mark.django_db
    def test_query_that_comes_again_is_planned_once() -> None:
        for _ in range(5):
            asked_prepared()
        with connection.cursor() as cursor:
            cursor.execute(PLANNED, ["%registry_appointment%"])
            assert cursor.fetchone() == (1,)
