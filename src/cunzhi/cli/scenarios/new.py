"""cunzhi scenarios new: a small whole scenario to begin with, a copy of the pattern beside this file."""

import os
import re
import shutil
from pathlib import Path

import click

from cunzhi.base.errors import Refused
from cunzhi.base.home import home
from cunzhi.cli.words import tell

PATTERN = Path(__file__).with_name("pattern")
SLUG = re.compile(r"[a-z][a-z0-9_]{1,38}")
PILLARS = ("party", "law", "virtue", "none")


@click.command("new")
@click.argument("slug")
@click.option("--title-zh", prompt="中文名称", help="What it is called, in Chinese.")
@click.option("--title-en", prompt="Title in English", help="What it is called, in English.")
@click.option("--pillar", type=click.Choice(PILLARS), prompt="支柱 Pillar", help="Which of the three pillars, or none.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="The folder of scenarios to put it in.")
def new(slug: str, title_zh: str, title_en: str, pillar: str, into: Path | None) -> None:
    """Begin the scenario SLUG: a small whole folder that passes the check, with one story that comes true."""
    if not SLUG.fullmatch(slug):
        raise Refused("cli.scenarios.bad_slug", slug=slug)
    root = into or own_folder()
    folder = root / slug
    if folder.exists():
        raise Refused("cli.scenarios.there_already", folder=folder)
    shutil.copytree(PATTERN, folder, ignore=shutil.ignore_patterns("__pycache__"))
    call_it(folder, {"slug": slug, "title_zh": title_zh.strip(), "title_en": title_en.strip(), "pillar": pillar})
    tell("scenarios.made", folder=folder)
    if str(root.resolve()) not in os.environ.get("CUNZHI_SCENARIOS", "").split(":"):
        tell("scenarios.not_installed", root=root.resolve())


def own_folder() -> Path:
    """The installation's own folder of scenarios: the first that CUNZHI_SCENARIOS names."""
    named = [part for part in os.environ.get("CUNZHI_SCENARIOS", "").split(":") if part]
    return Path(named[0]) if named else home() / "scenarios"


def call_it(folder: Path, given: dict[str, str]) -> None:
    """Put slug, titles and pillar where the pattern has its own."""
    manifest = folder / "manifest.yaml"
    text = manifest.read_text(encoding="utf-8")
    lines = {
        "slug": given["slug"],
        "pillar": given["pillar"],
        "title": f"{{zh_Hans: {quoted(given['title_zh'])}, en: {quoted(given['title_en'])}}}",
    }
    for key, value in lines.items():
        text = re.sub(rf"^{key}: .*$", lambda _, line=f"{key}: {value}": line, text, count=1, flags=re.MULTILINE)  # type: ignore[misc]
    manifest.write_text(text, encoding="utf-8")
    readme = folder / "README.md"
    words = (
        readme.read_text(encoding="utf-8")
        .replace("院坝小修", given["title_zh"])
        .replace("Small repairs", given["title_en"])
    )
    readme.write_text(words, encoding="utf-8")


def quoted(words: str) -> str:
    """As YAML takes any words: in quotes, with what is special in them escaped."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
