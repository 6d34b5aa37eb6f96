"""What happened in a matter so far: each step with who, when, why, what was answered, and what a machine found."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cunzhi.base.clock import ZONE
from cunzhi.engine.choices import Setting, labels
from cunzhi.engine.models import Attachment, Case, MachineAnswer, Step
from cunzhi.engine.parameters import numbers
from cunzhi.engine.permission import titles
from cunzhi.engine.queries.cases import scenario_of, workflow_of
from cunzhi.engine.spec.form import SENT, Form, FormField
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.words import rule_sentence
from cunzhi.web.cases.meetings import sources
from cunzhi.web.cases.naming import Viewer, doer, helper, role_of
from cunzhi.web.formats import day, moment
from cunzhi.web.language import current, t, words

COORDINATES = "{latitude:.5f}, {longitude:.5f}"


@dataclass(frozen=True)
class Line:
    """One step as a page tells it."""

    at: datetime
    title: str
    who: str
    helper: str
    reason: str
    late: bool
    under: str
    found: str = ""
    rules: list[str] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)
    sent: list[Attachment] = field(default_factory=list)

    @property
    def pictures(self) -> list[Attachment]:
        return [one for one in self.sent if one.is_picture]

    @property
    def files(self) -> list[Attachment]:
        return [one for one in self.sent if not one.is_picture]


def setting_of(case: Case) -> Setting:
    """The place and the numbers under which a case's forms are filled in: those of the day it was opened."""
    scenario = scenario_of(case)
    opened = case.opened_at.astimezone(ZONE).date()
    return Setting(scenario, case.place_code, numbers(scenario, case.activation, opened))


def lines(case: Case, steps: list[Step], sent: Iterable[Attachment], viewer: Viewer) -> list[Line]:
    """Every step, newest first."""
    setting = setting_of(case)
    by_id = {one.pk: one for one in sent}
    return [_line(case, step, setting, by_id, viewer) for step in reversed(steps)]


def _line(case: Case, step: Step, setting: Setting, sent: dict[int, Attachment], viewer: Viewer) -> Line:
    transition = workflow_of(case).transition(step.transition)
    form = setting.scenario.forms[transition.form] if transition.form else None
    answers, shown = _answers(form, step.answers, setting, sent)
    via = role_of(step)
    return Line(
        at=step.at,
        title=words(transition.title),
        who=doer(viewer, step),
        helper=helper(step),
        reason=step.reason,
        late=step.late,
        under=words(titles([via])) if via and via != "opened" else "",
        found=_found(setting.scenario, step),
        rules=[line for part in step.why if "guard" in part for line in _rule(case, setting.scenario, part)],
        answers=answers,
        sent=shown,
    )


def _answers(
    form: Form | None, given: dict[str, Any], setting: Setting, sent: dict[int, Attachment]
) -> tuple[list[tuple[str, str]], list[Attachment]]:
    told, shown = [], []
    for one in form.fields if form else []:
        value = given.get(one.name)
        if value is None:
            continue
        if one.type in SENT:
            shown += [sent[each] for each in value if each in sent]
        else:
            told.append((words(one.label), answer_in_words(one, value, setting)))
    return told, shown


def answer_in_words(one: FormField, value: Any, setting: Setting) -> str:
    """One answer as people read it, whole."""
    if one.type in ("select_one", "select_multiple"):
        chosen = [str(each) for each in (value if isinstance(value, list) else [value])]
        named = labels(one, setting, chosen)
        return t("web.list_comma").join(words(named[each]) if each in named else each for each in chosen)
    if one.type == "geopoint":
        return COORDINATES.format(**value)
    if one.type == "date":
        return day(datetime.fromisoformat(value).date())
    return str(value)


def _found(scenario: Scenario, step: Step) -> str:
    """What the last rule found that had something to tell: who came to a meeting, and how many agreed."""
    said = [scenario.say(part["said"], current(), **part["params"]) for part in step.why if "said" in part]
    return said[-1] if said else ""


def _rule(case: Case, scenario: Scenario, part: dict[str, Any]) -> list[str]:
    """A rule that was passed: what it found, or else what it means, and who set the numbers that it went by."""
    found = scenario.say(part["said"], current(), **part["params"]) if "said" in part else ""
    return [found or rule_in_words(scenario, part["guard"]), *sources(case, part.get("numbers", []))]


def rule_in_words(scenario: Scenario, guard: str) -> str:
    """What it means that a rule was passed; versions from before there was a sentence for it say its name."""
    key = rule_sentence(guard)
    known = key in scenario.messages["en" if current().startswith("en") else "zh-hans"]
    return scenario.say(key, current()) if known else guard


def _latest(answers: Iterable[MachineAnswer]) -> list[MachineAnswer]:
    """What was found in texts and files as they are now: of a draft that was sent back nothing is left to look at."""
    last: dict[str, MachineAnswer] = {}
    others = []
    for answer in answers:
        if answer.port == "personal_data":
            last[answer.code] = answer
        else:
            others.append(answer)
    return [*last.values(), *others]


@dataclass(frozen=True)
class Found:
    """One thing that a machine looked at, in words; `doubt` is for a person to look at."""

    words: str
    doubt: bool


def findings(answers: Iterable[MachineAnswer], *, by_duty: bool) -> list[Found]:
    """What the machine found, doubts first; the number of another person's matter is for officers only."""
    found = []
    for answer in _latest(answers):
        params = dict(answer.detail)
        if answer.code == "time":
            params |= {
                name: moment(datetime.fromisoformat(params[name])) for name in ("taken", "claimed") if name in params
            }
        key = f"web.cases.findings.{answer.code}.{answer.verdict}"
        if answer.code == "duplicate" and answer.verdict == "doubt" and not by_duty:
            key = "web.cases.findings.duplicate.doubt_quiet"
        found.append(Found(t(key, **params), answer.verdict == "doubt"))
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda one: not one.doubt)
