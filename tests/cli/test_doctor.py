"""The doctor finds what is broken on purpose, and nothing on a sound installation."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from cunzhi.base import clock
from cunzhi.cli.doctor import content, database
from cunzhi.cli.doctor.command import REST, safely
from cunzhi.cli.doctor.finding import Finding, Look
from cunzhi.journal.models import Entry
from cunzhi.ledger.models import Account, Book
from cunzhi.registry.models import Person

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def codes(look: Look) -> list[str]:
    return [finding.code for finding in look()]


def test_sound_installation_has_nothing_wrong(cunzhi: Run, installed: Path) -> None:
    done = cunzhi("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 wrong" in done.stdout
    assert "!!" not in done.stdout


def test_open_keys_and_missing_tables_are_found(cunzhi: Run, home: Path) -> None:
    cunzhi("tick")  # makes the keys, and nothing else
    (home / "secrets.json").chmod(0o644)
    done = cunzhi("doctor")
    assert done.returncode == 1
    assert f"-> Run: chmod 600 {home / 'secrets.json'}" in done.stdout
    assert "-> Make a backup with the version used so far, then run: cunzhi update" in done.stdout
    assert "2 wrong" in done.stdout


def test_missing_keys_are_found_and_none_are_made(cunzhi: Run, home: Path) -> None:
    home.mkdir()
    assert "The keys are missing" in cunzhi("doctor").stdout
    assert cunzhi("doctor", CUNZHI_HOME=str(home / "nowhere")).returncode == 1


@pytest.mark.django_db
def test_missing_guard_is_found() -> None:
    assert codes(database.guarded) == ["guards"]
    with connection.cursor() as cursor:
        on_table = " ON journal_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER journal_entry_no_update{on_table}")
    [finding] = database.guarded()
    assert (finding.level, finding.params) == ("wrong", {"names": "journal_entry_no_update"})


@pytest.mark.django_db
def test_clock_set_back_is_found() -> None:
    assert codes(database.clocks) == ["clock"]
    later = clock.now() + timedelta(days=1)
    Entry.objects.create(at=later, actor="system:test", channel="test", verb="tried", record="test:1", place_code="50")
    assert codes(database.clocks) == ["clock_behind"]


@pytest.mark.django_db
def test_account_below_its_floor_is_found() -> None:
    book = Book.objects.create(place_code="500113101200", kind="points")
    Account.objects.create(book=book, kind="household", holder="household:1", floor=0)
    assert codes(content.books) == ["books"]
    Account.objects.create(book=book, kind="household", holder="household:2", floor=1)
    [finding] = content.books()
    assert (finding.code, finding.params["count"]) == ("books_wrong", 1)


@pytest.mark.django_db
def test_keys_of_another_installation_are_found() -> None:
    assert codes(content.sealed) == ["sealed_none"]
    Person.objects.create(name="王秀英", phone_sealed="sealed with other keys", phone_blind="x")
    assert codes(content.sealed) == ["sealed_shut"]


@pytest.mark.django_db
def test_every_look_finds_its_words_in_both_languages() -> None:
    for look in REST:
        for finding in look():
            assert all(finding.lines(language) for language in ("zh-hans", "en"))


def test_look_that_breaks_is_a_finding() -> None:
    def look() -> Iterator[Finding]:
        raise RuntimeError("cannot see")
        yield

    [finding] = safely(look)
    assert (finding.level, finding.code) == ("wrong", "look_failed")
    assert "RuntimeError: cannot see" in finding.lines("en")[0]


def test_unpublished_year_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "AHEAD", timedelta(days=366 * 20))
    [finding] = content.calendar()
    assert finding.level == "doubt"
