"""In which language the terminal speaks, and how it says something."""

import os

import click

from cunzhi.base.messages import say


def language() -> str:
    """Chinese where the terminal is Chinese (or CUNZHI_LANGUAGE says so), else English."""
    set_by = (os.environ.get(name, "") for name in ("CUNZHI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh-hans" if next(filter(None, set_by), "en").lower().startswith("zh") else "en"


def words(key: str, **params: object) -> str:
    return say(f"cli.{key}", language(), **params)


def tell(key: str, **params: object) -> None:
    click.echo(words(key, **params))
