"""Schemathesis attacks every operation by its own description, with all of a cadre's rights and with none.

Not asked of it: `positive_data_acceptance`, for rules refuse with 422 what no schema can say (a case number that is
nobody's, a cursor of nowhere, a period that ends before it begins).
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from api.counties import HERE, Program, make_case, make_person
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from cunzhi.api import throttle
from cunzhi.api.v1 import api
from cunzhi.config.wsgi import application

PATHS = api.get_openapi_schema()["paths"]
OPERATIONS = sorted(f"{method.upper()} {path}" for path, methods in PATHS.items() for method in methods)
NO_LIMITS = throttle.Limits(caller=10**9, address=10**9, failed=10**9)
EXAMPLES = 12
PLAIN = {"Accept-Encoding": "identity"}
"""Schemathesis reads no compressed answers of a WSGI application."""
quick = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The application runs inside the test's own transaction, as Django's test client has it, and counts nobody."""
    monkeypatch.setattr(throttle, "LIMITS", NO_LIMITS)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def description() -> Any:
    """Read once, as the application itself serves it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def attack(operation: str, mode: GenerationMode, headers: dict[str, str], leaving_out: list[str]) -> None:
    load_all_checks()
    excluded = [check for check in CHECKS.get_all() if check.__name__ in leaving_out]
    assert len(excluded) == len(leaving_out)
    method, path = operation.split()

    @quick
    @given(case=description()[path][method].as_strategy(generation_mode=mode))
    def attacked(case: Case) -> None:
        case.call_and_validate(headers={**PLAIN, **headers}, excluded_checks=excluded)

    attacked()


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation_withstands_an_attack(counties: None, operation: str, mode: GenerationMode) -> None:
    make_case(make_person("villager", HERE))
    cadre = Program(make_person("village_cadre", HERE))
    attack(operation, mode, {"Authorization": f"Bearer {cadre.secret}"}, ["positive_data_acceptance"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation_withstands_an_attack_of_nobody(db: None, operation: str) -> None:
    headers = {"Authorization": "Bearer cunzhi_nobody", "Cookie": "sessionid=nobody"}
    attack(operation, GenerationMode.POSITIVE, headers, [])
