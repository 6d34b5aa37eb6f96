"""cunzhi restore: an installation from a backup, checked before anything is touched; what was there is kept aside."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import click

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.home import files, home, secrets_file
from cunzhi.cli import archive, postgresql
from cunzhi.cli.installation import bring_up_to_date, reach, set_up
from cunzhi.cli.keys import fingerprint
from cunzhi.cli.running import refuse_running
from cunzhi.cli.words import tell

Places = dict[Path, Path]
"""Where something belongs -> where it lies unpacked; what is not there leaves its place empty."""


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put what is there now aside, and the backup in its place.")
def command(file: Path, replace: bool) -> None:
    """Set up the installation from the backup FILE.

    Stop the platform first. The backup is checked byte by byte before anything is touched.
    """
    refuse_running()
    home().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".cunzhi-restore-", dir=home().parent) as temporary:
        unpacked = Path(temporary)
        manifest = archive.unpack(file, unpacked)
        check_kind(manifest)
        places = places_of_keys(manifest, unpacked)
        set_up()
        take(places | places_of_data(unpacked), unpacked / archive.DATABASE, replace=replace)
    bring_up_to_date()
    tell("restore.done", made_at=manifest["made_at"], version=manifest["cunzhi"])


def check_kind(manifest: dict[str, Any]) -> None:
    here = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    if manifest["database"] != here:
        raise Refused("cli.restore.kind", theirs=manifest["database"], ours=here)


def places_of_keys(manifest: dict[str, Any], unpacked: Path) -> Places:
    """The keys must be in the backup or at hand already; with others, what is sealed would stay sealed."""
    place, inside = secrets_file(), unpacked / archive.SECRETS
    if inside.exists():
        os.environ["CUNZHI_SECRETS"] = str(inside)  # so that setting up makes no new ones
        return {place: inside}
    if not place.exists():
        raise Refused("cli.restore.no_keys", secrets=place)
    try:
        fits = fingerprint(place) == manifest["keys"]
    except (KeyError, ValueError):
        fits = False
    if not fits:
        raise Refused("cli.restore.other_keys", secrets=place)
    return {}


def places_of_data(unpacked: Path) -> Places:
    from django.db import connection

    places = {files(): unpacked / archive.FILES, home() / archive.DEMO: unpacked / archive.DEMO}
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        places[database] = unpacked / archive.DATABASE
        for ending in ("-wal", "-shm"):  # what was not yet folded into the old database belongs to it
            places[database.with_name(database.name + ending)] = unpacked / "none"
    return places


def take(places: Places, dump: Path, *, replace: bool) -> None:
    """Put everything into its place, and what is there aside; nothing is moved when one place may not be taken."""
    from django.db import connection

    taken = [place for place, inside in places.items() if holds_something(place) and not same(place, inside)]
    shared = connection.vendor == "postgresql"
    if shared:
        reach()
    tables = shared and bool(connection.introspection.table_names())
    if not replace and (taken or tables):
        raise Refused("cli.restore.not_empty", what=", ".join([*map(str, taken), *(["PostgreSQL"] if tables else [])]))
    stamp = f"{clock.now().astimezone(clock.ZONE):%Y%m%d_%H%M%S}"
    if tables:
        with postgresql.schema_aside(postgresql.ASIDE + stamp):
            postgresql.load(connection.settings_dict, dump)
        tell("restore.schema_aside", schema=postgresql.ASIDE + stamp)
    elif shared:
        postgresql.load(connection.settings_dict, dump)
    put_aside(taken, home() / f"before-restore-{stamp}")
    for place, inside in places.items():
        put(inside, place)


def holds_something(place: Path) -> bool:
    return any(place.iterdir()) if place.is_dir() else place.exists()


def same(place: Path, inside: Path) -> bool:
    return place.is_file() and inside.is_file() and place.read_bytes() == inside.read_bytes()


def put_aside(places: list[Path], aside: Path) -> None:
    for place in places:
        aside.mkdir(exist_ok=True, mode=0o700)
        shutil.move(place, aside / place.name)
        tell("restore.aside", what=place, aside=aside / place.name)


def put(source: Path, place: Path) -> None:
    if source.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, place, dirs_exist_ok=True) if source.is_dir() else shutil.copy2(source, place)
