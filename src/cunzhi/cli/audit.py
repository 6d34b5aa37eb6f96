"""cunzhi audit: a paper's printed numbers against each other. It needs no installation."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cunzhi.cli.words import language

if TYPE_CHECKING:
    from cunzhi.studies.audit.report import Audit
    from cunzhi.studies.audit.spec.paper import Paper

SUFFIXES = (".yaml", ".yml", ".md", ".docx")


class Unreadable(click.ClickException):
    """The file cannot be read; told apart from a paper with errors."""

    exit_code = 2


@click.command("audit")
@click.argument("paper", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write the report here.")
@click.option("--all", "everything", is_flag=True, help="Also say what agrees and what could not be checked.")
@click.option("--yaml", "begin", type=click.Path(dir_okay=False, path_type=Path), help="Write tables as PAPER.yaml.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
def command(paper: Path, form: str, out: Path | None, everything: bool, begin: Path | None, strict: bool) -> None:
    """Hold the printed tables and sentences of PAPER against each other, as ranges of rounding.

    PAPER is a YAML file with tables, relations and claims, or a Markdown or Word file, of which the tables are read.
    The examples kou_2025 and wang_2024 come along and are taken by name. The exit code is 0 without errors (notes and
    warnings pass, with --strict only notes), 1 with errors, 2 when the file cannot be read.
    """
    from cunzhi.studies.audit.report import audit

    given = read(paper)
    if begin:
        write_skeleton(given, begin)
        return
    found = audit(given)
    report = written(found, form, everything=everything)
    if out:
        out.write_text(report + "\n", encoding="utf-8")
        click.echo(out)
    else:
        click.echo(report)
    if found.fails(strict=strict):
        raise click.exceptions.Exit(1)


def write_skeleton(paper: "Paper", path: Path) -> None:
    """The paper as YAML in a new file, to which relations and claims are then added."""
    from cunzhi.studies.audit.skeleton import skeleton

    if path.exists():
        raise unreadable("report.exists", file=path)
    path.write_text(skeleton(paper), encoding="utf-8")
    click.echo(path)


def read(path: Path) -> "Paper":
    """The paper of a file or of an example; what is wrong with it is said with its line."""
    from cunzhi.base.strict_yaml import YamlRefused
    from cunzhi.studies.audit.documents import read_document
    from cunzhi.studies.audit.reading import read_paper, shipped

    try:
        if not path.exists():
            if path.name not in shipped():
                raise unreadable("report.no_file", file=path, examples=", ".join(shipped()))
            return read_paper(shipped()[path.name], name=path.name)
        if path.suffix.lower() not in SUFFIXES:
            raise unreadable("report.no_kind", file=path, kinds=", ".join(SUFFIXES))
        if path.suffix.lower() == ".docx" and find_spec("docx") is None:
            raise unreadable("report.no_docx")
        if path.suffix.lower() in (".md", ".docx"):
            return read_document(path)
        return read_paper(path.read_text(encoding="utf-8"), name=str(path))
    except YamlRefused as refused:
        raise Unreadable(str(refused)) from None
    except UnicodeDecodeError:
        raise unreadable("report.no_text", file=path) from None


def unreadable(key: str, **blanks: object) -> Unreadable:
    """Says in the reader's language why there is nothing to audit."""
    from cunzhi.studies.audit.words import sentence

    return Unreadable(sentence(key, language(), **blanks))


def written(found: "Audit", form: str, *, everything: bool) -> str:
    """The report in the form asked for."""
    from cunzhi.studies.audit.report import as_html, as_json, as_text

    if form == "json":
        return as_json(found)
    return as_html(found, language()) if form == "html" else as_text(found, language(), everything=everything)
