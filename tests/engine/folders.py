"""Scenario folders with a mistake put into them."""

import shutil
from pathlib import Path

from cunzhi.engine import loader
from cunzhi.engine.check import problems_of
from cunzhi.engine.loader import ScenarioRefused, folders, load, read_files
from cunzhi.engine.rules_source import problems_in


def spoilt(slug: str, path: str, old: str, new: str) -> list[str]:
    """The problems of a scenario in one of whose files `old` was replaced once."""
    files = read_files(folders()[slug])
    assert old in files[path], f"{slug}/{path} holds no {old!r}"
    files[path] = files[path].replace(old, new, 1)
    return problems(slug, files)


def problems(slug: str, files: dict[str, str]) -> list[str]:
    try:
        return [str(problem) for problem in problems_of(load(slug, files))]
    except ScenarioRefused as refused:
        return [str(problem) for problem in refused.problems]


def line_of(slug: str, path: str, words: str) -> int:
    """The line of the first mention of some words in a file as it is."""
    lines = read_files(folders()[slug])[path].splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def rules(text: str) -> list[str]:
    """What is wrong with rules of this text."""
    return [problem.what for problem in problems_in(text, "points/rules.py")]


def copied(root: Path) -> Path:
    """All installed scenario folders, copied below `root`."""
    for slug, folder in folders().items():
        shutil.copytree(folder, root / slug, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def change(folder: Path, path: str, old: str, new: str) -> None:
    file = folder / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def read_again() -> None:
    """Forget what was read of folders, as a restart of the platform does."""
    loader.scenarios.cache_clear()
    loader._load_kept.cache_clear()
