"""The questions of a form as a page shows them: asked, or known since a day and only shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.catalogue.queries import element as element_of
from cunzhi.engine.choices import Option, Setting, options
from cunzhi.engine.models import Attachment, Case
from cunzhi.engine.spec.form import SENT, Form, FormField
from cunzhi.registry.queries.facts import Known
from cunzhi.web.cases.reading import FILE, MISSING, Given, own_sent
from cunzhi.web.formats import day
from cunzhi.web.knowledge import in_words
from cunzhi.web.language import current, t, words

MOST_TILES = 12
"""More choices than this are a list to open; fewer lie side by side, each a big target."""
SHORT_TEXT = 120


@dataclass(frozen=True)
class Choice:
    """One answer to choose; `note` says what it is worth or costs."""

    value: str
    label: str
    note: str
    chosen: bool


@dataclass(frozen=True)
class Asked:
    """One question on a page."""

    spec: FormField
    label: str
    hint: str
    value: Any
    error: str
    choices: list[Choice] = field(default_factory=list)
    sent: list[Attachment] = field(default_factory=list)
    known: str = ""
    known_value: str = ""
    fresh: bool = False
    only_if: str = ""

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def file_name(self) -> str:
        return self.spec.name + FILE

    @property
    def required(self) -> bool:
        return self.spec.required and not self.fresh and not self.spec.relevant

    @property
    def tiled(self) -> bool:
        return len(self.choices) <= MOST_TILES

    @property
    def lines(self) -> int:
        """How many lines a text gets; one is a single line."""
        longest = self.spec.constraint.max_length or SHORT_TEXT + 1
        return 1 if longest <= SHORT_TEXT else 4

    def part(self, name: str) -> str:
        """Latitude or longitude of a point as it was typed."""
        parts = str(self.value or "").split()
        index = ("latitude", "longitude").index(name)
        return "".join(part for part in parts[index : index + 1] if part != MISSING)


def asked(
    form: Form | None,
    setting: Setting,
    given: Given,
    held: Mapping[str, Known],
    *,
    by: Actor,
    case: Case | None = None,
) -> list[Asked]:
    """Every question of the form with what was typed, what was wrong with it, and what is known already."""
    if form is None:
        return []
    sent = {one.name: given.raw.get(one.name) or [] for one in form.fields if one.type in SENT}
    own = {str(one.pk): one for one in own_sent([each for ids in sent.values() for each in ids], by, case)}
    kept = {name: [own[str(each)] for each in ids if str(each) in own] for name, ids in sent.items()}
    return [_asked(form, one, setting, given, held.get(one.name), kept.get(one.name, [])) for one in form.fields]


def _asked(
    form: Form, one: FormField, setting: Setting, given: Given, known: Known | None, sent: list[Attachment]
) -> Asked:
    value = given.raw.get(one.name)
    if value is None and known is not None and not known.fresh:
        value = known.value
    error = given.problems.get(one.name)
    return Asked(
        spec=one,
        label=words(one.label),
        hint=words(one.hint) if one.hint else "",
        value=value,
        error=_said(error),
        choices=_choices(one, setting, value),
        sent=sent,
        known=t("web.cases.form.known", on=day(known.as_of), source=_source(known.source)) if known else "",
        known_value=in_words(element_of(known.element), known.value) if known else "",
        fresh=known is not None and known.fresh,
        only_if=_only_if(form, one, setting),
    )


def _said(error: Refused | None) -> str:
    return error.say(current()) if error else ""


def _choices(one: FormField, setting: Setting, value: Any) -> list[Choice]:
    if not one.type.startswith("select"):
        return []
    chosen = {str(each) for each in (value if isinstance(value, list) else [value])}
    offered = options(one, setting)
    return [Choice(each.value, words(each.label), _note(each, one, setting), each.value in chosen) for each in offered]


def _note(option: Option, one: FormField, setting: Setting) -> str:
    if option.note is None or one.choices_from is None:
        return ""
    if one.choices_from.parameter is not None:
        return f"{option.note} {words(setting.scenario.parameters[one.choices_from.parameter].unit)}"
    return t("web.shop.price", count=option.note)


def _only_if(form: Form, one: FormField, setting: Setting) -> str:
    """'What is the matter: Something else' for a question that is asked only then."""
    if one.relevant is None:
        return ""
    other = form.field(one.relevant.field)
    if other is None:
        return ""
    named = {option.value: words(option.label) for option in options(other, setting)}
    chosen = t("web.list_comma").join(named.get(each, each) for each in one.relevant.in_)
    return t("web.cases.form.only_if", question=words(other.label), answer=chosen)


def _source(source: str) -> str:
    """A record's own name says nothing to people; what came with a matter is said so."""
    return t("web.cases.form.from_matter") if source.startswith("case:") else source
