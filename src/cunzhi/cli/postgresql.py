"""PostgreSQL's own tools, which copy a database out and in better than we could."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cunzhi.base.errors import Refused

ASIDE = "before_restore_"


def dump(settings: dict[str, Any], target: Path) -> None:
    """The whole database as of one moment, in PostgreSQL's own format."""
    run(
        "pg_dump",
        settings,
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--exclude-schema={ASIDE}*",
        f"--file={target}",
    )


def load(settings: dict[str, Any], source: Path) -> None:
    run("pg_restore", settings, "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", str(source))


@contextmanager
def schema_aside(name: str) -> Iterator[None]:
    """All tables out of the way, in a schema of their own; back again when what follows fails."""
    from django.db import connection, transaction

    def in_one_go(*statements: str) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    in_one_go(f'ALTER SCHEMA public RENAME TO "{name}"', "CREATE SCHEMA public")
    try:
        yield
    except Refused:
        in_one_go("DROP SCHEMA public CASCADE", f'ALTER SCHEMA "{name}" RENAME TO public')
        raise


def run(program: str, settings: dict[str, Any], *arguments: str) -> None:
    """Run one of the tools on the database of `settings`; the password goes by the environment, unseen in lists."""
    where = shutil.which(program)
    if where is None:
        raise Refused("cli.postgresql.missing", program=program)
    named = {"--host": settings["HOST"], "--port": settings["PORT"], "--username": settings["USER"]}
    given = [f"{option}={value}" for option, value in named.items() if value]
    command = [where, "--no-password", *given, f"--dbname={settings['NAME']}", *arguments]
    environment = {**os.environ, **({"PGPASSWORD": settings["PASSWORD"]} if settings["PASSWORD"] else {})}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Refused("cli.postgresql.failed", program=program, reason=done.stderr.strip())
