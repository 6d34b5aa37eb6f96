"""A whole scenario folder, looked through: what the platform reads of it, its stories, its README, what is astray."""

from dataclasses import replace
from pathlib import Path

from cunzhi.base.strict_yaml import Problem, YamlRefused
from cunzhi.base.text import nearest
from cunzhi.engine.check import problems_of
from cunzhi.engine.checks.tales import wrong_story
from cunzhi.engine.loader import KEPT, ScenarioRefused, load, read_files
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.stories import stories

BESIDE = ("README.md", "__init__.py", "examples/*.yaml")
"""What lies in a folder beside the files that make the scenario what it is."""


def look_through(slug: str, folder: Path) -> tuple[Scenario | None, list[Problem]]:
    """The scenario, if it can be read at all, and everything that is wrong with its folder."""
    problems = [*_astray(slug, folder), *_readme(slug, folder)]
    try:
        scenario = load(slug, read_files(folder))
    except UnicodeDecodeError as error:
        return None, [*problems, Problem(slug, 1, "", f"a file is not written in UTF-8 ({error.reason})")]
    except ScenarioRefused as refused:
        return None, [*problems, *refused.problems]
    return scenario, [*problems, *problems_of(scenario), *_stories(scenario, folder)]


def examples(folder: Path) -> dict[str, str]:
    """The texts of a folder's stories by their path inside it."""
    paths = sorted(folder.glob("examples/*.yaml"))
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def _readme(slug: str, folder: Path) -> list[Problem]:
    readme = folder / "README.md"
    if readme.is_file() and readme.read_text(encoding="utf-8").strip():
        return []
    what = "is missing: say for the cadre what it is for, who does what, on which rule it rests, what is kept how long"
    return [Problem(f"{slug}/README.md", 1, "", what)]


def _astray(slug: str, folder: Path) -> list[Problem]:
    """Files that nobody would read: a misspelt folder or ending loses its content in silence."""
    taken = {path for pattern in (*KEPT, *BESIDE) for path in folder.glob(pattern)}
    found = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return [
        Problem(f"{slug}/{path.relative_to(folder).as_posix()}", 1, "", _advice(path.relative_to(folder)))
        for path in sorted(set(found) - taken)
        if not path.name.startswith(".")
    ]


def _advice(path: Path) -> str:
    patterns = [*KEPT, *BESIDE]
    meant = nearest(path.as_posix(), patterns) or nearest(f"{path.parent}/*{path.suffix}", patterns)
    known = f"did you mean {meant}?" if meant else f"a scenario holds {', '.join(patterns)}"
    return f"nobody reads this file; {known}"


def _stories(scenario: Scenario, folder: Path) -> list[Problem]:
    texts = examples(folder)
    if not texts:
        return [Problem(f"{scenario.slug}/examples", 1, "", "tell at least one story in examples/*.yaml")]
    found: list[Problem] = []
    whole = replace(scenario, files={**scenario.files, **texts})
    for path, text in texts.items():
        try:
            ((_, story),) = stories(scenario, {path: text})
        except YamlRefused as refused:
            found += refused.problems
        else:
            found += wrong_story(whole, path, story)
    return found
