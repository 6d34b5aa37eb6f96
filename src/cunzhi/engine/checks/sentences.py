"""The scenario's sentences: in both languages, with blanks that somebody fills, and none that nobody says."""

import ast
import string
from collections.abc import Iterator

from cunzhi.base.messages import LANGUAGES, file_name
from cunzhi.base.strict_yaml import Problem
from cunzhi.engine.checks.place import effects, fields, nobody_called, problem
from cunzhi.engine.convening import TOLD
from cunzhi.engine.responding import FIGURES
from cunzhi.engine.spec.effect import Convene, Effect, Notify, Publish
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.words import SPOKEN, rule_sentence

BLANKS = frozenset({"number", "name", "place", "reason", "amount", "until"})
PUBLIC = tuple(kind for kind in SPOKEN if kind != "text")


def wrong_sentences(scenario: Scenario) -> Iterator[Problem]:
    """Everything wrong with the messages and with those who say them."""
    yield from _languages(scenario)
    yield from _said_by_effects(scenario)
    yield from _said_by_rules(scenario)
    yield from _said_of_rules(scenario)
    yield from _never_said(scenario)


def _languages(scenario: Scenario) -> Iterator[Problem]:
    chinese, english = (scenario.messages[language] for language in LANGUAGES)
    for language, mine, other in (("zh-hans", chinese, english), ("en", english, chinese)):
        for key in sorted(set(other) - set(mine)):
            yield problem(scenario, f"messages/{file_name(language)}", f"the sentence {key!r} is missing", key)
    for key in sorted(set(chinese) & set(english)):
        if _blanks(chinese[key]) != _blanks(english[key]):
            what = f"{key}: the blanks differ from the Chinese sentence's"
            yield problem(scenario, "messages/en.yaml", what, key)


def _said_by_effects(scenario: Scenario) -> Iterator[Problem]:
    """Messages speak only of what the engine fills in; what is made public holds no free text."""
    sentences = scenario.messages[LANGUAGES[0]]
    for name, workflow in scenario.workflows.items():
        path = f"workflows/{name}.yaml"
        for step, effect in effects(workflow):
            part = _saying(effect)
            if part is None:
                continue
            if part.message not in sentences:
                what = f"{step}: {nobody_called('message', part.message, sentences)}"
                yield problem(scenario, path, what, f"{step}:", part.message)
                continue
            types = PUBLIC if effect.publish else SPOKEN
            filled = BLANKS | {field.name for field in fields(scenario) if field.type in types or field.public}
            filled |= set(TOLD) if workflow.convenes else set()
            filled |= set(FIGURES) if workflow.responds else set()
            for blank in sorted(_blanks(sentences[part.message]) - filled):
                what = f"{step}: nothing fills the blank {{{blank}}} of {part.message!r} here"
                if effect.publish and any(field.name == blank for field in fields(scenario)):
                    what = f"{step}: {part.message!r} would make the free text {{{blank}}} public"
                yield problem(scenario, path, what, f"{step}:", part.message)


def _said_by_rules(scenario: Scenario) -> Iterator[Problem]:
    sentences = scenario.messages[LANGUAGES[0]]
    for call, key in _refusals(scenario):
        name = f"{scenario.slug}/rules.py"
        if key not in sentences:
            yield Problem(name, call.lineno, "", nobody_called("message", key, sentences))
        elif not any(word.arg is None for word in call.keywords):
            given = {word.arg or "" for word in call.keywords}
            for blank in sorted(_blanks(sentences[key]) - given):
                yield Problem(name, call.lineno, "", f"nothing fills the blank {{{blank}}} of {key!r} here")


def _said_of_rules(scenario: Scenario) -> Iterator[Problem]:
    """Whoever asks why a step was possible reads which rules it passed: `rule.<its name>` says it."""
    for name, workflow in scenario.workflows.items():
        for step, transition in [("open", workflow.open), *workflow.transitions.items()]:
            for guard in transition.guards:
                if rule_sentence(guard) not in scenario.messages[LANGUAGES[0]]:
                    what = f"{step}: the messages do not say under rule: {guard}: what it means to pass {guard!r}"
                    yield problem(scenario, f"workflows/{name}.yaml", what, f"{step}:", guard)


def _never_said(scenario: Scenario) -> Iterator[Problem]:
    said = {key for _, key in _refusals(scenario)}
    for workflow in scenario.workflows.values():
        ways = (workflow.open, *workflow.transitions.values())
        said |= {rule_sentence(guard) for way in ways for guard in way.guards}
        said |= {part.message for _, effect in effects(workflow) if (part := _saying(effect))}
    path = f"messages/{file_name(LANGUAGES[0])}"
    for key in sorted(set(scenario.messages[LANGUAGES[0]]) - said):
        yield problem(scenario, path, f"nobody says {key!r}; name it in a workflow or in rules.py, or remove it", key)


def _refusals(scenario: Scenario) -> Iterator[tuple[ast.Call, str]]:
    """Every `no("key", …)` and `yes("key", …)` of the rules."""
    for node in ast.walk(ast.parse(scenario.files.get("rules.py", ""))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id in ("no", "yes") and node.args:
            key = node.args[0]
            if isinstance(key, ast.Constant):
                yield node, str(key.value)


def _saying(effect: Effect) -> Notify | Publish | Convene | None:
    """The part of an effect that says a message to somebody."""
    return effect.notify or effect.publish or effect.convene


def _blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
