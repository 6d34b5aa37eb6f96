"""cunzhi scenarios schema: what an editor needs to complete and check a scenario's files while they are written."""

import json
from pathlib import Path

import click

from cunzhi.cli.installation import set_up
from cunzhi.cli.words import tell


@click.command("schema")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="schema", show_default=True)
def schema(out: Path) -> None:
    """Write the JSON Schemas of manifest, form, workflow, parameters and story into a folder."""
    set_up()
    from cunzhi.engine.schemas import file_name, schemas

    out.mkdir(parents=True, exist_ok=True)
    for kind, content in schemas().items():
        text = json.dumps(content, ensure_ascii=False, indent=2)
        (out / file_name(kind)).write_text(f"{text}\n", encoding="utf-8")
    tell("scenarios.schemas", count=len(schemas()), folder=out)
