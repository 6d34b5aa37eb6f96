"""What a scenario may cost those who read it: so many lines of YAML, so many of Python, and a README to begin with."""

from collections.abc import Iterator

from cunzhi.base.strict_yaml import Problem
from cunzhi.engine.checks.place import problem
from cunzhi.engine.spec.scenario import Scenario

PYTHON_LINES = 150
YAML_LINES = 300


def too_long(scenario: Scenario) -> Iterator[Problem]:
    """More lines than a scenario has. Empty lines and comments are free."""
    python = _lines(scenario, ".py")
    if python > PYTHON_LINES:
        what = f"{python} lines; a scenario has at most {PYTHON_LINES} of Python"
        yield problem(scenario, "rules.py", what)
    yaml = _lines(scenario, ".yaml")
    if yaml > YAML_LINES:
        what = f"{yaml} lines in all files together; a scenario has at most {YAML_LINES} of YAML"
        yield problem(scenario, "manifest.yaml", what)


def _lines(scenario: Scenario, ending: str) -> int:
    texts = [text for path, text in scenario.files.items() if path.endswith(ending)]
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return sum(1 for line in lines if line and not line.startswith("#"))
