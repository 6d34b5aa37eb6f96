"""How lists of matters are narrowed: by scenario, state, place, number, and words."""

from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from cunzhi.base.errors import Refused
from cunzhi.base.fields import under
from cunzhi.base.numbers import check_number
from cunzhi.engine.loader import scenarios
from cunzhi.engine.models import Case
from cunzhi.registry.models import Person
from cunzhi.web.language import words
from cunzhi.web.request import Request

LONGEST = 40
MOST_PEOPLE = 200


@dataclass(frozen=True)
class Filter:
    """What the reader asked for. `number` is set when the words are a matter's number: then it is opened at once."""

    text: str = ""
    number: str = ""
    scenario: str = ""
    state: str = ""
    place: str = ""
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def without_place(self) -> "Filter":
        """The same, for rows that were taken from the place already."""
        return replace(self, place="")

    @property
    def scenarios(self) -> tuple[tuple[str, str], ...]:
        """Every scenario to choose from."""
        return tuple((slug, words(one.manifest.title)) for slug, one in scenarios().items())

    @property
    def states(self) -> tuple[tuple[str, str], ...]:
        """The states of the chosen scenario, each once."""
        chosen = scenarios().get(self.scenario)
        if chosen is None:
            return ()
        return tuple(
            (f"{name}.{state}", f"{words(flow.title)} · {words(spec.title)}")
            for name, flow in chosen.workflows.items()
            for state, spec in flow.states.items()
        )

    def narrow(self, rows: QuerySet[Case], *, in_answers: bool = True) -> QuerySet[Case]:
        """Only the rows that fit. Words are looked for in names and, where few rows wait, in what was answered."""
        if self.scenario:
            rows = rows.filter(scenario=self.scenario)
        if self.state:
            workflow, _, state = self.state.partition(".")
            rows = rows.filter(workflow=workflow, state=state)
        if self.place:
            rows = rows.filter(under(self.place))
        if self.text:
            rows = _with_words(rows, self.text, in_answers=in_answers)
        return rows


def filter_in(request: Request) -> Filter:
    """The filter that an address says; what makes no sense in it is left out."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    scenario = request.GET.get("scenario", "")
    state = request.GET.get("state", "")
    place = request.GET.get("place", "")
    asked = Filter(scenario=scenario if scenario in scenarios() else "")
    state = state if state in dict(asked.states) else ""
    place = place if place.isdecimal() and place.isascii() else ""
    wanted = {"q": text, "scenario": asked.scenario, "state": state, "place": place}
    kept = {name: value for name, value in wanted.items() if value}
    return Filter(text, _number(text), asked.scenario, state, place, kept)


def _number(text: str) -> str:
    try:
        return check_number(text)
    except Refused:
        return ""


def _with_words(rows: QuerySet[Case], text: str, *, in_answers: bool) -> QuerySet[Case]:
    people = list(Person.objects.filter(name__icontains=text).values_list("pk", flat=True)[:MOST_PEOPLE])
    named = Q(subject_id__in=people) | Q(opener_id__in=people)
    if not in_answers:
        return rows.filter(named)
    written = [Q(**{f"answers__{name}__icontains": text}) for name in _texts()]
    return rows.filter(reduce(or_, written, named))


def _texts() -> set[str]:
    """The names of all free texts that some form asks for."""
    forms = [form for scenario in scenarios().values() for form in scenario.forms.values()]
    return {one.name for form in forms for one in form.fields if one.type == "text"}
