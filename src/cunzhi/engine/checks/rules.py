"""The functions of rules.py: each is there, answers with what its place needs, and asks what can be asked."""

import ast
from collections.abc import Iterator

from cunzhi.base.strict_yaml import Problem
from cunzhi.engine.checks.place import nobody_called, problem, transitions
from cunzhi.engine.lookups import LOOKUPS
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.spec.workflow import Transition

ANSWERS = {"guard": "Answer", "amount": "int", "when": "bool"}
"""What a rule is asked for -> the type that it returns."""


def wrong_rules(scenario: Scenario) -> Iterator[Problem]:
    """Everything wrong with the rules and with those who name them."""
    tree = ast.parse(scenario.files.get("rules.py", ""))
    rules = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name, workflow in scenario.workflows.items():
        for step, transition in transitions(workflow):
            for kind, rule in _asked(transition):
                what = _wrong(kind, rules.get(rule)) if rule in rules else nobody_called("rule", rule, rules)
                if what:
                    yield problem(scenario, f"workflows/{name}.yaml", f"{step}: {what}", f"{step}:", rule)
    yield from _questions(scenario, tree)


def _asked(transition: Transition) -> Iterator[tuple[str, str]]:
    """(what for, which rule) of every rule that a transition asks."""
    yield from (("guard", name) for name in transition.guards)
    yield from (("amount", effect.post.amount) for effect in transition.effects if effect.post and effect.post.amount)
    yield from (("when", effect.when) for effect in transition.effects if effect.when)


def _wrong(kind: str, rule: ast.FunctionDef | None) -> str:
    if rule is None:
        return ""
    taken, wanted = rule.args, ANSWERS[kind]
    if len(taken.posonlyargs + taken.args) != 1 or taken.kwonlyargs or taken.vararg or taken.kwarg:
        return f"the rule {rule.name} must take `facts: Facts` and nothing else"
    returned = ast.unparse(rule.returns) if rule.returns else "nothing said"
    return "" if returned == wanted else f"the rule {rule.name} must return `{wanted}` here, and returns {returned}"


def _questions(scenario: Scenario, tree: ast.AST) -> Iterator[Problem]:
    """Every lookup, number and answer that the rules ask for exists."""
    answers = {field.name for form in scenario.forms.values() for field in form.fields}
    allowed = {"known": set(LOOKUPS), "numbers": set(scenario.parameters), "answers": answers}
    kinds = {"known": "lookup", "numbers": "parameter", "answers": "field"}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute)):
            continue
        asked, names = node.slice, allowed.get(node.value.attr)
        if names is not None and isinstance(asked, ast.Constant) and asked.value not in names:
            what = nobody_called(kinds[node.value.attr], str(asked.value), names)
            yield Problem(f"{scenario.slug}/rules.py", node.lineno, "", what)
