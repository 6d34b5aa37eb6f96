"""cunzhi scenarios check: every mistake of a folder with its file and line."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cunzhi.base.errors import Refused
from cunzhi.base.strict_yaml import Problem
from cunzhi.cli.installation import pending, reach, set_up
from cunzhi.cli.scenarios.chosen import chosen
from cunzhi.cli.words import tell, words

if TYPE_CHECKING:
    from cunzhi.engine.spec.scenario import Scenario


@click.command("check")
@click.argument("scenarios", nargs=-1)
def check(scenarios: tuple[str, ...]) -> None:
    """Check all scenarios, or those named.

    SCENARIOS are slugs of installed scenarios or folders. Every mistake is said with its file and line. Where the
    database can be reached, a folder that changed without a higher version is reported too.
    """
    set_up()
    from cunzhi.catalogue import check as catalogue

    picked = chosen(scenarios)
    compared = has_database()
    found = [] if scenarios else catalogue.check()
    for slug, folder in picked.items():
        found += mistakes(slug, folder, compared=compared)
    for problem in found:
        click.echo(problem)
    if not compared:
        tell("scenarios.not_compared")
    if found:
        raise Refused("cli.scenarios.mistakes", count=len(found))
    tell("scenarios.well", count=len(picked))


def mistakes(slug: str, folder: Path, *, compared: bool) -> Iterator[Problem]:
    """Everything wrong with one folder, file by file, each thing once."""
    from cunzhi.engine.folder import look_through
    from cunzhi.lake.scenario import problems_in

    scenario, found = look_through(slug, folder)
    if scenario is not None:
        found += problems_in(scenario)
        found += not_raised(scenario) if compared else []
    return iter(sorted(dict.fromkeys(found), key=lambda problem: (problem.name, problem.line)))


def has_database() -> bool:
    """Whether there is a database with the tables to compare with. None is made by asking."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).is_file():
        return False
    try:
        reach()
        return not any(migration.app_label == "engine" for migration in pending())
    except Refused:
        return False


def not_raised(scenario: "Scenario") -> list[Problem]:
    from cunzhi.engine.queries.versions import version_not_raised

    if not version_not_raised(scenario):
        return []
    lines = scenario.files["manifest.yaml"].splitlines()
    line = next((number for number, text in enumerate(lines, 1) if text.startswith("version:")), 1)
    what = words("scenarios.not_raised", version=scenario.manifest.version, next=scenario.manifest.version + 1)
    return [Problem(f"{scenario.slug}/manifest.yaml", line, "version", what)]
