"""cunzhi begin: a county starts to work with the platform; nothing in it is simulated."""

import click

from cunzhi.cli.installation import bring_up_to_date, reach, set_up
from cunzhi.cli.words import tell


@click.command("begin")
@click.argument("county")
def command(county: str) -> None:
    """Set up the tables and load the places of COUNTY (six figures, a county of Chongqing).

    A second time changes nothing. Then give the first people their offices: cunzhi appoint.
    """
    set_up()
    reach()
    bring_up_to_date()
    from cunzhi.base.actor import system
    from cunzhi.registry.actions.places import load_places

    loaded = load_places(by=system("cli"), county=county)
    tell("begin.done", places=loaded.places, county=county)
