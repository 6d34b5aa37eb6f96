"""cunzhi journal: seal, check, export, and how to go on after an old backup."""

import sys
from pathlib import Path

import click

from cunzhi.base.actor import system
from cunzhi.base.errors import Refused
from cunzhi.cli.installation import ready
from cunzhi.cli.words import language, tell

TEXT = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("journal")
def command() -> None:
    """The log of public acts: seal it, check it, hand it out."""
    ready()


@command.command("show")
def show() -> None:
    """Say the log's name, size and key, and who witnesses it."""
    from cunzhi.journal.exporting import policy_text
    from cunzhi.journal.log import policy, witness_signer
    from cunzhi.journal.queries import newest_head, published
    from cunzhi.transparency.notes import Key

    head = newest_head()
    if head is None:
        tell("journal.none")
    else:
        click.echo(published(head))
        tell("journal.policy")
        click.echo(policy_text(Key.read(head.log.key), policy()))
    tell("journal.witness")
    click.echo(witness_signer().key)


@command.command("seal")
def seal() -> None:
    """Give every entry its place in the log now, sign, and ask the witnesses."""
    from cunzhi.journal.asking import ask_witnesses
    from cunzhi.journal.queries import newest_head
    from cunzhi.journal.sealing import seal as sealed

    count, head = sealed(full=True), newest_head()
    signed, failed = ask_witnesses()
    tell("journal.sealed", count=count, size=head.size if head else 0, signed=signed)
    for name, reason in failed.items():
        tell("journal.not_signed", name=name, reason=reason)


@command.command("check")
def check() -> None:
    """Recompute everything from rows to root. Exits with 1 and names the first row that differs."""
    from cunzhi.journal.checking import check as checked

    found = checked()
    if found.fault:
        tell("journal.wrong", fault=found.fault.say(language()))
        sys.exit(1)
    tell("journal.right", size=found.size, heads=found.heads, root=found.root)
    if found.unsealed:
        tell("journal.unsealed", count=found.unsealed)


@command.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """Write the log into FOLDER as files that cunzhi-audit reads. A second time adds what is new."""
    from cunzhi.engine.queries.published import contents
    from cunzhi.journal.exporting import export as exported

    count = exported(folder)
    for path, content in contents():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    tell("journal.exported", count=count, folder=folder)


@command.command("open")
@click.argument("leaf", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def open_(leaf: int, file: Path) -> None:
    """Write into FILE what opens the sealed entry LEAF and no other, for somebody who may know what it says."""
    import json

    from cunzhi.journal.models import Leaf
    from cunzhi.journal.outside import key_to, row_of

    found = Leaf.objects.select_related("entry").filter(pk=leaf).first()
    if found is None:
        raise Refused("cli.journal.no_leaf", leaf=leaf)
    file.write_text(json.dumps(key_to(row_of(found.entry)), ensure_ascii=False), encoding="utf-8")
    tell("journal.opened", leaf=leaf, file=file)


@command.command("adopt")
@click.argument("checkpoint", type=TEXT)
def adopt(checkpoint: Path) -> None:
    """Take the published CHECKPOINT as the last one signed, where the file that says so is lost."""
    from cunzhi.journal.signing import adopt as adopted

    tell("journal.adopted", size=adopted(checkpoint.read_text(encoding="utf-8")).size)


@command.command("begin")
@click.argument("name")
@click.option("--after", type=TEXT, help="The old log's last checkpoint, if the file that keeps it is lost.")
def begin(name: str, after: Path | None) -> None:
    """Go on under a new NAME, after an old backup was restored. The new log names the old one's last checkpoint."""
    from cunzhi.journal.signing import begin_again

    text = after.read_text(encoding="utf-8") if after else ""
    log = begin_again(by=system("cli"), origin=name, after=text)
    tell("journal.begun", name=log.origin, after=log.after.splitlines()[0], size=log.after.splitlines()[1])
