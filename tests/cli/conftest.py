"""An installation of its own for every test of the command: a home folder, a database, and `cunzhi` run for real."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

Done = "subprocess.CompletedProcess[str]"
Run = Callable[..., Done]
SET_UP = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'cunzhi.config.settings'; django.setup()\n"
NOTE = """
from django.db import transaction
from cunzhi.base.actor import system
from cunzhi.journal.actions import note
with transaction.atomic():
    note(by=system("test"), verb="tried", record="test:{}", place_code="50")
"""


def own_environment(home: Path, database_url: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CUNZHI_", "DJANGO_", "LC_"))}
    return {**kept, "CUNZHI_HOME": str(home), "DATABASE_URL": database_url, "LANG": "en_GB.UTF-8"}


def run_in(environment: dict[str, str], folder: Path, *arguments: str | Path) -> Done:
    command = [sys.executable, "-m", "cunzhi.cli.main", *map(str, arguments)]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)


def python_in(environment: dict[str, str], folder: Path, text: str) -> str:
    command = [sys.executable, "-c", SET_UP + text]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True).stdout


class Server:
    """The PostgreSQL server of DATABASE_URL; without one, SQLite lies in the home folder and there is nothing to do."""

    def __init__(self) -> None:
        url = os.environ.get("DATABASE_URL", "")
        self.url = url if url.startswith("postgres") else ""

    def make(self, name: str, *, like: str = "template1") -> str:
        """A fresh database, like another one; its address."""
        if not self.url:
            return ""
        self._do(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(like)))
        return self.address(name)

    def drop(self, name: str) -> None:
        if self.url:
            self._do(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def address(self, name: str) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")

    def _do(self, statement: "psycopg.sql.Composed") -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


def fresh_name() -> str:
    return f"cunzhi_test_{uuid.uuid4().hex[:12]}"


@dataclass(frozen=True)
class Pattern:
    """One installation that is made once and copied: it holds a note and a picture. `backup` has the keys in it."""

    home: Path
    database: str
    backup: Path


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pattern]:
    folder, server = tmp_path_factory.mktemp("pattern"), Server()
    pattern = Pattern(folder / "home", fresh_name(), folder / "backup.tar.gz")
    environment = own_environment(pattern.home, server.make(pattern.database))
    assert run_in(environment, folder, "update").returncode == 0
    (pattern.home / "files").mkdir()
    (pattern.home / "files" / "picture.jpg").write_bytes(os.urandom(5000))
    python_in(environment, folder, NOTE.format(1))
    done = run_in(environment, folder, "backup", pattern.backup, "--with-secrets")
    assert "ATTENTION: the keys are in it" in done.stdout, done.stderr
    yield pattern
    server.drop(pattern.database)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def database_name() -> str:
    return fresh_name()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_name: str) -> Iterator[str]:
    """Nothing for SQLite; else a database of its own, a copy of the pattern where the test wants it installed."""
    like = request.getfixturevalue("pattern").database if "installed" in request.fixturenames else "template1"
    server = Server()
    yield server.make(database_name, like=like)
    server.drop(database_name)


@pytest.fixture
def environment(home: Path, database_url: str) -> dict[str, str]:
    return own_environment(home, database_url)


@pytest.fixture
def cunzhi(environment: dict[str, str], tmp_path: Path) -> Run:
    """Run the command as a person would, in a process of its own."""
    return lambda *arguments, **more: run_in({**environment, **more}, tmp_path, *arguments)


@pytest.fixture
def installed(pattern: Pattern, home: Path, database_url: str) -> Path:
    """A home folder with a database as this version needs it and one uploaded file."""
    shutil.copytree(pattern.home, home)
    return home


@pytest.fixture
def empty_database(database_url: str, database_name: str) -> Callable[[], None]:
    """Lose the database of the installation and have an empty one; SQLite's goes with its home folder."""

    def lose() -> None:
        Server().drop(database_name)
        Server().make(database_name)

    return lose


@pytest.fixture
def backup(pattern: Pattern, tmp_path: Path) -> Path:
    return Path(shutil.copy(pattern.backup, tmp_path))


@pytest.fixture
def shell(environment: dict[str, str], tmp_path: Path) -> Callable[[str], str]:
    """Run Python inside the installation; what it prints."""
    return lambda text: python_in(environment, tmp_path, text)


@pytest.fixture
def note(shell: Callable[[str], str]) -> Callable[[int], str]:
    """Note something in the journal of the installation."""
    return lambda number: shell(NOTE.format(number))
