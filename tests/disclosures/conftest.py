"""The village that makes things public, in April 2026."""

from collections.abc import Iterator

import pytest
from disclosures.publishing import at, publishing_village
from engine.conftest import Village


@pytest.fixture
def april(db: None) -> Iterator[None]:
    with at("2026-04-02T09:00"):
        yield


@pytest.fixture
def public(april: None) -> Village:
    return publishing_village()
