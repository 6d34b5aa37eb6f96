"""cunzhi study: run a study file, begin a new one, see one whole on simulated data, run a package again."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.cli import opening
from cunzhi.cli.platform_figures import platform_figures
from cunzhi.cli.words import language, tell, words

STEPS = 1000
SHOWN_DIFFERENCES = 20


@click.group("study")
def command() -> None:
    """Run a study: regressions, indices, tables and figures from one file."""


command.add_command(opening.command)


@command.command("run")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="New folder for the results.")
def run(file: Path, out: Path) -> None:
    """Run the study in FILE and write report, tables, workbook and replication package."""
    if not file.is_file():
        raise Refused("studies.no_study", file=file)
    with kind_refusals():
        run_file(file, out)


@command.command("demo")
@click.option("--out", default="study-demo", show_default=True, type=click.Path(path_type=Path), help="New folder.")
@click.option("--seed", default=20260101, show_default=True, type=click.IntRange(0), help="Of the simulated panel.")
def demo(out: Path, seed: int) -> None:
    """Simulate 38 counties over 2021-2023 with known effects, and run the whole chapter on them."""
    from cunzhi.studies.demo import write_demo
    from cunzhi.studies.output import refuse_existing

    inputs = out.with_name(f"{out.name}-input")
    refuse_existing(out)
    refuse_existing(inputs)
    with kind_refusals():
        file = write_demo(inputs, seed)
        tell("study.simulated", folder=inputs)
        table = run_file(file, out)
    for row in table.rows if table else ():
        label = row.label.in_(language()) if row.label else ""
        click.echo(f"  {label:<48}" + "".join(f"{cell.say(language()):>18}" for cell in row.cells))


@command.command("new")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def new(file: Path) -> None:
    """Ask what there is and write a study file."""
    if file.exists():
        raise Refused("studies.exists", folder=file)
    from cunzhi.studies.asking import study_text

    with kind_refusals():
        answers = {key: click.prompt(words(f"study.ask.{key}"), default=default) for key, default in QUESTIONS.items()}
        file.write_text(study_text(answers, folder=file.parent), encoding="utf-8")
    tell("study.made", file=file)


QUESTIONS = {
    "data": "panel.csv",
    "unit": "unit",
    "period": "period",
    "title": "Study",
    "outcome": "y",
    "treatment": "x",
    "controls": "",
    "mediators": "",
    "instruments": "",
    "groups": "",
    "threshold": "",
}
"""What `new` asks, with what Enter answers."""


@command.command("check")
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(package: Path) -> None:
    """Run a replication package again and compare every number."""
    from cunzhi.studies.replication import check as run_again

    with kind_refusals(), progress_bar() as progress:
        found = run_again(package, progress=progress)
    for change in found.changed:
        tell("study.changed", change=change)
    for difference in found.different[:SHOWN_DIFFERENCES]:
        click.echo(f"  {difference}")
    if found.different:
        raise Refused("cli.study.different", count=len(found.different), numbers=found.numbers)
    tell("study.same", numbers=found.numbers)


def run_file(file: Path, out: Path) -> Any:
    """Run a study file into a folder; gives the table of true effects where there is one."""
    from cunzhi.studies.output import refuse_existing, write_study
    from cunzhi.studies.run import run_study
    from cunzhi.studies.spec import read_study

    refuse_existing(out)
    log = [f"{clock.now().isoformat(timespec='seconds')} begun: {file.name}"]
    study = read_study(file)
    with progress_bar() as progress:

        def noted(key: str, done: float) -> None:
            log.append(f"{clock.now().isoformat(timespec='seconds')} {key}")
            progress(key, done)

        done = run_study(study, file.parent, progress=noted, platform=platform_figures)
        write_study(done, spec_text=file.read_text(encoding="utf-8"), folder=file.parent, out=out, log=log)
        progress("written", 1.0)
    tell("study.done", folder=out)
    return next((table for table in done.results.tables if table.key == "truth"), None)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """A bar on the error stream, so that what is printed stays clean."""
    with click.progressbar(length=STEPS, label=words("study.running"), show_pos=False, file=sys.stderr) as bar:
        yield lambda _, done: bar.update(round(done * STEPS) - bar.pos)


@contextmanager
def kind_refusals() -> Iterator[None]:
    """Refusals of data and study files without a traceback."""
    from cunzhi.base.strict_yaml import YamlRefused
    from cunzhi.evaluation.errors import DataRefused

    try:
        yield
    except (DataRefused, YamlRefused) as refused:
        raise click.ClickException(str(refused)) from refused
