"""A throw-away installation for a benchmark: SQLite in a folder, or a PostgreSQL database of its own."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


def arguments(about: str | None) -> argparse.ArgumentParser:
    """What every benchmark of the platform is told: about itself, and where a PostgreSQL server is."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    given = os.environ.get("DATABASE_URL", "")
    parser.add_argument(
        "--postgres", default=given, metavar="URL", help="a server; else DATABASE_URL, else SQLite only"
    )
    return parser


def on_each(postgres: str, measure: Callable[[str], None]) -> None:
    """Measure on SQLite, then on PostgreSQL if a server is named, each in a process of its own."""
    for url in ("", postgres) if postgres else ("",):
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            measure(url)
            sys.stdout.flush()
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.exit(f"the run on {'PostgreSQL' if url else 'SQLite'} failed")


@contextmanager
def installed(url: str, name: str) -> Iterator[str]:
    """Django set up on an empty, migrated database; yields its vendor. Once a process: settings cannot be changed."""
    home = tempfile.mkdtemp(prefix=f"cunzhi-{name}-")
    database = f"cunzhi_{name}"
    os.environ.update(CUNZHI_HOME=home, DJANGO_SETTINGS_MODULE="cunzhi.config.settings")
    if url:
        recreate(url, database)
        os.environ["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{database}").geturl()
    else:
        os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    try:
        yield connection.vendor
    finally:
        connection.close()
        shutil.rmtree(home, ignore_errors=True)
        if url:
            drop(url, database)


def recreate(url: str, database: str) -> None:
    drop(url, database)
    _run(url, f'CREATE DATABASE "{database}"')


def drop(url: str, database: str) -> None:
    _run(url, f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def _run(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(statement)  # type: ignore[arg-type]
