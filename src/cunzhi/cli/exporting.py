"""cunzhi export: the people of a place as an Excel sheet."""

from pathlib import Path

import click

from cunzhi.base.errors import Refused
from cunzhi.cli.installation import ready
from cunzhi.cli.words import language, tell


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--place", required=True, help="Code of the place.")
def command(file: Path, place: str) -> None:
    """Write the people of a place into an Excel sheet.

    Identity numbers and phones are masked; in clear they are given out only on the pages, to a person with a reason.
    """
    if file.exists():
        raise Refused("cli.export.exists", file=file)
    ready()
    from cunzhi.base.actor import system
    from cunzhi.registry.imports.export import export_people
    from cunzhi.registry.queries.places import require_place

    require_place(place)
    sheet = export_people(place_code=place, by=system("cli"), language=language())
    file.write_bytes(sheet)
    file.chmod(0o600)
    tell("export.done", file=file)
