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


@pytest.mark.parametrize("slug", sorted(folders()))
def test_folder_keeps_its_promises(slug: str) -> None:
    read, problems = look_through(slug, folders()[slug])
    assert [str(problem) for problem in problems] == []
    assert read is not None


@pytest.mark.django_db
@pytest.mark.parametrize("slug", sorted(folders()))
def test_stories_come_true_and_leave_no_transition_untried(slug: str, subtests: pytest.Subtests) -> None:
    taken: set[tuple[str, str]] = set()
    for name, story in told(slug).items():
        with subtests.test(story=name), transaction.atomic():
            happened = Play(scenario(slug), story).run()
            for language in ("zh-hans", "en"):
                lines = [happening.say(language) for happening in happened]
                assert all(lines) and len(lines) == len(story.beats)
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
    days = {scenario(slug).manifest.days_kept, *map(scenario(slug).days_kept, scenario(slug).workflows)}
    assert [one for one in days if f"{one} " not in readme] == []
