"""The cunzhi command: what the people who run an installation do from a terminal."""

import importlib

import click

from cunzhi.base.errors import Refused
from cunzhi.cli.words import language

COMMANDS = {
    "serve": "serve",
    "demo": "demo.command",
    "begin": "begin",
    "appoint": "appointing",
    "scenarios": "scenarios.command",
    "audit": "audit",
    "ballots": "ballots",
    "import": "importing",
    "export": "exporting",
    "journal": "journal.command",
    "backup": "backup",
    "restore": "restore",
    "study": "study",
    "doctor": "doctor.command",
    "update": "update",
    "tick": "tick",
    "ingest": "ingest.command",
    "fires": "fires.command",
    "bands": "bands",
}


class Commands(click.Group):
    """Loads a command only when it is asked for, and says refusals in the reader's language."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"cunzhi.cli.{COMMANDS[name]}").command
        return command

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except Refused as refused:
            raise click.ClickException(refused.say(language())) from refused


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="cunzhi", prog_name="cunzhi")
def cli() -> None:
    """Cunzhi, an open platform for rural governance. CUNZHI_HOME says where an installation lies (default: data)."""


if __name__ == "__main__":
    cli()
