"""cunzhi fires: what satellites saw, from files or from FIRMS, and where nothing may be burned."""

from pathlib import Path

import click

from cunzhi.base.actor import system
from cunzhi.base.errors import Refused
from cunzhi.cli.installation import ready
from cunzhi.cli.words import language, tell

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 20


@click.group("fires")
def command() -> None:
    """Fires that satellites saw: take them in, and say where nothing may be burned."""
    ready()


@command.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--simulated", is_flag=True, help="The file is made up; pages say so.")
def take_files(files: tuple[Path, ...], simulated: bool) -> None:
    """Take in CSV files of FIRMS (VIIRS or MODIS, near real time or standard).

    Each file wholly or not at all; the same one again changes nothing.
    """
    from cunzhi.cli.fires.handing import one_round
    from cunzhi.fires.actions.taking import take
    from cunzhi.fires.reading import LinesRefused

    by = system("cli")
    for file in files:
        try:
            taken = take(by=by, data=file.read_bytes(), source=file.name, simulated=simulated)
        except LinesRefused as refused:
            for one in refused.problems[:SHOWN]:
                click.echo(f"{file.name}:{one.line}  {one.refused.say(language())}")
            raise
        tell("fires.taken", source=file.name, new=taken.new, known=taken.known, outside=taken.outside)
    tell("fires.sent", **{"fires_sent": 0, "fires_found": 0} | one_round(by))


@command.command("fetch")
def fetch() -> None:
    """Ask FIRMS now for the last two days; `tick` does this every half hour when there is a key."""
    from cunzhi.cli.fires.fetching import fetch_all
    from cunzhi.cli.fires.handing import one_round

    by = system("cli")
    failed = None
    for product, what in fetch_all(by):
        if isinstance(what, Refused):
            failed = what
            click.echo(what.say(language()))
        else:
            tell("fires.taken", source=product, new=what.new, known=what.known, outside=what.outside)
    tell("fires.sent", **{"fires_sent": 0, "fires_found": 0} | one_round(by))
    if failed is not None:
        raise Refused("cli.fires.some_failed")


@command.command("zones")
@click.argument("file", type=FILE)
@click.option("--place", required=True, help="Code of the county or township that drew them.")
@click.option("--basis", required=True, help="The document by which they were drawn.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), default=None, help="From which day on; without it today.")
def zones(file: Path, place: str, basis: str, since: object) -> None:
    """Take in no-burn zones from GeoJSON; each feature is one, named by its property `name`."""
    from datetime import datetime

    from cunzhi.fires.actions.zones import take_zones

    begin = since.date() if isinstance(since, datetime) else None
    count = take_zones(by=system("cli"), data=file.read_bytes(), place_code=place, basis=basis, since=begin)
    tell("fires.zones", count=count)


@command.command("points")
@click.argument("file", type=FILE)
def points(file: Path) -> None:
    """Take in where villages and grids lie: a CSV with the columns code, longitude, latitude.

    Without such points a fire is known to lie in a county and no nearer.
    """
    from cunzhi.registry.actions.points import take_points

    tell("fires.points", count=take_points(by=system("cli"), data=file.read_bytes()))
