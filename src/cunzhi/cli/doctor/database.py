"""Looks at the database: reached, up to date, guarded, and its clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.cli.doctor.finding import Finding, good, wrong
from cunzhi.cli.installation import pending, reach

APART = timedelta(seconds=30)


def reached() -> Iterator[Finding]:
    from django.db import connection

    try:
        reach()
    except Refused as refused:
        yield wrong("database_away", reason=refused.params["reason"])
        return
    yield good("database", vendor=connection.display_name, name=connection.settings_dict["NAME"])


def up_to_date() -> Iterator[Finding]:
    waiting = len(pending())
    yield wrong("database_behind", count=waiting) if waiting else good("database_current")


def write_ahead() -> Iterator[Finding]:
    """SQLite lets readers read while one writes only with its write-ahead log."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    yield good("write_ahead") if mode == "wal" else wrong("write_ahead_off", mode=mode)


def whole() -> Iterator[Finding]:
    """SQLite's own look at its pages; PostgreSQL looks after itself."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        said = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
    yield good("whole") if said == "ok" else wrong("broken", said=said)


def guarded() -> Iterator[Finding]:
    """The triggers that keep append-only tables as they are."""
    from cunzhi.journal.append_only import guarded_tables

    expected = {f"{table}_no_{event.lower()}" for table, events in guarded_tables().items() for event in events}
    missing = sorted(expected - triggers())
    if missing:
        yield wrong("guards_missing", names=", ".join(missing))
    else:
        yield good("guards", count=len(guarded_tables()))


def triggers() -> set[str]:
    from django.db import connection

    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def clocks() -> Iterator[Finding]:
    """This machine's clock against the database's, and against the newest thing that was noted."""
    from django.db import connection
    from django.db.models import Max

    from cunzhi.journal.models import Entry

    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        theirs = cursor.fetchone()[0]
    theirs = theirs if isinstance(theirs, datetime) else datetime.fromisoformat(theirs).replace(tzinfo=UTC)
    newest = Entry.objects.aggregate(newest=Max("at"))["newest"]
    if abs(theirs - now) > APART:
        yield wrong("clock_apart", seconds=round(abs((theirs - now).total_seconds())))
    elif newest and newest > now + APART:
        yield wrong("clock_behind", newest=newest.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M"))
    else:
        yield good("clock")
