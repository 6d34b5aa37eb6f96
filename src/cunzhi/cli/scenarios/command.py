"""cunzhi scenarios: check the folders that make the platform, begin a new one, see it played, help an editor."""

import click

from cunzhi.cli.scenarios.checking import check
from cunzhi.cli.scenarios.new import new
from cunzhi.cli.scenarios.schema import schema
from cunzhi.cli.scenarios.simulating import simulate


@click.group("scenarios")
def command() -> None:
    """Look after the scenarios of this installation."""


for one in (check, new, simulate, schema):
    command.add_command(one)
