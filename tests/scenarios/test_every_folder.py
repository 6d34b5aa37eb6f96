"""Every scenario folder keeps its promises, and its stories come true and leave no transition untried."""

from pathlib import Path

import pytest
from django.db import transaction

from cunzhi.engine.folder import examples, look_through
from cunzhi.engine.loader import folders, scenario
from cunzhi.engine.models import Step
from cunzhi.engine.stories import Play, Story, stories


def told(slug: str) -> dict[str, Story]:
    """Every story of a folder by its name."""
    return {Path(path).stem: story for path, story in stories(scenario(slug), examples(folders()[slug]))}


EVERY = [(slug, name) for slug in folders() for name in told(slug)]


@pytest.mark.parametrize("slug", sorted(folders()))
def test_folder_keeps_its_promises(slug: str) -> None:
    read, problems = look_through(slug, folders()[slug])
    assert [str(problem) for problem in problems] == []
    assert read is not None


@pytest.mark.django_db
@pytest.mark.parametrize(("slug", "name"), EVERY)
def test_story_comes_true(slug: str, name: str) -> None:
    happened = Play(scenario(slug), told(slug)[name]).run()
    for language in ("zh-hans", "en"):
        lines = [happening.say(language) for happening in happened]
        assert all(lines) and len(lines) == len(told(slug)[name].beats)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", sorted(folders()))
def test_every_transition_is_taken_in_some_story(slug: str) -> None:
    taken: set[tuple[str, str]] = set()
    for story in told(slug).values():
        with transaction.atomic():
            Play(scenario(slug), story).run()
            taken |= set(Step.objects.values_list("case__workflow", "transition"))
            transaction.set_rollback(True)
    flows = scenario(slug).workflows
    written = {(name, way) for name, flow in flows.items() for way in ("open", *flow.transitions)}
    assert written - taken == set()


@pytest.mark.parametrize("slug", sorted(folders()))
def test_readme_speaks_chinese_first_then_english(slug: str) -> None:
    readme = (folders()[slug] / "README.md").read_text(encoding="utf-8")
    title = scenario(slug).manifest.title
    assert readme.startswith(f"# {title.zh_Hans}")
    assert f"# {title.en}" in readme
    assert f"{scenario(slug).manifest.days_kept} " in readme
