"""Prints docs/reference/commands.md from the commands themselves: python tests/reference_pages.py > PAGE"""

import sys

import click

from cunzhi.cli.main import cli

HEAD = """# Commands

`cunzhi` looks after one installation, the one in `CUNZHI_HOME`. It lies in `.venv/bin` after
`python3 bootstrap.py install`. It speaks Chinese where the terminal does. This page is made from the commands
(`make reference`); a test tells when it is not.

Is this installation well? Bring its tables up to date, and put all of it into one file:

<!-- run -->
```console
$ cunzhi update
$ cunzhi doctor
$ cunzhi backup backup-2026-11-22.tar.gz
$ cunzhi scenarios check
```
"""


def commands() -> str:
    """The whole page."""
    return HEAD + "".join(sections(cli, "cunzhi", None))


def sections(command: click.Command, name: str, parent: click.Context | None) -> list[str]:
    settings = {**command.context_settings, "max_content_width": 100, "terminal_width": 100}
    context = click.Context(command, info_name=name, parent=parent, **settings)
    if not isinstance(command, click.Group):
        return [f"\n## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"]
    names = command.list_commands(context)
    children = [(child, command.get_command(context, child)) for child in names]
    return [section for child, found in children if found for section in sections(found, child, context)]


if __name__ == "__main__":
    sys.stdout.buffer.write(commands().encode())
