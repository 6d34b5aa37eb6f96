"""The process in which stories are played: its home folder and its database are thrown away by whoever started it."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cunzhi.base.errors import Refused
from cunzhi.base.home import home
from cunzhi.cli.installation import set_up
from cunzhi.cli.scenarios.chosen import chosen
from cunzhi.cli.words import language, tell, words

if TYPE_CHECKING:
    from cunzhi.engine.spec.scenario import Scenario
    from cunzhi.engine.spec.story import Story


def main(scenario: str, names: list[str]) -> int:
    """Play the stories of one scenario, which is the only one here; how many failed."""
    set_up()
    from django.conf import settings

    ((slug, folder),) = chosen((scenario,)).items()
    root = home() / "scenarios"
    shutil.copytree(folder, root / slug, ignore=shutil.ignore_patterns("__pycache__"))
    settings.CUNZHI_SCENARIOS = [root]
    read, stories = read_folder(slug, root / slug)
    if unknown := [name for name in names if name not in stories]:
        raise Refused("cli.scenarios.no_story", names=", ".join(unknown), known=", ".join(stories))
    make_tables()
    told = names or list(stories)
    failed = sum(tell_story(read, stories[name]) for name in told)
    tell("scenarios.failed" if failed else "scenarios.came_true", count=failed or len(told))
    return failed


def read_folder(slug: str, folder: Path) -> "tuple[Scenario, dict[str, Story]]":
    """The scenario and its stories by name; what is wrong with the folder is said instead of played."""
    from cunzhi.engine.folder import examples, look_through
    from cunzhi.engine.stories import stories

    scenario, problems = look_through(slug, folder)
    if scenario is None or problems:
        for problem in problems:
            click.echo(problem)
        raise Refused("cli.scenarios.mistakes", count=len(problems))
    return scenario, {Path(path).stem: story for path, story in stories(scenario, examples(folder))}


def make_tables() -> None:
    """The tables of a new database; it is not worth a word."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def tell_story(scenario: "Scenario", story: "Story") -> bool:
    """Play one story, tell it, and take it back; whether it failed."""
    from django.db import transaction

    from cunzhi.engine.stories import Play, StoryFailed

    play, failed = Play(scenario, story), None
    with transaction.atomic():
        try:
            play.run()
        except StoryFailed as error:
            failed = error
        transaction.set_rollback(True)
    click.secho(f"\n{story.name}", bold=True)
    for happening in play.happened:
        click.echo(happening.say(language()))
    if failed is not None:
        click.secho(failed.say(language()), fg="red")
    return failed is not None


if __name__ == "__main__":
    try:
        sys.exit(1 if main(sys.argv[1], sys.argv[2:]) else 0)
    except Refused as refused:
        click.echo(f"{words('scenarios.error')}: {refused.say(language())}", err=True)
        sys.exit(1)
