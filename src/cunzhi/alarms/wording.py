"""An alarm in words."""

from cunzhi.alarms.hazards import hazards
from cunzhi.alarms.models import Alarm, Rule
from cunzhi.base.messages import say


def hazard_title(name: str, language: str) -> str:
    return hazards()[name].title.in_(language) if name in hazards() else name


def rule_title(rule: Rule, language: str) -> str:
    return rule.title_en if language.startswith("en") else rule.title


def subject_of(alarm: Alarm, language: str) -> str:
    """What it is about: the hazard, and the rule's name or what somebody wrote."""
    about = rule_title(alarm.rule, language) if alarm.rule else alarm.words
    return f"{hazard_title(alarm.hazard, language)} · {about}"


def told_value(alarm: Alarm, language: str) -> str:
    """The value that was seen and the limit; empty where somebody raised it by hand."""
    if alarm.value is None or alarm.rule is None or alarm.rule.limit is None:
        return ""
    shown = {"value": f"{alarm.value:g} {alarm.unit}".strip(), "limit": f"{alarm.rule.limit:g} {alarm.unit}".strip()}
    key = f"alarms.value.{alarm.rule.kind}" if alarm.rule.kind == Rule.Kind.RATE else "alarms.value.limit"
    return say(key, language, minutes=alarm.rule.minutes, **shown)
