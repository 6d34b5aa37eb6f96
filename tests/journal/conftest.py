"""A log of a test's own: its home folder, and what is noted in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from cunzhi.base.actor import system
from cunzhi.journal.actions import note

BY = system("test")
VILLAGE = "500113101200"


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def acts(home: Path, transactional_db: None) -> Callable[[int], list[int]]:
    """Does so many things: every second one is public."""

    def do(count: int) -> list[int]:
        with transaction.atomic():
            return [act(number) for number in range(count)]

    return do


def act(number: int) -> int:
    if number % 2:
        return note(by=BY, verb="case.step", record="case:1", place_code=VILLAGE, detail={"step": number}, private="x")
    return note(by=BY, verb="notice.publish", record="notice:1", place_code=VILLAGE, public={"number": number})
