"""cunzhi doctor: says what is wrong with this installation and how to mend it."""

import sys
from collections.abc import Iterator

import click

from cunzhi.base.errors import Refused
from cunzhi.base.home import home
from cunzhi.cli.doctor import content, database, log, machine
from cunzhi.cli.doctor.finding import Finding, Look, wrong
from cunzhi.cli.installation import set_up
from cunzhi.cli.words import language, tell

MACHINE: list[Look] = [machine.python, machine.packages, machine.disk, machine.keys, machine.folder_of_files]
DATABASE: list[Look] = [database.reached, database.up_to_date]
"""Where one of these finds something wrong, the looks after it could see nothing."""
REST: list[Look] = [
    database.write_ahead,
    database.whole,
    database.guarded,
    database.clocks,
    content.books,
    log.whole,
    log.contents,
    log.witnessed,
    content.sealed,
    content.scenarios,
    content.calendar,
]


@click.command("doctor")
def command() -> None:
    """Say what is wrong with this installation and how to mend it.

    Exits with 1 when something is wrong; what is only in doubt does not count.
    """
    if not home().exists():
        raise Refused("cli.doctor.nothing", home=home())
    tell("doctor.looking", home=home())
    ill = doubtful = 0
    for finding in findings():
        click.echo("\n".join(finding.lines(language())))
        ill += finding.level == "wrong"
        doubtful += finding.level == "doubt"
    tell("doctor.sum", wrong=ill, doubt=doubtful)
    sys.exit(1 if ill else 0)


def findings() -> Iterator[Finding]:
    for look in MACHINE:
        yield from safely(look)
    set_up()
    for look in DATABASE:
        found = list(safely(look))
        yield from found
        if any(finding.level == "wrong" for finding in found):
            return
    for look in REST:
        yield from safely(look)


def safely(look: Look) -> Iterator[Finding]:
    """A look that breaks is itself a finding, and the others still look."""
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001  whatever it is, the person must hear of it
        yield wrong(
            "look_failed", look=f"{look.__module__}.{look.__qualname__}", reason=f"{type(error).__name__}: {error}"
        )
