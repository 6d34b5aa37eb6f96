"""The installation that a command works on: Django set up, its database reached, its tables as this version needs."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.home import home
from cunzhi.cli.words import tell

if TYPE_CHECKING:
    from django.db.migrations import Migration


def set_up() -> None:
    """Have Django ready; a second time does nothing."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunzhi.config.settings")
    try:
        django.setup()
    except ValueError as error:  # how our settings say that a variable of the environment is wrong
        raise Refused("cli.settings", reason=error) from error


def reach() -> None:
    """Have a connection to the database."""
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise Refused("cli.database.away", reason=str(error).strip()) from error


def ready() -> None:
    """Django set up, the database reached and as this version needs it; refused otherwise."""
    set_up()
    reach()
    refuse_behind()


def refuse_behind() -> None:
    if waiting := pending():
        raise Refused("cli.database.behind", count=len(waiting))


def pending() -> "list[Migration]":
    """The changes of tables that this version brings and the database has not seen."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def is_new() -> bool:
    """Whether nothing was ever set up in the database."""
    from django.db import connection

    return not connection.introspection.table_names()


def bring_up_to_date() -> int:
    """Apply what is pending and say so; an SQLite database is copied first. How many changes there were."""
    from django.core.management import call_command
    from django.db import connection

    waiting = len(pending())
    if not waiting:
        return 0
    if not is_new() and connection.vendor == "sqlite":
        copy = home() / f"before-update-{clock.now().astimezone(clock.ZONE):%Y%m%d-%H%M%S}.sqlite3"
        copy_sqlite(Path(connection.settings_dict["NAME"]), copy)
        tell("update.copied", copy=copy)
    tell("update.changing", count=waiting)
    call_command("migrate", interactive=False, verbosity=0)
    return waiting


def copy_sqlite(database: Path, copy: Path) -> None:
    """A copy as of one moment, taken while others may be writing."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    copy.chmod(0o600)
