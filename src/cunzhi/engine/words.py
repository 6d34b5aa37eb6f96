"""The words of a message or notice about a case: a sentence of its scenario, filled in, in the reader's language."""

from datetime import datetime
from typing import Any

from cunzhi.base.clock import ZONE
from cunzhi.base.messages import LANGUAGES, say
from cunzhi.base.text import mask_name
from cunzhi.engine.choices import Setting, labels
from cunzhi.engine.convening import told
from cunzhi.engine.loader import kept
from cunzhi.engine.models import Case, Message, Notice
from cunzhi.engine.queries.messages import Posted
from cunzhi.engine.responding import figures
from cunzhi.engine.spec.form import FormField
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.registry.queries.places import name_of

SPOKEN = ("select_one", "integer", "date", "text")
"""The types of answers that a message may speak of; what is made public may not speak of free text."""
LONGEST = 60


def blanks(case: Case, setting: Setting, *, reason: str, amount: int, until: datetime | None) -> dict[str, Any]:
    """What the sentences may speak of, by language: number, masked name, place, reason, amount, until, answers."""
    shared: dict[str, Any] = {
        "number": case.number,
        "name": mask_name(case.subject.name) if case.subject else "",
        "place": name_of(case.place_code),
        "reason": reason,
        "amount": amount,
        "until": until.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if until else "",
    }
    if setting.scenario.workflows[case.workflow].convenes:
        shared |= told(case)
    if setting.scenario.workflows[case.workflow].responds:
        shared |= figures(case)
    filled: dict[str, Any] = {language: dict(shared) for language in LANGUAGES}
    for form in setting.scenario.forms.values():
        for field in form.fields:
            for language in LANGUAGES:
                given = case.answers.get(field.name) if field.type in SPOKEN else None
                filled[language][field.name] = "" if given is None else answer_in(field, given, setting, language)
    return filled


def answer_in(field: FormField, value: Any, setting: Setting, language: str) -> str:
    """One answer as a person reads it."""
    if field.type not in ("select_one", "select_multiple"):
        return str(value)[:LONGEST]
    chosen = [str(each) for each in (value if isinstance(value, list) else [value])]
    named = labels(field, setting, chosen)
    return "、".join(named[each].in_(language) if each in named else each for each in chosen)


def rule_sentence(guard: str) -> str:
    """The key of the sentence that says what it means to pass a guard."""
    return f"rule.{guard}"


def message_in(message: Message, language: str) -> str:
    """A message as its receiver reads it."""
    scenario = kept(message.case.scenario_version) if message.case else None
    return _sentence(scenario, message.key, message.params, language)


def notice_in(notice: Notice, language: str) -> str:
    """A notice as the village reads it."""
    return _sentence(kept(notice.case.scenario_version), notice.key, notice.params, language)


def posted_in(posted: Posted, language: str) -> str:
    """The same of a row of the village's board."""
    return _sentence(posted.scenario, posted.key, posted.params, language)


def _sentence(scenario: Scenario | None, key: str, params: dict[str, Any], language: str) -> str:
    filled = params.get("en" if language.startswith("en") else "zh-hans", {})
    if scenario is None or key.startswith("engine."):
        return say(key, language, **filled)
    return scenario.say(key, language, **filled)
