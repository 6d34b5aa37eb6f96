"""cunzhi scenarios simulate: a scenario's stories, played in a database that is thrown away, told line by line."""

import os
import subprocess
import sys
import tempfile

import click

from cunzhi.cli.words import language

OURS = ("CUNZHI_HOME", "CUNZHI_FILES", "CUNZHI_SECRETS", "CUNZHI_SMS", "CUNZHI_SMS_TOKEN", "DATABASE_URL")


@click.command("simulate")
@click.argument("scenario")
@click.option("--story", "names", multiple=True, help="Only this story (its file's name); may be given several times.")
def simulate(scenario: str, names: tuple[str, ...]) -> None:
    """Play the stories of SCENARIO, a slug or a folder, and tell what happens.

    Nothing of this installation is touched: a process of its own plays in a folder that is removed afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="cunzhi-story-") as home:
        kept = {key: value for key, value in os.environ.items() if key not in OURS}
        own = {"CUNZHI_HOME": home, "CUNZHI_LANGUAGE": language(), "DJANGO_SETTINGS_MODULE": "cunzhi.config.settings"}
        command = [sys.executable, "-m", "cunzhi.cli.scenarios.playing", scenario, *names]
        done = subprocess.run(command, env={**kept, **own})  # noqa: S603  our own module
    if done.returncode:
        raise SystemExit(1)
