"""A scenario's indicators are checked against its own words; those of the documentation are indicators too."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from doings import HEADER

from cunzhi.engine.loader import scenario, scenarios
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.lake.indicator import IndicatorRefused
from cunzhi.lake.reference import page
from cunzhi.lake.scenario import indicators, problems_in, words_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
SELECT = "SELECT place_code AS place, closed_month AS period, COUNT(*) AS value FROM cases WHERE {} {}"


def with_files(**files: str) -> Scenario:
    """The points scenario with these indicators, and none else."""
    points = scenario("points")
    others = {path: text for path, text in points.files.items() if not path.startswith("indicators/")}
    return replace(points, files={**others, **{f"indicators/{name}.sql": text for name, text in files.items()}})


def written(where: str) -> str:
    return HEADER + SELECT.format(where, "GROUP BY place_code, closed_month")


@pytest.mark.parametrize("slug", sorted(scenarios()))
def test_installed_scenario_has_only_indicators_that_can_be_opened(slug: str) -> None:
    assert [str(problem) for problem in problems_in(scenario(slug))] == []


def test_indicators_are_read_in_the_order_of_their_names() -> None:
    read = indicators(with_files(second=written("helped"), first=written("was_late")))
    assert [(one.name, one.scenario) for one in read] == [("first", "points"), ("second", "points")]


def test_problems_of_all_files_are_told_at_once() -> None:
    broken = with_files(one=written("state = 'nowhere'"), two=written("workflow = 'dead'"))
    with pytest.raises(IndicatorRefused) as caught:
        indicators(broken)
    files = [problem.name for problem in caught.value.problems]
    assert files == ["points/indicators/one.sql", "points/indicators/two.sql"]
    assert "did you mean 'deed'?" in str(caught.value)


def test_words_are_those_of_the_workflows_and_books() -> None:
    words = words_of(scenario("points"))
    assert "deed" in words["workflow"]
    assert {"open", "approve"} <= words["transition"]
    assert {"rechecking", "credited"} <= words["state"]
    assert "granted" in words["outcome"]
    assert {"pot", "household"} <= words["account"]


def test_indicator_of_the_documentation_is_one() -> None:
    text = (DOCS / "explanation" / "indicators.md").read_text(encoding="utf-8")
    examples = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    assert examples
    read = indicators(with_files(**{f"example_{number}": example for number, example in enumerate(examples)}))
    assert len(read) == len(examples)


def test_page_of_the_tables_says_what_the_tables_are() -> None:
    kept = (DOCS / "reference" / "indicator_tables.md").read_text(encoding="utf-8")
    assert kept == page(), "make it anew: python -m cunzhi.lake.reference > docs/reference/indicator_tables.md"
