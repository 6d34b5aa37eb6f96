"""What the reader may do with a matter, as buttons and small forms beside it."""

from dataclasses import dataclass, field

from cunzhi.engine.choices import Setting
from cunzhi.engine.models import Case
from cunzhi.engine.queries.cases import Way, ways
from cunzhi.engine.spec.workflow import Transition
from cunzhi.registry.access import Access
from cunzhi.web.cases.acting import Acting
from cunzhi.web.cases.fields import Asked, Choice, asked
from cunzhi.web.cases.history import setting_of
from cunzhi.web.cases.reading import Given, fresh_key
from cunzhi.web.language import words

MOST_BUTTONS = 5
MOST_INLINE = 3


@dataclass(frozen=True)
class Panel:
    """One transition on the page. `shape`: a button; one button for each answer of its only question; a small form
    that opens in place; or a link to a page of its own."""

    name: str
    title: str
    shape: str
    tone: str
    key: str
    transition: Transition
    fields: list[Asked] = field(default_factory=list)

    @property
    def choices(self) -> list[Choice]:
        return self.fields[0].choices


def panels(case: Case, acting: Acting) -> list[Panel]:
    """The reader's ways, in the order of the workflow, granting before refusing."""
    open_ways = [way for way in ways(case, acting.access) if not _for_others(way, case, acting)]
    if not open_ways:
        return []
    setting = setting_of(case)
    return [
        panel(case, way.name, way.transition, setting, acting, first=index == 0) for index, way in enumerate(open_ways)
    ]


def panel(
    case: Case, name: str, transition: Transition, setting: Setting, acting: Acting, *, first: bool = False
) -> Panel:
    """One way with the questions that it asks."""
    form = setting.scenario.forms[transition.form] if transition.form else None
    fields = asked(form, setting, Given(_before(case, transition, setting)), {}, by=acting.actor, case=case)
    ends = setting.scenario.workflows[case.workflow].states[transition.target].outcome == "withdrawn"
    shape = "inline" if ends else _shape(transition, fields)
    tone = _tone(transition, first and not ends)
    return Panel(name, words(transition.title), shape, tone, fresh_key(), transition, fields)


def duty(access: Access, case: Case) -> bool:
    """Whether an office over the place lets the reader see the case."""
    return access.may("case.see", case.place_code) is not None


def _for_others(way: Way, case: Case, acting: Acting) -> bool:
    """What the whole village may do about a matter is not for the one whom it concerns."""
    concerned = (case.subject_id, case.opener_id)
    return way.via == "resident" and (acting.person.pk in concerned or acting.actor.person_id in concerned)


def _before(case: Case, transition: Transition, setting: Setting) -> dict[str, object]:
    """When the opening form is filled in again, what was answered before stands in it."""
    form = setting.scenario.forms[transition.form] if transition.form else None
    if form is None or transition.form != setting.scenario.workflows[case.workflow].open.form:
        return {}
    kept: dict[str, object] = {}
    for one in form.fields:
        value = case.answers.get(one.name)
        if value is None:
            continue
        kept[one.name] = f"{value['latitude']} {value['longitude']}" if one.type == "geopoint" else value
    return kept


def _shape(transition: Transition, fields: list[Asked]) -> str:
    bare = not transition.needs_reason and not transition.code
    if not fields and bare:
        return "button"
    only = fields[0] if len(fields) == 1 else None
    if (
        bare
        and only
        and only.spec.type == "select_one"
        and only.spec.required
        and 0 < len(only.choices) <= MOST_BUTTONS
    ):
        return "choices"
    return "inline" if len(fields) <= MOST_INLINE else "page"


def _tone(transition: Transition, first: bool) -> str:
    if transition.decides == "grant":
        return "main"
    if transition.decides == "refuse":
        return "no"
    return "main" if first else "quiet"
