"""cunzhi ballots: count a published vote again. It needs no installation and asks no server."""

import sys

import click


@click.group("ballots")
def command() -> None:
    """Count votes again from their published files."""


@command.command("recount")
@click.argument("file", type=click.Path(dir_okay=False))
def recount(file: str) -> None:
    """Count FILE, the ballots that a result page offers, and say what cannot be right in it.

    The same as running the file recount.py of the package with any Python. The exit code is 0 when all adds up, 1 when
    something cannot be right, 2 when the file cannot be read.
    """
    from cunzhi.deliberation.recount import main

    sys.exit(main([file]))
