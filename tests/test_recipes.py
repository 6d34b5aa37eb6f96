"""The recipes for a scenario are followed to the letter: every file written, every command run, a case opened."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cunzhi.base import clock
from cunzhi.cli.scenarios.checking import mistakes
from cunzhi.engine import loader
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.spec.story import Given
from cunzhi.engine.stage import GRID, build
from cunzhi.engine.stories import Beat

REPOSITORY = Path(__file__).resolve().parent.parent
PART = re.compile(
    r"^<!-- (?:file: (?P<file>\S+)|(?P<follow>follow)) -->\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
RECIPES = {
    "CONTRIBUTING.md": ("yard_topics", "topic", {"topic": "村口装路灯"}),
    "docs/tutorial/first_scenario.md": ("borrow", "loan", {"machine": "tiller", "days": 2}),
}


def follow(page: Path, folder: Path) -> list[str]:
    """Do what the page says, in its order; the commands that were run."""
    ran = []
    for part in PART.finditer(page.read_text(encoding="utf-8")):
        if part["file"]:
            file = folder / part["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(part["text"], encoding="utf-8")
            continue
        for command in part["text"].splitlines():
            run(command, folder)
            ran.append(command)
    return ran


def run(command: str, folder: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CUNZHI_", "DJANGO_", "DATABASE_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    environment = {**kept, "PATH": path, "CUNZHI_HOME": str(folder / "home"), "LANG": "C.UTF-8"}
    done = subprocess.run(command.split(), cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"


@pytest.fixture(params=sorted(RECIPES))
def recipe(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[tuple[Path, str]]:
    """A page whose recipe was followed in a folder, which the platform then has among its scenarios."""
    page = REPOSITORY / request.param
    ran = follow(page, tmp_path)
    assert [command.split()[2] for command in ran] == ["check", "simulate"]
    settings.CUNZHI_SCENARIOS = [tmp_path / "scenarios"]
    loader.scenarios.cache_clear()
    yield tmp_path / "scenarios", request.param
    loader.scenarios.cache_clear()


@pytest.mark.django_db
def test_recipe_leads_to_a_scenario_in_which_a_case_can_be_opened(recipe: tuple[Path, str]) -> None:
    root, page = recipe
    slug, workflow, answers = RECIPES[page]
    assert [str(problem) for problem in mistakes(slug, root / slug, compared=True)] == []
    with clock.at(Beat(at="2026-03-02T09:00", wait=True).moment):
        stage = build(loader.scenario(slug), Given())
        by = stage.actor("villager")
        case = open_case(by=by, scenario=slug, workflow=workflow, place_code=GRID, answers=answers)
    assert (case.scenario, case.version, case.waits_for) == (slug, 1, "village_cadre")
