"""cunzhi backup: the whole installation in one file, taken while it runs."""

import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.home import files, home, secrets_file
from cunzhi.cli import archive, postgresql
from cunzhi.cli.installation import copy_sqlite, ready
from cunzhi.cli.keys import fingerprint
from cunzhi.cli.words import tell


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-secrets", is_flag=True, help="Put the keys in too: whoever has the file then reads everything.")
def command(file: Path, with_secrets: bool) -> None:
    """Put database and files into FILE while the platform runs.

    The keys stay out unless asked for. Without them sealed identity numbers and phones cannot be read, so keep
    secrets.json in another safe place.
    """
    if file.exists():
        raise Refused("cli.backup.exists", file=file)
    if not file.resolve().parent.is_dir():
        raise Refused("cli.backup.folder", folder=file.resolve().parent)
    ready()
    with tempfile.TemporaryDirectory(prefix=".cunzhi-backup-", dir=file.resolve().parent) as folder:
        copy = Path(folder) / archive.DATABASE
        kind = copy_database(copy)
        secrets = secrets_file() if with_secrets else None
        about = {"cunzhi": version("cunzhi"), "database": kind, "keys": fingerprint(secrets_file())}
        about["made_at"] = clock.now().isoformat(timespec="seconds")
        count = archive.write(file, members(copy, secrets), about)
    tell("backup.done", file=file, count=count, size=f"{file.stat().st_size / 1e6:.1f}")
    tell("backup.keys_in" if secrets else "backup.keys_out", secrets=secrets_file())


def copy_database(copy: Path) -> str:
    """A copy as of one moment; the kind of database it is of."""
    from django.db import connection

    if connection.vendor == "postgresql":
        postgresql.dump(connection.settings_dict, copy)
    else:
        copy_sqlite(Path(connection.settings_dict["NAME"]), copy)
    return connection.vendor


def members(database: Path, secrets: Path | None) -> Iterator[tuple[str, Path]]:
    yield archive.DATABASE, database
    for path in sorted(files().rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{archive.FILES}/{path.relative_to(files()).as_posix()}", path
    if (demo := home() / archive.DEMO).exists():
        yield archive.DEMO, demo  # that people and cases are simulated must never get lost
    if secrets:
        yield archive.SECRETS, secrets
