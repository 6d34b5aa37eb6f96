"""cunzhi update: the tables as this version needs them."""

import click

from cunzhi.cli.installation import bring_up_to_date, reach, set_up
from cunzhi.cli.words import tell


@click.command("update")
def command() -> None:
    """Bring the database up to date with this version.

    SQLite is copied first; of PostgreSQL make a backup before.
    """
    set_up()
    reach()
    if not bring_up_to_date():
        tell("update.nothing")
