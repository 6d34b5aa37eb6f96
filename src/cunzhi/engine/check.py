"""The promises that every scenario's folder keeps: what its parts name exists, and no promise to people is broken."""

from cunzhi.base.strict_yaml import Problem
from cunzhi.engine.checks.calendar import wrong_calendar
from cunzhi.engine.checks.names import unknown_names
from cunzhi.engine.checks.promises import broken_promises
from cunzhi.engine.checks.rules import wrong_rules
from cunzhi.engine.checks.sentences import wrong_sentences
from cunzhi.engine.checks.size import too_long
from cunzhi.engine.spec.scenario import Scenario

CHECKS = (unknown_names, broken_promises, wrong_rules, wrong_sentences, wrong_calendar, too_long)


def problems_of(scenario: Scenario) -> list[Problem]:
    """Everything that is wrong with a scenario that could be read, file by file."""
    found = [problem for check in CHECKS for problem in check(scenario)]
    return sorted(dict.fromkeys(found), key=lambda problem: (problem.name, problem.line))
