"""cunzhi import: a list of people from Excel or CSV, looked through first and taken over only then."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cunzhi.base.errors import Refused
from cunzhi.cli.installation import ready
from cunzhi.cli.words import language, tell

if TYPE_CHECKING:
    from cunzhi.registry.imports.taking import Preview


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--place", required=True, help="Code of the village or grid where they live.")
@click.option("--take", is_flag=True, help="Take the list over when nothing in it is wrong.")
def command(file: Path, place: str, take: bool) -> None:
    """Look through a list of people, and take it over with --take.

    FILE is Excel or CSV. Every mistake is named with its cell; nothing is taken over while there is one.
    """
    ready()
    from cunzhi.base.actor import system
    from cunzhi.registry.imports import taking

    seen = taking.preview(file=file.read_bytes(), place_code=place, by=system("cli"))
    tell_preview(seen)
    if not seen.can_be_taken:
        raise Refused("cli.import.mistakes", count=seen.counts["refused"])
    if not take:
        tell("import.not_yet")
        return
    taking.take(token=seen.token, by=system("cli"))
    tell("import.taken")


def tell_preview(seen: "Preview") -> None:
    for problem in seen.problems:
        click.echo(f"{problem.cell}  {problem.value!r}: {problem.say(language())}")
    for left_out, names in (("columns", seen.ignored_columns), ("sheets", seen.ignored_sheets)):
        if names:
            tell(f"import.ignored_{left_out}", names=", ".join(names))
    tell("import.seen", sheet=seen.sheet, **seen.counts)
